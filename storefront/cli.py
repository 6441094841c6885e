"""The shop's commands: ``flask --app app <command>``."""

import secrets
import signal
from datetime import timedelta
from pathlib import Path
from typing import IO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select

from models import Role, Staff, now
from models.once import claim
from storefront import verify as verification
from storefront.dev import launcher
from storefront.extensions import db, settings
from storefront.forms import normal_email
from storefront.jobs.hands import hands, work
from storefront.learn.rendering import render_anew
from storefront.mail.bounces import LARGEST_REPORT, BadReportError, note_failure, read_report
from storefront.passwords import SHORTEST, hash_password
from storefront.payments import audit
from storefront.payments.access import gateway
from storefront.payments.gateway import GatewayRefusedError, GatewayUnavailableError
from storefront.schema import ANALYZE, migrate
from storefront.seed import loader
from storefront.seed.clearing import clear as clear_demonstration
from storefront.seed.finding import index_everything
from storefront.staff.audit import commands as audit_log
from storefront.staff.documents import commands as documents
from storefront.staff.inventory import commands as inventory

DEMONSTRATION_OWNER = "owner@example.com"
PERIODIC_S = {
    "reconcile": 180,
    "verify": 900,
    "newsletter": 60,
    "tell-low-stock": 300,
    "remind-of-carts": 600,
    "invite-reviews": 3600,
    "check-links": 86_400,
    "end-exchanges": 3600,
    "refresh-collections": 86_400,
    "forget-alerts": 86_400,
    ANALYZE: 86_400,
}


def init_app(app: Flask) -> None:
    """Add the commands to an app."""
    for command in (
        migrate_command,
        dev,
        seed,
        index,
        render,
        inventory.stock,
        staff,
        worker,
        verify,
        bounce,
        documents.invoices,
    ):
        app.cli.add_command(command)
    audit_log.bind(app, (seed, inventory.stock_set, staff_add, documents.issue))


@click.command("migrate")
@with_appcontext
def migrate_command() -> None:
    """Bring the database to the newest tables."""
    migrate(db.sessions.engine)


@click.command()
@with_appcontext
def dev() -> None:
    """Start the shop on this machine with worker, mailbox and payments; Ctrl-C ends all."""
    found = settings()
    if found.is_production:
        message = "this starts a demonstration: not under SHOP_ENV=production"
        raise click.ClickException(message)
    if not fill_empty_shop():
        render_anew(db.session)
        db.session.commit()
    greeting = (
        f"\nShop: {found.site_url}\n"
        f"Back office: {found.site_url}/staff\n"
        f"Staff: {DEMONSTRATION_OWNER} / {demonstration_password(found.instance)}\n"
        f"Mailbox: {found.site_url}/dev/mailbox\n"
        f"Payments: {found.stripe_api_base}\n"
        "Ctrl-C ends everything.\n"
    )
    try:
        launcher.run(found, greeting)
    except launcher.PortTakenError as taken:
        message = f"port {taken} is taken by another program: PORT=9000 make run moves the shop"
        raise click.ClickException(message) from None


@click.command()
@click.option("--clear", is_flag=True, help="Take the demonstration products off the shelves.")
@with_appcontext
def seed(*, clear: bool) -> None:
    """Write the starting content into an empty shop."""
    if clear:
        count = clear_demonstration(db.session)
        db.session.commit()
        click.echo(f"{count} demonstration products removed.")
        return
    if fill_empty_shop():
        click.echo("The shop has its demonstration content.")
    else:
        click.echo("The shop has content already: nothing was changed.")


@click.command()
@with_appcontext
def index() -> None:
    """Build the search's index anew from what is in the shop."""
    count = index_everything(db.session)
    db.session.commit()
    click.echo(f"{count} things can be found.")


@click.command()
@with_appcontext
def render() -> None:
    """Render anew the texts that an older version of the shop has rendered."""
    count = render_anew(db.session)
    db.session.commit()
    click.echo(f"{count} texts rendered anew.")


