"""The audit log at the command line: its proof, and who changes something there."""

from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from models.audit_log import Act
from storefront.extensions import db
from storefront.staff.audit import chain
from storefront.staff.audit.watch import watch


@click.command("verify-audit")
@with_appcontext
def verify_audit() -> None:
    """Prove that the audit log is whole; name the first entry that is not, and end with 1.

    Who can write into the database could write the whole chain anew: keep the line that this
    prints elsewhere, and hold it against a later one.
    """
    with db.sessions.read() as session:
        chain.see_one_moment(session)
        wrong = chain.broken(session)
        if wrong:
            click.echo(f"The audit log is broken: {wrong}.")
            raise click.exceptions.Exit(1)
        number, digest = chain.end(session)
    click.echo(f"The audit log is whole: {number} entries, the last is {digest}.")


def bind(app: Flask, changing: tuple[click.Command, ...]) -> None:
    """Add the command, and log what others change."""
    app.cli.add_command(verify_audit)
    for command in changing:
        if command.callback is not None and not hasattr(command.callback, "is_logged"):
            command.callback = _logged(command.callback)


def _logged(callback: Callable[..., Any]) -> Callable[..., Any]:
    @with_appcontext
    def run(**options: Any) -> Any:
        command = click.get_current_context().info_name or ""
        subject = str(options.get("sku") or options.get("email") or "")
        watch(db.session, Act("command line", "", f"flask {command}", subject))
        return callback(**options)

    run.is_logged = True  # type: ignore[attr-defined]
    return run
