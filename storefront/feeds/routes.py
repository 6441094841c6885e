"""The addresses for machines."""

from flask import Blueprint

bp = Blueprint("feeds", __name__)
