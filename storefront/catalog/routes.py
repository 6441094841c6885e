"""The catalogue's addresses: products and collections."""

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models import Collection, Product, Region
from storefront.catalog import pages, queries
from storefront.catalog import reviews as reviewed
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.visitor import visitor

bp = Blueprint("catalog", __name__)


@bp.get("/collections")
def collections() -> str:
    """List the collections."""
    return render_template("catalog/collections.html", collections=queries.collections(db.session))


@bp.get("/collections/all")
def index() -> str:
    """List every product."""
    sliced = queries.cards(db.session, page=page_number(), visitor=visitor())
    return render_template(
        "catalog/collection.html", collection=None, cards=sliced.items, page=sliced
    )


@bp.get("/collections/<handle>")
def collection(handle: str) -> str:
    """List the products of a collection."""
    found = db.session.scalars(
        select(Collection).filter_by(handle=handle, is_published=True)
    ).one_or_none()
    if found is None:
        abort(404)
    sliced = queries.cards(db.session, collection=found, page=page_number(), visitor=visitor())
    return render_template(
        "catalog/collection.html", collection=found, cards=sliced.items, page=sliced
    )


@bp.get("/collections/<collection_handle>/products/<handle>")
def product_in_collection(collection_handle: str, handle: str) -> ResponseReturnValue:
    """Lead the hosted shop's second address of a product to its first."""
    del collection_handle
    return redirect(url_for("catalog.product", handle=_found(handle).handle), 301)


@bp.get("/products/<handle>")
def product(handle: str) -> str:
    """Show a product; ``?variant=`` chooses one."""
    return pages.page(handle, id_from(request.args.get("variant")))


@bp.get("/products/<handle>/reviews")
def reviews(handle: str) -> str:
    """Show what buyers say of a product; ``?region=`` only those whom it hurts there."""
    found, region = _found(handle), None
    if asked := request.args.get("region"):
        named = select(Region).filter_by(handle=asked[:120].replace("\0", ""))
        region = db.session.scalars(named).one_or_none() or abort(404)
    page = reviewed.reviews(db.session, found.id, region, page_number())
    return render_template(
        "reviews/index.html",
        product=found,
        region=region,
        spread=reviewed.spread(db.session, found.id),
        page=page,
        pictures=reviewed.pictures(db.session, page.items),
    )


@bp.get("/products/<handle>.js")
def product_json(handle: str) -> Response:
    """Give a product as the hosted shop's scripts read it.

    Prices are in minor units of the main currency, whoever asks.
    """
    found = _found(handle)
    variants, _ = queries.variant_views(db.session, found, None)
    prices = [variant.price.minor for variant in found.variants]
    return jsonify(
        id=found.id,
        title=found.title,
        handle=found.handle,
        description=found.description_html,
        url=url_for("catalog.product", handle=found.handle),
        available=any(view.orderable for view in variants),
        price=min(prices),
        price_min=min(prices),
        price_max=max(prices),
        options=found.option_names,
        variants=[
            {
                "id": view.id,
                "title": view.title,
                "sku": view.sku,
                "price": price,
                "compare_at_price": view.compare_at.minor if view.compare_at else None,
                "available": view.orderable > 0,
            }
            for view, price in zip(variants, prices, strict=True)
        ],
    )


def _found(handle: str) -> Product:
    return queries.seen(db.session, handle) or abort(404)
