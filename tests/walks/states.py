"""The kinds of pages that the shop has, each in its states, for whatever looks at all of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Address,
    Article,
    Comment,
    CommentStatus,
    Customer,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Question,
    Review,
    ReviewStatus,
    Subscriber,
    SubscriberStatus,
    Variant,
    Wish,
    now,
)
from tests.factories import PASSWORD, make_customer, make_paid_order
from tests.gift_cards import make_gift_card

Act = Callable[[Page], None]
GIFT_CARD = "form[novalidate]:has([name=gift_code])"


def nothing(page: Page) -> None:
    """The state is the page as it comes."""


@dataclass(frozen=True)
class State:
    """A page, and what brings it into the state that is meant; no words: it goes by languages."""

    address: str
    act: Act = nothing

    def show(self, page: Page, prefix: str = "") -> None:
        page.goto(prefix + self.address)
        self.act(page)


def send(selector: str, **typed: str) -> Act:
    """Send a form with what is typed into some fields, as a browser does without a script."""

    def act(page: Page) -> None:
        form = page.locator(selector).first
        for name, value in typed.items():
            field = form.locator(f"[name={name}]").first
            field.evaluate("(field, value) => { field.value = value }", value)
        with page.expect_navigation():
            form.evaluate("form => HTMLFormElement.prototype.submit.call(form)")

    return act


def press(selector: str, shows: str) -> Act:
    """Press a button, and wait for what comes of it."""

    def act(page: Page) -> None:
        page.locator(selector).first.click()
        expect(page.locator(shows).first).to_be_visible()

    return act


def keys(combination: str, shows: str) -> Act:
    """Press keys, and wait for what comes of it."""

    def act(page: Page) -> None:
        page.wait_for_load_state()
        page.keyboard.press(combination)
        expect(page.locator(shows)).to_be_visible()

    return act


def suggest(page: Page) -> None:
    page.locator("[name=q]").first.press_sequentially("pso")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")


READ = [
    State(address)
    for address in (
        "/",
        "/collections",
        "/collections/all",
        "/collections/floor-tools",
        "/products/ql-claw",
        "/products/floor-mat",
        "/products/ql-claw-and-floor-mat",
        "/products/gift-card",
        "/products/ql-claw/reviews",
        "/products/ql-claw/questions",
        "/products/ql-claw/delivery",
        "/blogs/the-ql-blawg",
        "/blogs/the-ql-blawg/tagged/anatomy",
        "/blogs/the-ql-blawg/ql-muscle",
        "/tutorials",
        "/pages/ql-release",
        "/pages/piriformis-release",
        "/pages/safety",
        "/pages/ql-release/print",
        "/pages/ql-release/play",
        "/routines",
        "/routines/quiet-evening",
        "/log",
        "/where-does-it-hurt",
        "/where-does-it-hurt#care",
        "/where-does-it-hurt#map",
        "/where-does-it-hurt/buttock",
        "/where-does-it-hurt/groin",
        "/where-does-it-hurt/no-such-place",
        "/muscles",
        "/muscles/psoas",
        "/glossary",
        "/authors/the-shop",
        "/references",
        "/policies/refund-policy",
        "/policies/privacy-policy",
        "/policies/contact-information",
        "/accessibility",
        "/cart",
        "/search",
        "/search?q=muscle&kind=article",
        "/search?q=periformis",
        "/search?q=xyzzy",
        "/newsletter",
        "/gift-cards",
        "/orders",
        "/account/login",
        "/account/register",
        "/account/link",
        "/account/forgotten",
        "/cart-reminders",
        "/discount/welcome10",
        "/cart/1:1,4:2?discount=WELCOME10",
        "/offline",
        "/no-such-page",
    )
]
WRONG = [
    State("/account/login", send("main form[action*=login]", email="x", password="y")),
    State("/account/register", send("main form[action*=register]")),
    State("/account/link", send("main form[method=post]")),
    State("/account/forgotten", send("main form[method=post]")),
    State("/orders", send("main form[method=post]", number="QL-1", email="nobody")),
    State("/newsletter", send("main form[method=post]", email="nobody")),
    State("/gift-cards", send("main form[method=post]", code="ABC")),
    State("/products/gift-card", send("form.purchase__form")),
    State("/blogs/the-ql-blawg/ql-muscle", send("form.comment-form")),
    State("/products/ql-claw/questions", send("main form[method=post]")),
    State("/search", suggest),
]


STAFF = [
    State(f"/staff{address}")
    for address in (
        "",
        "/orders",
        "/drafts/new",
        "/returns",
        "/reports",
        "/inventory",
        "/inventory/QLC-PINE",
        "/products",
        "/products/ql-claw",
        "/articles",
        "/articles/ql-muscle",
        "/translations",
        "/customers",
        "/reviews",
        "/mails",
        "/newsletter",
        "/settings",
        "/audit",
        "/no-such-page",
    )
] + [
    State("/staff/inventory/QLC-PINE", send("form.stock-change")),
    State("/staff/products/new", send("main form[method=post]")),
    State("/staff/discounts/new", send("main form[method=post]")),
    State("/staff/articles/new", send("main form[method=post]")),
    State("/staff", keys("Control+k", "dialog#palette")),
    State("/staff", keys("?", "dialog#keys")),
]


@dataclass(frozen=True)
class Rows:
    """What the states of one buyer need."""

    order: Order
    customer: Customer
    sold_out: Variant
    gift_code: str

    def with_cart(self) -> list[State]:
        """The cart and what leads to paying; the first state fills it."""
        return [
            State(
                "/products/ql-claw",
                press("form.purchase__form button[type=submit]", "dialog.drawer"),
            ),
            State("/cart"),
            State("/cart", send("form[action*=discount]", code="NOPE")),
            State("/cart", send(GIFT_CARD, gift_code="NOPE")),
            State("/cart", send(GIFT_CARD, gift_code=self.gift_code)),
            State("/checkout/address"),
            State("/checkout/address", send("main form[method=post]")),
        ]

    def of_order(self) -> list[State]:
        """The pages that the link in a buyer's mail opens."""
        number, query = self.order.number, f"?token={self.order.token}"
        return [
            State(f"/orders/{number}{query}"),
            State(f"/orders/{number}{query}", send("form[action*=questions]")),
            State(f"/orders/{number}/returns/new{query}"),
            State(f"/orders/{number}/returns/new{query}", send("main form[method=post]")),
            State(f"/orders/{number}/reviews/ql-claw{query}"),
            State(f"/orders/{number}/reviews/ql-claw{query}", send("main form[method=post]")),
            State(f"/orders/{number}/questions{query}"),
            State(f"/orders/{number}/change{query}"),
            State(f"/products/ql-claw?variant={self.sold_out.id}"),
            State(f"/back-in-stock/{self.sold_out.id}"),
            State(f"/back-in-stock/{self.sold_out.id}", send("main form[method=post]")),
        ]

    def signed_in(self) -> list[State]:
        """The account of a customer; the first state signs her in."""
        typed = {"email": self.customer.email, "password": PASSWORD}
        return [
            State("/account/login", send("main form[action*=login]", **typed)),
            State("/account/orders"),
            State("/account/wishes"),
            State("/account/details"),
            State("/account/addresses"),
            State("/account/addresses/new"),
            State("/account/addresses/new", send("main form[novalidate]")),
            State("/account/mails"),
            State("/account/security"),
            State("/account/log"),
            State("/account/data"),
        ]


