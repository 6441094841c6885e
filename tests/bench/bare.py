"""The least that Flask can do: one route that says a constant, the bytes of the file ``BODY``."""

import os
from pathlib import Path

from flask import Flask

app = Flask(__name__, static_folder=None)
BODY = Path(os.environ["BODY"]).read_bytes()


@app.get("/")
def show() -> bytes:
    return BODY
