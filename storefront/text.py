"""Markdown to safe HTML: rendered once, when a text is saved."""

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin

RENDERER = "markdown-it-1"  # kept with each text: another value means that it must be rendered anew
FIGURES = "/static/img/figures/"
_CITED = re.compile(r"\[\^([a-z0-9][a-z0-9-]*)\]")
_HEADING = re.compile(r'<h2 id="([^"]+)"[^>]*>(.*?)</h2>', re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TAGS = {
    *("a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "div", "dl", "dt", "em"),
    *("figcaption", "figure", "h2", "h3", "h4", "hr", "i", "img", "li", "ol", "p", "pre"),
    *("section", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"id", "class"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "loading"},
    "td": {"align"},
    "th": {"align", "scope"},
}


def render(markdown: str, citations: Mapping[str, str] | None = None) -> str:
    """Return safe HTML for Markdown with tables, footnotes and figures.

    ``![alt](figure:key "caption")`` alone in a paragraph becomes a figure of that key.
    ``[^key]`` becomes a footnote where ``citations`` (key to Markdown) knows the key. Raw HTML is
    shown as text; scripts, handlers and foreign addresses of pictures do not survive.
    """
    known = citations or {}
    notes = "".join(f"\n\n[^{key}]: {known[key]}" for key in cited(markdown) if key in known)
    return nh3.clean(
        _parser().render(markdown + notes),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def cited(markdown: str) -> list[str]:
    """Return the reference keys that a text cites, each once, in the order of their first use."""
    return list(dict.fromkeys(_CITED.findall(markdown)))


def contents(html: str) -> list[tuple[str, str]]:
    """Return the (id, plain title) of each second-level heading of rendered HTML."""
    return [(key, unescape(_TAG.sub("", title))) for key, title in _HEADING.findall(html)]


def plain(html: str) -> str:
    """Return the words of rendered HTML, for search and for counting."""
    return unescape(_TAG.sub(" ", html)).replace("\N{LEFTWARDS ARROW WITH HOOK}", "").strip()


def reading_minutes(html: str) -> int:
    """Return how long a text takes to read at 220 words a minute, at least one minute."""
    return max(1, round(len(plain(html).split()) / 220))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": True})
    parser.enable(["table", "replacements", "smartquotes"])
    parser.use(footnote_plugin, inline=False)
    parser.use(anchors_plugin, min_level=2, max_level=3)
    parser.core.ruler.push("figures", _lift_figures)
    parser.add_render_rule("figure", _figure)
    return parser


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
        f'<figure class="figure"><img src="{FIGURES}{key}.svg" alt="{escape(picture["alt"])}"'
        ' width="480" height="320" loading="lazy">'
        + (f"<figcaption>{escape(str(caption))}</figcaption>" if caption else "")
        + "</figure>\n"
    )
