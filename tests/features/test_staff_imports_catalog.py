"""Spreadsheets of products, prices and redirects."""

import pytest
from sqlalchemy import func, select

from models import Product, Redirect, Role, SearchEntry, Stock, Variant
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.features.imports import checked, done
from tests.staff import rows, sign_in


def variant_of(session, sku):
    session.rollback()
    found = select(Variant).filter_by(sku=sku).execution_options(populate_existing=True)
    return session.scalars(found).one_or_none()


def redirects(session):
    session.rollback()
    return dict(session.execute(select(Redirect.path, Redirect.target)).all())


def test_prices_are_set_and_put_back(client, session, worker):
    sign_in(client, session, Role.MANAGER)
    make_variant(session, sku="RED", price_minor=8900)
    make_variant(session, sku="MAT", price_minor=2000)

    page = checked(client, worker, "prices", "sku,price\nRED,79.50\nMAT,20\n")
    applied = done(client, worker, page, "Apply")

    assert "Applied: 1 row changed something." in applied.text
    assert variant_of(session, "RED").price.minor == 7950

    done(client, worker, applied, "Undo")

    assert variant_of(session, "RED").price.minor == 8900


def test_a_price_that_was_changed_since_stays(client, session, worker):
    sign_in(client, session)
    variant = make_variant(session, sku="RED", price_minor=8900)
    page = checked(client, worker, "prices", "sku,price_usd\nRED,79\n")
    applied = done(client, worker, page, "Apply")
    variant = variant_of(session, "RED")
    variant.price = variant.price * 2
    session.commit()

    undone = done(client, worker, applied, "Undo")

    assert rows(undone) == [["2", "price", "It was changed since, and stays."]]
    assert variant_of(session, "RED").price.minor == 15800


def test_collections_by_rule_follow_an_import_and_its_undo(client, session, worker):
    sign_in(client, session)
    claw = make_product(session, title="The claw")
    make_variant(session, product=claw, sku="RED", price_minor=8900)
    condition = {"conditions-0-kind": "price below", "conditions-0-value": "80"}
    typed = {"title": "Cheap", "is_published": "y", "filled": "all", **condition}
    visit(client, "/staff/collections/new").submit("Save", **typed)

    page = checked(client, worker, "prices", "sku,price\nRED,79.50\n")
    assert "The claw" not in visit(client, "/collections/cheap").main.get_text()
    applied = done(client, worker, page, "Apply")
    assert "The claw" in visit(client, "/collections/cheap").main.get_text()
    done(client, worker, applied, "Undo")
    assert "The claw" not in visit(client, "/collections/cheap").main.get_text()


def test_what_is_no_price_is_named(client, session, worker):
    sign_in(client, session)
    make_variant(session, sku="RED", price_minor=8900)

    page = checked(client, worker, "prices", "sku,Price\nRED,8.999\nNO,1\nRED,\n,=1+1\n")

    assert rows(page) == [
        ["2", "Price", "USD has 2 decimals: enter no more."],
        ["3", "sku", "No variant has this SKU."],
        ["4", "sku", "Row 2 says this already. Each may stand once."],
        ["5", "sku", "Enter the SKU."],
        ["5", "Price", "Enter a price in figures, such as 89.00."],
    ]


PRODUCTS = (
    "handle,title,summary,description,status,option1 name,option1 value,sku,weight_g,price\n"
    "roller,Roller,It rolls.,A **roller**.,active,Size,Small,ROLL-S,300,19\n"
    "roller,,,,,,Large,ROLL-L,500,29.90\n"
)


def test_products_are_added_with_their_variants_and_taken_back(client, session, worker):
    sign_in(client, session)

    page = checked(client, worker, "products", PRODUCTS)
    assert "nothing is wrong" in page.text, rows(page)
    applied = done(client, worker, page, "Apply")

    product = session.scalars(select(Product).filter_by(handle="roller")).one()
    assert (product.title, product.option_names) == ("Roller", ["Size"])
    assert product.description_html == "<p>A <strong>roller</strong>.</p>\n"
    small, large = variant_of(session, "ROLL-S"), variant_of(session, "ROLL-L")
    assert (small.options, small.price.minor, small.weight_g) == (["Small"], 1900, 300)
    assert (large.options, large.price.minor, large.position) == (["Large"], 2990, 1)
    assert session.get_one(Stock, small.id).on_hand == 0
    assert visit(client, "/products/roller").heading == "Roller"

    done(client, worker, applied, "Undo")

    for table in (Product, Variant, Stock, SearchEntry):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def test_a_product_that_was_sold_stays(client, session, worker):
    sign_in(client, session)
    page = checked(client, worker, "products", PRODUCTS)
    applied = done(client, worker, page, "Apply")
    sold = variant_of(session, "ROLL-S")
    adjust(session, sold.id, 1, reason="Found", actor="test")
    session.commit()
    make_paid_order(session, variant=sold)

    undone = done(client, worker, applied, "Undo")

    assert rows(undone) == [
        ["2", "sku", "It is in orders or in the ledger, and so it stays."],
        ["2", "handle", "It has variants that stay, and so it stays."],
    ]
    assert variant_of(session, "ROLL-L") is None
    assert variant_of(session, "ROLL-S") is not None


