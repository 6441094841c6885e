"""What a session notes of a row when it closes, while the row is found to be garbage: a process.

It looks for garbage wherever Python 3.11 might, and says what is noted of the row then.
"""

import gc

from sqlalchemy import create_engine, insert, inspect, select
from sqlalchemy.orm import Session

from models import Redirect

ROWS = 100  # more than the attributes for which Python keeps room by itself
FREE_DICTS = 1_000  # more than Python keeps for use again

engine = create_engine("sqlite://")
Redirect.__table__.create(engine)
with engine.begin() as connection:
    rows = [{"path": f"/{number}", "target": "/"} for number in range(ROWS)]
    connection.execute(insert(Redirect), rows)
session = Session(engine)
gc.disable()
found = list(session.scalars(select(Redirect).order_by(Redirect.id)))
found[0].target = "/elsewhere"
row = found.pop()
state = inspect(row)
row.itself = row
del row
taken: list[dict[str, str]] = [{} for _ in range(FREE_DICTS)]
gc.set_threshold(1, 1, 1)
gc.enable()
state._strong_obj = None  # as the session does
gc.disable()
print(*sorted(vars(state)))
gc.collect()
print(state.obj(), state.key[1], state.session_id)
