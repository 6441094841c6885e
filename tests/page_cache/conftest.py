"""What every test of kept pages has: two processes that keep them, and a product's page."""

import pytest

from tests.page_cache.kept_pages import make_tool, web_processes


@pytest.fixture
def processes(settings, database_url, session, tmp_path):
    with web_processes(settings, database_url, tmp_path) as apps:
        yield apps


@pytest.fixture
def tool(session):
    return make_tool(session)
