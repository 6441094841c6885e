"""Pictures that staff brought in: kept as they came, and made small for pages."""

import enum
import re
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt

MIDDLE = 50  # percent
_NAME = re.compile(r"([0-9a-f]{64})-([0-9]{1,5})x([0-9]{1,5})((?:-[0-9]{1,5}){1,5})")


class PictureStatus(enum.StrEnum):
    """Whether a picture can be shown."""

    WAITING = "waiting"  # for the worker
    READY = "ready"
    FAILED = "failed"


class Picture(CreatedAt, Base):
    """A picture in the shop's storage, in several widths under one key.

    key: digest of its bytes; names the files ``<key>-<width>.avif`` and ``.webp``, and the original
    ``original/<key>``. widths: pixels, ascending. focal_x, focal_y: percent of width and height at
    which a crop is centred. error: why it could not be made.
    """

    __tablename__ = "pictures"
    __table_args__ = (
        CheckConstraint(
            "focal_x BETWEEN 0 AND 100 AND focal_y BETWEEN 0 AND 100", name="focal_in_range"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    filename: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(40), default="")
    alt: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    size_bytes: Mapped[int] = mapped_column(default=0)
    widths: Mapped[list[int]] = mapped_column(default=list)
    focal_x: Mapped[int] = mapped_column(default=50)
    focal_y: Mapped[int] = mapped_column(default=50)
    status: Mapped[PictureStatus] = mapped_column(default=PictureStatus.WAITING)
    error: Mapped[str] = mapped_column(String(300), default="")
    actor: Mapped[str] = mapped_column(String(254), default="")

    def file(self, width: int, suffix: str) -> str:
        """Return the address of one of its files; suffix: ``avif`` or ``webp``."""
        return media_path(self.key, width, suffix)

    @property
    def as_figure(self) -> str:
        """The name by which a text shows it; it says all that a page needs, see ``Figure``."""
        widths = "".join(f"-{width}" for width in self.widths)
        return f"{self.key}-{self.width}x{self.height}{widths}"

    @property
    def focus(self) -> str:
        """The classes that centre a crop of it at its focal point; empty for the middle."""
        x, y = (10 * ((it + 5) // 10) for it in (self.focal_x, self.focal_y))
        return "" if x == y == MIDDLE else f"focal focal-x-{x} focal-y-{y}"


# The pictures that came with the shop and can be turned: static/img/products/<key>-turn.avif.
TURNED = frozenset({"ql-claw-hero"})


def media_path(key: str, width: int, suffix: str) -> str:
    """Return the address of a picture's file."""
    return f"/media/{key}-{width}.{suffix}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture as the figure of a text, read from its name alone: no page asks the database.

    What it says never changes: the key is the digest of the picture's bytes. widths: pixels,
    ascending.
    """

    key: str
    width: int
    height: int
    widths: tuple[int, ...]
    focus = ""

    def file(self, width: int, suffix: str) -> str:
        """Return the address of one of its files; suffix: ``avif`` or ``webp``."""
        return media_path(self.key, width, suffix)

    @property
    def plain(self) -> str:
        """The address of one file, for where a single one must do."""
        return self.file(self.widths[len(self.widths) // 2], "webp")


def figure_of(name: str) -> Figure | None:
    """Return the picture that a figure's name means, None for one of the shop's own drawings."""
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    widths = tuple(int(it) for it in found[4].split("-")[1:])
    return Figure(found[1], int(found[2]), int(found[3]), widths)


def figure_path(name: str) -> str:
    """Return where the file of a figure is: among the shop's files, or a picture's address."""
    brought = figure_of(name)
    return brought.plain if brought else f"img/figures/{name}.svg"
