"""The shop under test: real databases, real HTTP to the local Stripe stand-in, nothing mocked."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserType, expect
from sqlalchemy import NullPool, create_engine
from sqlalchemy.orm import Session

from app import create_app
from storefront.config import Settings, from_env
from storefront.database import Sessions
from storefront.jobs.worker import Worker
from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer
from storefront.verify import problems
from tests.databases import (
    PostgresqlDatabases,
    SharedEngine,
    SqliteDatabases,
    folder_for_databases,
)
from tests.gateways.stripe_spec import assert_observed

expect.set_options(timeout=15_000)  # a busy machine may take a while

WEBHOOK_SECRET = "whsec_tests"
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium(browser_type: BrowserType) -> Iterator[Browser]:
    """Debian's browser; it looks up no hosts of its own."""
    browser = browser_type.launch(executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def databases():
    """Both engines; the PostgreSQL server is shared by the parallel test processes."""
    place = folder_for_databases()
    folder = Path(tempfile.mkdtemp(prefix="ql-claw-test-sqlite-", dir=place))
    postgresql = PostgresqlDatabases(place / "ql-claw-test-postgresql")
    yield {"sqlite": SqliteDatabases(folder), "postgresql": postgresql}
    postgresql.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases, engine_name: str) -> Iterator[str]:
    """An empty, migrated database of its own; with the demonstration content where asked for."""
    seeded = request.node.get_closest_marker("seeded") is not None
    with databases[engine_name].fresh(seeded=seeded) as url:
        yield url


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandInServer]:
    """A local Stripe; it delivers no webhooks but those that a test sends on."""
    settings = StandInSettings(
        database=tmp_path_factory.mktemp("stand-in") / "stand-in.sqlite3",
        webhook_url=None,
        webhook_secret=WEBHOOK_SECRET,
        public_url=None,
    )
    with StandInServer(settings, OBSERVED.append_pair, background=False) as server:
        yield server


class Observed(list[tuple[str, dict]]):
    """What the shop asked of Stripe and what it was told, held against Stripe's own schema."""

    def append_pair(self, kind: str, payload: dict) -> None:
        self.append((kind, payload))

    def assert_all(self) -> None:
        pairs, self[:] = list(self), []
        for kind, payload in pairs:
            assert_observed(kind, payload)


OBSERVED = Observed()


@pytest.fixture(scope="session")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("instance")


@pytest.fixture(scope="session")
def settings(stand_in: StandInServer, instance: Path) -> Settings:
    return from_env(
        {
            "SECRET_KEY": "a key for the tests alone",
            "STRIPE_SECRET_KEY": "sk_test_shop",
            "STRIPE_API_BASE": stand_in.base,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "INSTANCE_PATH": str(instance),
            "STORAGE_URL": "memory:",
            "SITE_URL": "http://localhost",
        }
    )


@pytest.fixture(scope="session")
def shop(settings: Settings) -> Flask:
    """One app for all tests: its templates are read once. It is given a database by each."""
    app = create_app(settings)
    app.extensions["sessions"].engine.dispose()
    return app


@pytest.fixture(scope="session")
def engines() -> dict[str, SharedEngine]:
    return {"sqlite": SharedEngine(), "postgresql": SharedEngine()}


@pytest.fixture
def app(shop: Flask, engines, engine_name: str, database_url: str) -> Iterator[Flask]:
    """The shop on a database of this test's own."""
    sessions = shop.extensions["sessions"] = Sessions(engines[engine_name].at(database_url))
    shop.extensions["present_shop"].read()
    yield shop
    sessions.engine.dispose()
    OBSERVED.assert_all()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def session(app: Flask, database_url: str) -> Iterator[Session]:
    """Looks at the rows that the shop wrote, and writes what a test begins with.

    Each statement is a transaction of its own: no look of a test holds a lock of the shop's.
    """
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with Session(engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def worker(app: Flask) -> Worker:
    """``worker.work_off()`` does every job that is due."""
    return Worker(app.extensions["sessions"], app.extensions["handlers"])


@pytest.fixture
def adds_up(session: Session) -> Iterator[None]:
    """Whatever a test did, stock, money and documents add up afterwards."""
    yield
    session.expire_all()
    assert problems(session) == []
