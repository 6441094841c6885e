"""Having bought in German: the account, an order's page, what comes back, what is asked for."""

import re

import pytest
from sqlalchemy import select

from models import Customer, Order, ReturnLine, Subscriber, now
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order, make_variant
from tests.features.refunding import buy
from tests.features.test_own_returns import at_the_desk, fields, variants  # noqa: F401 (a fixture)
from tests.features.test_staff_parcels import ship
from tests.staff import sign_in


def leaving(page):
    """The links and forms of main that lead out of German; pictures apart."""
    found = [it.get("href") or it.get("action") for it in page.main.find_all(["a", "form"])]
    return [it for it in found if it and re.match(r"/(?!de(/|$)|static/|media/|dev/)", it)]


def entered(client, session):
    """A customer who signs in on the German page."""
    customer = make_customer(session)
    page = visit(client, "/de/account/login")
    page = page.submit("Anmelden", email=customer.email, password=PASSWORD)
    assert (page.url, page.heading) == ("http://localhost/de/account/orders", "Deine Bestellungen")
    return customer


def languages(session, kind):
    session.expire_all()
    return session.scalars(select(kind.language).order_by(kind.id)).all()


def test_signing_in_wrongly_is_said_in_german_and_the_address_stays(client, session):
    customer = make_customer(session)
    page = visit(client, "/de/account/login")

    wrong = page.submit("Anmelden", email=customer.email, password="not this one")
    empty = page.submit("Anmelden", email="ada", password="")

    assert wrong.status == empty.status == 422
    assert "gehören nicht zusammen" in wrong.text
    assert wrong.main.find("input", id="email")["value"] == customer.email
    assert empty.errors() == [
        "Gib eine E-Mail-Adresse ein, etwa name@example.com.",
        "Gib dein Passwort ein.",
    ]
    assert leaving(page) == leaving(wrong) == []


def test_who_registers_in_german_is_written_to_in_german(client, session):
    page = visit(client, "/de/account/register")
    weak = page.submit("Konto eröffnen", name="Ada", email="ada@example.com", password="password")
    short = page.submit("Konto eröffnen", name="", email="ada@example.com", password="kurz")
    (said,) = weak.errors()
    assert said.startswith("Das gehört zu den ersten Passwörtern, die ausprobiert werden.")
    assert short.errors() == ["Gib deinen Namen ein.", "Wähle 8 bis 200 Zeichen."]
    assert languages(session, Customer) == []

    sent = page.submit("Konto eröffnen", name="Ada", email="ada@example.com")

    assert sent.heading == "Sieh in deine E-Mails"
    assert languages(session, Customer) == ["de"]


def test_the_language_of_mails_is_chosen_beside_the_name(client, session):
    customer = entered(client, session)
    session.add(Subscriber(email=customer.email))
    make_paid_order(session, customer=customer)
    page = visit(client, "/de/account/details")
    here = page.main.find("a", attrs={"aria-current": "page"})
    assert (here.get_text(), here["href"]) == ("Name und E-Mail", "/de/account/details")
    chosen = page.main.find("option", selected=True)
    assert (chosen["value"], languages(session, Order)) == ("en", ["en"])

    odd = page.submit("Sprache speichern", language="xx")
    assert (odd.status, odd.errors()) == (422, ["Wähle eine Sprache aus der Liste."])
    assert languages(session, Customer) == ["en"]
    page = page.submit("Sprache speichern", language="de")

    assert "Die Sprache deiner E-Mails ist gespeichert." in page.text
    assert page.main.find("option", selected=True).get_text() == "Deutsch"
    for kind in (Customer, Subscriber, Order):
        assert languages(session, kind) == ["de"]


def test_an_address_is_asked_for_in_german_as_its_country_has_it(client, session):
    entered(client, session)
    page = visit(client, "/de/account/addresses/new")
    page = page.submit("Formular dieses Landes zeigen", country="US")
    labels = [it.get_text() for it in page.main.find_all("label")]
    assert labels[:3] == ["Land", "Name", "Straße und Hausnummer"]
    assert {"Ort", "Bundesstaat", "ZIP-Code", "Telefon (optional)"} <= set(labels)

    typed = {"name": "Ada", "line1": "", "city": "Springfield", "state": "IL", "postal_code": "9"}
    wrong = page.submit("Speichern", nth=1, country="US", **typed)

    assert wrong.status == 422
    assert sorted(wrong.errors()) == [
        "Das gehört zu einer Adresse in diesem Land: Vereinigte Staaten.",
        "ZIP-Code: In diesem Land (Vereinigte Staaten) sieht das anders aus, zum Beispiel 95014.",
    ]
    assert wrong.main.find("input", id="city")["value"] == "Springfield"
    assert leaving(wrong) == []


@pytest.mark.usefixtures("adds_up")
def test_an_order_and_its_return_speak_german_and_staff_read_english(client, session, variants):  # noqa: F811
    order = buy(client, session, 2)
    here = f"/de/orders/{order.number}?token={order.token}"
    assert "Deine Zahlung ist da" in visit(client, here).text
    sign_in(client, session)
    ship(client, order)

    page = visit(client, here)
    assert page.heading == f"Bestellung {order.number}"
    assert "Deine Bestellung ist unterwegs." in page.text
    assert "Bezahlt am" in page.text
    assert "Zahlung Bezahlt" in page.text
    assert "Ware Zu dir unterwegs" in page.text
    assert leaving(page) == []
    asked = page.submit("Frage senden", text="")
    assert (asked.status, asked.errors()) == (422, ["Schreib deine Frage."])

    form = page.follow("Etwas zurückschicken")
    wrong = form.submit("Rücksendung anfragen", **fields(session, order, units=9), words="Zu hart")
    assert wrong.errors() == ["Gib eine ganze Zahl von 0 bis 2 ein."]
    assert wrong.main.find("textarea").get_text().strip() == "Zu hart"
    found = form.submit("Rücksendung anfragen", **fields(session, order, units=1))

    assert "Angefragt: Wir sehen es uns an und schreiben dir." in found.text
    assert "Es passt nicht zu meinem Körper." in found.text
    assert leaving(found) == []
    session.expire_all()
    assert session.scalars(select(ReturnLine.reason)).all() == ["It does not suit my body"]
    assert "It does not suit my body" in at_the_desk(client, session).text


def test_what_is_asked_for_and_ended_is_said_in_german(client, session):
    variant = make_variant(session, on_hand=0)
    page = visit(client, f"/de/back-in-stock/{variant.id}")
    wrong = page.submit("Sag mir Bescheid, wenn es wieder da ist", email="ada")
    assert wrong.errors() == ["Gib eine E-Mail-Adresse ein, etwa name@example.com."]
    asked = page.submit("Sag mir Bescheid, wenn es wieder da ist", email="ada@example.com")
    assert asked.heading == "Sieh in deine E-Mails"
    assert leaving(page) == leaving(asked) == []
    broken = visit(client, "/de/back-in-stock/confirm/no")
    assert (broken.status, "nicht vollständig" in broken.text) == (404, True)

    customer = entered(client, session)
    make_paid_order(session, customer=customer).expires_at = now()
    data = visit(client, "/de/account/data")
    refused = data.submit("Endgültig löschen")
    assert refused.errors() == ["Setz zuerst diesen Haken: Es lässt sich nicht rückgängig machen."]
    under_way = data.submit("Endgültig löschen", erase="y")
    assert under_way.status == 409
    assert "Bestellungen, die nicht abgeschlossen sind: 1" in under_way.text
