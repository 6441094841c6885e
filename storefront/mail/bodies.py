"""The words of a mail: HTML with whole addresses, and the same words as plain text."""

import re
import textwrap
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import nh3

from models.language import prefix
from storefront.prefix import in_language

WIDTH = 76
LONGEST_LINE = 79
# What a mail program shows; figures are left out, as most show no SVG.
_TAGS = {
    *("a", "b", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "i", "li", "ol"),
    *("p", "pre", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "td": {"align"}, "th": {"align", "scope"}}
# Where a reader who comes from a mail is counted: not where she only manages her own things.
_NOT_COUNTED = ("/newsletter", "/account", "/orders", "/cart", "/checkout", "/policies")
_NOWHERE = re.compile(r"<a>(.*?)</a>", re.DOTALL)  # what led to a place in the text
_SPACES = re.compile(r"\s+")
_INDENT = re.compile(r" *(?:> )?")
_GAPS = re.compile(r"\n{3,}")


def for_mail(html: str, site_url: str, source: str) -> str:
    """Return rendered Markdown for a mail: links lead out of it, ours with ``?from=source``.

    Ours lead to the language that is spoken now. source: such as ``mail:welcome-1``; empty adds
    nothing.
    """

    def attribute(tag: str, name: str, value: str) -> str | None:
        del tag
        return whole_address(value, site_url, source) if name == "href" else value

    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        clean_content_tags={"script", "style", "figcaption"},
        attributes=_ATTRIBUTES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )
    return _NOWHERE.sub(r"\1", cleaned).strip()


def whole_address(href: str, site_url: str, source: str) -> str | None:
    """Return the address of a link as it works from outside; None for a place in the text."""
    if href.startswith("#"):
        return None
    root = site_url.removesuffix(prefix())
    path = href.removeprefix(root)
    is_ours = path.startswith("/") and not path.startswith("//")
    if not is_ours and href != root:
        return href
    parts = urlsplit(root + (in_language(path) if path else prefix()))
    query = parts.query
    if source and not parts.path.removeprefix(prefix()).startswith(_NOT_COUNTED):
        pairs = [it for it in parse_qsl(query, keep_blank_values=True) if it[0] != "from"]
        query = urlencode([*pairs, ("from", source)], safe=":")
    return urlunsplit(parts._replace(query=query))


def plain_text(html: str) -> str:
    """Return a mail's HTML as text to read: links written out, lists with signs, lines wrapped."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return _GAPS.sub("\n\n", "\n".join(reader.lines)).strip("\n")


def wrapped(text: str) -> str:
    """Return a text whose long lines are broken between words, each indented as it was."""
    return "\n".join(_wrapped_line(it) if len(it) > LONGEST_LINE else it for it in text.split("\n"))


def _wrapped_line(line: str) -> str:
    rest = _INDENT.match(line)
    return textwrap.fill(
        line,
        LONGEST_LINE,
        subsequent_indent=rest[0] if rest else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


class _Reader(HTMLParser):
    """Gathers the lines of a text, block by block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._words = ""
        self._sign = ""
        self._lists: list[int | None] = []  # the next number of each open list; None has signs
        self._quotes = 0
        self._link: tuple[str, int] | None = None
        self._is_pre = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._words += "\n"
        elif tag == "a":
            self._link = (dict(attrs).get("href") or "", len(self._words))
        elif tag in {"td", "th"} and self._words.strip():
            self._words = f"{self._words.rstrip()} | "
        elif tag in {"p", "h2", "h3", "h4", "pre", "tr", "hr", "ul", "ol", "li", "blockquote"}:
            self._open(tag)

    def _open(self, tag: str) -> None:
        if tag != "p" or self._words.strip():
            self.end_block()
        if tag in {"ul", "ol"}:
            self._lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._sign = self._next_sign()
        elif tag == "hr":
            self.lines += ["", "* * *", ""]
        self._quotes += tag == "blockquote"
        self._is_pre = tag == "pre"

    def _next_sign(self) -> str:
        number = self._lists[-1] if self._lists else None
        if number is None:
            return "- "
        self._lists[-1] = number + 1
        return f"{number}. "

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._link is not None:
            href, start = self._link
            if href and self._words[start:].strip() not in {href, href.removeprefix("mailto:")}:
                self._words += f" ({href.removeprefix('mailto:')})"
            self._link = None
        elif tag in {"ul", "ol"}:
            self.end_block()
            self._lists.pop()
            self.lines.append("")
        elif tag in {"p", "h2", "h3", "h4", "pre", "tr", "li", "blockquote"}:
            is_heading = tag.startswith("h")
            self._words = self._words.upper() if is_heading else self._words
            self.end_block()
            self._quotes -= tag == "blockquote"
            self._is_pre = False
            if tag not in {"li", "tr"} and not (tag == "p" and self._lists):
                self.lines.append("")

    def handle_data(self, data: str) -> None:
        self._words += data if self._is_pre else _SPACES.sub(" ", data)

    def end_block(self) -> None:
        """Write the words that have gathered as lines of their own."""
        indent = "  " * max(0, len(self._lists) - 1) + "> " * self._quotes
        first, rest = indent + self._sign, indent + " " * len(self._sign)
        for line in self._words.strip().split("\n") if self._words.strip() else ():
            self.lines += textwrap.wrap(
                line.rstrip() if self._is_pre else line.strip(),
                WIDTH,
                initial_indent=first,
                subsequent_indent=rest,
                break_long_words=False,
                break_on_hyphens=False,
            ) or [""]
            first = rest
            self._sign = ""
        self._words = ""
