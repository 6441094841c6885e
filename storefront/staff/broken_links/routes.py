"""The addresses of broken links."""

from flask import Blueprint

bp = Blueprint("broken_links", __name__, url_prefix="/broken-links")
