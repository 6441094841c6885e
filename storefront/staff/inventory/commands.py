"""Stock at the command line."""

import json

import click
from flask.cli import AppGroup
from sqlalchemy import select

from models import Location, Variant
from models.inventory import OutOfStockError, set_on_hand
from storefront.extensions import db
from storefront.staff.inventory import queries
from storefront.staff.inventory.service import BundleError, refuse_bundle

stock = AppGroup("stock", help="Look at stock and count it.")


@stock.command("list")
@click.option("--json", "as_json", is_flag=True, help="For other programs.")
@click.option("--location", help="Only what lies at the location of this title.")
def stock_list(*, as_json: bool, location: str | None) -> None:
    """List SKU, on hand, reserved, available and incoming; a bundle has no stock of its own."""
    names = ("sku", "on_hand", "reserved", "available", "incoming", "unavailable", "backordered")
    at = None
    if location is not None:
        at = db.session.scalar(select(Location.id).filter_by(title=location))
        if at is None:
            message = f"no location has the title {location}"
            raise click.ClickException(message)
    rows = [{name: getattr(it, name) for name in names} for it in queries.stocked(db.session, at)]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"{'SKU':<20}{'on hand':>9}{'reserved':>10}{'available':>11}{'incoming':>10}")
    for row in rows:
        click.echo(
            f"{row['sku']:<20}{row['on_hand']:>9}{row['reserved']:>10}"
            f"{row['available']:>11}{row['incoming']:>10}"
        )


@stock.command("set")
@click.argument("sku")
@click.argument("count", type=click.IntRange(0, 1_000_000))
@click.option("--reason", required=True, help="Why, for the ledger.")
def stock_set(sku: str, count: int, reason: str) -> None:
    """Make COUNT the units on hand of SKU."""
    variant_id = db.session.scalar(select(Variant.id).filter_by(sku=sku))
    if variant_id is None:
        message = f"no variant has the SKU {sku}"
        raise click.ClickException(message)
    try:
        refuse_bundle(db.session, variant_id)
        change = set_on_hand(db.session, variant_id, count, reason=reason, actor="command line")
    except BundleError:
        message = f"{sku} is a bundle: it has no stock of its own, count its parts"
        raise click.ClickException(message) from None
    except OutOfStockError:
        db.session.rollback()
        message = f"{sku}: more units are reserved or unavailable than {count}"
        raise click.ClickException(message) from None
    db.session.commit()
    click.echo(f"{sku}: {count} on hand ({change:+d})")
