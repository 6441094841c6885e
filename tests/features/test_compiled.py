"""Templates that are compiled once, whoever shows them first."""

import shutil

import pytest
from jinja2 import DictLoader, Environment, pass_context

from storefront.compiled import Compiled
from storefront.config import from_env
from tests.browser import visit
from tests.databases import fill
from tests.features.observing import started

PAGE = "/products/ql-claw"


@pytest.fixture
def settings(tmp_path):
    url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
    fill(url, seeded=True)
    return from_env({"DATABASE_URL": url, "INSTANCE_PATH": str(tmp_path)})


def title(settings):
    """Return the title of a page, as a process that begins now shows it."""
    with started(settings) as shop:
        return visit(shop.test_client(), PAGE).html.h1.get_text(strip=True)


def kept(settings):
    files = (settings.instance / "templates").rglob("*.cache")
    return {it: it.stat().st_mtime_ns for it in files}


def test_the_next_process_takes_what_the_first_has_compiled(settings):
    title(settings)
    compiled = kept(settings)

    assert title(settings) == "QL Claw"
    assert len(compiled) > 10
    assert kept(settings) == compiled


def test_what_is_broken_in_the_folder_is_compiled_anew(settings):
    title(settings)
    whole = {it: it.read_bytes() for it in kept(settings)}
    for cut, content in whole.items():
        cut.write_bytes(content[:40])

    assert title(settings) == "QL Claw"
    assert {it: it.read_bytes() for it in kept(settings)} == whole


def test_a_page_comes_where_nothing_can_be_kept(settings):
    with started(settings) as shop:
        shutil.rmtree(settings.instance / "templates")

        assert visit(shop.test_client(), PAGE).html.h1.get_text(strip=True) == "QL Claw"
    assert kept(settings) == {}


def test_a_filter_of_another_kind_finds_nothing_compiled(tmp_path):
    shown = []
    for it in (lambda number: number + 1, pass_context(lambda _, number: number + 2)):
        environment = Environment(autoescape=True, loader=DictLoader({"a": "{{ n | more }}"}))
        environment.filters["more"] = it
        environment.bytecode_cache = Compiled(environment, tmp_path)
        shown.append(environment.get_template("a").render(n=1))

    assert shown == ["2", "3"]
