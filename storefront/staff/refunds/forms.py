"""What one types to give money back: an amount, and of which units it is."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from models import Money, Order, OrderLine, OrderStatus, Payment
from storefront.formatting import money
from storefront.forms import Form, id_from, quantity_from
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.stripe_asking import takes
from storefront.payments.worth import offered, shipping_worth, units_worth
from storefront.staff.typed import amount_from

SENT_AGAIN = "The form was not complete. Check it, and send it again. Nothing was changed."
NOT_OURS = "Choose a payment of this order that has money left. Nothing was changed."
SOLD = frozenset({OrderStatus.PAID, OrderStatus.SHIPPED})  # its units have left the shelf
TO_STRIPE = {  # Source: docs.stripe.com/api/refunds/create, reason
    "requested_by_customer": "Requested by the customer",
    "duplicate": "Paid twice",
    "fraudulent": "Fraudulent",
    "": "Nothing",
}
_KEY = re.compile(r"[0-9a-f]{32}")


class RefundForm(Form):
    """Money that goes back. key: names this form, so that two clicks are one refund."""

    key = HiddenField()
    goods_return = HiddenField()  # the return that it closes
    payment = SelectField("Payment", validate_choice=False)
    amount = StringField(
        "Amount", render_kw={"autocomplete": "off", "inputmode": "decimal", "maxlength": "20"}
    )
    shipping = BooleanField("What shipping cost")
    cancel = BooleanField("Cancel the order")
    statement = SelectField("Stripe is told", choices=TO_STRIPE)
    reason = StringField(
        "Reason",
        [
            DataRequired("Give a reason of 3 to 300 characters."),
            Length(3, 300, "Give a reason of 3 to 300 characters."),
        ],
        description="Why, for the order's history. The buyer does not see it.",
    )


class UnitsForm(Form):
    """How many units of one line the money is for, and whether these can be sold again."""

    units = StringField("Units", render_kw={"autocomplete": "off", "inputmode": "numeric"})
    restock = BooleanField("Put back on the shelf")


@dataclass
class Refunding:
    """The form of a refund with a field for each line. payments: those of which money is left."""

    order: Order
    payments: Sequence[Payment]
    form: RefundForm
    units: Mapping[int, UnitsForm]
    chosen: dict[int, int] = field(default_factory=dict)
    error: str | None = None

    @property
    def payment(self) -> Payment | None:
        """The payment that is chosen; None where it has nothing left, or is another order's."""
        return next((it for it in self.payments if it.key == self.form.payment.data), None)

    @property
    def key(self) -> str:
        """The refund's idempotency key: of this order and this form."""
        return f"{self.order.number}-form-{self.form.key.data}"

    @property
    def has_key(self) -> bool:
        """Whether the form's key is one that a page of ours can have carried."""
        return _KEY.fullmatch(self.form.key.data or "") is not None

    @property
    def return_id(self) -> int | None:
        """The return that the refund closes, whose units are back already; None for none."""
        return id_from(self.form.goods_return.data)

    @property
    def lines(self) -> list[tuple[OrderLine, UnitsForm, Money]]:
        """Each line with its field and what its units that are left are worth."""
        return [
            (line, self.units[line.id], units_worth(self.order, line, _left(line)))
            for line in self.order.lines
            if line.id in self.units
        ]

    @property
    def worth(self) -> Money | None:
        """What the chosen units and shipping are worth together; None where none is chosen."""
        if self.payment and self.payment.refundable.currency != self.order.total.currency:
            return None
        parts = [
            units_worth(self.order, line, self.chosen[line.id])
            for line in self.order.lines
            if self.chosen.get(line.id)
        ]
        if self.form.shipping.data:
            parts.append(shipping_worth(self.order))
        return sum(parts[1:], parts[0]) if parts else None

    @property
    def shipping_worth(self) -> Money:
        """What shipping cost."""
        return shipping_worth(self.order)

    @property
    def is_sold(self) -> bool:
        """Whether units of the order have left the shelf, and can come back."""
        return bool(self.units)

    @property
    def can_be_cancelled(self) -> bool:
        """Whether the refund may end the order."""
        has_shipped = any(line.shipped_quantity for line in self.order.lines)
        return self.order.status is OrderStatus.PAID and not has_shipped

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.validate()
        if not self.has_key:
            self.form.key.data, self.error, is_valid = secrets.token_hex(16), SENT_AGAIN, False
        if self.payment is None:
            self.error, is_valid = NOT_OURS, False
        has_units, has_amount = self.read_units(), self._amount_is_right()
        return is_valid and has_units and has_amount

    def read_units(self) -> bool:
        """Read how many units of each line are meant; an empty field means none."""
        wrong = False
        for line, form, _ in self.lines:
            try:
                self.chosen[line.id] = quantity_from(
                    form.units.data or "0", smallest=0, largest=_left(line)
                )
            except ValueError as message:
                words = str(message) if _left(line) else "None of these is left to refund."
                form.units.errors, wrong = [words], True
        return not wrong

    def _amount_is_right(self) -> bool:
        payment = self.payment
        if payment is None:
            return False
        try:
            _refuse(amount_from(self.form.amount.data, payment.refundable.currency), payment)
            self._refuse_what_does_not_fit(payment)
        except ValueError as wrong:
            self.form.amount.errors = [str(wrong)]
            return False
        return True

    def _refuse_what_does_not_fit(self, payment: Payment) -> None:
        """Hold the amount against what is ticked.

        All that is left stands in the field at first: it must not go back for a part by mistake.
        """
        if self.form.cancel.data:
            if self.amount != payment.refundable:
                left = money(payment.refundable)
                message = f"An order that is cancelled keeps nothing: give all {left} back."
                raise ValueError(message)
            return
        if self.worth is not None and self.amount.minor > self.worth.minor:
            message = (
                f"What you chose is worth {money(self.worth)}. Enter at most that, or choose"
                " nothing to give back any amount."
            )
            raise ValueError(message)

    @property
    def amount(self) -> Money:
        """The amount that was typed; after ``validate``."""
        currency = (self.payment or self.payments[0]).refundable.currency
        return amount_from(self.form.amount.data, currency)

    def wanted(self, actor: str) -> WantedRefund:
        """Return the refund that was typed; who cancels gives back all units that are left."""
        form = self.form
        lines = {line_id: units for line_id, units in self.chosen.items() if units}
        if form.cancel.data:
            lines = {line.id: _left(line) for line, _, _ in self.lines if _left(line)}
        return WantedRefund(
            payment_id=self.payment.id if self.payment else 0,
            amount=self.amount,
            key=self.key,
            reason=form.statement.data or "",
            note=str(form.reason.data),
            actor=actor,
            lines=lines,
            of_shipped=self.return_id is not None,
            restock=self._restocked(lines),
            cancel=bool(form.cancel.data),
        )

    def _restocked(self, lines: Mapping[int, int]) -> frozenset[int]:
        """Return the lines whose units go back on the shelf; a return's were when they came."""
        if self.return_id is not None:
            return frozenset()
        return frozenset(it for it in lines if self.units[it].restock.data)


