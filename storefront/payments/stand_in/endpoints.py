"""Every address under ``/v1``: what it takes, and what it does."""

from collections.abc import Callable
from typing import NamedTuple

from . import (
    catalog,
    confirm,
    coupons,
    customers,
    disputes,
    methods,
    refunds,
    sessions,
    shapes,
)
from .errors import no_such
from .lists import in_order, newest
from .session_shapes import create_session
from .store import Json, Transaction

Action = Callable[..., Json]


class Endpoint(NamedTuple):
    """One method of one address: how its parameters are read, and what it does."""

    method: str
    path: str
    read: Callable[[Json], Json]
    act: Action


def _one(address: str, noun: str, param: str) -> Endpoint:
    """Return the endpoint that reads one object of this kind."""

    def retrieve(tx: Transaction, _params: Json, object_id: str) -> Json:
        found = tx.find(object_id, noun)
        if found is None:
            raise no_such(object_id, noun, param)
        return found

    return Endpoint("GET", f"{address}/<object_id>", shapes.ONE, retrieve)


def _many(address: str, noun: str, read: Callable[[Json], Json]) -> Endpoint:
    """Return the endpoint that lists this kind, newest first."""
    return Endpoint("GET", address, read, lambda tx, params: newest(tx, noun, address, params))


def _new(address: str, read: Callable[[Json], Json], act: Action) -> Endpoint:
    return Endpoint("POST", address, read, act)


def _of(address: str, read: Callable[[Json], Json], act: Action, verb: str = "") -> Endpoint:
    """Return the endpoint that changes one object, or does what the verb says."""
    path = f"{address}/<object_id>{verb}"
    return Endpoint("POST", path, read, act)


def _line_items(tx: Transaction, params: Json, object_id: str) -> Json:
    sessions.find(tx, object_id)
    address = f"{SESSIONS}/{object_id}/line_items"
    return in_order(tx, object_id, "item", address, params)


SESSIONS, INTENTS, CHARGES, REFUNDS, EVENTS, COUPONS, DISPUTES, METHODS, CUSTOMERS = (
    "/v1/checkout/sessions",
    "/v1/payment_intents",
    "/v1/charges",
    "/v1/refunds",
    "/v1/events",
    "/v1/coupons",
    "/v1/disputes",
    "/v1/payment_methods",
    "/v1/customers",
)
PRODUCTS, PRICES, PAGES = "/v1/products", "/v1/prices", "/v1/payment_pages"
ENDPOINTS = (
    _new(SESSIONS, create_session, sessions.create),
    _many(SESSIONS, "checkout.session", shapes.SESSIONS),
    _one(SESSIONS, "checkout.session", "session"),
    Endpoint("GET", f"{SESSIONS}/<object_id>/line_items", shapes.LINES, _line_items),
    _of(SESSIONS, shapes.ONE, sessions.expire, "/expire"),
    _new(INTENTS, shapes.create_intent, confirm.create_intent),
    _many(INTENTS, "payment_intent", shapes.INTENTS),
    _one(INTENTS, "payment_intent", "intent"),
    _many(CHARGES, "charge", shapes.CHARGES),
    _one(CHARGES, "charge", "id"),
    _new(REFUNDS, shapes.create_refund, refunds.create),
    _many(REFUNDS, "refund", shapes.OF_A_CHARGE),
    _one(REFUNDS, "refund", "refund"),
    _of(REFUNDS, shapes.update_refund, refunds.update),
    _many(DISPUTES, "dispute", shapes.OF_A_CHARGE),
    _one(DISPUTES, "dispute", "dispute"),
    _of(DISPUTES, shapes.update_dispute, disputes.update),
    _of(DISPUTES, shapes.ONE, disputes.close, "/close"),
    _new(COUPONS, shapes.create_coupon, coupons.create),
    _many(COUPONS, "coupon", shapes.COUPONS),
    _one(COUPONS, "coupon", "coupon"),
    _of(COUPONS, shapes.update_coupon, coupons.update),
    Endpoint("DELETE", f"{COUPONS}/<object_id>", shapes.ONE, coupons.delete),
    _new(CUSTOMERS, shapes.create_customer, customers.create),
    _many(CUSTOMERS, "customer", shapes.CUSTOMERS),
    _one(CUSTOMERS, "customer", "customer"),
    _new(METHODS, shapes.create_payment_method, methods.create),
    _many(METHODS, "payment_method", shapes.METHODS),
    _one(METHODS, "payment_method", "payment_method"),
    _new(PRODUCTS, shapes.create_product, catalog.create_product),
    _many(PRODUCTS, "product", shapes.PRODUCTS),
    _one(PRODUCTS, "product", "product"),
    _new(PRICES, shapes.create_price, catalog.create_price),
    _many(PRICES, "price", shapes.PRICES),
    _one(PRICES, "price", "price"),
    Endpoint("GET", f"{PAGES}/<object_id>", shapes.ONE, confirm.show_page),
    _of(PAGES, shapes.confirm_page, confirm.confirm_page, "/confirm"),
    _many(EVENTS, "event", shapes.EVENTS),
    _one(EVENTS, "event", "id"),
)
