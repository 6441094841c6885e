"""Saving films."""

from dataclasses import dataclass

from models import Video
from storefront.text import render


@dataclass(frozen=True, slots=True)
class Draft:
    """What a film is to be: a file of ours by its key, or a link; the other is empty."""

    title: str
    link: str
    file_key: str
    poster_key: str
    duration_s: int
    position: int
    captions: str
    chapters: str
    transcript: str


def fill(video: Video, draft: Draft) -> None:
    """Make a film what the draft says; one that exists must be locked."""
    video.title, video.duration_s, video.position = draft.title, draft.duration_s, draft.position
    video.link, video.file_key = draft.link or None, draft.file_key or None
    video.poster_key = draft.poster_key or None
    video.captions_vtt, video.chapters_vtt = draft.captions, draft.chapters
    video.transcript_markdown = draft.transcript
    video.transcript_html = render(draft.transcript)
