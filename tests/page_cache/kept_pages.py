"""Two web processes of one machine that keep pages, and asking them without any cookie."""

from contextlib import contextmanager
from dataclasses import replace

from app import create_app
from storefront.config import database_url as with_driver
from tests.factories import make_product, make_variant
from tests.staff import counted_statements

TOOL = "/products/ql-claw"


@contextmanager
def web_processes(settings, database_url, folder):
    """Yield the two, on one database."""
    url = with_driver(database_url)
    own = replace(settings, keeps_pages=True, database_url=url, instance=folder)
    apps = [create_app(own) for _ in range(2)]
    yield apps
    for app in apps:
        app.extensions["sessions"].engine.dispose()


def make_tool(session):
    """Return the product of ``TOOL``, of which three are there."""
    product = make_product(session, handle="ql-claw", title="QL Claw")
    make_variant(session, product=product, on_hand=3)
    return product


def asked(app, path, **headers):
    """Ask without any cookie; return the answer, and how often the database was asked."""
    with counted_statements(app) as statements:
        answer = app.test_client(use_cookies=False).get(path, headers=headers)
    return answer, len(statements)


def is_kept(answer):
    """Say whether an answer came from the memory: the app names each of its own."""
    return "X-Request-Id" not in answer.headers
