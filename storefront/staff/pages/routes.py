"""The addresses of pages and policies."""

from flask import Blueprint

bp = Blueprint("pages", __name__, url_prefix="/pages")
