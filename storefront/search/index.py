"""What can be found: one entry for each product, article, tutorial and page."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Article, Page, PageKind, Product, ProductStatus, SearchEntry, Tutorial
from storefront.text import plain


def index_product(session: Session, product: Product) -> None:
    """Make a product findable as it now is; one that visitors do not see is forgotten."""
    url = f"/products/{product.handle}"
    if product.status is not ProductStatus.ACTIVE:
        forget(session, url)
        return
    _write(session, "product", url, product, plain(product.description_html))


def index_article(session: Session, article: Article, blog_handle: str) -> None:
    """Make an article findable as it now is; one that visitors do not see is forgotten."""
    url = f"/blogs/{blog_handle}/{article.handle}"
    if not article.is_published:
        forget(session, url)
        return
    _write(session, "article", url, article, plain(article.body_html))


def index_tutorial(session: Session, tutorial: Tutorial) -> None:
    """Make a tutorial findable by its text and its steps, which must be loaded."""
    steps = " ".join(f"{step.title} {plain(step.text_html)}" for step in tutorial.steps)
    body = f"{plain(tutorial.body_html)} {' '.join(tutorial.symptoms)} {steps}"
    _write(session, "tutorial", f"/pages/{tutorial.handle}", tutorial, body)


def index_page(session: Session, page: Page) -> None:
    """Make a plain page findable; policies are not."""
    if page.kind is PageKind.PAGE:
        _write(session, "page", f"/pages/{page.handle}", page, plain(page.body_html))


def forget(session: Session, url: str) -> None:
    """Make an address findable no longer."""
    session.execute(delete(SearchEntry).where(SearchEntry.url == url))


def _write(session: Session, kind: str, url: str, of: Product | Article | Page, body: str) -> None:
    entry = session.scalars(select(SearchEntry).filter_by(url=url)).one_or_none()
    if entry is None:
        entry = SearchEntry(kind=kind, url=url, title=of.title)
        session.add(entry)
    entry.title, entry.summary, entry.body = of.title, of.summary, body
