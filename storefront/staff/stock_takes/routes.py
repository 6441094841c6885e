"""The addresses of stock takes."""

from flask import Blueprint

bp = Blueprint("stock_takes", __name__, url_prefix="/stock-takes")
