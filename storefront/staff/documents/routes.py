"""The addresses of documents of an order."""

from flask import Blueprint

bp = Blueprint("documents", __name__, url_prefix="/orders/<number>/documents")
