"""The addresses of redirects."""

from flask import Blueprint

bp = Blueprint("redirects", __name__, url_prefix="/redirects")
