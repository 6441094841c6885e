"""Papers and share pictures are set apart from who asks for them."""

from uuid import uuid4

import pytest

from storefront import typesetting
from storefront.typesetting import TypesettingError, typeset
from tests.browser import visit
from tests.factories import make_article, make_blog
from tests.features.linked import meta


def test_what_cannot_be_set_says_why(tmp_path):
    page = tmp_path / "page.typ"
    page.write_text('#panic("no ink")')

    with pytest.raises(TypesettingError, match="no ink"):
        typeset(page, format="pdf")


def test_what_takes_too_long_is_ended_and_the_picture_of_the_shop_shown(
    client, session, monkeypatch
):
    handle = f"slow-{uuid4()}"  # drawn for no test before
    make_article(session, blog=make_blog(session), handle=handle)
    page = visit(client, f"/blogs/the-ql-blawg/{handle}")
    path = meta(page, "og:image").removeprefix("http://localhost")

    with monkeypatch.context() as impatient:
        impatient.setattr(typesetting, "LONGEST_S", 0.001)
        answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/static/img/share.")
    assert client.get(path).mimetype == "image/png"
