"""Bringing pictures in: what is taken, what is refused and why, and what readers get."""

import io

import pytest
from PIL import Image
from sqlalchemy import func, select

from models import Job, Picture, PictureStatus, Task
from models.task import TaskStatus
from storefront.storage import Storage, digest
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product
from tests.pictures import (
    ORIGIN,
    bomb,
    chunk,
    drawn,
    from_a_phone,
    kept,
    moving,
    upload,
    with_a_zip,
)
from tests.staff import counted_statements, sign_in

JPEG = "image/jpeg"
PAYLOAD = b"<script>alert(document.cookie)</script>"


@pytest.fixture(autouse=True)
def storage(app) -> Storage:
    """The shop's storage, empty; it is in memory here."""
    found = app.extensions["storage"]
    found._store = None
    return found


def only(session) -> Picture:
    session.expire_all()
    return session.scalars(select(Picture)).one()


def test_a_picture_waits_for_the_worker_and_is_then_served_for_good(
    client, session, worker, storage
):
    sign_in(client, session)

    page = upload(client, (drawn(), "claw.jpg", JPEG), alt="A claw on a mat")

    picture = only(session)
    assert "It is being made." in page.text
    assert page.response.headers["Refresh"] == "4"
    assert (picture.status, picture.alt, picture.filename) == (
        "waiting",
        "A claw on a mat",
        "claw.jpg",
    )
    assert (picture.width, picture.height, picture.widths) == (900, 600, [])
    assert client.get(f"/media/{picture.key}-480.avif").status_code == 404

    worker.work_off()

    picture = only(session)
    assert (picture.status, picture.widths) == (PictureStatus.READY, [480, 800, 900])
    task = session.scalars(select(Task)).one()
    assert (task.status, task.done, task.url) == (TaskStatus.DONE, 1, "/staff/pictures")
    for width in (480, 800, 900):
        for suffix, kind in (("avif", "AVIF"), ("webp", "WEBP")):
            answer = client.get(picture.file(width, suffix))
            assert answer.status_code == 200
            assert answer.mimetype == f"image/{suffix}"
            assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in answer.headers
            with Image.open(io.BytesIO(answer.data)) as image:
                assert (image.format, image.width) == (kind, width)
    again = client.get(
        picture.file(480, "avif"), headers={"If-None-Match": answer.headers["ETag"][:-4] + '480"'}
    )
    assert again.status_code == 304
    assert f"/media/{picture.key}-480.avif 480w" in visit(client, page.url).main.decode()


def test_what_is_served_is_turned_and_tells_nothing_but_its_pixels(client, session, worker):
    sign_in(client, session)

    upload(client, (from_a_phone(), "IMG_1.JPG", JPEG))
    worker.work_off()

    picture = only(session)
    assert (picture.width, picture.height) == (600, 900)
    for suffix in ("avif", "webp"):
        content = client.get(picture.file(480, suffix)).data
        assert b"A phone that tells" not in content
        with Image.open(io.BytesIO(content)) as image:
            assert image.size == (480, 720)
            assert dict(image.getexif()) == {}
            red, _, blue = image.convert("RGB").getpixel((240, 20))
            assert (red > 200, blue < 50) == (True, True)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_each_kind_of_picture_that_is_named_is_taken(client, session, worker, kind):
    sign_in(client, session)

    upload(client, (drawn(kind), f"claw.{kind.lower()}", f"image/{kind.lower()}"))
    worker.work_off()

    assert only(session).status is PictureStatus.READY


def test_a_drawing_with_holes_keeps_them(client, session, worker):
    sign_in(client, session)
    out = io.BytesIO()
    Image.new("RGBA", (500, 500), (255, 0, 0, 0)).save(out, "PNG")

    upload(client, (out.getvalue(), "holes.png", "image/png"))
    worker.work_off()

    with Image.open(io.BytesIO(client.get(only(session).file(480, "webp")).data)) as image:
        assert image.convert("RGBA").getpixel((9, 9))[3] == 0


