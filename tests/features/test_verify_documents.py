"""What ``verify`` says where documents do not fit what was paid and given back."""

import pytest
from sqlalchemy import text

from storefront.verify import problems
from tests.factories import make_product, make_variant
from tests.features.refunding import buy, refund
from tests.staff import sign_in


@pytest.fixture
def order(client, session):
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, on_hand=9)
    buy(client, session)
    order = buy(client, session)
    sign_in(client, session)
    refund(client, order, "5.00")
    return order


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE documents SET number = 3 WHERE number = 2", "invoices: 2 issued, the last is 3"),
        ("UPDATE document_counters SET last = 9", "the last is 2, counted 9"),
        ("DELETE FROM documents WHERE number = 2", "paid, but has no invoice"),
        ("UPDATE payments SET captured_minor = 999", "is of 8900, 999 came"),
        ("DELETE FROM documents WHERE kind = 'credit note'", "its credit note is of 0"),
        ("DELETE FROM document_counters", "counted 0"),
    ],
)
def test_what_is_missing_or_otherwise_is_found(session, order, statement, words):
    assert problems(session) == []

    session.execute(text(statement))

    found = problems(session)
    assert any(words in line for line in found), found
