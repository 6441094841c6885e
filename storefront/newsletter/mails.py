"""The mails of the newsletter: the link that confirms, and those of sequences."""

import secrets
from dataclasses import dataclass, replace

from markupsafe import Markup
from sqlalchemy.orm import Session

from models import Sequence, SequenceMail, Subscriber
from models.language import prefix, speaking
from storefront.config import Settings
from storefront.mail.bodies import for_mail, plain_text
from storefront.mail.outbox import Composed, Letter, compose, post
from storefront.newsletter.links import Links
from storefront.site import Shop
from storefront.translations.memory import Memory


@dataclass(frozen=True, slots=True)
class Wording:
    """What a mail of a sequence says. source: what its links to the shop are marked with."""

    subject: str
    body_html: str
    source: str


def wording(sequence: Sequence, mail: SequenceMail) -> Wording:
    """Return what a mail says as it is saved."""
    return Wording(mail.subject, mail.body_html, source_of(sequence.handle, mail.position))


def source_of(handle: str, position: int) -> str:
    """Return what marks the links of a mail, and so the orders that it leads to."""
    return f"mail:{handle}-{position}"


def _said(session: Session, mail: SequenceMail, words: Wording) -> Wording:
    """Return what a mail says in the language that is spoken now.

    Its row stays as it is: who is written to next may speak another one.
    """
    memory: Memory | None = session.info.get("memory")
    if memory is None:
        return words
    html = memory.html(mail.body_markdown, "") or words.body_html
    return replace(words, subject=memory.said(words.subject), body_html=html)


class Mails:
    """Writes the newsletter's mails into the outbox."""

    def __init__(self, settings: Settings, shop: Shop) -> None:
        """Remember what every mail needs: the shop, and its address."""
        self.links = Links(settings.site_url)
        self._site_url = settings.site_url
        self._shop = shop

    def confirm(self, session: Session, subscriber: Subscriber, consent_id: int) -> None:
        """Send the link that confirms an address."""
        url = self.links.confirm(subscriber, consent_id)
        self._tell(session, subscriber, "newsletter_confirm", consent_id, url)

    def already(self, session: Session, subscriber: Subscriber, consent_id: int) -> None:
        """Tell a subscriber that somebody asked for the mails that she gets already."""
        with speaking(subscriber.language):
            url = self.links.preferences(subscriber)
            self._tell(session, subscriber, "newsletter_already", consent_id, url)

    def of_sequence(
        self, session: Session, sequence: Sequence, mail: SequenceMail, subscriber: Subscriber
    ) -> bool:
        """Write one mail of a sequence to one subscriber; False where she has it already."""
        with speaking(subscriber.language):
            unsubscribe = self.links.unsubscribe(subscriber)
            words = _said(session, mail, wording(sequence, mail))
            letter = Letter(
                key=f"sequence:{sequence.handle}:{mail.position}:{subscriber.id}",
                recipient=subscriber.email,
                template="newsletter_sequence",
                context=self._context(words, unsubscribe, self.links.preferences(subscriber)),
                headers={
                    "List-Unsubscribe": f"<{unsubscribe}>",
                    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                },
                subscriber_id=subscriber.id,
                sequence_mail_id=mail.id,
            )
            return post(session, letter)

    def test(self, session: Session, words: Wording, recipient: str) -> None:
        """Send a mail to who writes it; its links to leave lead to the page about the mails."""
        key = f"newsletter-test:{secrets.token_hex(8)}"
        post(session, self._sample(words, key, recipient))

    def preview(self, words: Wording) -> Composed:
        """Return a mail as it would be sent; it is written nowhere."""
        return compose(self._sample(words, "", ""))

    def body(self, words: Wording) -> str:
        """Return the safe HTML of a mail's own words."""
        return for_mail(words.body_html, self._site_url, words.source)

    def _sample(self, words: Wording, key: str, recipient: str) -> Letter:
        about = f"{self._site_url}/newsletter"
        return Letter(key, recipient, "newsletter_sequence", self._context(words, about, about))

    def _tell(
        self, session: Session, subscriber: Subscriber, template: str, consent_id: int, url: str
    ) -> None:
        letter = Letter(
            key=f"{template}:{consent_id}:{subscriber.id}",
            recipient=subscriber.email,
            template=template,
            context={
                "shop_name": self._shop.name,
                "site_url": self._site_url + prefix(),
                "url": url,
            },
            subscriber_id=subscriber.id,
        )
        post(session, letter)

    def _context(self, words: Wording, unsubscribe: str, preferences: str) -> dict[str, object]:
        html = self.body(words)
        return {
            "shop_name": self._shop.name,
            "site_url": self._site_url + prefix(),
            "subject": " ".join(words.subject.split()),
            "body": Markup(html),  # noqa: S704 (cleaned by nh3)
            "text": plain_text(html),
            "unsubscribe_url": unsubscribe,
            "preferences_url": preferences,
        }
