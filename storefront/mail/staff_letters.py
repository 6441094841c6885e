"""The mails to who runs the shop and who supplies it: always in the shop's own language."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from models import Purchase
from storefront.mail.desk import Desk


class StaffLetters(Desk):
    """Writes mails into the outbox; each cause once, however often it is told."""

    def limit_exceeded(
        self, session: Session, owners: Sequence[str], scope: str, ends_at: datetime
    ) -> None:
        """Tell the owners that attempts to pay are refused; once for each limit and window.

        ends_at: the end of the window, which names it.
        """
        paths = {"url": "/staff/limits"}
        for owner in owners:
            key = f"limit:{scope}:{int(ends_at.timestamp())}:{owner}"
            self._post(session, key, owner, "staff_limit", paths=paths, about={"scope": scope})

    def does_not_add_up(
        self, session: Session, owners: Sequence[str], problems: Sequence[str], key: str
    ) -> None:
        """Tell the owners what does not add up; once for each list."""
        about, paths = {"problems": problems}, {"url": "/staff"}
        for owner in owners:
            name = f"verify:{key}:{owner}"
            self._post(session, name, owner, "staff_verify", paths=paths, about=about)

    def test(self, session: Session, recipient: str) -> None:
        """Send a mail that says nothing but that mails arrive; each time anew."""
        self._post(session, f"test:{secrets.token_hex(8)}", recipient, "staff_test")

    def low_stock(
        self, session: Session, people: Sequence[str], variants: Sequence[object], total: int
    ) -> None:
        """Tell people that variants came down to their mark; the caller tells of each once.

        variants: the first of them, with sku, product_title, options, available and low_at.
        """
        about = {"variants": variants, "total": total}
        paths, key = {"url": "/staff/inventory?show=short&status=active"}, secrets.token_hex(8)
        for email in people:
            name = f"low-stock:{key}:{email}"
            self._post(session, name, email, "staff_low", paths=paths, about=about)

    def staff_account(self, session: Session, recipient: str, what: str) -> None:
        """Tell a member of staff that something about her account changed."""
        key, paths = f"staff-account:{secrets.token_hex(8)}", {"url": "/staff/me"}
        self._post(session, key, recipient, "staff_account", paths=paths, about={"what": what})

    def staff_invitation(self, session: Session, recipient: str, role: str, token: str) -> None:
        """Send the link by which somebody becomes staff."""
        paths = {"url": f"/staff/people/invitations/{token}"}
        key = f"staff-invitation:{secrets.token_hex(8)}"
        self._post(session, key, recipient, "staff_invitation", paths=paths, about={"role": role})

    def purchase_ordered(self, session: Session, purchase: Purchase) -> None:
        """Order of a supplier; once for each purchase. Its lines and location must be loaded."""
        key = f"purchase_ordered:{purchase.number}"
        to = purchase.supplier.email
        self._post(session, key, to, "purchase_ordered", {"purchase": purchase})
