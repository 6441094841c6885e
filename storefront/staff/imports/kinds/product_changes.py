"""Changing products and variants as a row of a spreadsheet says, and back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, selectinload

from models import Money, Product, ProductStatus, Stock, Variant, now
from storefront.search.index import forget, index_product
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.imports.columns import Line, refuse
from storefront.staff.imports.kinds.kind import Change
from storefront.staff.imports.kinds.prices import prices_of, set_prices, typed_prices
from storefront.staff.imports.kinds.product_facts import (
    WORDS,
    Facts,
    option_values,
    options_of,
)
from storefront.text import RENDERER

PRODUCT, VARIANT = "product ", "variant "  # what a change's subject begins with
UNCHANGED = "It was changed since, and stays."


def make(session: Session, line: Line, facts: Facts, currencies: Sequence[str]) -> Iterator[Change]:
    """Make a product and a variant what a checked row says; yield what differs."""
    product = facts.products.get(line["handle"])
    if product is None:
        product = _add_product(session, line, facts)
        yield Change(PRODUCT + product.handle, {}, _words(product))
    else:
        yield from _change_product(session, product, line, facts)
    if not line["sku"]:
        return
    variant = facts.variant(line)
    if variant is None:
        variant = _add_variant(session, product, line, facts, currencies)
        yield Change(VARIANT + variant.sku, {}, _state(variant, currencies))
    else:
        yield from _change_variant(variant, line, currencies)


def take_back(session: Session, change: Change, currencies: Sequence[str]) -> None:
    """Put back what a row changed, or raise Refused where it is no longer as it was left."""
    if change.subject.startswith(PRODUCT):
        _take_back_product(session, change)
    else:
        _take_back_variant(session, change, currencies)


def _words(product: Product) -> dict[str, Any]:
    return {
        "title": product.title,
        "summary": product.summary,
        "description": product.description_markdown,
        "status": product.status.value,
    }


def _state(variant: Variant, currencies: Sequence[str]) -> dict[str, Any]:
    return {
        "options": list(variant.options),
        "barcode": variant.barcode,
        "weight_g": variant.weight_g,
        **prices_of(variant, currencies),
    }


def _add_product(session: Session, line: Line, facts: Facts) -> Product:
    product = Product(
        handle=line["handle"],
        title=line["title"],
        summary=line["summary"],
        description_markdown=line["description"],
        description_html=facts.texts.get(line.row, ""),
        renderer=RENDERER,
        status=ProductStatus(line["status"].lower() or ProductStatus.DRAFT),
        option_names=options_of(line, facts),
        variants=[],
    )
    session.add(product)
    session.flush()
    index_product(session, product)
    facts.products[product.handle] = product
    return product


def _change_product(
    session: Session, product: Product, line: Line, facts: Facts
) -> Iterator[Change]:
    before = _words(product)
    typed = {name: line[name] for name in WORDS if line[name]}
    typed |= {"status": line["status"].lower()} if line["status"] else {}
    wanted = {name: text for name, text in typed.items() if text != str(before[name]).strip()}
    if wanted:
        _set_words(session, product, wanted, facts.texts.get(line.row))
        yield Change(PRODUCT + product.handle, {name: before[name] for name in wanted}, wanted)


def _set_words(
    session: Session, product: Product, words: Mapping[str, Any], html: str | None
) -> None:
    product.title = words.get("title", product.title)
    product.summary = words.get("summary", product.summary)
    product.status = ProductStatus(words.get("status", product.status))
    if "description" in words:
        product.description_markdown, product.renderer = words["description"], RENDERER
        product.description_html = html or ""
    product.updated_at = now()
    index_product(session, product)


def _add_variant(
    session: Session, product: Product, line: Line, facts: Facts, currencies: Sequence[str]
) -> Variant:
    wanted = typed_prices(line, currencies)
    main = f"price_{currencies[0].lower()}"
    if not product.variants:
        product.option_names = options_of(line, facts)
    variant = Variant(
        position=max((it.position for it in product.variants), default=-1) + 1,
        sku=line["sku"],
        options=option_values(line),
        price=Money(wanted[main] or 0, currencies[0]),
        barcode=line["barcode"] or None,
        weight_g=int(line["weight_g"] or 0),
        prices=[],
    )
    set_prices(variant, wanted, currencies)
    product.variants.append(variant)
    product.updated_at = now()
    session.flush()
    session.add(Stock(variant_id=variant.id))
    facts.owners[variant.sku] = product.handle
    return variant


def _change_variant(variant: Variant, line: Line, currencies: Sequence[str]) -> Iterator[Change]:
    before = _state(variant, currencies)
    typed: dict[str, Any] = dict(typed_prices(line, currencies))
    typed |= {"options": option_values(line)} if option_values(line) else {}
    typed |= {"barcode": line["barcode"]} if line["barcode"] else {}
    typed |= {"weight_g": int(line["weight_g"])} if line["weight_g"] else {}
    wanted = {name: it for name, it in typed.items() if it != before[name]}
    if wanted:
        _set_state(variant, wanted, currencies)
        yield Change(VARIANT + variant.sku, {name: before[name] for name in wanted}, wanted)


def _set_state(variant: Variant, state: Mapping[str, Any], currencies: Sequence[str]) -> None:
    variant.options = state.get("options", variant.options)
    variant.barcode = state.get("barcode", variant.barcode)
    variant.weight_g = state.get("weight_g", variant.weight_g)
    set_prices(variant, state, currencies)


def _take_back_product(session: Session, change: Change) -> None:
    handle = change.subject.removeprefix(PRODUCT)
    wanted = select(Product).where(Product.handle == handle).with_for_update()
    product = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    is_as_left = product is not None and all(
        _words(product)[name] == it for name, it in change.after.items()
    )
    if product is None or not is_as_left:
        refuse("handle", UNCHANGED)
    if not change.before:
        _delete_product(session, product)
        return
    html = None
    if "description" in change.before:
        try:
            html = rendered(session, change.before["description"]).html
        except UnknownReferenceError as wrong:
            refuse("description", str(wrong))
    _set_words(session, product, change.before, html)


def _delete_product(session: Session, product: Product) -> None:
    of_product = select(func.count()).where(Variant.product_id == product.id)
    if session.scalar(of_product):
        refuse("handle", "It has variants that stay, and so it stays.")
    _delete(session, Product, product.id, "handle")
    forget(session, f"/products/{product.handle}")
    session.expunge(product)


def _take_back_variant(session: Session, change: Change, currencies: Sequence[str]) -> None:
    wanted = (
        select(Variant)
        .where(Variant.sku == change.subject.removeprefix(VARIANT))
        .options(selectinload(Variant.prices))
        .with_for_update(of=Variant)
    )
    variant = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    state = _state(variant, currencies) if variant else {}
    if variant is None or any(state[name] != it for name, it in change.after.items()):
        refuse("sku", UNCHANGED)
    if change.before:
        _set_state(variant, change.before, currencies)
    else:
        _delete(session, Variant, variant.id, "sku")
        session.expunge(variant)


def _delete(session: Session, table: type[Product] | type[Variant], row_id: int, name: str) -> None:
    """Delete what nothing needs: the database's own references say so."""
    try:
        with session.begin_nested():
            session.execute(
                delete(table).where(table.id == row_id).execution_options(synchronize_session=False)
            )
    except IntegrityError:
        refuse(name, "It is in orders or in the ledger, and so it stays.")
