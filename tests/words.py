"""Is every word of the shop said in every language? ``python -m tests.words [templates/cart …]``.

It asks that no template for visitors has a word outside of ``_()`` and ``{% trans %}``, that the
catalogues say each message of the sources, with its values and tags, and that neither a message nor
the back office has a word in whose place another one is used (``AVOIDED``).
``--write`` puts new messages into the catalogues (empty) and takes out those that are gone.
``--python storefront/cart …`` prints what in Python files looks like a sentence and is not said.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po
from bs4 import BeautifulSoup, Comment, Doctype
from jinja2 import Environment, nodes

from models.language import OTHERS
from storefront.config import ROOT
from storefront.languages.catalog import path_of

KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "lazy_gettext", "gettext_noop")),
    "ngettext": (1, 2),
}
METHODS = [
    ("storefront/**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
    ("templates/**.xml", "jinja2"),
    ("templates/**.md", "jinja2"),
]
OPTIONS = {pattern: {"trimmed": "true"} for pattern, method in METHODS if method == "jinja2"}
# The back office speaks the shop's own language.
OWN_ONLY = (
    *("templates/staff/", "templates/dev/"),
    *("templates/mail/staff_", "templates/mail/purchase_"),
)
SAID_BY = set(KEYWORDS)
SPOKEN = ("aria-label", "alt", "title", "placeholder", "aria-description", "label")
# One word for one thing, in the spelling of the shop's country, and nothing that fills a sentence.
AVOIDED = {
    r"e-mail|mail address": "email, email address; what is sent is a mail",
    r"log(ged)? (in|out|on)(?! your account)(?! this)": "sign in, sign out",
    r"basket|shopping (cart|bag)": "cart",
    r"telephone|mobile phone": "phone",
    r"(un)?tick": "check, uncheck",
    r"any ?more(?! (of|than))": "no longer",
    r"anew|whilst|amongst": "again, while, among",
    r"(fav|col|neighb|behavi)our\w*|(cent|lit|met)re\w*|organis\w+|recognis\w+": "-or, -er, -iz-",
    r"please|sorry|oops|unfortunately|successfully|simply|just click": "nothing: say what to do",
    r"invalid|an error( has)? occurred|is required": "what is wrong, and what to do next",
}
WORD = re.compile(r"[^\W\d_]{2,}")
SENTENCE = re.compile(r"[A-Z][a-z]+('[a-z]+)?([ ,.:?!].*)?$", re.DOTALL)
VALUE = re.compile(r"%\((\w+)\)[a-z]")
TAG = re.compile(r"</?[a-z][a-z0-9]*")
NO_WORDS = re.compile(r"(?<=\])\([^)]*\)|<\?xml.*?\?>")  # where a link in Markdown leads
GAP = "\N{OBJECT REPLACEMENT CHARACTER}"  # where a template puts something in


def messages() -> Catalog:
    """Return every message of the sources."""
    found = Catalog()
    for name, line, message, comments, _ in extract_from_dir(
        str(ROOT), METHODS, OPTIONS, KEYWORDS, ("i18n:",), strip_comment_tags=True
    ):
        if not name.startswith(OWN_ONLY):
            found.add(message, None, [(name, line)], auto_comments=comments)
    return found


def catalog(code: str) -> Catalog:
    """Return what is said in a language."""
    with path_of(code).open("rb") as source:
        return read_po(source, locale=code)


def write(code: str) -> None:
    """Bring a catalogue to the messages of the sources."""
    said = catalog(code)
    said.update(messages(), no_fuzzy_matching=True)
    said.obsolete.clear()
    for message in said:
        message.locations = [(name, 0) for name in sorted({name for name, _ in message.locations})]
    with path_of(code).open("wb") as target:
        write_po(target, said, width=100, sort_by_file=True, include_lineno=False)


def unsaid(code: str) -> list[str]:
    """Return each message of the sources that a catalogue says not, or not rightly."""
    said = catalog(code)
    return [
        f"{code}: {wrong}: {message.id!r}"
        for message in messages()
        if message.id and (wrong := _wrong(message, said.get(message.id)))
    ]


def _wrong(message: Message, found: Message | None) -> str:
    if found is None:
        return "missing"
    said = found.string if isinstance(found.string, tuple) else (found.string,)
    if found.fuzzy or not all(said):
        return "not said"
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    for pattern in (VALUE, TAG):
        for text in said:
            if all(sorted(pattern.findall(it)) != sorted(pattern.findall(text)) for it in ids):
                return "other values or tags"
    return ""


def avoided() -> list[str]:
    """Return what is said, to visitors or to staff, with a word that is not used here."""
    said = [("", str(it.id)) for it in messages() if it.id]
    for path in sorted((ROOT / "templates" / "staff").rglob("*.html")):
        said += [(str(path.relative_to(ROOT)), words) for words in unmarked(path)]
    for path in sorted((ROOT / "storefront" / "staff").rglob("*.py")):
        said += [(str(path.relative_to(ROOT)), words) for words in spoken(path)]
    return [
        f"{where}: {found[0]!r} ({better}): {words!r}"
        for where, words in said
        for pattern, better in AVOIDED.items()
        if (found := re.search(rf"\b({pattern})\b|!(?=\s|$)", words, re.IGNORECASE))
    ]


def unmarked(path: Path) -> list[str]:
    """Return the words of a template that no catalogue can say."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    tree = environment.parse(path.read_text(encoding="utf-8"))
    soup = BeautifulSoup(NO_WORDS.sub("", "".join(_shown(tree))), "html.parser")
    found = [
        str(text)
        for text in soup.find_all(string=True)
        if not isinstance(text, (Comment, Doctype))
        and text.parent.name not in {"script", "style", "code"}
    ]
    found += [str(tag[name]) for tag in soup.find_all(True) for name in SPOKEN if tag.get(name)]
    found = [" ".join(it.replace(GAP, " ").split()) for it in found]
    return [it for it in (*found, *_constants(tree)) if WORD.search(it)]


