"""What visitors write on German pages: forms, refusals, consents, and in which language it is."""

import io
import re

import pytest
from sqlalchemy import select

from models import Answer, Consent, Mail, Subscriber
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product
from tests.features.newsletter import ADA
from tests.features.test_comments import comments, make_comment
from tests.features.test_questions import published, questions
from tests.features.test_reviews import review_of, reviews, shipped_order, typed_in

ARTICLE = "/blogs/the-ql-blawg/ql"
NAME, WORDS = "Gib einen Namen ein. Ein Vorname reicht.", "Hilft es, wenn ich sitze?"


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="ql", title="The QL")


@pytest.fixture
def product(session):
    return make_product(session, handle="tool", title="Tool")


def test_a_comment_is_asked_for_refused_and_taken_in_german(client, session, article):
    page = visit(client, f"/de{ARTICLE}")
    assert page.main.find(id="comments").h2.get_text() == "Kommentare"
    assert "Lies zuerst, wann du zum Arzt gehörst" in page.text

    wrong = page.submit("Kommentar abschicken", name="", email="ada", comment=WORDS * 300)

    assert wrong.status == 422
    assert "Dein Kommentar ist noch nicht abgeschickt." in wrong.text
    assert wrong.errors() == [
        NAME,
        "Gib eine E-Mail-Adresse ein, etwa name@example.com.",
        "Kürz deinen Kommentar auf 5.000 Zeichen.",
    ]
    assert (typed_in(wrong, "email"), typed_in(wrong, "comment")) == ("ada", WORDS * 300)

    own = wrong.submit("Kommentar abschicken", name="Ada", email=ADA, comment=WORDS)
    assert "/de/comments/own/" in own.url
    assert own.heading == "Dein Kommentar wartet darauf, gelesen zu werden"
    (comment,) = comments(session)
    assert (comment.language, comment.text) == ("de", WORDS)
    gone = own.submit("Kommentar zurückziehen")
    assert gone.heading == "Dein Kommentar ist zurückgezogen"
    assert gone.link("Zurück zu „The QL“") == f"/de{ARTICLE}"


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_words_in_another_language_than_the_page_say_in_which(client, session, article, spoken):
    product = make_product(session, handle="tool", title="Tool")
    for code in ("en", "de"):
        make_comment(session, article, text=f"comment-{code}", language=code)
        review_of(session, product, 5, text=f"review-{code}", language=code)
        asked = published(
            session, product, f"question-{code}", language=code, answer=f"shop-{code}"
        )
        order = shipped_order(session, product, email=f"{code}@example.com")
        told = {"name": "Bea", "text": f"buyer-{code}", "language": code, "status": "published"}
        session.add(Answer(question_id=asked.id, order_id=order.id, **told))
    session.commit()
    below = "" if spoken == "en" else "/de"

    shown = (ARTICLE, "/products/tool/reviews", "/products/tool/questions")
    pages = [visit(client, below + it) for it in shown]

    found = {
        text: tag.find_parent(attrs={"lang": True})["lang"]
        for page in pages
        for tag in page.main.find_all(string=lambda it: it and it.strip()[-3:] in {"-en", "-de"})
        for text in [tag.strip()]
    }
    kinds = ("comment", "review", "question", "shop", "buyer")
    assert found == {f"{kind}-{code}": code for kind in kinds for code in ("en", "de")}
    marked = {it["lang"] for page in pages for it in page.main.find_all(attrs={"lang": True})}
    assert marked == {"en", "de"} - {spoken}


