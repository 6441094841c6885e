"""Visitors ask about a product, buyers and the shop answer; each is read before it is shown."""

import pytest
from sqlalchemy import select

from models import Answer, AnswerStatus, Mail, Question, QuestionStatus, Role
from storefront.staff.customers.service import forget
from storefront.staff.customers.takeout import everything
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_product
from tests.features.test_reviews import shipped_order
from tests.staff import counted_statements, rows, sign_in

PAGE = "/products/tool/questions"
ASKED = {"question": "Does it fit\na small bag?", "name": "Ada", "email": "ada@example.org"}
ASKED["seconds"] = "40.0"


@pytest.fixture
def product(session):
    return make_product(session, handle="tool", title="Tool")


@pytest.fixture
def order(session, product):
    return shipped_order(session, product, email="bea@example.com")


def questions(session):
    session.expire_all()
    return session.scalars(select(Question).order_by(Question.id)).all()


def published(session, product, text="Does it fit?", **said):
    made = Question(product_id=product.id, question=text, **said)
    session.add(made)
    session.commit()
    return made


def mails(session):
    session.expire_all()
    found = session.scalars(select(Mail).where(Mail.key.startswith("question_")))
    return [(it.recipient, it.text) for it in found]


def answers(session):
    session.expire_all()
    return [(it.name, it.text, it.status) for it in session.scalars(select(Answer))]


@pytest.mark.usefixtures("order")
def test_a_visitor_asks_and_staff_answer_and_she_is_told_once(client, session):
    page = visit(client, "/products/tool").follow("Ask a question")
    assert "Nobody has asked about it yet." in page.text

    thanks = page.submit("Ask", **ASKED)

    assert "Somebody at the shop reads your question" in thanks.text
    assert "small bag" not in thanks.text
    assert "small bag" not in visit(client, "/products/tool").text
    (asked,) = questions(session)
    assert (asked.status, asked.email) == (QuestionStatus.WAITING, "ada@example.org")

    page.submit("Ask", **ASKED)  # a second click
    assert len(questions(session)) == 1

    sign_in(client, session, Role.SUPPORT)
    queue = visit(client, "/staff/messages?kind=question")
    assert rows(queue)[0][:3] == ["Ada", "Does it fit a small bag?", "Question to answer"]
    saved = queue.follow("Ada")
    assert "who is told of the first answer" in saved.text
    saved.submit("Save", answer="It does, with room to spare.")

    shown = visit(client, "/products/tool").text
    assert "Does it fit a small bag? It does, with room to spare. Answered by" in shown
    ((to, text),) = mails(session)
    assert to == "ada@example.org"
    assert "It does, with room to spare." in text
    assert "/products/tool/questions#question-" in text
    visit(client, f"/staff/questions/{asked.id}").submit("Save", answer="It does.")
    assert len(mails(session)) == 1
    assert rows(visit(client, "/staff/messages")) == []


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"question": ""}, "Write your question."),
        ({"question": "x" * 1001}, "Shorten your question to 1,000 characters."),
        ({"question": "https://a.example " * 6}, "Use at most 5 links."),
        ({"question": "a\0"}, "Remove the characters that cannot be read."),
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 500}, "Enter at most 120 characters."),
        ({"email": "ada"}, "Enter an email address such as name@example.com."),
    ],
)
def test_a_question_with_a_mistake_is_refused_and_kept(client, session, product, typed, error):
    data = {**ASKED, **typed}
    answer = client.post(PAGE, data=data, headers={"Origin": "http://localhost"})

    assert answer.status_code == 422
    assert error in answer.text
    assert typed.get("name", "Ada")[:20] in answer.text
    assert questions(session) == []


def test_odd_words_are_shown_as_they_are(client, session, product):
    for text in ("<script>alert(1)</script>", "=cmd()", "هل يناسبني؟", "Fits 🎒?"):
        visit(client, PAGE).submit("Ask", question=text, name="<b>", seconds="40")
    for it in questions(session):
        it.status = QuestionStatus.PUBLISHED
    session.commit()

    page = visit(client, PAGE)

    assert "<script>alert" not in page.response.text
    for text in ("<script>alert(1)</script>", "=cmd()", "هل يناسبني؟", "Fits 🎒?"):
        assert text in page.text


