"""Papers and share pictures are set apart from who asks for them."""

import subprocess
import sys

import pytest

from storefront import typesetting
from storefront.config import ROOT
from storefront.typesetting import TypesettingError, typeset
from tests.browser import visit
from tests.factories import make_article, make_blog
from tests.features.linked import meta

DRAWS = """
import sys
from storefront.feeds.drawing import draw
from storefront.feeds.pictures import Picture

print(draw(Picture("page", "any", "Where the QL is", None), "QL Claw")[1:4])
print("typst" in sys.modules)
"""


def test_a_process_that_has_pictures_drawn_holds_nothing_of_the_typesetter():
    command = [sys.executable, "-c", DRAWS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("b'PNG'\nFalse\n", "")


def test_what_cannot_be_set_says_why(tmp_path):
    page = tmp_path / "page.typ"
    page.write_text('#panic("no ink")')

    with pytest.raises(TypesettingError, match="no ink"):
        typeset(page, format="pdf")


def test_what_takes_too_long_is_ended_and_the_picture_of_the_shop_shown(
    client, session, monkeypatch
):
    make_article(session, blog=make_blog(session), handle="slow", title="Slow")
    path = meta(visit(client, "/blogs/the-ql-blawg/slow"), "og:image").removeprefix(
        "http://localhost"
    )
    monkeypatch.setattr(typesetting, "LONGEST_S", 0.001)

    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/static/img/share.")
    monkeypatch.undo()
    assert client.get(path).mimetype == "image/png"
