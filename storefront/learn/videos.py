"""Videos as readers see them: a file of our own, or a link to a page of a known host."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session

from models import Article, Page, Video, now
from storefront.learn.vtt import Cue, cues


@dataclass(frozen=True, slots=True)
class Host:
    """Who shows videos elsewhere.

    page and player take the video's ``key``; origin: whose frames a page with the player may hold.
    """

    name: str
    address: re.Pattern[str]
    page: str
    player: str
    origin: str


# The players that set no cookie, or are told not to track.
HOSTS = (
    Host(
        name="YouTube",
        address=re.compile(
            r"https?://(?:www\.|m\.)?(?:youtube(?:-nocookie)?\.com/(?:watch\?(?:[^#]*&)?v=|embed/"
            r"|shorts/)|youtu\.be/)(?P<key>[A-Za-z0-9_-]{11})(?:[?&#/].*)?"
        ),
        page="https://www.youtube.com/watch?v={key}",
        player="https://www.youtube-nocookie.com/embed/{key}?autoplay=1&rel=0",
        origin="https://www.youtube-nocookie.com",
    ),
    Host(
        name="Vimeo",
        address=re.compile(
            r"https?://(?:www\.|player\.)?vimeo\.com/(?:video/)?(?P<key>[0-9]{6,12})(?:[?#/].*)?"
        ),
        page="https://vimeo.com/{key}",
        player="https://player.vimeo.com/video/{key}?dnt=1&autoplay=1",
        origin="https://player.vimeo.com",
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """A video at a host: its page there, and its player's address."""

    host: Host
    page: str
    player: str


@dataclass(frozen=True, slots=True)
class VideoView:
    """A video with its link, None where it is a file, and its chapters."""

    video: Video
    link: Link | None
    chapters: Sequence[Cue]


def link_from(typed: str) -> Link:
    """Return the video that an address leads to, or raise ValueError with a message for people."""
    for host in HOSTS:
        found = host.address.fullmatch(typed.strip())
        if found is not None:
            key = found["key"]
            return Link(host, host.page.format(key=key), host.player.format(key=key))
    names = " or ".join(host.name for host in HOSTS)
    message = (
        f"Enter the address of a video at {names}, such as {HOSTS[1].page.format(key=76979871)}."
    )
    raise ValueError(message)


def views(session: Session, of: Article | Page) -> list[VideoView]:
    """Return the videos of a text in their order, in one query."""
    wanted = _videos("article_id" if isinstance(of, Article) else "page_id")
    return [view(video) for video in session.scalars(wanted, {"text": of.id})]


@cache
def _videos(column: str) -> Select[Video]:
    """Return the statement for the videos of a ``text``, made once."""
    wanted = select(Video).where(getattr(Video, column) == bindparam("text"))
    return wanted.order_by(Video.position, Video.id)


def view(video: Video) -> VideoView:
    """Return a video as a page shows it; chapters that are no WebVTT are left out."""
    link = link_from(video.link) if video.link else None
    return VideoView(video, link, cues(video.chapters_vtt))


def visible(session: Session, video_id: int) -> Video | None:
    """Return a video whose text visitors see, or None."""
    return session.scalars(
        select(Video)
        .outerjoin(Article)
        .outerjoin(Page, Page.id == Video.page_id)
        .where(
            Video.id == video_id,
            or_(Page.published_at <= now(), Article.published_at <= now()),
        )
    ).one_or_none()
