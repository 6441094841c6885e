"""The shop as one WSGI app: the only file that knows every part."""

import os
from collections.abc import Callable
from copy import copy
from typing import cast

from storefront.starting import uncollected

with uncollected():
    from flask import Flask
    from flask_compress import Compress
    from werkzeug.local import LocalProxy
    from werkzeug.middleware.proxy_fix import ProxyFix

    from models.language import fragment, language
    from models.picture import figure_of, figure_path
    from models.stock_alert import TELL
    from storefront import (
        addresses,
        caching,
        cli,
        compiled,
        errors,
        extensions,
        formatting,
        logs,
        prefix,
        redirects,
        safety,
        schema,
        signin,
        site,
        storage,
    )
    from storefront.accounts.house import bp as accounts
    from storefront.alerts import carts, invitations
    from storefront.alerts import stock as stock_alerts
    from storefront.alerts.mails import AlertMails
    from storefront.alerts.routes import bp as alerts
    from storefront.alerts.stock import BackInStock
    from storefront.assets import Assets
    from storefront.body.routes import bp as body
    from storefront.cart import cookie, trail
    from storefront.cart.aside.routes import bp as cart_aside
    from storefront.cart.delivery import bp as delivery
    from storefront.cart.paying.routes import bp as cart_gifts
    from storefront.cart.routes import bp as cart
    from storefront.cart.scripts.routes import bp as cart_scripts
    from storefront.catalog import on_pages, rules
    from storefront.catalog.routes import bp as catalog
    from storefront.changes.routes import bp as changes
    from storefront.checkout.jobs import Expiry, TellDeclined
    from storefront.checkout.more.routes import bp as more
    from storefront.checkout.routes import bp as checkout
    from storefront.comments.routes import bp as comments
    from storefront.config import Settings, SettingsError, from_env
    from storefront.dev.routes import bp as dev
    from storefront.extensions import db
    from storefront.feeds.linked_data.things import Site
    from storefront.feeds.machines import Machines
    from storefront.feeds.routes import bp as feeds
    from storefront.gift_cards import jobs as gift_card_jobs
    from storefront.gift_cards.routes import bp as gift_cards
    from storefront.health.routes import bp as health
    from storefront.home.routes import bp as home
    from storefront.jobs.hands import MAILS
    from storefront.jobs.worker import Handler
    from storefront.languages import catalog as words
    from storefront.languages import marking
    from storefront.learn.jobs import publish, publish_page
    from storefront.learn.routes import bp as learn
    from storefront.links.routes import bp as links
    from storefront.mail.letters import Letters
    from storefront.mail.mailer import Mailer
    from storefront.media import making
    from storefront.media.routes import bp as media
    from storefront.mistakes import is_first_mistake
    from storefront.newsletter.mails import Mails
    from storefront.newsletter.routes import bp as newsletter
    from storefront.newsletter.sending import Sending
    from storefront.orders import overdue
    from storefront.orders.routes import bp as orders
    from storefront.page_cache import serving as page_cache
    from storefront.paging import canonical_path, present_address
    from storefront.payments.attempts import TELL_DECLINED, Guard
    from storefront.payments.gateway import Gateway
    from storefront.payments.jobs import Reconciliation, Refunding
    from storefront.payments.proof import Proof
    from storefront.payments.routes import bp as payments
    from storefront.payments.stripe_gateway import StripeGateway
    from storefront.present import PresentShop
    from storefront.pricing.quote import Terms
    from storefront.privacy.routes import bp as privacy
    from storefront.questions.routes import bp as questions
    from storefront.returns.routes import bp as returns
    from storefront.reviews.routes import bp as reviews
    from storefront.routines.routes import bp as routines
    from storefront.search.routes import bp as search
    from storefront.sent_pictures.jobs import KIND as DISCARD
    from storefront.sent_pictures.jobs import Discarding
    from storefront.sent_pictures.routes import bp as sent_pictures
    from storefront.staff.broken_links.checking import Follower
    from storefront.staff.broken_links.jobs import KIND as LINKS
    from storefront.staff.broken_links.jobs import LinkChecking
    from storefront.staff.exports.jobs import Exporting
    from storefront.staff.imports.jobs import Importing
    from storefront.staff.inventory import low
    from storefront.staff.products import publishing
    from storefront.staff.routes import bp as staff
    from storefront.translations.shop import SaidShop

