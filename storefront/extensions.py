"""What the routes share: the request's database session."""

from flask import Flask, current_app, g, request
from sqlalchemy.orm import Session

from storefront.config import Settings
from storefront.database import Sessions, make_engine
from storefront.storage import Storage


class Database:
    """One session a request, closed at its end; nothing is committed that a route did not commit.

    GET and HEAD read; other methods take the writer's lock on SQLite at their first statement.
    """

    def init_app(self, app: Flask, url: str) -> None:
        """Bind the engine to an app."""
        app.extensions["sessions"] = Sessions(make_engine(url))
        app.teardown_appcontext(self._close)

    @property
    def sessions(self) -> Sessions:
        """The session factories of the current app."""
        sessions: Sessions = current_app.extensions["sessions"]
        return sessions

    @property
    def session(self) -> Session:
        """The session of this request, or of this command."""
        if "session" not in g:
            reads = bool(request) and request.method in {"GET", "HEAD", "OPTIONS"}
            g.session = self.sessions.look() if reads else self.sessions.write()
        session: Session = g.session
        return session

    def writer(self) -> Session:
        """Return a writing session, also in a GET, in place of what this request has read with.

        For the two addresses that Stripe's and the mail's links can only reach by GET.
        """
        self._close(None)
        g.session = self.sessions.write()
        session: Session = g.session
        return session

    def look(self) -> None:
        """Let a request that writes only look for now, or until ``begin``: others may write.

        What it had not committed is lost. Where writers do not wait for one another, nothing is
        done.
        """
        if self.sessions.engine.dialect.name == "sqlite":
            self._close(None)
            g.session, g.is_looking = self.sessions.look(), True

    def begin(self) -> None:
        """Let a request write that has only looked; what it found may have changed meanwhile."""
        if g.pop("is_looking", False):
            self.writer()

    def release(self) -> None:
        """End the transaction before the network is asked; what was read stays readable.

        Nothing that was changed and not committed survives.
        """
        session = self.session
        session.expunge_all()
        session.rollback()

    @staticmethod
    def _close(error: BaseException | None) -> None:
        del error
        session = g.pop("session", None)
        if session is not None:
            session.close()


db = Database()


def settings() -> Settings:
    """Return the settings of the current app."""
    found: Settings = current_app.config["SETTINGS"]
    return found


def storage() -> Storage:
    """Return the storage of the current app's files."""
    found: Storage = current_app.extensions["storage"]
    return found
