"""The addresses of finding."""

from flask import Blueprint

bp = Blueprint("find", __name__, url_prefix="/find")
