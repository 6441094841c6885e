"""What search engines are told: every page that visitors see, and nothing else."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import insert

from models import (
    BodySide,
    Collection,
    GlossaryTerm,
    Muscle,
    PlainPage,
    Policy,
    ProductImage,
    ProductStatus,
    Region,
    RegionMuscle,
    Routine,
    now,
)
from storefront.feeds import addresses
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial, make_variant
from tests.features.linked import link
from tests.features.test_caching import counted

PROTOCOL = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}"


def read(client, path):
    """A file of the sitemap, held against its schema: its entries as (path, lastmod, images).

    Of pages, which stand there in each language: those in the shop's own.
    """
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml"), path
    root = ET.fromstring(answer.data)  # noqa: S314 (our own answer)
    assert root.tag in {f"{PROTOCOL}urlset", f"{PROTOCOL}sitemapindex"}
    entry = "url" if root.tag.endswith("urlset") else "sitemap"
    assert 0 < len(root) <= 50_000
    entries = [_entry(each, entry) for each in root]
    if entry == "sitemap":
        return entries
    own, german = entries[::2], entries[1::2]
    assert german == [(f"/de{path}", *rest) for path, *rest in own]
    for place, (at, *_) in enumerate(own):
        page, said = f"http://localhost{at}", f"http://localhost/de{at}"
        for each in root[2 * place : 2 * place + 2]:
            links = [(it.get("hreflang"), it.get("href")) for it in each.findall(LINK)]
            assert links == [("en", page), ("de", said), ("x-default", page)], at
    return own


def _entry(element, kind):
    assert element.tag == PROTOCOL + kind
    tags = [each.tag for each in element]
    order = [f"{PROTOCOL}loc", f"{PROTOCOL}lastmod", LINK, f"{IMAGE}image"]
    assert tags == sorted(tags, key=order.index)
    assert tags.count(f"{PROTOCOL}loc") == 1
    changed = element.findtext(f"{PROTOCOL}lastmod")
    images = [_path(each.findtext(f"{IMAGE}loc")) for each in element.findall(f"{IMAGE}image")]
    moment = datetime.fromisoformat(changed) if changed else None
    return _path(element.findtext(f"{PROTOCOL}loc")), moment, images


def _path(address):
    assert address.startswith("http://localhost/")
    return address.removeprefix("http://localhost")


def all_paths(client):
    return [
        path for file, _, _ in read(client, "/sitemap.xml") for path, _, _ in read(client, file)
    ]


@pytest.mark.seeded
def test_the_sitemap_leads_to_every_page_by_its_own_address_with_its_pictures(client):
    files = [path for path, _, _ in read(client, "/sitemap.xml")]
    kinds = ("shop", "products", "collections", "articles", "tutorials", "pages")
    assert set(files) >= {f"/sitemap-{kind}.xml" for kind in kinds}

    listed = [each for file in files for each in read(client, file)]

    paths = [path for path, _, _ in listed]
    assert len(paths) == len(set(paths)) > 20
    for path in paths:
        page = visit(client, path)
        assert page.status == 200, path
        assert link(page, "canonical") == [f"http://localhost{path}"], path
        german = client.get(f"/de{path}")
        assert (german.status_code, german.text.count('<html lang="de">')) == (200, 1), path
        assert "noindex" not in str(page.html.find("meta", {"name": "robots"})), path
    pictures = {path: images for path, _, images in listed if images}
    assert {"/products/ql-claw", "/blogs/the-ql-blawg/ql-muscle", "/pages/ql-release"} <= set(
        pictures
    )
    for images in pictures.values():
        assert len(images) == len(set(images))
        for image in images:
            with client.get(image) as answer:
                assert answer.status_code == 200, image


def test_what_visitors_do_not_see_stands_in_no_machines_list(client, session):
    blog = make_blog(session)
    make_article(session, blog=blog, handle="there")
    make_article(session, blog=blog, handle="draft", title="Hidden words", published_at=None)
    soon = now() + timedelta(days=1)
    make_article(session, blog=blog, handle="soon", title="Hidden words", published_at=soon)
    make_article(session, blog=blog, handle="copy", canonical_url="https://example.org/first")
    make_variant(session, product=make_product(session, handle="tool"))
    hidden = make_product(session, handle="hidden", status=ProductStatus.DRAFT)
    make_variant(session, product=hidden)
    make_product(session, handle="bare")
    session.add(Policy(handle="sample", title="Sample", is_sample=True))
    session.add(Policy(handle="real", title="Real"))
    session.add(PlainPage(handle="plain", title="Plain"))
    session.flush()

    listed = set(all_paths(client))

    assert listed == {
        *("/", "/collections", "/collections/all", "/tutorials", "/blogs/the-ql-blawg"),
        *("/blogs/the-ql-blawg/there", "/products/tool", "/policies/real", "/pages/plain"),
    }
    for address in ("/llms.txt", "/blogs/the-ql-blawg.atom"):
        assert "Hidden words" not in client.get(address).text, address
    for handle in ("draft", "soon"):
        assert client.get(f"/blogs/the-ql-blawg/{handle}.md").status_code == 404


def test_regions_muscles_and_routines_are_listed_as_soon_as_there_are_any(client, session):
    muscle = Muscle(handle="ql", name="QL", figure="ql-anatomy")
    session.add_all([muscle, Muscle(handle="other", name="Other")])
    region = Region(handle="low-back", name="Low back", side=BodySide.BACK)
    region.muscles = [RegionMuscle(muscle=muscle)]
    session.add_all(
        [region, Routine(handle="ten", title="Ten"), GlossaryTerm(handle="t", term="T")]
    )
    session.flush()

    listed = set(all_paths(client))

    assert listed > {
        *("/where-does-it-hurt", "/where-does-it-hurt/low-back", "/muscles", "/muscles/ql"),
        *("/routines", "/routines/ten", "/glossary"),
    }
    assert "/muscles/other" not in listed
    ((_, changed, images),) = read(client, "/sitemap-muscles.xml")
    assert (changed, len(images)) == (None, 1)


def test_a_file_says_when_each_page_changed(client, session):
    text = make_article(session, blog=make_blog(session), handle="one", figure="ql-anatomy")

    ((path, changed, images),) = read(client, "/sitemap-articles.xml")

    assert path == "/blogs/the-ql-blawg/one"
    assert changed == text.updated_at.replace(microsecond=0)
    assert [image.partition(".")[0] for image in images] == ["/static/img/figures/ql-anatomy"]
    index = {path: changed for path, changed, _ in read(client, "/sitemap.xml")}
    assert index["/sitemap-articles.xml"] == changed


def test_very_many_pages_are_parted_into_files(client, session, monkeypatch):
    for module in ("addresses", "sitemap"):
        monkeypatch.setattr(f"storefront.feeds.{module}.MOST", 2)
    for place in range(5):
        session.add(Collection(handle=f"c{place}", title="C"))
    session.flush()

    files = [path for path, _, _ in read(client, "/sitemap.xml") if "collections" in path]

    assert files == [f"/sitemap-collections{part}.xml" for part in ("", "-2", "-3")]
    found = [path for file in files for path, _, _ in read(client, file)]
    assert found == [f"/collections/c{place}" for place in range(5)]
    for wrong in ("-4", "-1", "-0", "--2", "-99999999999999999999", "-x"):
        assert client.get(f"/sitemap-collections{wrong}.xml").status_code == 404, wrong
    assert client.get("/sitemap-anything.xml").status_code == 404
    assert client.get("/sitemap-regions.xml").status_code == 404


def test_a_file_takes_as_many_queries_with_thirty_pages_as_with_three(app, client, session):
    blog, counts = make_blog(session), []
    for more in (3, 27):
        for _ in range(more):
            product = make_variant(session).product_id
            session.execute(insert(ProductImage), [{"product_id": product, "key": "x", "alt": ""}])
            make_article(session, blog=blog, figure="ql-anatomy")
            make_tutorial(session)
        seen_by_file = {}
        for path in ("/sitemap.xml", *(f"/sitemap-{it}.xml" for it in ("products", "articles"))):
            with counted(app) as seen:
                read(client, path)
            seen_by_file[path] = len(seen)
        counts.append(seen_by_file)

    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= len(addresses.KINDS)


def test_the_sitemap_is_kept_like_a_page(client):
    answer = client.get("/sitemap.xml")

    assert answer.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in answer.headers
    again = client.get("/sitemap.xml", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_robots_are_told_where_the_sitemap_is_and_what_is_not_theirs(client):
    answer = client.get("/robots.txt")

    assert (answer.status_code, answer.mimetype) == (200, "text/plain")
    lines = answer.text.splitlines()
    assert lines[0] == "User-agent: *"
    assert "Sitemap: http://localhost/sitemap.xml" in lines
    closed = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")}
    assert closed == {
        *("/account", "/cart", "/checkout", "/discount/", "/orders/", "/search", "/staff"),
    }


def test_what_belongs_to_one_visitor_is_listed_nowhere(client):
    for address in (
        *("/cart", "/cart.js", "/search", "/search?q=back", "/account/login", "/staff/login"),
        *("/dev/mailbox", "/discount/TEN", "/orders/QL-1"),
    ):
        assert client.get(address).headers["X-Robots-Tag"] == "noindex", address
    for address in ("/", "/tutorials", "/robots.txt", "/sitemap.xml"):
        assert "X-Robots-Tag" not in client.get(address).headers, address
