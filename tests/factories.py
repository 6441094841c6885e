"""The smallest valid things; each test says only what matters to it."""

import itertools
from functools import cache

from sqlalchemy.orm import Session

from models import (
    Article,
    Author,
    Blog,
    BundlePart,
    Customer,
    Discount,
    DiscountKind,
    Money,
    Muscle,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Product,
    ProductStatus,
    Role,
    Selling,
    ShippingRate,
    ShippingZone,
    Staff,
    Stock,
    StockMovement,
    Tutorial,
    TutorialStep,
    Variant,
    VariantPrice,
    ZoneCountry,
    now,
)
from models.inventory import MovementKind, move
from storefront.passwords import hash_password
from storefront.search.index import index_article, index_product, index_tutorial
from storefront.text import RENDERER, render

PASSWORD = "correct horse battery"
hashed = cache(hash_password)  # which is slow on purpose
_number = itertools.count(1)


def make_product(
    session: Session,
    *,
    handle: str | None = None,
    title: str = "Test tool",
    description: str = "A tool.",
    status: ProductStatus = ProductStatus.ACTIVE,
) -> Product:
    """A product without variants."""
    product = Product(
        handle=handle or f"product-{next(_number)}",
        title=title,
        summary="It presses.",
        description_markdown=description,
        description_html=render(description),
        renderer=RENDERER,
        status=status,
        option_names=["Color"],
    )
    session.add(product)
    session.flush()
    index_product(session, product)
    session.commit()
    return product


def make_variant(
    session: Session,
    *,
    product: Product | None = None,
    on_hand: int = 10,
    price_minor: int = 8900,
    currency: str = "USD",
    sku: str | None = None,
    options: tuple[str, ...] = ("Red",),
    selling: Selling = Selling.IN_STOCK,
    promise: str = "",
    prices: dict[str, int] | None = None,
    **over: object,
) -> Variant:
    """A variant with stock, received through the ledger; prices: in other currencies."""
    product = product or make_product(session)
    variant = Variant(
        product_id=product.id,
        sku=sku or f"SKU-{next(_number)}",
        options=list(options),
        price=Money(price_minor, currency),
        weight_g=500,
        selling=selling,
        promise=promise,
        prices=[VariantPrice(currency=code, price_minor=n) for code, n in (prices or {}).items()],
        **over,
    )
    session.add(variant)
    session.flush()
    session.add(Stock(variant_id=variant.id))
    session.flush()
    if on_hand:
        received = StockMovement(
            variant_id=variant.id,
            kind=MovementKind.RECEIVED,
            on_hand=on_hand,
            reason="test",
            actor="test",
        )
        move(session, received)
    session.commit()
    return variant


def make_bundle(
    session: Session, parts: dict[Variant, int], *, price_minor: int = 9900, **over: object
) -> Variant:
    """A variant made of others; it has no stock of its own."""
    bundle = Variant(
        product_id=(over.pop("product", None) or make_product(session, title="A set")).id,
        sku=over.pop("sku", None) or f"SET-{next(_number)}",
        options=["Set"],
        price=Money(price_minor, "USD"),
        parts=[BundlePart(part_id=part.id, quantity=units) for part, units in parts.items()],
        **over,
    )
    session.add(bundle)
    session.commit()
    return bundle


def make_staff(
    session: Session,
    *,
    role: Role = Role.OWNER,
    password: str = PASSWORD,
    email: str | None = None,
    is_active: bool = True,
) -> Staff:
    """A member of staff with a password."""
    person = Staff(
        email=email or f"staff-{next(_number)}@example.com",
        name="Staff",
        password_hash=hashed(password),
        role=role,
        is_active=is_active,
    )
    session.add(person)
    session.commit()
    return person


def make_customer(session: Session, *, password: str = PASSWORD, proven: bool = True) -> Customer:
    """A customer with a password."""
    person = Customer(
        email=f"customer-{next(_number)}@example.com",
        name="Customer",
        password_hash=hashed(password),
        verified_at=now() if proven else None,
    )
    session.add(person)
    session.commit()
    return person


