"""Pictures that buyers send: made anew, private until they are published, gone with their owner."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from models import Job, OrderLine, Review, SentPicture, Variant, now
from storefront.media.reading import RefusedError
from storefront.sent_pictures import service
from storefront.sent_pictures.jobs import Discarding
from storefront.sent_pictures.reading import pictures_from
from storefront.staff.customers.service import forget
from tests import pictures
from tests.factories import make_paid_order


def sent(content, name="claw.jpg", kind="image/jpeg"):
    return FileStorage(io.BytesIO(content), name, "pictures", kind)


def review_with_pictures(app, session):
    order = make_paid_order(session)
    product_id = session.scalars(select(Review.product_id)).first() or order_product(session, order)
    review = Review(order_id=order.id, product_id=product_id, stars=4, text="Firm.", name="Ada")
    session.add(review)
    session.flush()
    made = pictures_from([sent(pictures.from_a_phone()), sent(pictures.drawn("PNG"), "b.png", "")])
    rows = service.store(app.extensions["storage"], made)
    service.enter(session, order, rows, review_id=review.id)
    session.commit()
    return order, review, rows


def order_product(session, order):
    found = select(Variant.product_id).join(OrderLine, OrderLine.variant_id == Variant.id)
    return session.scalars(found.where(OrderLine.order_id == order.id)).one()


def test_a_picture_is_made_anew_turned_and_without_what_the_camera_wrote():
    (made,) = pictures_from([sent(pictures.from_a_phone())])

    for content, size in ((made.large, (600, 900)), (made.small, (213, 320))):
        with Image.open(io.BytesIO(content)) as image:
            assert (image.format, image.size, dict(image.getexif())) == ("WEBP", size, {})
    assert (made.width, made.height) == (600, 900)
    assert pictures_from([FileStorage(io.BytesIO(b""), "", "pictures", "")]) == []


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (sent(b"<script>alert(1)</script>"), "It is no JPEG, PNG, WebP or AVIF"),
        (sent(b"<svg onload='alert(1)'/>", "a.svg", "image/svg+xml"), "An SVG drawing can hold"),
        (sent(pictures.drawn() + b"<script>"), "There is a script in it."),
        (sent(pictures.with_a_zip()), "There is another file in it."),
        (sent(pictures.drawn(), "claw.exe"), "Its name ends in .exe, but it is a JPEG."),
        (sent(pictures.drawn()[:900]), "It ends too early or is broken."),
        (sent(b""), "The file is empty."),
        (sent(pictures.moving(), "a.webp", "image/webp"), "It moves."),
        (sent(pictures.drawn() + b"0" * 9_000_000), "it is larger than 8 MB."),
    ],
)
def test_what_is_no_plain_picture_is_refused_with_a_reason(file, message):
    with pytest.raises(RefusedError, match=message):
        pictures_from([file])


def test_a_fourth_picture_of_one_form_is_refused():
    with pytest.raises(RefusedError, match="Send at most 3 pictures"):
        pictures_from([sent(pictures.drawn()) for _ in range(4)])


def test_a_picture_is_private_until_it_is_published_and_again_afterwards(app, client, session):
    _, review, (first, _) = review_with_pictures(app, session)
    address = f"/sent-pictures/{first.key}-large.webp"

    assert client.get(address).status_code == 404
    service.publish(session, review.id, is_public=True)
    session.commit()
    shown = client.get(address)
    assert (shown.status_code, shown.mimetype) == (200, "image/webp")
    assert shown.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in shown.headers
    assert client.get(f"/sent-pictures/{first.key}-huge.webp").status_code == 404
    assert client.get(f"/sent-pictures/{'0' * 64}-large.webp").status_code == 404
    service.publish(session, review.id, is_public=False)
    session.commit()
    assert client.get(address).status_code == 404


def test_an_order_takes_thirty_pictures_and_no_more(app, session):
    order, before = make_paid_order(session), pictures.kept(app.extensions["storage"])
    made = pictures_from([sent(pictures.drawn())])
    for _ in range(30):
        service.enter(session, order, service.store(app.extensions["storage"], made))
    session.commit()

    late = service.store(app.extensions["storage"], made)
    with pytest.raises(service.TooManyPicturesError):
        service.enter(session, order, late)
    session.rollback()
    service.discard(app.extensions["storage"], late)

    assert len(session.scalars(select(SentPicture.id)).all()) == 30
    assert len(pictures.kept(app.extensions["storage"]) - before) == 60


def test_who_is_forgotten_takes_her_pictures_along(app, session):
    before = pictures.kept(app.extensions["storage"])
    order, _, _ = review_with_pictures(app, session)
    order.status, order.shipped_at = "shipped", now()
    session.commit()
    assert len(pictures.kept(app.extensions["storage"]) - before) == 4

    with app.extensions["sessions"].write.begin() as writing:
        forget(writing, order.email, "owner@example.com")

    assert session.scalars(select(SentPicture.id)).all() == []
    job = session.scalars(select(Job).filter_by(kind="discard-files")).one()
    Discarding(app.extensions["storage"]).discard(None, job.payload)
    assert pictures.kept(app.extensions["storage"]) == before
