"""The stand-in as a process of its own, told everything by the environment.

``granian --interface wsgi storefront.payments.stand_in.wsgi:app --port 8001``: one worker,
since the clock and the deliveries are worked by a thread inside it.
"""

import os
from pathlib import Path

from . import StandInSettings, create_stand_in, stand_in_of

app = create_stand_in(
    StandInSettings(
        database=Path(os.environ.get("STAND_IN_DATABASE", "instance/stand_in.sqlite")),
        webhook_url=os.environ.get("STAND_IN_WEBHOOK_URL") or None,
        webhook_secret=os.environ.get("STAND_IN_WEBHOOK_SECRET", ""),
        public_url=os.environ.get("STAND_IN_PUBLIC_URL") or None,
    )
)
stand_in_of(app).start_background()
