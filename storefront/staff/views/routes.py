"""The addresses of saved views."""

from flask import Blueprint

bp = Blueprint("views", __name__, url_prefix="/views")
