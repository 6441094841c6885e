"""Two addresses for machines: alive, and ready to serve."""

from datetime import timedelta

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import select, text
from sqlalchemy.exc import SQLAlchemyError

from models import Job, now
from storefront.extensions import db, settings, storage
from storefront.jobs.queue import BEAT_ID
from storefront.schema import newest_revision

bp = Blueprint("health", __name__)
WORKER_SILENT = timedelta(seconds=60)


@bp.get("/healthz")
def alive() -> Response:
    """Say that the process answers; asks nothing else."""
    return _uncached(jsonify(status="alive"))


@bp.get("/readyz")
def ready() -> ResponseReturnValue:
    """Say what works; 503 where pages cannot be served. A silent worker does not stop the shop."""
    try:
        db.session.execute(text("SELECT 1"))
        revision = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        beat = db.session.scalars(select(Job).where(Job.id == BEAT_ID)).one_or_none()
    except SQLAlchemyError:
        return _uncached(jsonify(status="not ready", database="does not answer")), 503
    migrated = revision == newest_revision()
    working = beat is not None and now() - beat.run_at < WORKER_SILENT
    answer = jsonify(
        status="ready" if migrated else "not ready",
        database="answers",
        migrations="up to date" if migrated else "behind",
        worker="works" if working else "silent",
        storage=storage().kind,
        mail="by server"
        if settings().mail_url
        else "development mailbox"
        if not settings().is_production
        else "waiting: MAIL_URL is not set",
    )
    return _uncached(answer), 200 if migrated else 503


def _uncached(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response