def test_spam_waits_for_nobody(client, session, product):
    visit(client, PAGE).submit("Ask", **{**ASKED, "homepage": "https://spam.example"})

    (asked,) = questions(session)
    assert (asked.status, asked.spam_score) == (QuestionStatus.SPAM, 100)
    sign_in(client, session, Role.SUPPORT)
    assert rows(visit(client, "/staff/messages")) == []
    assert "A field was filled" in visit(client, f"/staff/questions/{asked.id}").text
    assert len(rows(visit(client, "/staff/questions?status=spam"))) == 1
    assert rows(visit(client, "/staff/questions?status=waiting")) == []
    assert client.get("/staff/questions?status=lost").status_code == 404


def test_too_many_questions_are_refused_with_when_to_come_back(client, session, product):
    for number in range(6):
        visit(client, PAGE).submit("Ask", **{**ASKED, "question": f"Is it {number}?"})

    page = visit(client, PAGE).submit("Ask", **{**ASKED, "question": "Is it seven?"})

    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) > 0
    assert "Is it seven?" in page.text
    assert len(questions(session)) == 6


def test_questions_are_found_by_their_words_and_their_answers(client, session, product, order):
    tool_id = product.id
    for number in range(23):
        session.add(Question(product_id=tool_id, question=f"Question {number}?", position=number))
    found = Question(product_id=tool_id, question="How long?", answer="30 cm, 100% of them.")
    session.add(found)
    session.flush()
    said = {"name": "Bea", "text": "My cat loves it.", "status": AnswerStatus.PUBLISHED}
    session.add(Answer(question_id=found.id, order_id=order.id, **said))
    hidden = Question(product_id=tool_id, question="Secret?", status=QuestionStatus.REJECTED)
    session.add(hidden)
    session.commit()

    page = visit(client, PAGE)
    assert "Page 1 of 2" in page.text
    assert len(page.main.select(".questions__one")) == 20
    assert len(page.follow("Next page").main.select(".questions__one")) == 4
    for words in ("LONG", "100%", "loves", "30 cm"):
        some = visit(client, f"{PAGE}?q={words.replace('%', '%25')}")
        assert len(some.main.select(".questions__one")) == 1, words
    assert "verified buyer" in visit(client, f"{PAGE}?q=cat").text
    none = visit(client, f"{PAGE}?q=secret")
    assert "0 questions have “secret”" in none.text
    for odd in ("%00", "%ED%A0%80", "x" * 5000, "%25", "_"):
        assert client.get(f"{PAGE}?q={odd}").status_code == 200
    assert "Search all 24 questions, or ask one" in visit(client, "/products/tool").text


def test_a_buyer_answers_by_her_order_and_staff_publish_it(client, session, product, order):
    asked = published(session, product, email="ada@example.org", asked_by="Ada")
    page = visit(client, f"/orders/{order.number}?token={order.token}")

    own = page.follow("Answer what others ask").follow("Does it fit?")
    sent = own.submit("Post answer", answer="In mine it does.", name="Bea")

    assert "Somebody at the shop reads your answer" in sent.text
    assert answers(session) == [("Bea", "In mine it does.", AnswerStatus.WAITING)]
    assert "In mine" not in visit(client, "/products/tool").text
    assert sent.submit("Change answer", answer="").errors() == ["Write your answer."]

    sign_in(client, session, Role.SUPPORT)
    (line,) = rows(visit(client, "/staff/messages?kind=answer"))
    assert line[:3] == ["Bea", "In mine it does.", "Answer to read"]
    read = visit(client, f"/staff/questions/{asked.id}")
    sent.submit("Change answer", answer="In mine it does not.")
    assert read.submit("Publish answer").status == 409
    assert answers(session)[0][2] is AnswerStatus.WAITING
    visit(client, f"/staff/questions/{asked.id}").submit("Publish answer")

    shown = visit(client, "/products/tool").text
    assert "Does it fit? In mine it does not. Answered by Bea , verified buyer" in shown
    (told,) = mails(session)
    assert told[0] == "ada@example.org"
    assert "Bea, who bought it, has answered" in told[1]
    assert rows(visit(client, "/staff/messages")) == []


