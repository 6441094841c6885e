"""The addresses of one's own account."""

from flask import Blueprint

bp = Blueprint("own", __name__, url_prefix="/me")
