"""Pictures of unusual shapes and colours, which are pictures all the same."""

import io

import pytest
from PIL import Image
from sqlalchemy import select

from models import Picture, PictureStatus
from tests.pictures import drawn, upload
from tests.staff import sign_in

JPEG = "image/jpeg"


@pytest.mark.parametrize("size", [(1, 1), (7, 900), (16_000, 2)])
def test_a_picture_of_any_shape_is_taken(client, session, worker, size):
    sign_in(client, session)

    upload(client, (drawn(size=size), "claw.jpg", JPEG))
    worker.work_off()

    picture = session.scalars(select(Picture)).one()
    assert (picture.status, (picture.width, picture.height)) == (PictureStatus.READY, size)
    assert client.get(picture.file(picture.widths[0], "avif")).status_code == 200


def test_the_inks_of_a_printer_become_the_colours_of_a_screen(client, session, worker):
    sign_in(client, session)
    out = io.BytesIO()
    Image.new("CMYK", (500, 500), (0, 255, 255, 0)).save(out, "JPEG")

    upload(client, (out.getvalue(), "red.jpg", JPEG))
    worker.work_off()

    address = session.scalars(select(Picture)).one().file(480, "webp")
    with Image.open(io.BytesIO(client.get(address).data)) as image:
        red, green, blue = image.convert("RGB").getpixel((9, 9))
    assert (red > 245, green < 10, blue < 10) == (True, True, True)
