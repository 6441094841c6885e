"""Redirects: old addresses of the shop, and where they lead."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models import Redirect
from models.once import upsert
from models.staff import Permission
from storefront.forms import local_path
from storefront.staff.imports.columns import Column, Line, refuse
from storefront.staff.imports.kinds.kind import Change, Kind, Said, Work

LONGEST_PATH = 300
LONGEST_TARGET = 500


@dataclass(frozen=True, slots=True)
class Facts:
    """There already: targets by path, and the paths that lead to a target."""

    targets: Mapping[str, str]
    sources: Mapping[str, Sequence[str]]


class Redirects(Kind):
    """Path and target; both within the shop, and never one after the other."""

    title = "Redirects"
    about = "Old addresses of the shop, and where each leads."
    permission = Permission.EDIT_CONTENT
    columns = (
        Column(
            "path",
            "The old address, from its first slash.",
            "/pages/old-page",
            ("redirect from", "from", "old address", "old path"),
            is_needed=True,
        ),
        Column(
            "target",
            "Where it leads now: an address of this shop.",
            "/pages/ql-release",
            ("redirect to", "to", "new address", "new path"),
            is_needed=True,
        ),
    )

    def key(self, line: Line) -> str:
        """Each path leads to one place."""
        return path_of(line["path"])

    def facts(
        self, session: Session, lines: Sequence[Line], work: Work, *, to_change: bool
    ) -> Facts:
        """Look up the redirects that these rows touch."""
        del work
        paths = {path_of(line["path"]) for line in lines}
        named = paths | {line["target"] for line in lines}
        wanted = select(Redirect).where(or_(Redirect.path.in_(named), Redirect.target.in_(paths)))
        if to_change:
            wanted = wanted.order_by(Redirect.id).with_for_update()
        found = session.scalars(wanted.execution_options(populate_existing=True)).all()
        sources: dict[str, list[str]] = {}
        for it in found:
            sources.setdefault(it.target, []).append(it.path)
        return Facts({it.path: it.target for it in found}, sources)

    def check(self, line: Line, facts: Facts, work: Work) -> Iterator[Said]:
        """Refuse what is no address of ours, circles and chains."""
        path, target = path_of(line["path"]), line["target"]
        is_path = local_path(quote(path)) is not None and len(path) <= LONGEST_PATH
        if not is_path or "?" in path or "#" in path:
            yield "path", "Write an address of this shop without a query, such as /pages/old-page."
        elif path.startswith("/staff"):
            yield "path", "The back office has no redirects."
        if local_path(target) is None or len(target) > LONGEST_TARGET:
            yield "target", "Write an address of this shop, such as /pages/ql-release."
            return
        yield from self._chains(path, target, facts, work)

    def _chains(self, path: str, target: str, facts: Facts, work: Work) -> Iterator[Said]:
        end = path_of(target.partition("?")[0].partition("#")[0])
        if end == path:
            yield "target", "This leads to itself."
        elif end in work.rows:
            yield "target", f"Row {work.rows[end]} leads on from here. Lead to its target instead."
        elif end in facts.targets:
            yield "target", f"This leads on to {facts.targets[end]}. Lead there instead."
        for source in facts.sources.get(path, ()):
            if source not in work.rows:
                yield "path", f"{source} leads here already. Lead that one to {target[:80]} first."

    def apply(self, session: Session, line: Line, facts: Facts, work: Work) -> Iterator[Change]:
        """Write a redirect, or let one that is there lead elsewhere."""
        path, target = path_of(line["path"]), line["target"]
        before = facts.targets.get(path)
        if before == target:
            return
        if before is None:
            written = upsert(session, Redirect).values(path=path, target=target, actor=work.actor)
            is_new = written.on_conflict_do_nothing(index_elements=["path"]).returning(Redirect.id)
            if session.scalar(is_new) is None:
                refuse("path", "Somebody let it lead on meanwhile, and it stays.")
        else:
            there = update(Redirect).where(Redirect.path == path)
            session.execute(there.values(target=target, actor=work.actor))
        yield Change(path, {"target": before} if before else {}, {"target": target})

    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Take a redirect away, or let it lead where it led."""
        mine = select(Redirect).where(Redirect.path == change.subject).with_for_update()
        found = session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
        if found is None or found.target != change.after["target"]:
            refuse("target", "It was changed since, and stays.")
        if change.before:
            found.target, found.actor = change.before["target"], work.actor
        else:
            session.execute(delete(Redirect).where(Redirect.id == found.id))


def path_of(typed: str) -> str:
    """Return an address as requests ask for it: decoded, without a slash at its end."""
    return unquote(typed).rstrip("/") or "/"
