"""The mails that the shop writes, one function for each cause."""

import hashlib
import secrets
from collections.abc import Mapping
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
    Question,
    Refund,
    Return,
    Review,
)
from models.goods_return import EXCHANGE_KEPT_FOR
from models.language import language
from storefront.languages import gettext
from storefront.mail.desk import variant_said
from storefront.mail.outbox import CODE_MARK
from storefront.mail.staff_letters import StaffLetters


class Letters(StaffLetters):
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
        self._of_order(session, order, "order_failed", paths={"cart_url": cart_path(order)})

    def declined(self, session: Session, order: Order, until: datetime) -> None:
        """Say that a card was declined and how to pay still; once. until: when its page closes."""
        paths = {"cart_url": cart_path(order)}
        self._of_order(session, order, "order_declined", about={"until": until}, paths=paths)

    def delivered(self, session: Session, order: Order, fulfilment: Fulfilment) -> None:
        """Say that a parcel has arrived; its lines and the order's are loaded; once for each."""
        held = {line.order_line_id: line.quantity for line in fulfilment.lines}
        packed = [(held[line.id], line) for line in order.lines if line.id in held]
        # Its id may be another's after it was taken back: not with the moment at which it left.
        key = f"order_delivered:{order.number}:{fulfilment.id}:{fulfilment.created_at.isoformat()}"
        about: dict[str, object] = {"fulfilment": fulfilment, "packed": packed}
        self._of_order(session, order, "order_delivered", key=key, about=about)

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
        return self._of_order(session, order, "order_shipped", key=key, about=about)

    def refunded(self, session: Session, order: Order, refund: Refund) -> None:
        """Say that money is on its way back; once for each refund."""
        key = f"order_refunded:{refund.key}"
        self._of_order(session, order, "order_refunded", about={"refund": refund}, key=key)

    def returned(self, session: Session, order: Order, goods_return: Return) -> None:
        """Say how far a return has come; its lines and exchange are loaded; each step once."""
        key = f"order_return:{order.number}:{goods_return.id}:{goods_return.status}"
        self._of_return(session, order, goods_return, key)

    def return_label(self, session: Session, order: Order, goods_return: Return) -> None:
        """Say that a label is there for a return; once for each label."""
        key = f"order_return:{order.number}:{goods_return.id}:{goods_return.label_key}"
        self._of_return(session, order, goods_return, key, is_label=True)

    def address_changed(self, session: Session, order: Order) -> None:
        """Say that an order goes elsewhere now; lines and discounts loaded; each time anew."""
        key = f"order_address_changed:{order.number}:{secrets.token_hex(8)}"
        self._of_order(session, order, "order_address_changed", key=key)

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
        about["days"] = EXCHANGE_KEPT_FOR.days
        swaps = [(it.id, it.exchange_variant) for it in goods_return.lines if it.exchange_variant]
        with self._to(order.language):
            about["swaps"] = {key: variant_said(session, variant) for key, variant in swaps}
        paths = {"return_url": path}
        self._of_order(session, order, template, key=key, paths=paths, about=about)

    def question_answered(self, session: Session, order: Order, question: OrderQuestion) -> None:
        """Send the buyer the answer to her question about an order, once; lines are loaded."""
        key = f"order_answered:{question.id}"
        self._of_order(session, order, "order_answered", about={"question": question}, key=key)

    def gift_card(self, session: Session, card: GiftCard) -> str:
        """Send a gift card to whom it is for, once for each code; return the mail's key.

        The code itself is put in when the mail leaves: it is kept nowhere but with its card.
        """
        key = f"gift_card:{card.id}:{card.code_digest[:16]}"
        about = {"card": card, "code": CODE_MARK}
        to, paths = card.recipient_email, {"url": "/gift-cards"}
        self._post(session, key, to, "gift_card", speak=card.language, paths=paths, about=about)
        return key

    def confirm_account(self, session: Session, recipient: str, path: str, key: str) -> None:
        """Send the link that proves an address; as all of an account, as the request speaks."""
        name, paths = "account_confirm", {"url": path}
        self._post(
            session, f"account-confirm:{key}", recipient, name, speak=language(), paths=paths
        )

    def account_exists(self, session: Session, recipient: str, path: str, key: str) -> None:
        """Tell the owner of an address that somebody wanted to register it again."""
        name, paths = "account_exists", {"url": path}
        self._post(session, f"account-exists:{key}", recipient, name, speak=language(), paths=paths)

    def account_link(
        self, session: Session, template: str, recipient: str, path: str, key: str
    ) -> None:
        """Send a link that signs in, or lets one choose a password or an address; by its kind."""
        name, paths = template, {"url": path}
        self._post(session, f"{name}:{key}", recipient, name, speak=language(), paths=paths)

    def account_changed(self, session: Session, recipient: str, what: str) -> None:
        """Tell a customer that something about her account changed."""
        key, paths = f"account-changed:{secrets.token_hex(8)}", {"url": "/account/security"}
        self._post(
            session,
            key,
            recipient,
            "account_changed",
            {"what": what},
            speak=language(),
            paths=paths,
        )

    def comment_published(self, session: Session, comment: Comment, title: str, token: str) -> None:
        """Tell an author that her comment is published, and how she withdraws it.

        title: of the text that it is about. token: the secret of the comment's own page.
        """
        key = f"comment_published:{comment.id}"
        self._of_comment(session, comment, comment, key, title=title, token=token)

    def comment_answered(
        self, session: Session, comment: Comment, answer: Comment, title: str, token: str
    ) -> None:
        """Send an author the shop's answer; once for each answer."""
        key = f"comment_answered:{answer.id}"
        self._of_comment(session, comment, answer, key, title=title, token=token)

    def review_published(self, session: Session, review: Review) -> None:
        """Tell a buyer that her review is published, the first time; order and product loaded."""
        self._of_review(session, review, "review_published")

    def review_answered(self, session: Session, review: Review) -> None:
        """Send a buyer the shop's answer to her review, the first one; order and product loaded."""
        self._of_review(session, review, "review_answered")

    def product_question_answered(  # noqa: PLR0913 (what is answered, and by whom)
        self,
        session: Session,
        question: Question,
        product: Product,
        answer: str,
        by: str,
        *,
        is_buyer: bool = False,
    ) -> None:
        """Tell who asked, where she left an address, of the first answer that is published.

        by: the name of who answered; empty for the shop. is_buyer: she is no member of staff.
        """
        if not question.email:
            return
        with self._to(question.language):
            if is_buyer:
                by = gettext("%(name)s, who bought it,", name=by)
            about = {
                "question": question,
                "answer": answer,
                "answered_by": by or gettext("The shop"),
            }
        self._post(
            session,
            f"question_answered:{question.id}",
            question.email,
            "question_answered",
            speak=question.language,
            paths={"url": f"/products/{product.handle}/questions#question-{question.id}"},
            texts={"product_title": product.title},
            about=about,
        )

    def _of_review(self, session: Session, review: Review, template: str) -> None:
        order, product = review.order, review.product
        if not order.email:
            return
        own = f"/orders/{order.number}/reviews/{product.handle}?token={quote(order.token)}"
        url = f"/products/{product.handle}/reviews#review-{review.id}"
        self._post(
            session,
            f"{template}:{review.id}",
            order.email,
            template,
            speak=review.language,
            paths={"own_url": own, "url": url},
            texts={"product_title": product.title},
            about={"review": review},
        )

    def _of_comment(  # noqa: PLR0913 (what a letter is made of)
        self,
        session: Session,
        comment: Comment,
        cause: Comment,
        key: str,
        *,
        title: str,
        token: str,
    ) -> None:
        """Write to the author of a comment; cause: what has come, hers or the answer to it."""
        self._post(
            session,
            key,
            comment.email,
            key.partition(":")[0],
            speak=comment.language,
            paths={"own_url": f"/comments/own/{token}"},
            texts={"title": title},
            about={"comment": comment, "cause": cause},
        )


def cart_path(order: Order) -> str:
    """Return the address that offers an order's lines for the cart; lines and discounts loaded."""
    units = ",".join(f"{line.variant_id}:{line.quantity}" for line in order.lines)
    code = next((it.code for it in order.discounts if it.code), "")
    return f"/cart/{units}" + (f"?discount={quote(code)}" if code else "")


def _digest(parcel: Fulfilment, held: Mapping[int, int]) -> str:
    """Return what tells a parcel's tracking and units from others."""
    told = (parcel.carrier, parcel.tracking_number, parcel.tracking_url, sorted(held.items()))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]
