"""The addresses of the queue of messages."""

from flask import Blueprint

bp = Blueprint("messages", __name__, url_prefix="/messages")