def test_words_of_a_product_are_changed_and_put_back(client, session, worker):
    sign_in(client, session)
    product = make_product(session, handle="tool", title="The tool", description="Old.")
    make_variant(session, product=product, sku="RED")

    sheet = "handle,title,description,sku,barcode\ntool,New tool,New *text*.,RED,123\n"
    applied = done(client, worker, checked(client, worker, "products", sheet), "Apply")

    session.refresh(product)
    assert (product.title, product.description_html) == ("New tool", "<p>New <em>text</em>.</p>\n")
    assert variant_of(session, "RED").barcode == "123"

    done(client, worker, applied, "Undo")

    session.refresh(product)
    assert (product.title, product.description_html) == ("The tool", "<p>Old.</p>\n")
    assert variant_of(session, "RED").barcode is None


def test_what_no_product_can_be_is_named(client, session, worker):
    sign_in(client, session)
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, sku="RED")
    other = make_product(session, handle="mat")
    make_variant(session, product=other, sku="MAT")
    sheet = (
        "handle,title,status,description,option1 value,sku,weight,price\n"
        "Bad Handle,x,,,,,,\n"
        "new-one,,,,,,,\n"
        "tool,,lost,[^nothing] known,,MAT,,\n"
        "tool,,,,Red,BLUE,1.5,\n"
        "tool,Other name,,,,,,\n"
    )

    page = checked(client, worker, "products", sheet)

    assert rows(page) == [
        ["2", "handle", "Write small letters, figures and hyphens, such as ql-claw."],
        ["3", "title", "There is no such product yet: a new one needs a title."],
        ["4", "status", "Write draft, active or archived."],
        [
            "4",
            "description",
            "No reference is known as [^nothing]. Correct the key, or take it out.",
        ],
        ["4", "sku", "This SKU is a variant of mat."],
        ["5", "weight", "Enter whole grams, from 0 to 1000000."],
        ["5", "option1 value", "Another variant of it is Red."],
        ["5", "price", "A new variant needs a price."],
        ["6", "title", "Row 4 says otherwise of this product."],
    ]


def test_redirects_are_written_and_put_back(client, session, worker):
    sign_in(client, session, Role.EDITOR)
    session.add(Redirect(path="/old", target="/pages/a"))
    session.commit()

    sheet = "Redirect from,Redirect to\n/old/,/pages/b\n/caf%C3%A9,/pages/b?x=1\n"
    applied = done(client, worker, checked(client, worker, "redirects", sheet), "Apply")

    assert redirects(session) == {"/old": "/pages/b", "/café": "/pages/b?x=1"}
    assert client.get("/café").location == "/pages/b?x=1"

    done(client, worker, applied, "Undo")

    assert redirects(session) == {"/old": "/pages/a"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("/a,//evil.example", "Write an address of this shop, such as /pages/ql-release."),
        ("/a,/\\evil.example", "Write an address of this shop, such as /pages/ql-release."),
        ("/a,javascript:alert(1)", "Write an address of this shop, such as /pages/ql-release."),
        ("/a,https://evil.example/", "Write an address of this shop, such as /pages/ql-release."),
        ("/a,/a/", "This leads to itself."),
        ("/a,/there", "This leads on to /pages/x. Lead there instead."),
        ("/pages/x,/pages/y", "/there leads here already. Lead that one to /pages/y first."),
        ("/staff/orders,/pages/y", "The back office has no redirects."),
        ("a,/pages/y", "Write an address of this shop without a query, such as /pages/old-page."),
        ("/a?b=1,/b", "Write an address of this shop without a query, such as /pages/old-page."),
    ],
)
def test_redirects_off_the_site_in_circles_or_chains_are_refused(
    client, session, worker, line, said
):
    sign_in(client, session)
    session.add(Redirect(path="/there", target="/pages/x"))
    session.commit()

    page = checked(client, worker, "redirects", f"path,target\n{line}\n")

    assert [row[2] for row in rows(page)] == [said]
    assert redirects(session) == {"/there": "/pages/x"}


def test_a_chain_within_the_file_is_refused(client, session, worker):
    sign_in(client, session)

    page = checked(client, worker, "redirects", "path,target\n/a,/b\n/b,/c\n/c,/a\n")

    assert [row[2] for row in rows(page)] == [
        "Row 3 leads on from here. Lead to its target instead.",
        "Row 4 leads on from here. Lead to its target instead.",
        "Row 2 leads on from here. Lead to its target instead.",
    ]
