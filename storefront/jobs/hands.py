"""The worker's hands: each has its own kinds of jobs, so that none waits for another's.

A mail server that hangs costs fifteen seconds for each mail, and mails to thousands of subscribers
half an hour; an import takes minutes. Meanwhile an order that is paid is to be found, one that is
not gives its units back, and a buyer looks for the mail about hers.
"""

from collections.abc import Mapping, Sequence
from threading import Thread

from storefront.database import Sessions
from storefront.jobs.worker import Handler, Worker

MAIL = "send-mail"
MAIL_TO_MANY = "send-mail-to-many"  # which who gets it can stop, and does not wait for
MAILS = frozenset({MAIL, MAIL_TO_MANY})
# What binds units or money, or was promised for an hour. What is not named here has the last hand.
SOON = frozenset(
    {
        *("reconcile", "expire-order", "refund", "tell-declined", "end-exchanges"),
        *("publish-article", "publish-page", "publish-product", "mail-gift-card"),
    }
)


def hands(
    sessions: Sessions, handlers: Mapping[str, Handler], periodic: Mapping[str, int]
) -> list[Worker]:
    """Return workers that share all jobs; the first writes the periodic ones, for all of them."""
    return [
        Worker(sessions, handlers, periodic, of=SOON),
        Worker(sessions, handlers, of={MAIL}),
        Worker(sessions, handlers, of={MAIL_TO_MANY}),
        Worker(sessions, handlers, but=SOON | MAILS),
    ]


def work(all_hands: Sequence[Worker]) -> None:
    """Let each work in a thread of its own until it is told to stop; return when all have."""
    threads = [Thread(target=it.run) for it in all_hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
