"""The addresses by which a reader acts on a comment."""

from flask import Blueprint

bp = Blueprint("comments", __name__)
