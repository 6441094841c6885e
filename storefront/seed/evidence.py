"""What stands behind the starting texts: their claims, and their videos."""

from pathlib import Path

from models import Claim, Video
from models.evidence import claim_references
from storefront.seed.rows import FOLDER, Rows, Table, toml

CLAIMS = FOLDER / "claims.toml"


def add_claims(rows: Rows, path: Path = CLAIMS) -> None:
    """Write the claim register; nobody has reviewed anything yet."""
    for row in toml(path)["claim"] if path.exists() else ():
        claim = rows.added(
            Claim(
                article_id=rows.articles[row["article"]].id if "article" in row else None,
                page_id=_page_id(rows, row["page"]) if "page" in row else None,
                text=row["text"],
                review_by=row["review_by"],
            )
        )
        rows.link(claim_references, claim.id, [rows.references[key] for key in row["references"]])


def _page_id(rows: Rows, handle: str) -> int:
    return (rows.tutorials.get(handle) or rows.pages[handle]).id


def add_videos(
    rows: Rows, front: Table, *, article_id: int | None = None, page_id: int | None = None
) -> None:
    """Write the films that a text's front matter lists."""
    for position, row in enumerate(front.get("video", ())):
        rows.added(
            Video(
                article_id=article_id,
                page_id=page_id,
                position=position,
                title=row["title"],
                file_key=row.get("file"),
                link=row.get("link"),
                poster_key=row.get("poster"),
                duration_s=row["duration_s"],
                captions_vtt=row.get("captions", ""),
                chapters_vtt=row.get("chapters", ""),
                transcript_markdown=row.get("transcript", ""),
                transcript_html=rows.html(row.get("transcript", "")),
            )
        )