def _shown(node: nodes.Node) -> Iterator[str]:
    """Yield what a template shows as it stands, with a gap for what it puts in."""
    if isinstance(node, nodes.TemplateData):
        yield node.data
    elif isinstance(node, nodes.Expr):
        yield GAP
    else:
        for child in node.iter_child_nodes():
            yield from _shown(child)


def _constants(node: nodes.Node) -> Iterator[str]:
    """Yield the words that a template hands on, such as to a macro, without saying them."""
    is_said = isinstance(node, nodes.Call) and getattr(node.node, "name", "") in SAID_BY
    if is_said or isinstance(node, nodes.Compare):
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        if SENTENCE.match(node.value):
            yield node.value
        return
    for child in node.iter_child_nodes():
        yield from _constants(child)


def spoken(path: Path) -> list[str]:
    """Return the strings of a Python file that look like sentences and are not said: to look at."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    said = {id(it) for node in ast.walk(tree) if _is_silent(node) for it in ast.walk(node)}
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
        if SENTENCE.match(node.value)
    ]


def _is_silent(node: ast.AST) -> bool:
    """Say whether what stands in a part of a program is said already, or only for developers."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", getattr(node.func, "attr", "")) in SAID_BY
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def templates(*below: str) -> list[Path]:
    """Return the templates for visitors, all or those below some folders."""
    found = [it for pattern, _ in METHODS[1:] for it in ROOT.glob(pattern.replace("**", "**/*"))]
    return [
        path
        for path in sorted(found)
        if not str(path.relative_to(ROOT)).startswith(OWN_ONLY)
        and (not below or str(path.relative_to(ROOT)).startswith(below))
    ]


def main(*asked: str) -> int:
    """Print what is wrong; return 1 where something is."""
    if "--write" in asked:
        for code in OTHERS:
            write(code)
    below = tuple(it for it in asked if not it.startswith("-"))
    if "--python" in asked:
        files = [path for it in below for path in sorted((ROOT / it).rglob("*.py"))]
        print(
            *(f"{path.relative_to(ROOT)}:{it}" for path in files for it in spoken(path)), sep="\n"
        )
        return 0
    wrong = [
        f"{path.relative_to(ROOT)}: {words}"
        for path in templates(*below)
        for words in unmarked(path)
    ]
    if not below:
        wrong += [*(it for code in OTHERS for it in unsaid(code)), *avoided()]
    print("\n".join(wrong) if wrong else "Every word is said in every language.")
    return min(1, len(wrong))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