def make_paid_order(
    session: Session,
    *,
    variant: Variant | None = None,
    quantity: int = 1,
    email: str = "buyer@example.com",
    customer: Customer | None = None,
) -> Order:
    """An order whose money came and whose units left the stock."""
    variant = variant or make_variant(session)
    order = Order(
        status=OrderStatus.PAID,
        email=email,
        name="Demo Buyer",
        customer_id=customer.id if customer else None,
        total=variant.price * quantity,
        paid_at=now(),
        shipping_address={
            "name": "Demo Buyer",
            "line1": "1 Example Street",
            "line2": "",
            "city": "Denver",
            "state": "CO",
            "postal_code": "80202",
            "country": "US",
        },
    )
    session.add(order)
    session.flush()
    session.add_all([_line(order, variant, quantity), _payment(order)])
    session.add(OrderEvent(order_id=order.id, kind="paid", actor="Stripe"))
    sold = StockMovement(
        variant_id=variant.id,
        kind=MovementKind.SOLD,
        on_hand=-quantity,
        actor="Stripe",
        order_id=order.id,
    )
    move(session, sold)
    session.commit()
    return order


def _line(order: Order, variant: Variant, quantity: int) -> OrderLine:
    return OrderLine(
        order_id=order.id,
        variant_id=variant.id,
        product_handle="test-tool",
        title="Test tool",
        variant_title=variant.title,
        sku=variant.sku,
        quantity=quantity,
        unit_price=variant.price,
    )


def _payment(order: Order) -> Payment:
    return Payment(
        order_id=order.id,
        key=f"{order.number}-1",
        status=PaymentStatus.PAID,
        amount=order.total,
        captured_minor=order.total.minor,
        captured_currency=order.total.currency,
        session_id=f"cs_test_{order.number}",
        payment_intent_id=f"pi_{order.number}",
        expires_at=now(),
        paid_at=now(),
    )


def make_blog(session: Session, handle: str = "the-ql-blawg") -> Blog:
    """A blog without articles."""
    blog = Blog(handle=handle, title="The QL Blawg")
    session.add(blog)
    session.commit()
    return blog


def make_author(session: Session, name: str = "The shop", credentials: str = "") -> Author:
    """Somebody who writes."""
    author = Author(handle=f"author-{next(_number)}", name=name, credentials=credentials)
    session.add(author)
    session.flush()
    return author


def make_article(
    session: Session, *, blog: Blog, title: str = "An article", body: str = "Words.", **over: object
) -> Article:
    """A published article by an author of its own."""
    author = over.pop("author", None) or make_author(session)
    article = Article(
        blog_id=blog.id,
        author_id=author.id,
        handle=over.pop("handle", None) or f"article-{next(_number)}",
        title=title,
        summary="In short.",
        body_markdown=body,
        body_html=render(body),
        renderer=RENDERER,
        published_at=over.pop("published_at", now()),
        **over,
    )
    session.add(article)
    session.flush()
    index_article(session, article, blog.handle)
    session.commit()
    return article


def make_tutorial(
    session: Session, *, title: str = "A release", handle: str | None = None
) -> Tutorial:
    """A tutorial of one step."""
    muscle = Muscle(handle=f"muscle-{next(_number)}", name="A muscle")
    session.add(muscle)
    session.flush()
    tutorial = Tutorial(
        handle=handle or f"tutorial-{next(_number)}",
        title=title,
        muscle_id=muscle.id,
        minutes=5,
        cautions=["Stop when it hurts."],
        steps=[TutorialStep(position=1, title="Lie down", text_html="<p>Slowly.</p>")],
    )
    session.add(tutorial)
    session.flush()
    index_tutorial(session, tutorial)
    session.commit()
    return tutorial


def make_discount(
    session: Session, kind: DiscountKind = DiscountKind.PERCENTAGE, **over: object
) -> Discount:
    """A discount of ten percent without a code; everything else is said by the test."""
    percent = 100_000 if kind is DiscountKind.PERCENTAGE else 0
    values = {"title": "Ten off", "percent_ppm": percent} | over
    discount = Discount(kind=kind, **values)
    session.add(discount)
    session.commit()
    return discount


def make_zone(
    session: Session,
    *countries: str,
    title: str = "Near",
    rates: tuple[ShippingRate, ...] = (),
) -> ShippingZone:
    """A zone of countries, with a rate of 6.90 where the test gives none."""
    zone = ShippingZone(
        title=title,
        countries=[ZoneCountry(country=it) for it in countries or ("US",)],
        rates=list(rates) or [make_rate(690)],
    )
    session.add(zone)
    session.commit()
    return zone


def make_rate(price_minor: int, title: str = "Standard", **over: object) -> ShippingRate:
    """A way to ship, not yet in a zone."""
    currency = over.pop("currency", "USD")
    return ShippingRate(title=title, price=Money(price_minor, currency), **over)
