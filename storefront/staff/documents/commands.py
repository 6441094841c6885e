"""Documents at the command line."""

import click
from flask.cli import AppGroup
from sqlalchemy import exists, select

from models import Document, DocumentKind, Order
from models.order_lock import lock
from storefront.documents.issuing import NotPaidError, issue_invoice
from storefront.extensions import db, settings

ACTOR = "command line"

invoices = AppGroup("invoices", help="Issue what is owed of invoices.")


@invoices.command("issue")
def issue() -> None:
    """Issue the invoices of orders that were paid before there were any, the first paid first.

    Each is a transaction of its own: where it ends early, the next call goes on from there.
    """
    has_one = exists().where(Document.order_id == Order.id, Document.kind == DocumentKind.INVOICE)
    wanted = select(Order.id).where(Order.paid_at.is_not(None), ~has_one)
    found = db.session.scalars(wanted.order_by(Order.paid_at, Order.id)).all()
    db.session.rollback()
    labels, without = [], []
    for order_id in found:
        order = lock(db.session, order_id)
        try:
            document = issue_invoice(db.session, order, zone=settings().timezone, actor=ACTOR)
        except NotPaidError:
            without.append(order.number)
            db.session.rollback()
        else:
            labels.append(document.label)
            db.session.commit()
    for number in without:
        click.echo(f"{number}: no payment that an invoice could be about, so it has none.")
    if labels:
        click.echo(f"{len(labels)} issued: {labels[0]} to {labels[-1]}.")
    else:
        click.echo("Every paid order has its invoice: nothing was issued.")
