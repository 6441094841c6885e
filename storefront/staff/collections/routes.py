"""The addresses of collections."""

from flask import Blueprint

bp = Blueprint("collections", __name__, url_prefix="/collections")
