"""The address of a page as a code that a phone reads from paper."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as one SVG path of unit squares. size: its side in them; quiet: the margin."""

    address: str
    path: str
    size: int
    quiet: int = 4


def code_of(address: str) -> Code:
    """Return an address as a QR code that still reads when a seventh of it is lost."""
    import segno

    rows = [bytes(row) for row in segno.make_qr(address, error="m").matrix]
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return Code(address, path, len(rows))
