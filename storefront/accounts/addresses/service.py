"""Keeping addresses: the first is the default, and one always is."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models import Address, Customer
from models.address import MOST_ADDRESSES


class TooManyAddressesError(Exception):
    """The customer keeps as many addresses as she may."""


def addresses(session: Session, customer_id: int) -> Sequence[Address]:
    """Return a customer's addresses, the default first."""
    hers = select(Address).where(Address.customer_id == customer_id)
    return session.scalars(hers.order_by(Address.is_default.desc(), Address.id)).all()


def one(session: Session, customer_id: int, address_id: int) -> Address | None:
    """Return an address of a customer, or None where she has none such."""
    return session.scalars(
        select(Address).where(Address.id == address_id, Address.customer_id == customer_id)
    ).one_or_none()


def add(
    session: Session, customer_id: int, values: Mapping[str, Any], *, is_default: bool
) -> Address:
    """Keep an address; raise TooManyAddressesError where there are enough."""
    _lock(session, customer_id)
    hers = select(func.count()).select_from(Address).where(Address.customer_id == customer_id)
    count = session.scalar(hers) or 0
    if count >= MOST_ADDRESSES:
        raise TooManyAddressesError
    address = Address(customer_id=customer_id, **values)
    session.add(address)
    session.flush()
    if is_default or not count:
        _make_default(session, customer_id, address.id)
    return address


def change(
    session: Session, address: Address, values: Mapping[str, Any], *, is_default: bool
) -> None:
    """Keep an address as it was changed."""
    _lock(session, address.customer_id)
    for name, value in values.items():
        setattr(address, name, value)
    session.flush()
    if is_default:
        _make_default(session, address.customer_id, address.id)


def make_default(session: Session, address: Address) -> None:
    """Let an address come first."""
    _lock(session, address.customer_id)
    _make_default(session, address.customer_id, address.id)


def remove(session: Session, address: Address) -> None:
    """Forget an address; where it was the default, the oldest that is left becomes it."""
    customer_id, was_default = address.customer_id, address.is_default
    _lock(session, customer_id)
    session.delete(address)
    session.flush()
    left = addresses(session, customer_id)
    if was_default and left:
        _make_default(session, customer_id, left[0].id)


def _make_default(session: Session, customer_id: int, address_id: int) -> None:
    """Write the default anew: nothing is it first, as one at most may be."""
    hers = Address.customer_id == customer_id
    for condition, value in ((hers, False), (hers & (Address.id == address_id), True)):
        session.execute(
            update(Address)
            .where(condition)
            .values(is_default=value)
            .execution_options(synchronize_session=False)
        )


def _lock(session: Session, customer_id: int) -> None:
    """Let two tabs change a customer's addresses one after the other."""
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