def fill_empty_shop() -> bool:
    """Migrate, and write the starting content where there is none; return whether it was written.

    Outside production a demonstration owner is made as well.
    """
    migrate(db.sessions.engine)
    is_empty = not loader.is_seeded(db.session)
    if is_empty:
        loader.seed(db.session)
    if not settings().is_production:
        _demonstration_owner()
    db.session.commit()
    return is_empty


def _demonstration_owner() -> None:
    known = select(Staff.id).filter_by(email=DEMONSTRATION_OWNER)
    if db.session.scalar(known) is not None:
        return
    password = demonstration_password(settings().instance)
    claim(
        db.session,
        Staff(
            email=DEMONSTRATION_OWNER,
            name="Demonstration owner",
            password_hash=hash_password(password),
            role=Role.OWNER,
        ),
    )


def demonstration_password(instance: Path) -> str:
    """Return the demonstration owner's password, made once for each instance folder."""
    path = instance / "demonstration-owner"
    if not path.exists():
        path.write_text(secrets.token_urlsafe(9), encoding="utf-8")
        path.chmod(0o600)
    return path.read_text(encoding="utf-8")


staff = AppGroup("staff", help="Who runs the shop.")


@staff.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", default="")
@click.option("--password", help=f"At least {SHORTEST} characters; made and shown when not given.")
def staff_add(email: str, role: str, name: str, password: str | None) -> None:
    """Give EMAIL access to the back office."""
    made = secrets.token_urlsafe(12)
    if password is not None and len(password) < SHORTEST:
        message = f"a password has at least {SHORTEST} characters"
        raise click.ClickException(message)
    address = normal_email(email)
    if address is None:
        message = f"{email} is no email address"
        raise click.ClickException(message)
    person = Staff(
        email=address,
        name=name,
        password_hash=hash_password(password or made),
        role=Role(role),
    )
    if not claim(db.session, person):
        db.session.rollback()
        message = f"{email} is staff already"
        raise click.ClickException(message)
    db.session.commit()
    click.echo(f"{person.email} is {role} now.")
    if password is None:
        click.echo(f"Password, shown this once: {made}")


@click.command()
@with_appcontext
def worker() -> None:
    """Send mails and expire orders until stopped."""
    all_hands = hands(db.sessions, current_app.extensions["handlers"], PERIODIC_S)

    def stop(*_: object) -> None:
        for each in all_hands:
            each.stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stop)
    work(all_hands)


@click.command()
@click.argument("report", type=click.File("rb"), default="-")
@with_appcontext
def bounce(report: IO[bytes]) -> None:
    """Read a REPORT that a mail came back (RFC 3464; standard input by default), and mark it."""
    try:
        read = read_report(report.read(LARGEST_REPORT + 1), settings().secret_key)
    except BadReportError as bad:
        raise click.ClickException(str(bad)) from None
    is_news = note_failure(db.session, read.mail_id, read.failure)
    db.session.commit()
    click.echo(f"Mail {read.mail_id}: {'marked' if is_news else 'nothing to mark'}.")


@click.command()
@click.option(
    "--days", type=click.IntRange(1, 3650), default=30, show_default=True, help="Of Stripe's books."
)
@click.option("--without-stripe", is_flag=True, help="Leave Stripe's books alone.")
@with_appcontext
def verify(*, days: int, without_stripe: bool) -> None:
    """Check that stock and money add up; list what does not, and end with 1.

    Stripe's books are held against the shop's. Nothing is changed: it works on any copy.
    """
    books = None if without_stripe else _stripe_books(days)
    with db.sessions.read() as session:
        wrong = verification.problems(session)
        if books is not None:
            wrong += [f"{it.reference}: {it.text}" for it in audit.findings(session, books)]
    for line in wrong:
        click.echo(line)
    if wrong:
        raise click.exceptions.Exit(1)

    click.echo("Everything adds up.")


def _stripe_books(days: int) -> audit.Books | None:
    try:
        return audit.books(gateway(), now() - timedelta(days=days))
    except (GatewayUnavailableError, GatewayRefusedError):
        click.echo("Stripe did not answer: its books were not compared.", err=True)
        return None