def test_a_question_and_its_search_speak_german(client, session, product):
    page = visit(client, "/de/products/tool/questions")
    assert (page.heading, page.link("Startseite")) == ("Fragen zu Tool", "/de/")

    wrong = page.submit("Fragen", question="", name="", email="")
    assert (wrong.status, wrong.errors()) == (422, ["Schreib deine Frage.", NAME])
    taken = wrong.submit("Fragen", question="Passt es?", name="Ada", email="")
    assert "Danke. Jemand aus unserem Team liest deine Frage" in taken.text
    (asked,) = questions(session)
    assert (asked.language, asked.question) == ("de", "Passt es?")
    published(session, product, "Passt es in die Tasche?", language="de")
    found = visit(client, "/de/products/tool/questions?q=Tasche")
    assert "1 Frage enthält „Tasche“" in found.text
    assert "Noch hat niemand geantwortet." in found.text


def test_a_review_is_written_in_german_and_takes_on_the_language_of_its_change(
    client, session, product
):
    order = shipped_order(session, product)
    address = f"/orders/{order.number}/reviews/tool?token={order.token}"
    page = visit(client, f"/de{address}")
    assert page.heading == "Tool bewerten"

    wrong = page.submit("Bewertung abschicken", stars="9", text="", weeks="viele")
    assert wrong.status == 422
    assert "Wähle 1 bis 5 Sterne." in wrong.errors()
    assert "Schreib deine Bewertung." in wrong.errors()
    assert typed_in(wrong, "weeks") == "viele"
    file = (io.BytesIO(b"no picture"), "bild.png")
    typed = {"token": order.token, "stars": "5", "text": "Fest.", "name": "Ada", "pictures": file}
    refused = client.post(f"/de{address.partition('?')[0]}", data=typed)
    assert refused.status_code == 422
    assert "Es ist kein JPEG, PNG, WebP oder AVIF" in refused.text
    assert reviews(session) == []
    visit(client, address).submit("Post review", stars="4", text="Firm.", name="Ada")
    assert [it.language for it in reviews(session)] == ["en"]
    sent = page.submit("Bewertung abschicken", stars="5", text="Fest.", name="Ada", weeks="2")
    assert "Danke. Jemand aus unserem Team liest deine Bewertung" in sent.text
    assert [(it.language, it.text) for it in reviews(session)] == [("de", "Fest.")]

    review_of(session, product, 4, weeks=3)
    shown = visit(client, "/de/products/tool/reviews")
    assert "4,0 von 5 Sternen, der Durchschnitt aus 1 Bewertung." in shown.text
    assert "Eve , bestätigter Kauf" in shown.text
    assert "3 Wochen in Gebrauch" in shown.text


def test_consent_to_mails_is_kept_in_the_words_that_were_shown(client, session):
    page = visit(client, "/de/collections").submit("Anmelden", email="ada")
    assert (page.status, page.errors()) == (
        422,
        ["Gib eine E-Mail-Adresse ein, etwa name@example.com."],
    )
    asked = page.submit("Anmelden", email=ADA)
    assert asked.heading == "Sieh in deine E-Mails"
    mail = session.scalars(select(Mail)).one()
    (path,) = re.findall(r"http://localhost(/de/newsletter/confirm/\S+)", mail.text)
    done = visit(client, path).submit("Bestätigen")
    assert done.heading == "Du bekommst jetzt unsere E-Mails"

    chosen = done.follow("Ansehen und ändern, was du bekommst")
    assert "/de/newsletter/preferences/" in chosen.url
    wrong = chosen.submit("Löscht, was ihr aufbewahrt")
    assert wrong.errors() == ["Setz zuerst diesen Haken: Es lässt sich nicht rückgängig machen."]
    left = chosen.submit("Abmelden")
    assert left.heading == "Du bist abgemeldet"

    kept = session.scalars(select(Consent).order_by(Consent.id)).all()
    words = "E-Mails über die Muskeln des unteren Rückens, alle paar Tage. Zuerst bestätigst du"
    assert [it.words.startswith(words) for it in kept] == [True, True, False]
    assert [it.page for it in kept][:2] == ["/de/collections"] * 2
    assert kept[2].words == "Abmelden"
    assert session.scalar(select(Subscriber.language)) == "de"