def furnish(session: Session) -> Rows:
    """Give the seeded shop a buyer, and voices about what it sells."""
    by_sku = {it.sku: it for it in session.scalars(select(Variant))}
    product = session.scalars(select(Product).filter_by(handle="ql-claw")).one()
    customer = make_customer(session)
    order = make_paid_order(
        session, variant=by_sku["QLC-RED"], customer=customer, email=customer.email
    )
    order.status, order.paid_at = OrderStatus.SHIPPED, now() - timedelta(days=2)
    for line in session.scalars(select(OrderLine).filter_by(order_id=order.id)):
        line.product_handle, line.shipped_quantity = "ql-claw", line.quantity
    session.add_all(_voices(session, product, by_sku["QLC-PINE"], customer))
    session.commit()
    return Rows(order, customer, by_sku["QLC-OCHRE"], make_gift_card(session, 50_000)[1])


def _voices(session: Session, product: Product, variant: Variant, customer: Customer) -> Iterator:
    article = session.scalars(select(Article).filter_by(handle="ql-muscle")).one()
    said = {"name": "Eve", "published_at": now()}
    other = make_paid_order(session, variant=variant, email="eve@example.com")
    yield Review(
        order_id=other.id,
        product_id=product.id,
        stars=4,
        text="Firm. It helps me.",
        status=ReviewStatus.PUBLISHED,
        **said,
    )
    asked = {"asked_by": "Ada", "question": "Is it washable?", "answer": "Yes."}
    yield Question(product_id=product.id, **asked)
    yield Comment(
        article_id=article.id, text="It helps me.", status=CommentStatus.PUBLISHED, **said
    )
    yield Address(customer_id=customer.id, country="US", name="Ada", line1="1 Main Street")
    yield Wish(customer_id=customer.id, product_id=product.id)
    yield Subscriber(email=customer.email, status=SubscriberStatus.CONFIRMED)
