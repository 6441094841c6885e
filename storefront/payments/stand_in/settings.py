"""What the stand-in is told when it starts."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class StandInSettings:
    """Where the stand-in keeps its books, and where it sends events.

    database: the SQLite file; created when missing, kept over restarts.
    webhook_secret: signs every delivery, as an endpoint secret (``whsec_…``) does.
    webhook_url: where events go; None sends none and remembers none to send.
    public_url: base of the pay page's addresses; None takes it from the request.
    retry_delays_s: seconds before the second, third, … delivery; the last one repeats.
    delayed_payment_s: seconds until a bank debit, or a refund of one, is settled.
    """

    database: Path
    webhook_secret: str
    webhook_url: str | None = None
    public_url: str | None = None
    retry_delays_s: tuple[float, ...] = (1, 2, 4, 8, 16, 32, 60)
    give_up_after_s: float = 3 * 24 * 3600
    webhook_timeout_s: float = 10
    delayed_payment_s: float = 10
    poll_s: float = 0.2
