"""The addresses for machines, one module for each kind of them."""

from flask import Blueprint

from storefront.feeds.share import bp as share

bp = Blueprint("feeds", __name__)
for kind in (share,):
    bp.register_blueprint(kind)