def test_an_answer_is_taken_off_again_and_withdrawn(client, session, product, order):
    asked = published(session, product, email="ada@example.org", asked_by="Ada")
    own = visit(client, f"/orders/{order.number}/questions/{asked.id}?token={order.token}")
    sent = own.submit("Post answer", answer="In mine it does.", name="Bea")
    sign_in(client, session, Role.SUPPORT)
    visit(client, f"/staff/questions/{asked.id}").submit("Publish answer")
    assert "In mine" in visit(client, "/products/tool").text

    visit(client, f"/staff/questions/{asked.id}").submit("Reject answer")
    assert "In mine" not in visit(client, "/products/tool").text
    visit(client, f"/staff/questions/{asked.id}").submit("Publish answer")
    assert len(mails(session)) == 1
    sent.submit("Withdraw answer")
    assert answers(session) == []


def test_a_customer_answers_signed_in_and_nobody_else_can(app, client, session, product, order):
    asked = published(session, product)
    how = visit(client, "/products/tool").follow("Bought it? Answer")
    assert "Open your order by the link in our mail" in how.text

    customer = make_customer(session)
    login = visit(client, "/account/login")
    login.submit("Sign in", email=customer.email, password=PASSWORD)
    stranger = visit(client, f"/questions/{asked.id}/answer")
    assert "None of the orders in your account has shipped" in stranger.text
    order.customer_id = customer.id
    session.commit()
    led = client.get(f"/questions/{asked.id}/answer")
    assert led.status_code == 303
    own = visit(client, led.location)
    assert own.submit("Post answer", answer="It does.", name="Bea").status == 200

    other = shipped_order(session, make_product(session, handle="other"))
    address = f"/orders/{other.number}/questions/{asked.id}"
    for path in (
        f"{address}?token={other.token}",  # an order of something else
        f"/orders/{order.number}/questions/{asked.id}?token={other.token}",
        f"/orders/{order.number}/questions/{asked.id + 1}?token={order.token}",
        f"/orders/{order.number}/questions/{2**63}?token={order.token}",
        *(f"/questions/{asked.id + 1}/answer", "/questions/x/answer"),
    ):
        assert app.test_client().get(path).status_code == 404, path
    data = {"token": other.token, "answer": "I did not buy it.", "name": "Eve"}
    headers = {"Origin": "http://localhost"}
    assert client.post(address, data=data, headers=headers).status_code == 404
    assert [it[0] for it in answers(session)] == ["Bea"]


def test_a_person_is_given_and_forgotten_what_she_asked_and_answered(client, session, product):
    order = shipped_order(session, product, email="ada@example.org")
    kept = published(session, product, asked_by="Ada", email="ada@example.org")
    visit(client, PAGE).submit("Ask", **ASKED)
    session.add(Answer(question_id=kept.id, order_id=order.id, name="Ada", text="I know now."))
    session.commit()

    known = everything(session, "ada@example.org")
    assert [it["question"] for it in known["questions on products"]] == [
        "Does it fit?",
        ASKED["question"],
    ]
    assert [it["text"] for it in known["answers to them"]] == ["I know now."]
    assert not {"key", "origin"} & set(known["questions on products"][1])
    forgotten = forget(session, "ada@example.org", "test")
    session.commit()

    assert (forgotten.erased["questions on products"], forgotten.erased["answers to them"]) == (
        2,
        1,
    )
    (left,) = questions(session)
    assert (left.question, left.asked_by, left.email) == ("Does it fit?", "", "")
    assert answers(session) == []


def test_many_questions_ask_as_often_as_few(app, client, session, product, order):
    published(session, product)
    with counted_statements(app) as few:
        visit(client, "/products/tool")
    with counted_statements(app) as few_all:
        visit(client, PAGE)
    for number in range(40):
        published(session, product, f"Question {number}?", answer="Yes.")
    with counted_statements(app) as many:
        visit(client, "/products/tool")
    with counted_statements(app) as many_all:
        visit(client, PAGE)

    assert len(many) == len(few)
    assert len(many_all) == len(few_all) <= 5  # SQLite counts that a transaction begins
