"""What staff must know of a letter to word it."""

from dataclasses import dataclass

from models.language import LANGUAGES, OWN
from storefront.languages import lazy_gettext


@dataclass(frozen=True, slots=True)
class Kind:
    """A letter. name: of its files below templates/mail/. when: a sentence for staff.

    words: the placeholders that become a word or an address. blocks: those that become what only
    the shop can write, such as the lines of an order; each the name of a block of its files.
    required: of each of these, one at least must stay in what staff write.
    our_subject: ours, as they would write it.
    """

    name: str
    title: str
    when: str
    our_subject: str
    words: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = ()

    @property
    def subject(self) -> str:
        """Ours, in the language that is spoken now."""
        return str(self.our_subject)

    @property
    def body(self) -> str:
        """What staff begin with: ours, in the parts that they may put words between."""
        return "{ours}" if "ours" in self.blocks else str(ORDER_BODY)

    @property
    def languages(self) -> tuple[str, ...]:
        """The codes of those in which it goes; to staff and suppliers, the shop's own alone."""
        return (OWN,) if self.name.startswith(("staff_", "purchase_")) else tuple(LANGUAGES)


ORDER_BODY = lazy_gettext("""{greeting},

{opening}

{lines}

{place}

## What happens next

{next}

{button}

{cautions}""")
ALWAYS = ("shop_name", "shop_url")  # words of every letter
LINK = (("ours", "button", "link_url"),)  # required where the link is what the mail is for
