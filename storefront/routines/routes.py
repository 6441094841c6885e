"""The addresses of routines, the player and the log."""

from flask import Blueprint

bp = Blueprint("routines", __name__)