PUBLIC = (
    *(home, catalog, learn, search, cart, links, checkout, orders, accounts, privacy, payments),
    *(cart_aside, cart_scripts, alerts, questions),
    *(body, routines, comments, reviews, newsletter, feeds, media, health),
    *(sent_pictures, changes, more, returns),
    *(gift_cards, cart_gifts, delivery),
)


def create_app(settings: Settings | None = None, gateway: Gateway | None = None) -> Flask:
    """Return the shop, bound to its settings (default: the environment's).

    Where it must not start so, the process ends with one line that says why.
    """
    try:
        settings = settings or from_env()
    except SettingsError as wrong:
        message = f"The shop does not start: {wrong}."
        raise SystemExit(message) from None
    app = Flask(__name__, static_folder=None)
    app.jinja_environment = compiled.Environment
    app.config.update(SETTINGS=settings, SECRET_KEY=settings.secret_key)
    addresses.init_app(app)
    _bind_infrastructure(app, settings)
    shop = _present_shop(app, settings)
    letters = Letters(settings, shop)
    gateway = gateway or StripeGateway(settings)
    guard = Guard(settings.checkout_limits, settings.secret_key)
    app.extensions |= {"letters": letters, "gateway": gateway, "guard": guard}
    app.extensions["newsletter"] = mails = Mails(settings, shop)
    app.extensions["alerts"] = alert_mails = AlertMails(settings, shop)
    app.extensions["visitor"] = cookie.visitor
    app.extensions["handlers"] = handlers(settings, gateway, letters) | {
        "newsletter": Sending(mails).send_due,
        LINKS: LinkChecking(Follower(_asking(app)), lambda: shop).check,
        publishing.KIND: publishing.publish,
        TELL: BackInStock(alert_mails).tell,
        stock_alerts.FORGET: stock_alerts.forget,
        carts.KIND: carts.Reminding(alert_mails, _terms(settings)).remind,
        invitations.KIND: invitations.Inviting(alert_mails, settings.review_after_days).invite,
        low.KIND: low.Telling(letters).tell,
        overdue.KIND: overdue.Ending(letters).end,
        rules.KIND: rules.refresh_nightly,
        schema.ANALYZE: schema.analyze_daily,
        DISCARD: Discarding(app.extensions["storage"]).discard,
        making.KIND: making.Making(app.extensions["storage"]).make,
        **Importing(settings.currencies).handlers,
        **Exporting(settings.currencies, settings.timezone, app.extensions["storage"]).handlers,
    }
    for blueprint in (*PUBLIC, staff, *(() if settings.is_production else (dev,))):
        app.register_blueprint(blueprint)
    cli.init_app(app)
    _bind_templates(app, settings, shop)
    page_cache.init_app(app, settings, cookie.on_pages(app), on_pages.stock)
    return app


def _terms(settings: Settings) -> Terms:
    """Return what the settings decide of prices."""
    countries = settings.shipping_countries
    return Terms(settings.currency, countries, settings.taxes_by_stripe, settings.currencies)


def _present_shop(app: Flask, settings: Settings) -> site.Shop:
    """Return the shop as it is whenever it is looked at."""
    present = PresentShop(
        site.read(), settings.instance / "shop-changed", lambda: app.extensions["sessions"]
    )
    present.read()
    app.extensions["present_shop"] = present
    said = SaidShop(present.now, lambda: app.extensions["sessions"].memory)
    return cast("site.Shop", LocalProxy(said.now))


def _asking(app: Flask) -> Callable[[str], int]:
    """Return who asks the shop itself for a page, without a network."""

    def status(path: str) -> int:
        with app.test_client() as visitor:
            return visitor.get(path, follow_redirects=True).status_code

    return status


