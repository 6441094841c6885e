"""A letter as staff word it: Markdown with placeholders, in the frame of every mail.

Placeholders such as ``{order_number}`` are looked up by name and nothing else: what is in them
is text, so neither a buyer's name nor staff's words can run or read anything.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import nh3

from models import MailTemplate, Order
from storefront.formatting import minute, money
from storefront.languages import gettext
from storefront.mail.bodies import for_mail
from storefront.mail.kinds import ALWAYS, Kind
from storefront.text import render

LONGEST_SUBJECT = 300
_NAME = re.compile(r"\{([^{}\n]{0,60})\}")
_ALONE = re.compile(r"<p>\{(\w+)\}</p>")
_TAG = re.compile(r"(<[^>]*>)")
_HREF = re.compile(r'href="%7B(\w+)%7D"')
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "i", "li", "ol"),
    *("p", "pre", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What staff wrote in place of ours."""

    subject: str
    body: str


def wording(saved: MailTemplate) -> Wording:
    """Return what is saved of a letter."""
    return Wording(saved.subject, saved.body_markdown)


def mistakes(kind: Kind, words: Wording) -> dict[str, str]:
    """Return what is wrong with a wording, for people, by the field's name; empty where nothing."""
    found = {"subject": _in_subject(kind, words.subject), "body": _in_body(kind, words.body)}
    return {name: text for name, text in found.items() if text}


def _in_subject(kind: Kind, subject: str) -> str:
    known = {it for it in (*kind.words, *ALWAYS) if not it.endswith("_url")}
    for name in _NAME.findall(subject):
        if name not in known:
            return f"There is no placeholder {{{name}}} for this subject."
    return ""


def _in_body(kind: Kind, body: str) -> str:
    known, html = {*kind.words, *kind.blocks, *ALWAYS}, _html(body, "")
    for name in _NAME.findall(body):
        if name not in known:
            return f"There is no placeholder {{{name}}} in this mail."
    alone = _ALONE.findall(html)
    for name in kind.blocks:
        if body.count(f"{{{name}}}") != alone.count(name):
            return f"Let {{{name}}} stand alone, with an empty line before and after it."
    linked = _HREF.findall(html)
    if html.count("%7B") != len(linked) or not all(it.endswith("_url") for it in linked):
        return "A link leads to a whole address or to one placeholder that is an address."
    for names in kind.required:
        if not any(f"{{{name}}}" in body for name in names):
            wanted = " or ".join(f"{{{name}}}" for name in names)
            return f"This mail must have {wanted}: without it, it is of no use."
    return ""


def subject_of(words: Wording, context: Mapping[str, object]) -> str:
    """Return the subject on one line; KeyError where it names what this mail has not."""
    values = values_of(context)
    text = _NAME.sub(lambda found: values[found[1]], words.subject)
    return " ".join(text.split())[:LONGEST_SUBJECT]


def body_of(words: Wording, context: Mapping[str, object], blocks: Mapping[str, str]) -> str:
    """Return the safe HTML of the body. blocks: safe HTML by name, from our own files.

    KeyError where it names what this mail has not.
    """
    values = values_of(context)
    pieces = _ALONE.split(_html(words.body, values["shop_url"]))
    html = ""
    for number, piece in enumerate(pieces):
        if not number % 2:
            html += _filled(piece, values)
        elif piece in blocks:
            html += blocks[piece]
        else:
            html += f"<p>{_shown(piece, values)}</p>"
    return html


def _html(body: str, site_url: str) -> str:
    """Return Markdown as HTML without any attribute but what is needed."""
    attributes = {"a": {"href"}, "td": {"align"}, "th": {"align"}}
    html = for_mail(render(body), site_url, "")
    return nh3.clean(html, tags=_TAGS, attributes=attributes, link_rel=None)


def _filled(html: str, values: Mapping[str, str]) -> str:
    """Put the words into the text, and addresses into links."""
    parts = _TAG.split(html)
    by_place: tuple[Callable[[str], str], ...] = (
        lambda text: _NAME.sub(lambda found: _shown(found[1], values), text),
        lambda tag: _HREF.sub(lambda found: _href(values[found[1]]), tag),
    )
    return "".join(by_place[number % 2](part) for number, part in enumerate(parts))


def _href(address: str) -> str:
    """Return where a link leads; nowhere without an address, such as of a parcel not tracked."""
    return f'href="{escape(address)}"' if address else ""


def _shown(name: str, values: Mapping[str, str]) -> str:
    value = escape(values[name])
    return f'<a href="{value}">{value}</a>' if name.endswith("_url") and value else value


def _greeting(name: str | None) -> str:
    return gettext("Hello %(name)s", name=name) if name else gettext("Hello")


def hello(name: str | None = None) -> str:
    """Return what a letter begins with: ``Hello Ada,``."""
    return gettext("Hello %(name)s,", name=name) if name else gettext("Hello,")


def _of_a_parcel(parcel: object) -> dict[str, object]:
    names = ("carrier", "tracking_number", "tracking_url") if parcel else ()
    return {name: getattr(parcel, name) or "" for name in names}


def _of_a_card(card: Any) -> dict[str, object]:
    if not card:
        return {}
    return {
        "gift_amount": money(card.amount),
        "gift_sender": card.sender_name,
        "greeting": _greeting(card.recipient_name),
    }


def values_of(context: Mapping[str, object]) -> dict[str, str]:
    """Return the words that a letter's context has, by the names of their placeholders."""
    found = {"shop_name": context["shop_name"], "shop_url": context["site_url"]}
    plain = {"link_url": "url", "text_title": "title", "own_url": "own_url", "role": "role"}
    plain |= {
        "what": "what",
        "scope": "scope",
        "order_url": "order_url",
        "stop_url": "stop_url",
        "cart_url": "cart_url",
        "product_title": "product_title",
    }
    found |= {name: context[key] for name, key in plain.items() if key in context}
    match context:
        case {"order": Order() as order}:
            found |= {"order_number": order.number, "order_total": money(order.total)}
            found["greeting"] = _greeting(order.name)
        case {"review": comment} | {"comment": comment}:
            found["greeting"] = _greeting(getattr(comment, "name", ""))
        case {"question": question}:
            found["greeting"] = _greeting(getattr(question, "asked_by", ""))
    if until := context.get("until"):
        found["pay_until"] = minute(until, str(context["zone"]))  # type: ignore[arg-type]
    found |= _of_a_parcel(context.get("fulfilment"))
    found |= _of_a_card(context.get("card"))
    if refund := context.get("refund"):
        found["refund_amount"] = money(refund.amount)  # type: ignore[attr-defined]
    if purchase := context.get("purchase"):
        found["purchase_number"] = purchase.number  # type: ignore[attr-defined]
    return {name: str(value) for name, value in found.items()}
