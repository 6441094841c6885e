"""Gift cards for tests: a product of amounts, a card with its code, and its use in a cart."""

from sqlalchemy import select

from models import GiftCard, GiftCardMovement, Mail, Money, Product, ProductKind, Variant, now
from models.gift_card import issue
from storefront.gift_cards.service import Gift, _new
from storefront.sealing import gift_card_vault
from tests.browser import visit

SECRET = "a key for the tests alone"


def make_gift_product(session, *amounts, handle="gift-card", currency="USD"):
    """A product of kind gift card with these amounts."""
    product = Product(
        handle=handle,
        title="Gift card",
        kind=ProductKind.GIFT_CARD,
        option_names=["Amount"],
        variants=[
            Variant(
                sku=f"GIFT-{minor}",
                options=[f"${minor // 100}"],
                price=Money(minor, currency),
                position=place,
            )
            for place, minor in enumerate(amounts or (5000,))
        ],
    )
    session.add(product)
    session.commit()
    return product


def make_gift_card(session, minor=5000, currency="USD"):
    """A card of its own; returns it with its code."""
    vault = gift_card_vault(SECRET)
    gift = Gift("Ada", "ada@example.com", "", "", now())
    card = _new(Money(minor, currency), gift, vault)
    issue(session, card, actor="test", reason="test")
    session.commit()
    return card, vault.unseal(card.code_sealed)


def use(client, code):
    """Type a code in the cart."""
    return visit(client, "/cart").submit("Use gift card", gift_code=code)


def ledger(session, card_id):
    """What happened to a card: each kind with its amount."""
    found = select(GiftCardMovement.kind, GiftCardMovement.amount_minor)
    rows = session.execute(found.filter_by(gift_card_id=card_id).order_by(GiftCardMovement.id))
    return [(row.kind.value, row.amount_minor) for row in rows]


def cards(session):
    """Return all cards as they are now, the first first."""
    found = select(GiftCard).order_by(GiftCard.id).execution_options(populate_existing=True)
    return session.scalars(found).all()


def mails(session, template="gift_card"):
    """Return the mails of a letter, the first first."""
    found = select(Mail).filter_by(template=template).order_by(Mail.id)
    return session.scalars(found.execution_options(populate_existing=True)).all()
