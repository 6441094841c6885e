"""The addresses of mails."""

from flask import Blueprint

bp = Blueprint("mails", __name__, url_prefix="/mails")
