"""Pictures to send in, good ones and hostile ones, made where they are needed."""

import io
import struct
import zipfile
import zlib

from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, stream_encode_multipart

from storefront.storage import Storage
from tests.browser import Page, visit

ORIGIN = {"Origin": "http://localhost"}


def drawn(kind: str = "JPEG", size: tuple[int, int] = (900, 600), **save: object) -> bytes:
    """A picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, kind, **save)
    return out.getvalue()


def from_a_phone() -> bytes:
    """A JPEG that lies on its side, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A phone that tells"
    exif.get_ifd(0x8825)[1] = "N"
    return drawn(exif=exif)


def bomb(width: int = 10_000, height: int = 10_000) -> bytes:
    """A small PNG of a hundred million pixels; nothing of it is ever in memory here."""
    line = zlib.compressobj(9)
    body = b"".join(line.compress(b"\x00" * (width * 3 + 1)) for _ in range(height)) + line.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(name: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(name + body)
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", checksum)


def moving() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), color) for color in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def with_a_zip() -> bytes:
    """A JPEG that programs for archives read as one."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return drawn() + out.getvalue()


def upload(
    client: FlaskClient,
    *files: tuple[bytes, str, str],
    alt: str = "A claw",
    to: str = "/staff/pictures",
    **more: str,
) -> Page:
    """Send files (content, name, type) as the form does; follow where it leads."""
    sent = [FileStorage(io.BytesIO(content), name, "files", kind) for content, name, kind in files]
    data = {"alt": alt, "files": sent, **more}
    # The client itself would write what is large to a file, and leave that open.
    body, length, boundary = stream_encode_multipart(data, use_tempfile=False)
    response: TestResponse = client.post(
        to,
        input_stream=body,
        content_length=length,
        headers=ORIGIN,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )
    page = Page(client, response, to)
    return visit(client, page.location) if response.status_code == 303 else page


def kept(storage: Storage) -> set[str]:
    """Return the names of all files of a storage in memory."""
    import obstore

    return {each["path"] for batch in obstore.list(storage._opened()) for each in batch}
