"""The addresses of subscribing, preferring and leaving."""

from flask import Blueprint

bp = Blueprint("newsletter", __name__)