def blank(order: Order, payments: Sequence[Payment]) -> Refunding:
    """Return the form as it is at first: all that is left goes back, of no certain units."""
    found = _made(order, payments, None)
    if found.payments:
        found.form.amount.data = str(found.payments[0].refundable.amount)
    return found


def posted(order: Order, payments: Sequence[Payment], sent: MultiDict[str, str]) -> Refunding:
    """Return the form with what was sent."""
    return _made(order, payments, sent)


def worked_out(order: Order, payments: Sequence[Payment], sent: MultiDict[str, str]) -> Refunding:
    """Return the form with what was sent, and the amount that the chosen units are worth."""
    found = _made(order, payments, sent)
    if found.read_units() and found.worth is not None and found.payment is not None:
        found.form.amount.data = str(offered(found.worth, found.payment.refundable).amount)
    return found


def _made(order: Order, payments: Sequence[Payment], sent: MultiDict[str, str] | None) -> Refunding:
    form = RefundForm(sent, data=_at_first(payments))
    form.payment.choices = {it.key: f"{money(it.refundable)} left of {it.key}" for it in payments}
    sold = order.lines if payments and order.status in SOLD else []
    units = {
        line.id: UnitsForm(
            sent,
            prefix=f"line-{line.id}-",
            # Of a paid order the units are still in the house.
            data={"units": "0", "restock": order.status is OrderStatus.PAID},
        )
        for line in sold
    }
    for line in sold:
        units[line.id].units.label.text = f"Units of {line.sku}"
        units[line.id].restock.label.text = f"Put {line.sku} back on the shelf"
    return Refunding(order, payments, form, units)


def _at_first(payments: Sequence[Payment]) -> dict[str, Any]:
    return {
        "key": secrets.token_hex(16),
        "payment": payments[0].key if payments else "",
    }


def _left(line: OrderLine) -> int:
    return line.quantity - line.refunded_quantity


def _refuse(amount: Money, payment: Payment) -> None:
    """Raise ValueError with a message for people where the amount cannot go back."""
    if amount.minor > payment.refundable.minor:
        message = f"At most {money(payment.refundable)} is left of this payment."
        raise ValueError(message)
    if not takes(amount):
        message = f"Stripe takes amounts in {amount.currency} that end in 0."
        raise ValueError(message)