def handlers(settings: Settings, gateway: Gateway, letters: Letters) -> dict[str, Handler]:
    """Return who does which kind of job."""
    return {
        **dict.fromkeys(MAILS, Mailer(settings).send),
        "expire-order": Expiry(gateway, letters).expire,
        TELL_DECLINED: TellDeclined(letters).tell,
        "reconcile": Reconciliation(gateway, letters).reconcile,
        "refund": Refunding(gateway, letters).refund,
        "verify": Proof(letters).verify,
        gift_card_jobs.JOB: gift_card_jobs.Mailing(letters).mail,
        "publish-article": publish,
        "publish-page": publish_page,
    }


def _bind_infrastructure(app: Flask, settings: Settings) -> None:
    """Bind in this order: what is bound last sees an answer first."""
    logs.configure()
    for gap in settings.gaps:
        logs.log.warning(gap)
    # On our pages brotli at 5 takes a tenth less than zstd, which browsers would be given first.
    app.config.update(COMPRESS_ALGORITHM=["br", "gzip"], COMPRESS_BR_LEVEL=5)
    Compress(app).compress_mimetypes_set.add("text/markdown")  # which its defaults lack
    logs.init_app(app)
    safety.init_app(app, settings)
    caching.init_app(app)
    errors.init_app(app)
    redirects.init_app(app)
    db.init_app(app, settings.database_url)
    prefix.init_app(app)
    signin.init_app(app, settings)
    app.extensions["storage"] = storage.Storage(settings.storage_url)
    if count := settings.proxy_count:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )


def _bind_templates(app: Flask, settings: Settings, shop: site.Shop) -> None:
    assets = Assets(settings)
    assets.init_app(app)
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    words.init_app(app)
    environment.filters |= {
        "money": formatting.money,
        "day": lambda moment: formatting.day(moment, settings.timezone),
        "date": formatting.date_text,
        "minute": lambda moment: formatting.minute(moment, settings.timezone),
        "isoday": formatting.isoday,
        "tenths": formatting.tenths,
        "address_lines": formatting.address_lines,
        "from_here": trail.from_here,
        "links_from_here": trail.links_from_here,
        "said": _said,
        "lang": marking.lang,
    }
    machines = app.extensions["machines"] = Machines(
        Site(settings.site_url, shop, assets.url, prefix.in_language)
    )
    environment.globals |= {
        "shop": shop,
        "url_for": addresses.Addresses(app).url_for,
        "asset": assets.url,
        "srcset": assets.srcset,
        "machines": machines,
        "figure_url": lambda name: assets.url(figure_path(name)) + fragment(),
        "figure_within": lambda name: assets.within(figure_path(name), fragment()),
        "figure_of": figure_of,
        "is_first_mistake": is_first_mistake,
        "speaks": language,
        "speaks_as": marking.own_name,
        "is_development": not settings.is_production,
    }
    environment.bytecode_cache = compiled.Compiled(environment, settings.instance / "templates")
    app.context_processor(lambda: _of_visitor(settings, shop))


def _said(text: str) -> str:
    """Return what a text of the database that no row holds says in the language spoken now."""
    return db.sessions.memory.said(text)


def _of_visitor(settings: Settings, shop: site.Shop) -> dict[str, object]:
    """Return what every page shows of its visitor; an error page must render without a database."""
    try:
        count, chosen = cookie.item_count(), cookie.chosen_currency()
    except Exception:  # noqa: BLE001 (whatever is wrong, the page that says so must come)
        count, chosen = 0, None
    return {
        "shop": copy(shop),  # looked at once: a page names it forty times
        "cart_count": count,
        "currency": chosen or extensions.settings().currency,
        "currencies": extensions.settings().currencies,
        "present_address": present_address(),
        "canonical_url": settings.site_url + canonical_path(),
        "site_url": settings.site_url,
        "language": language(),
        "languages": prefix.alternatives(),
    }


if __name__ == "__main__":
    create_app().run(port=int(os.environ.get("PORT", "8000")))
