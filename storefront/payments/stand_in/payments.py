"""What happens when the buyer presses Pay, and what happens to a bank debit later.

``details`` is what the pay page collected: ``{"person": {…}, "consent": {…}}``; over the API
also ``"payment_method"``, the id of what pays, which the pay page makes anew.
"""

from . import charges, disputes, events, intents, methods, sessions
from .cards import BANK_REFUSED, NOT_AUTHENTICATED, Decline, PaymentCard, card
from .lists import newest
from .store import Json, Transaction


def pay_nothing(tx: Transaction, session: Json, details: Json) -> None:
    """Complete a session that costs nothing: no PaymentIntent, no charge."""
    sessions.complete(tx, session, details, payment_status="no_payment_required")


def pay_by_card(
    tx: Transaction, session: Json, details: Json, paid_with: PaymentCard
) -> Decline | None:
    """Charge the card and complete the session, or return why it stays open."""
    intent = intents.of_session(tx, session, details["person"])
    return _charge_card(tx, session, details, paid_with, intent)


def _charge_card(
    tx: Transaction, session: Json, details: Json, paid_with: PaymentCard, intent: Json
) -> Decline | None:
    method = charges.card_method(paid_with, was_authenticated=paid_with.is_challenged)
    decline, person = paid_with.decline, details["person"]
    intent["payment_method"] = details.get("payment_method") or methods.of_card(
        tx, paid_with, person
    )
    charge = charges.create(tx, intent, person, method, "failed" if decline else "succeeded")
    if decline:
        charges.fail(tx, charge, decline)
        intents.fail(tx, intent, decline, charge)
        return decline
    charges.succeed(tx, charge)
    intents.succeed(tx, intent, charge)
    sessions.complete(tx, session, details, payment_status="paid")
    if paid_with.dispute:
        disputes.create(tx, charge, paid_with.dispute)
    return None


def ask_to_authenticate(
    tx: Transaction, session: Json, details: Json, paid_with: PaymentCard
) -> None:
    """Keep the attempt until the buyer has answered the bank's question."""
    intent = intents.of_session(tx, session, details["person"])
    address = f"{tx.caller.base_url}/c/pay/{session['id']}/authenticate"
    intents.ask_to_authenticate(tx, intent, address)
    typed = [paid_with.number, paid_with.exp_month, paid_with.exp_year]
    _remember(tx, session, {"details": details, "card": typed})


def is_waiting_for_authentication(tx: Transaction, session: Json) -> bool:
    """Tell whether the bank's question is still open."""
    intent_id = session["payment_intent"]
    return intent_id is not None and tx.get(intent_id)["status"] == "requires_action"


def authenticate(tx: Transaction, session: Json, *, passed: bool) -> Decline | None:
    """Go on with the attempt that waits, or fail it before anything is charged."""
    intent = tx.get(session["payment_intent"])
    attempt = attempt_of(tx, session)
    if not passed:
        intents.fail(tx, intent, NOT_AUTHENTICATED)
        return NOT_AUTHENTICATED
    return _charge_card(tx, session, attempt["details"], card(*attempt["card"]), intent)


def pay_by_bank(tx: Transaction, session: Json, details: Json, *, succeeds: bool) -> None:
    """Complete the session unpaid; the debit is settled after ``delayed_payment_s``."""
    intent = intents.of_session(tx, session, details["person"])
    kind = bank_debit_of(session)
    method = charges.bank_method(kind)
    intent["payment_method"] = details.get("payment_method") or methods.of_account(
        tx, kind, details["person"]
    )
    charge = charges.create(tx, intent, details["person"], method, "pending")
    events.record(tx, "charge.pending", charge)
    intents.process(tx, intent, charge)
    _remember(tx, session, {"succeeds": succeeds})
    tx.plan(intent["id"], tx.moment + tx.settings.delayed_payment_s)
    sessions.complete(tx, session, details, payment_status="unpaid")


def bank_debit_of(session: Json) -> str:
    """Return the delayed method the session offers, or an empty string."""
    return next((kind for kind in session["payment_method_types"] if kind != "card"), "")


def settle(tx: Transaction, intent: Json) -> None:
    """Let a bank debit succeed or fail, as was chosen on the pay page."""
    (session,) = newest(tx, "checkout.session", "", {"payment_intent": intent["id"]})["data"]
    charge = tx.get(intent["latest_charge"])
    if attempt_of(tx, session)["succeeds"]:
        charges.succeed(tx, charge)
        intents.succeed(tx, intent, charge)
        session["payment_status"] = "paid"
        tx.save(session)
        events.record(tx, "checkout.session.async_payment_succeeded", session)
    else:
        charges.fail(tx, charge, BANK_REFUSED)
        intents.fail(tx, intent, BANK_REFUSED, charge)
        events.record(tx, "checkout.session.async_payment_failed", session)


def attempt_of(tx: Transaction, session: Json) -> Json:
    """Return what was kept of the attempt that waits for the bank."""
    attempt: Json = tx.get(f"{session['id']}/intent")["attempt"]
    return attempt


def _remember(tx: Transaction, session: Json, attempt: Json) -> None:
    kept = tx.get(f"{session['id']}/intent")
    tx.save({**kept, "attempt": attempt})
