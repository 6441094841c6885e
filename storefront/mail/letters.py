"""The mails that the shop writes, one function for each cause."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote

from sqlalchemy.orm import Session

from models import (
    Comment,
    Fulfilment,
    GiftCard,
    Order,
    OrderQuestion,
    Product,
    Purchase,
    Question,
    Refund,
    Return,
    Review,
)
from storefront.formatting import minute
from storefront.mail.desk import Desk
from storefront.mail.outbox import CODE_MARK


class Letters(Desk):
    """Writes mails into the outbox; each cause once, however often it is told."""

    def paid(self, session: Session, order: Order) -> None:
        """Confirm a paid order."""
        self._of_order(session, order, "order_paid")

    def pay_link(self, session: Session, order: Order, key: str) -> None:
        """Send the buyer of a draft the link to look at it and pay; once for each key."""
        self._of_order(session, order, "order_draft", key=f"order_draft:{order.number}:{key}")

    def processing(self, session: Session, order: Order) -> None:
        """Say that the money of a delayed method is awaited."""
        self._of_order(session, order, "order_processing")

    def failed(self, session: Session, order: Order) -> None:
        """Say that a delayed payment failed and the order ended."""
        self._of_order(session, order, "order_failed", cart_url=self._cart_url(order))

    def declined(self, session: Session, order: Order, until: datetime) -> None:
        """Say that a card was declined and how to pay still; once. until: when its page closes."""
        about = {"until": minute(until, self.zone), "cart_url": self._cart_url(order)}
        self._of_order(session, order, "order_declined", **about)

    def delivered(self, session: Session, order: Order, fulfilment: Fulfilment) -> None:
        """Say that a parcel has arrived; its lines and the order's are loaded; once for each."""
        held = {line.order_line_id: line.quantity for line in fulfilment.lines}
        packed = [(held[line.id], line) for line in order.lines if line.id in held]
        # Its id may be another's after it was taken back: not with the moment at which it left.
        key = f"order_delivered:{order.number}:{fulfilment.id}:{fulfilment.created_at.isoformat()}"
        about: dict[str, object] = {"fulfilment": fulfilment, "packed": packed}
        self._of_order(session, order, "order_delivered", key=key, **about)

    def shipped(
        self,
        session: Session,
        order: Order,
        fulfilment: Fulfilment,
        place: int,
        *,
        is_corrected: bool = False,
    ) -> bool:
        """Say that a parcel left, what is in it and what is still to come; lines are loaded.

        place: of the parcel among its order's, from 1. It names the mail, with what is in the
        parcel and its tracking: told once, and anew with other tracking. Its id does not, as it
        may be another's after the parcel was taken back. is_corrected: its tracking was told
        wrongly before. Returns whether it is news.
        """
        held = {line.order_line_id: line.quantity for line in fulfilment.lines}
        key = f"order_shipped:{order.number}:{place}:{_digest(fulfilment, held)}"
        packed = [(held[line.id], line) for line in order.lines if line.id in held]
        later = [(line.to_ship, line) for line in order.lines if line.to_ship]
        about: dict[str, object] = {"fulfilment": fulfilment, "packed": packed, "later": later}
        about["is_corrected"] = is_corrected
        return self._of_order(session, order, "order_shipped", key=key, **about)

    def refunded(self, session: Session, order: Order, refund: Refund) -> None:
        """Say that money is on its way back; once for each refund."""
        key = f"order_refunded:{refund.key}"
        self._of_order(session, order, "order_refunded", key=key, refund=refund)

    def returned(self, session: Session, order: Order, goods_return: Return) -> None:
        """Say how far a return has come; its lines and exchange are loaded; each step once."""
        key = f"order_return:{order.number}:{goods_return.id}:{goods_return.status}"
        self._of_return(session, order, goods_return, key)

    def return_label(self, session: Session, order: Order, goods_return: Return) -> None:
        """Say that a label is there for a return; once for each label."""
        key = f"order_return:{order.number}:{goods_return.id}:{goods_return.label_key}"
        self._of_return(session, order, goods_return, key, is_label=True)

    def exchange_ended(self, session: Session, order: Order, goods_return: Return) -> None:
        """Say that what a return was to be exchanged for is no longer set aside; once."""
        key = f"order_exchange_ended:{order.number}:{goods_return.id}"
        self._of_return(session, order, goods_return, key, template="order_exchange_ended")

    def _of_return(  # noqa: PLR0913 (what a mail is made of)
        self,
        session: Session,
        order: Order,
        goods_return: Return,
        key: str,
        *,
        is_label: bool = False,
        template: str = "order_return",
    ) -> None:
        path = f"/orders/{order.number}/returns/{goods_return.id}?token={quote(order.token)}"
        about: dict[str, object] = {"goods_return": goods_return, "is_label": is_label}
        about["return_url"] = self._site_url + path
        self._of_order(session, order, template, key=key, **about)

    def question_answered(self, session: Session, order: Order, question: OrderQuestion) -> None:
        """Send the buyer the answer to her question about an order, once; lines are loaded."""
        key = f"order_answered:{question.id}"
        self._of_order(session, order, "order_answered", key=key, question=question)

    def gift_card(self, session: Session, card: GiftCard) -> str:
        """Send a gift card to whom it is for, once for each code; return the mail's key.

        The code itself is put in when the mail leaves: it is kept nowhere but with its card.
        """
        key = f"gift_card:{card.id}:{card.code_digest[:16]}"
        about = {"card": card, "code": CODE_MARK, "url": f"{self._site_url}/gift-cards"}
        self._post(session, key, card.recipient_email, "gift_card", **about)
        return key

    def limit_exceeded(
        self, session: Session, owners: Sequence[str], scope: str, ends_at: datetime
    ) -> None:
        """Tell the owners that attempts to pay are refused; once for each limit and window.

        ends_at: the end of the window, which names it.
        """
        url = f"{self._site_url}/staff/limits"
        for owner in owners:
            key = f"limit:{scope}:{int(ends_at.timestamp())}:{owner}"
            self._post(session, key, owner, "staff_limit", scope=scope, url=url)

    def does_not_add_up(
        self, session: Session, owners: Sequence[str], problems: Sequence[str], key: str
    ) -> None:
        """Tell the owners what does not add up; once for each list."""
        url = f"{self._site_url}/staff"
        for owner in owners:
            self._post(
                session,
                f"verify:{key}:{owner}",
                owner,
                "staff_verify",
                problems=problems,
                url=url,
            )

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
        url, key = (
            f"{self._site_url}/staff/inventory?show=short&status=active",
            secrets.token_hex(8),
        )
        for email in people:
            self._post(session, f"low-stock:{key}:{email}", email, "staff_low", url=url, **about)

    def confirm_account(self, session: Session, recipient: str, url: str, key: str) -> None:
        """Send the link that proves an address."""
        self._post(session, f"account-confirm:{key}", recipient, "account_confirm", url=url)

    def account_exists(self, session: Session, recipient: str, url: str, key: str) -> None:
        """Tell the owner of an address that somebody wanted to register it again."""
        self._post(session, f"account-exists:{key}", recipient, "account_exists", url=url)

    def account_link(
        self, session: Session, template: str, recipient: str, url: str, key: str
    ) -> None:
        """Send a link that signs in, or lets one choose a password or an address; by its kind."""
        self._post(session, f"{template}:{key}", recipient, template, url=url)

    def account_changed(self, session: Session, recipient: str, what: str) -> None:
        """Tell a customer that something about her account changed."""
        url, key = f"{self._site_url}/account/security", f"account-changed:{secrets.token_hex(8)}"
        self._post(session, key, recipient, "account_changed", what=what, url=url)

    def staff_account(self, session: Session, recipient: str, what: str) -> None:
        """Tell a member of staff that something about her account changed."""
        url = f"{self._site_url}/staff/me"
        key = f"staff-account:{secrets.token_hex(8)}"
        self._post(session, key, recipient, "staff_account", what=what, url=url)

    def staff_invitation(self, session: Session, recipient: str, role: str, token: str) -> None:
        """Send the link by which somebody becomes staff."""
        url = f"{self._site_url}/staff/people/invitations/{token}"
        key = f"staff-invitation:{secrets.token_hex(8)}"
        self._post(session, key, recipient, "staff_invitation", role=role, url=url)

    def comment_published(self, session: Session, comment: Comment, title: str, token: str) -> None:
        """Tell an author that her comment is published, and how she withdraws it.

        title: of the text that it is about. token: the secret of the comment's own page.
        """
        key, about = f"comment_published:{comment.id}", self._comment(comment, title, token)
        self._post(session, key, comment.email, "comment_published", cause=comment, **about)

    def comment_answered(
        self, session: Session, comment: Comment, answer: Comment, title: str, token: str
    ) -> None:
        """Send an author the shop's answer; once for each answer."""
        key, about = f"comment_answered:{answer.id}", self._comment(comment, title, token)
        self._post(session, key, comment.email, "comment_answered", cause=answer, **about)

    def review_published(self, session: Session, review: Review) -> None:
        """Tell a buyer that her review is published, the first time; order and product loaded."""
        self._of_review(session, review, "review_published")

    def review_answered(self, session: Session, review: Review) -> None:
        """Send a buyer the shop's answer to her review, the first one; order and product loaded."""
        self._of_review(session, review, "review_answered")

    def product_question_answered(
        self, session: Session, question: Question, product: Product, answer: str, by: str
    ) -> None:
        """Tell who asked, where she left an address, of the first answer that is published."""
        if not question.email:
            return
        url = f"{self._site_url}/products/{product.handle}/questions#question-{question.id}"
        about = {"question": question, "answer": answer, "answered_by": by, "url": url}
        key, title = f"question_answered:{question.id}", product.title
        self._post(session, key, question.email, "question_answered", product_title=title, **about)

    def _of_review(self, session: Session, review: Review, template: str) -> None:
        order, product = review.order, review.product
        if not order.email:
            return
        path = f"/orders/{order.number}/reviews/{product.handle}?token={quote(order.token)}"
        about = {
            "review": review,
            "product_title": product.title,
            "own_url": self._site_url + path,
            "url": f"{self._site_url}/products/{product.handle}/reviews#review-{review.id}",
        }
        self._post(session, f"{template}:{review.id}", order.email, template, **about)

    def _cart_url(self, order: Order) -> str:
        return self._site_url + cart_path(order)

    def _comment(self, comment: Comment, title: str, token: str) -> dict[str, object]:
        own_url = f"{self._site_url}/comments/own/{token}"
        return {"comment": comment, "title": title, "own_url": own_url}

    def purchase_ordered(self, session: Session, purchase: Purchase) -> None:
        """Order of a supplier; once for each purchase. Its lines and location must be loaded."""
        key = f"purchase_ordered:{purchase.number}"
        to = purchase.supplier.email
        self._post(session, key, to, "purchase_ordered", purchase=purchase)


def cart_path(order: Order) -> str:
    """Return the address that offers an order's lines for the cart; lines and discounts loaded."""
    units = ",".join(f"{line.variant_id}:{line.quantity}" for line in order.lines)
    code = next((it.code for it in order.discounts if it.code), "")
    return f"/cart/{units}" + (f"?discount={quote(code)}" if code else "")


def _digest(parcel: Fulfilment, held: Mapping[int, int]) -> str:
    """Return what tells a parcel's tracking and units from others."""
    told = (parcel.carrier, parcel.tracking_number, parcel.tracking_url, sorted(held.items()))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
