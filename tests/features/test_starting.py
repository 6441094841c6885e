"""What the shop imports stays for good: it is not looked over for garbage, and is little."""

import gc
import os
import subprocess
import sys
import weakref

import pytest

import app
from storefront.config import ROOT
from storefront.starting import uncollected
from tests.factories import make_article, make_blog, make_product, make_variant

# Each takes 5 to 30 MB of a process, and some time of the visitor who is the first to need it.
HEAVY = ("alembic", "openpyxl", "typst", "webauthn", "zxcvbn")
LOOKS = f"""
import re
import sys

from app import create_app
from storefront.config import from_env

visitor, drawn = create_app(from_env()).test_client(), set()
for path in sys.argv[1:]:
    page = visitor.get(path, follow_redirects=True)
    assert page.status_code == 200, path
    drawn |= set(re.findall('og:image" content="https?://[^/]+(/share/[^"]+)', page.text))
for picture in drawn:
    assert visitor.get(picture).status_code == 200, picture
print(len(drawn), "drawn", [name for name in {HEAVY} if name in sys.modules])
"""


class Knot:
    """Something that only a collector takes away."""

    def __init__(self):
        self.itself = self


def test_the_parts_of_the_shop_are_set_aside_and_what_is_made_later_is_collected():
    assert not any(it is app.__dict__ for it in gc.get_objects())
    assert gc.get_freeze_count() > 100_000
    assert gc.isenabled()

    knot = weakref.ref(Knot())
    gc.collect()

    assert knot() is None


def test_a_part_that_cannot_be_imported_leaves_the_collector_at_work():
    with pytest.raises(ImportError), uncollected():
        raise ImportError

    assert gc.isenabled()


def test_nothing_heavy_is_loaded_for_who_looks_around(database_url, session, tmp_path):
    make_variant(session, product=make_product(session, handle="tool"))
    make_article(session, blog=make_blog(session), handle="words")
    article, product = "/blogs/the-ql-blawg/words", "/products/tool"
    entrances = ("/account", "/account/register", "/staff/login")
    paths = ("/", product, article, "/collections/all", "/search?q=words", "/cart", *entrances)
    environ = os.environ | {"DATABASE_URL": database_url, "INSTANCE_PATH": str(tmp_path)}

    command = [sys.executable, "-c", LOOKS, *paths]
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )

    assert done.stdout == "2 drawn []\n", done.stderr
