"""The addresses of settings."""

from flask import Blueprint

bp = Blueprint("shop", __name__, url_prefix="/settings")
