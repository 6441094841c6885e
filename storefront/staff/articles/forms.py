"""What one types to edit an article."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from models import Article
from storefront.forms import Form
from storefront.staff.articles.service import Draft
from storefront.staff.typed import LongTextField

LONGEST_TEXT = 200_000


class ArticleForm(Form):
    """The words of an article. seen: when it had last been saved as the page was shown."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
    )
    summary = LongTextField(
        "Summary",
        [Length(max=500, message="Enter at most 500 characters.")],
        description="One or two lines, for lists and search engines.",
        render_kw={"rows": 3},
    )
    body = LongTextField(
        "Text",
        [
            DataRequired("Write something."),
            Length(max=LONGEST_TEXT, message=f"Enter at most {LONGEST_TEXT} characters."),
        ],
        description="Markdown. [^key] cites a reference.",
        render_kw={"rows": 30},
    )
    seen = HiddenField()

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            title=str(self.title.data),
            summary=" ".join((self.summary.data or "").split()),
            body=self.body.data or "",
            seen=self.seen.data or "",
        )


def shown(article: Article) -> ArticleForm:
    """Return the form filled with an article as it is."""
    return ArticleForm(
        data={
            "title": article.title,
            "summary": article.summary,
            "body": article.body_markdown,
            "seen": article.updated_at.isoformat(),
        }
    )


def differences(article: Article, draft: Draft) -> dict[str, str]:
    """Return what an article says otherwise than a draft: the saved text by the field's name."""
    saved = {
        "Title": (article.title, draft.title),
        "Summary": (article.summary, draft.summary),
        "Text": (article.body_markdown, draft.body),
    }
    return {name: now for name, (now, typed) in saved.items() if now.strip() != typed.strip()}
