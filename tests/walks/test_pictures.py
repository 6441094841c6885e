"""Every component in every state, photographed and held against what somebody last looked at.

``make pictures`` keeps new ones; what changed is then seen in the diff. What differs is written
beside what was kept into ``build/pictures``.
"""

import os
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser

from storefront.dev.specimens import FAMILIES
from storefront.dev.specimens.parts import PAGES
from tests.photographs import KEPT, LOOKS, Camera, mistakes

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("engine_name", ["sqlite"])]
FOOT = "colophon"


@pytest.fixture
def camera(app: Flask, chromium: Browser) -> Iterator[Camera]:
    context = chromium.new_context(reduced_motion="reduce")
    yield Camera(app.test_client(), context.new_page())
    context.close()


@pytest.mark.parametrize("handle", FAMILIES)
def test_each_specimen_looks_as_it_did_when_somebody_last_looked(camera: Camera, handle: str):
    found = []
    for look, name, picture in camera.specimens(f"/dev/components/{handle}"):
        found += mistakes(look, name, picture)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", [*PAGES, FOOT])
def test_a_page_with_nothing_to_show_looks_as_it_did(camera: Camera, name: str):
    selector, page = ("footer", "page-offline") if name == FOOT else ("main", name)
    found = []
    for look, picture in camera.part(f"/dev/pages/{page}", selector):
        found += mistakes(look, name, picture)

    assert not found, "\n".join(found)


def test_no_picture_is_of_something_that_is_gone(app: Flask):
    client = app.test_client()
    pages = [client.get(f"/dev/components/{handle}").text for handle in FAMILIES]
    names = set(re.findall(r'id="([\w-]+)" data-specimen', "\n".join(pages))) | {*PAGES, FOOT}
    for look in LOOKS:
        gone = [it for it in (KEPT / look.name).glob("*") if it.stem not in names]
        for path in gone if os.environ.get("UPDATE_SNAPSHOTS") else ():
            path.unlink()
        assert [path.name for path in gone if path.exists()] == []
