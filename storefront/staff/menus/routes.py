"""The addresses of menus."""

from flask import Blueprint

bp = Blueprint("menus", __name__, url_prefix="/menus")
