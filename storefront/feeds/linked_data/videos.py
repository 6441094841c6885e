"""Films, with what is said in them and where their chapters begin."""

from collections.abc import Sequence
from typing import Any

from models import Video
from storefront.feeds.linked_data.things import Site, Thing, moment, thing
from storefront.learn import vtt
from storefront.text import plain


def videos(site: Site, found: Sequence[Video], page_url: str, picture: str) -> list[Thing]:
    """Return films. picture: the address of what is shown of one that has no poster."""
    return [_video(site, video, page_url, picture) for video in found]


def _video(site: Site, video: Video, page_url: str, picture: str) -> Thing:
    where: dict[str, Any] = {"url": video.link}
    if video.file_key:
        where = {"contentUrl": site.at(site.asset(f"video/{video.file_key}.mp4"))}
    return thing(
        "VideoObject",
        name=video.title,
        description=plain(video.transcript_html)[:300] or video.title,
        thumbnailUrl=_poster(site, video) or picture,
        uploadDate=moment(video.created_at),
        duration=f"PT{video.duration_s}S" if video.duration_s else None,
        transcript=plain(video.transcript_html),
        hasPart=[
            thing(
                "Clip",
                name=cue.text,
                startOffset=int(cue.start_s),
                endOffset=int(cue.end_s),
                url=f"{page_url}#t={int(cue.start_s)}",
            )
            for cue in vtt.cues(video.chapters_vtt)
        ],
        **where,
    )


def _poster(site: Site, video: Video) -> str | None:
    return site.at(site.asset(f"video/{video.poster_key}.webp")) if video.poster_key else None