HOSTILE = {
    "a script named as a picture": (
        (b"#!/bin/sh\nrm -rf /\n", "claw.jpg", JPEG),
        "It is no JPEG, PNG, WebP or AVIF",
    ),
    "a drawing": (
        (
            b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>',
            "a.png",
            JPEG,
        ),
        "An SVG drawing can hold a script.",
    ),
    "a page": ((b"<html>" + PAYLOAD, "a.jpg", JPEG), "It is no JPEG"),
    "a picture that is a page too": (
        (drawn() + b"<html>" + PAYLOAD, "claw.jpg", JPEG),
        "There is a script in it.",
    ),
    "a script in what the picture says of itself": (
        (
            drawn("PNG")[:33] + chunk(b"tEXt", b"Comment\0" + PAYLOAD) + drawn("PNG")[33:],
            "a.png",
            "image/png",
        ),
        "There is a script in it.",
    ),
    "a picture that is an archive too": (
        (with_a_zip(), "claw.jpg", JPEG),
        "There is another file in it.",
    ),
    "another kind than its name says": (
        (drawn("PNG"), "claw.jpg", JPEG),
        "Its name ends in .jpg, but it is a PNG.",
    ),
    "another kind than was declared": (
        (drawn("PNG"), "claw.png", "image/webp"),
        "It was sent as image/webp, but it is a PNG.",
    ),
    "no ending": ((drawn(), "claw", JPEG), "Its name has no ending, but it is a JPEG."),
    "a double ending": ((drawn(), "claw.jpg.exe", JPEG), "Its name ends in .exe"),
    "a file that ends too early": (
        (drawn()[:-900], "claw.jpg", JPEG),
        "It ends too early or is broken.",
    ),
    "a PNG that ends too early": (
        (drawn("PNG")[:-60], "claw.png", "image/png"),
        "It ends too early or is broken.",
    ),
    "a film": ((moving(), "claw.webp", "image/webp"), "It moves."),
    "an empty file": ((b"", "claw.jpg", JPEG), "The file is empty."),
    "too many bytes": (
        (drawn() + b"\0" * 20 * 1024 * 1024, "claw.jpg", JPEG),
        "It is larger than 20 MB.",
    ),
    "too long": ((drawn("PNG", (17_000, 10)), "claw.png", "image/png"), "It is 17000 pixels long"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_no_plain_picture_is_refused_with_its_reason(client, session, storage, what):
    sign_in(client, session)
    file, reason = HOSTILE[what]
    before = kept(storage)

    page = upload(client, file, alt="Typed words")

    assert page.status == 422
    assert [reason in message for message in page.errors()] == [True], page.errors()
    assert page.main.find(id="alt")["value"] == "Typed words"
    assert session.scalar(select(func.count(Picture.id))) == 0
    assert session.scalar(select(func.count(Job.id))) == 0
    assert kept(storage) == before


@pytest.mark.parametrize(("width", "height"), [(10_000, 10_000), (16_000, 16_000)])
def test_a_bomb_is_refused_before_it_is_decoded(client, session, storage, width, height):
    sign_in(client, session)
    small = bomb(width, height)
    assert len(small) < 1_000_000

    page = upload(client, (small, "claw.png", "image/png"))

    assert page.status == 422
    assert "40 million" in page.errors()[0]
    assert session.scalar(select(func.count(Picture.id))) == 0


def test_one_bad_file_among_several_keeps_none(client, session, storage):
    sign_in(client, session)
    before = kept(storage)

    page = upload(client, (drawn(), "good.jpg", JPEG), (b"<svg/>", "<b>bad.svg", "image/svg+xml"))

    assert page.status == 422
    assert page.errors() == [
        "<b>bad.svg: An SVG drawing can hold a script. Save it as PNG or WebP."
    ]
    assert session.scalar(select(func.count(Picture.id))) == 0
    assert kept(storage) == before


@pytest.mark.parametrize("alt", ["", "   ", "x" * 301, "a\0b"])
def test_words_for_who_cannot_see_are_required(client, session, alt):
    sign_in(client, session)

    page = upload(client, (drawn(), "claw.jpg", JPEG), alt=alt)

    assert page.status == 422
    assert session.scalar(select(func.count(Picture.id))) == 0


def test_nothing_chosen_is_said(client, session):
    sign_in(client, session)

    page = upload(client)

    assert (page.status, page.errors()) == (422, ["Choose a picture."])


def test_other_addresses_take_no_more_than_before(client, session):
    sign_in(client, session)
    big = {"q": "x" * 2 * 1024 * 1024}

    assert client.post("/staff/products/none", data=big, headers=ORIGIN).status_code in {404, 413}
    assert client.post("/cart/add", data=big, headers=ORIGIN).status_code == 413
    assert client.post("/staff/pictures", data=big, headers=ORIGIN).status_code == 413


def test_the_same_bytes_are_one_picture(client, session, worker):
    sign_in(client, session)
    upload(client, (drawn(), "one.jpg", JPEG), alt="First words")
    worker.work_off()

    page = upload(client, (drawn(), "two.jpg", JPEG), alt="Second words")

    picture = only(session)
    assert (picture.alt, picture.filename) == ("First words", "one.jpg")
    assert page.url.endswith(f"/staff/pictures/{picture.id}")
    assert session.scalar(select(func.count(Task.id))) == 1


def test_a_picture_whose_original_is_gone_fails_and_says_why(client, session, worker, storage):
    sign_in(client, session)
    upload(client, (drawn(size=(700, 301)), "claw.jpg", JPEG))
    storage.delete("original/" + only(session).key)

    worker.work_off()

    page = visit(client, f"/staff/pictures/{only(session).id}")
    assert "Its original is no longer in the storage." in page.text
    task = session.scalars(select(Task)).one()
    assert (task.status, task.error) == (TaskStatus.FAILED, "1 of 1 could not be made.")

    upload(client, (drawn(size=(700, 301)), "claw.jpg", JPEG))
    worker.work_off()

    assert only(session).status is PictureStatus.READY


def test_words_and_centre_are_saved_and_two_who_edit_are_told(client, session, worker):
    sign_in(client, session)
    page = upload(client, (drawn(), "claw.jpg", JPEG))
    worker.work_off()
    mine, hers = visit(client, page.url), visit(client, page.url)

    saved = mine.submit("Save", alt="Mine", focal_x="20", focal_y="84")
    late = hers.submit("Save", alt="Hers")

    assert "The picture is saved." in saved.text
    assert saved.main.find("focal-point").img["class"] == ["focal", "focal-x-20", "focal-y-80"]
    assert late.status == 409
    assert "Saved meanwhile Alternative text Mine" in late.text
    assert late.main.find(id="alt")["value"] == "Hers"
    assert only(session).alt == "Mine"
    assert late.submit("Save").status == 200
    assert only(session).alt == "Hers"


@pytest.mark.parametrize("typed", ["-1", "101", "x", "", "1e1", "٣"])
def test_a_centre_outside_the_picture_is_refused(client, session, typed):
    sign_in(client, session)
    page = upload(client, (drawn(), "claw.jpg", JPEG))

    refused = page.submit("Save", focal_x=typed)

    assert refused.status == 422
    assert refused.errors() == ["Enter a whole number from 0 to 100."]
    assert only(session).focal_x == 50


def test_a_picture_that_a_text_shows_stays_until_it_is_taken_out(client, session, worker, storage):
    sign_in(client, session)
    page = upload(client, (drawn(size=(640, 333)), "claw.jpg", JPEG))
    worker.work_off()
    picture = only(session)
    article = make_article(
        session, blog=make_blog(session), body=f"![A claw]({picture.file(480, 'webp')})"
    )
    address = f"/staff/pictures/{picture.id}"

    refused = client.post(f"{address}/remove", headers=ORIGIN)

    assert refused.status_code == 409
    assert article.title in visit(client, address).text
    session.delete(article)
    session.flush()
    page = visit(client, address).submit("Remove the picture")
    assert "The picture is removed." in page.text
    assert session.scalar(select(func.count(Picture.id))) == 0
    assert not any(picture.key in name for name in kept(storage))
    assert client.get(picture.file(480, "webp")).status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            "..%2f..%2fshop.sqlite3",
            "../app.py",
            "original/" + "a" * 64,
            "a" * 64 + "-480.avif",
        ),
        *("a" * 64 + "-480.png", "A" * 64 + "-480.avif", "%00", "a" * 64 + "-480.avif/"),
    ],
)
def test_no_address_leads_to_another_file_or_to_a_list(client, name):
    assert client.get(f"/media/{name}").status_code == 404


def test_originals_have_no_address(client, session, storage):
    sign_in(client, session)
    content = drawn(size=(500, 411))
    upload(client, (content, "claw.jpg", JPEG))

    assert storage.get("original/" + digest(content)) == content
    assert client.get(f"/media/original/{digest(content)}").status_code == 404
    assert client.get(f"/media/{digest(content)}").status_code == 404


def test_the_list_costs_the_same_however_long_it_is(app, client, session):
    sign_in(client, session)
    upload(client, (drawn(), "claw.jpg", JPEG))

    with counted_statements(app) as with_one:
        visit(client, "/staff/pictures")
    session.add_all(Picture(key=f"{n:064}", alt=f"Picture {n}") for n in range(60))
    session.flush()
    with counted_statements(app) as with_many:
        page = visit(client, "/staff/pictures?q=picture")

    assert len(with_many) == len(with_one)
    assert len(page.main.find(class_="staff-pictures").find_all("li")) == 50


def test_a_picture_that_nobody_has_is_not_there(client, session):
    sign_in(client, session)
    make_product(session)

    for number in ("1", "0", "x", str(2**63), "-1"):
        assert visit(client, f"/staff/pictures/{number}").status == 404
