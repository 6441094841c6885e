"""The addresses of the body map, regions, muscles and the glossary."""

from flask import Blueprint

bp = Blueprint("body", __name__)
