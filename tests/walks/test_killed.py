"""The web server dies while a buyer pays."""

import requests
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from models import Mail, Order, OrderStatus
from tests.stripe import pay
from tests.walks.conftest import LiveShop, wait_for


def test_a_buyer_who_pays_while_the_web_server_is_killed_finds_the_order_paid(live_shop: LiveShop):
    buyer = requests.Session()
    product = buyer.get(f"{live_shop.base}/products/ql-claw.js", timeout=10).json()
    buyer.post(f"{live_shop.base}/cart/add", data={"id": product["variants"][0]["id"]}, timeout=10)
    answer = buyer.post(f"{live_shop.base}/checkout", allow_redirects=False, timeout=20)
    assert answer.status_code == 303

    live_shop.kill_web()
    paid = pay(answer.headers["Location"])
    assert paid.status_code == 303
    live_shop.processes[0].keep_alive()
    live_shop.wait()

    engine = create_engine(live_shop.settings.database_url)
    with Session(engine) as session:

        def is_paid() -> bool:
            session.rollback()
            return session.scalars(select(Order.status)).one() is OrderStatus.PAID

        wait_for(is_paid)
        session.rollback()
        wait_for(lambda: not session.rollback() and bool(session.scalars(sent()).all()))
        assert len(session.scalars(select(Mail.id)).all()) == 1
    engine.dispose()
    page = buyer.get(paid.headers["Location"], timeout=20)
    assert "Your payment has arrived" in page.text


def sent():
    return select(Mail.id).where(Mail.sent_at.is_not(None))
