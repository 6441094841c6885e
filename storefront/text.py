"""Markdown to safe HTML: rendered once, when a text is saved."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from itertools import pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import render_footnote_anchor

from models.language import fragment
from storefront.languages import gettext, lazy_gettext

RENDERER = "markdown-it-2"  # kept with each text: another value means that it must be rendered anew
KEPT = 32  # texts of which is remembered what was counted in them
MOST_QUOTES = 20_000  # each one that is curled copies its paragraph: quadratic time
FIGURES = "/static/img/figures/"
_CITED = re.compile(r"\[\^([a-z0-9][a-z0-9-]*)\]")
_MARK = re.compile(r'<sup class="footnote-ref">.*?</sup>', re.DOTALL)
_GAP = re.compile(r"\s+(?=[,.;:!?)])")  # what a link's end leaves before a sign
_NOTES = re.compile(r'<section[^>]* class="footnotes".*', re.DOTALL)
_HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_CALLOUTS = {"caution": lazy_gettext("Caution"), "tip": lazy_gettext("Tip")}
_BACK = lazy_gettext("Back to the text")
_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre"),
    *("section", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title", "aria-label"},
    "section": {"aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"align"},
    "th": {"align", "scope"},
}


def render(
    markdown: str, citations: Mapping[str, str] | None = None, *, notes: str | None = None
) -> str:
    """Return safe HTML for Markdown with the extensions of ``docs/guides/write.md``.

    ``![alt](figure:key "caption")`` alone in a paragraph becomes a figure of that key.
    ``[^key]`` becomes a footnote where ``citations`` (key to Markdown) knows the key. Raw HTML is
    shown as text; scripts, handlers and foreign pictures do not survive. notes: what the ids of
    footnotes begin with, where several texts stand on one page. The few words that it adds are in
    the language that is spoken.
    """
    known = citations or {}
    defined = "".join(f"\n\n[^{key}]: {known[key]}" for key in cited(markdown) if key in known)
    return nh3.clean(
        _parser(markdown).render(markdown + defined, {"docId": notes} if notes else {}),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_no_foreign_picture,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def _no_foreign_picture(tag: str, name: str, value: str) -> str | None:
    """Keep a picture's address only where it is the shop's own: a foreign one tells who reads."""
    is_own = value.startswith("/") and not value.startswith("//")
    return value if (tag, name) != ("img", "src") or is_own else None


def cited(markdown: str) -> list[str]:
    """Return the reference keys that a text cites, each once, in the order of their first use."""
    return list(dict.fromkeys(_CITED.findall(markdown)))


def uncited(markdown: str) -> str:
    """Return a text of one paragraph without the keys that it cites."""
    return " ".join(_CITED.sub("", markdown).split())


@lru_cache(maxsize=KEPT)
def contents(html: str) -> tuple[tuple[str, str], ...]:
    """Return the (id, plain title) of each second-level heading of rendered HTML."""
    return tuple((key, unescape(_TAG.sub("", title))) for key, title in _HEADING.findall(html))


def plain(html: str) -> str:
    """Return the words of rendered HTML, for search and for counting."""
    return unescape(_TAG.sub(" ", html)).replace("\N{LEFTWARDS ARROW WITH HOOK}", "").strip()


def parted(html: str) -> tuple[str, str]:
    """Return rendered HTML in two: the text, and the notes at its end, empty where it has none."""
    notes = _NOTES.search(html)
    return (html[: notes.start()], notes[0]) if notes else (html, "")


def said(html: str) -> str:
    """Return the words of the text alone, without its notes and their marks."""
    return _GAP.sub("", plain(_MARK.sub("", parted(html)[0])))


@lru_cache(maxsize=KEPT)
def reading_minutes(html: str) -> int:
    """Return how long the text takes to read at 220 words a minute, at least one minute."""
    return max(1, round(len(said(html).split()) / 220))


def _parser(markdown: str) -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "replacements"])
    if markdown.count('"') + markdown.count("'") <= MOST_QUOTES:
        parser.enable("smartquotes")
    parser.use(footnote_plugin, inline=False)
    parser.use(anchors_plugin, min_level=2, max_level=3)
    parser.use(deflist_plugin)
    for name in _CALLOUTS:
        parser.use(container_plugin, name=name, render=_callout)
    parser.core.ruler.push("figures", _lift_figures)
    parser.core.ruler.push("heading_links", _link_headings)
    for rule in (_figure, _footnote_block_open, _footnote_anchor, _footnote_caption):
        parser.add_render_rule(rule.__name__.removeprefix("_"), rule)
    return parser


def _link_headings(state: StateCore) -> None:
    """Make each heading that has an id, and no link in it, a link to itself."""
    for opening, inline in pairwise(state.tokens):
        key = opening.attrs.get("id")
        children = inline.children or []
        if opening.type != "heading_open" or key is None or not children:
            continue
        if not any(child.type == "link_open" for child in children):
            link = Token("link_open", "a", 1, attrs={"href": f"#{key}", "class": "heading-link"})
            inline.children = [link, *children, Token("link_close", "a", -1)]


def _callout(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del renderer, options, env
    token = tokens[index]
    if token.nesting < 0:
        return "</div>\n"
    name = token.type.removeprefix("container_").removesuffix("_open")
    title = f'<p class="callout__name">{_CALLOUTS[name]}</p>'
    return f'<div class="callout callout--{name}">{title}\n'


def _footnote_block_open(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del renderer, tokens, index, options, env
    label = escape(gettext("Notes"))
    return f'<section class="footnotes" aria-label="{label}">\n<ol class="footnotes-list">\n'


def _footnote_caption(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del renderer, options, env
    return f"[{tokens[index].meta['id'] + 1}]"


def _footnote_anchor(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    link = render_footnote_anchor(renderer, tokens, index, options, env)
    return link.replace("<a ", f'<a aria-label="{_BACK}" ', 1)


def _lift_figures(state: StateCore) -> None:
    """Turn each paragraph that holds nothing but a figure's picture into a figure."""
    lifted: list[Token] = []
    tokens = iter(state.tokens)
    for token in tokens:
        picture = _only_picture(token)
        if picture is None:
            lifted.append(token)
            continue
        lifted.pop()  # the paragraph's opening
        next(tokens)  # and its end
        lifted.append(
            Token("figure", "", 0, meta=dict(picture.attrs) | {"alt": picture.content}, block=True)
        )
    state.tokens = lifted


def _only_picture(token: Token) -> Token | None:
    children: Iterable[Token] = token.children or ()
    match list(children):
        case [Token(type="image") as only] if str(only.attrs.get("src", "")).startswith("figure:"):
            return only
    return None


def _figure(
    renderer: RendererHTML, tokens: list[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    del renderer, options, env
    picture = tokens[index].meta
    key = re.sub(r"[^a-z0-9-]", "", str(picture["src"]).removeprefix("figure:"))
    caption = picture.get("title")
    return (
        f'<figure class="figure"><img src="{FIGURES}{key}.svg{fragment()}"'
        f' alt="{escape(picture["alt"])}"'
        ' width="480" height="320" loading="lazy">'
        + (f"<figcaption>{escape(str(caption))}</figcaption>" if caption else "")
        + "</figure>\n"
    )
