"""The addresses for machines, one module for each kind of them."""

from flask import Blueprint

from storefront.feeds.atom import bp as atom
from storefront.feeds.robots import bp as robots
from storefront.feeds.share import bp as share
from storefront.feeds.sitemap import bp as sitemap
from storefront.feeds.twins import bp as twins

bp = Blueprint("feeds", __name__)
for kind in (sitemap, robots, atom, twins, share):
    bp.register_blueprint(kind)
