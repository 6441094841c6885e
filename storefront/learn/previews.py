"""Links that show a text before its time: signed, for seven days, taken back all at once."""

import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Page, ShopSetting
from models.once import upsert

SETTING = "preview-links"  # its word stands in every link: another one takes them all back
WITHIN_S = 7 * 24 * 3600
LONGEST = 300


class ClosedLinkError(Exception):
    """A link that was good once: it expired, or was taken back."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads the tokens of preview links."""

    secret: str

    def token(self, session: Session, text: Article | Page) -> str:
        """Return the token of a link that shows a text from now on for seven days."""
        kind = "article" if isinstance(text, Article) else "page"
        return str(self._signer().dumps([kind, text.id, _word(session)]))

    def text(self, session: Session, token: str) -> Article | Page | None:
        """Return the text that a token shows, None where it shows none; raises ClosedLinkError."""
        if len(token) > LONGEST:
            return None
        try:
            kind, row_id, word = self._signer().loads(token, max_age=WITHIN_S)
        except SignatureExpired as error:
            raise ClosedLinkError from error
        except BadSignature:
            return None
        if word != _word(session):
            raise ClosedLinkError
        return session.get(Article, row_id) if kind == "article" else session.get(Page, row_id)

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt="preview")


def take_back(session: Session, actor: str) -> None:
    """Let no link that was given so far show anything any more."""
    values = {"value": {"is": secrets.token_hex(8)}, "actor": actor}
    session.execute(
        upsert(session, ShopSetting)
        .values(name=SETTING, **values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )


def _word(session: Session) -> str:
    value = session.scalar(select(ShopSetting.value).where(ShopSetting.name == SETTING))
    return str(value["is"]) if value else ""
