"""The least that django-oscar needs, as its documentation has it; DEBUG off, templates cached."""

import os

from oscar.defaults import *  # noqa: F403 (oscar's documented way)

FOLDER = os.environ["OSCAR_FOLDER"]
SECRET_KEY = "measured beside"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
SITE_ID = 1
ROOT_URLCONF = "tests.bench.oscar.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
STATIC_URL = "/static/"
MEDIA_ROOT = f"{FOLDER}/media"
OSCAR_ALLOW_ANON_CHECKOUT = True
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"  # ours leaves mail to the worker
OSCAR_DEFAULT_CURRENCY = "USD"
INSTALLED_APPS = [
    *("django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"),
    *("django.contrib.messages", "django.contrib.staticfiles", "django.contrib.sites"),
    *("django.contrib.flatpages", "oscar.config.Shop"),
    *(
        f"oscar.apps.{name}"
        for name in (
            *("analytics.apps.AnalyticsConfig", "checkout.apps.CheckoutConfig"),
            *("address.apps.AddressConfig", "shipping.apps.ShippingConfig"),
            *("catalogue.apps.CatalogueConfig", "catalogue.reviews.apps.CatalogueReviewsConfig"),
            *("communication.apps.CommunicationConfig", "partner.apps.PartnerConfig"),
            *("basket.apps.BasketConfig", "payment.apps.PaymentConfig", "offer.apps.OfferConfig"),
            *("order.apps.OrderConfig", "customer.apps.CustomerConfig"),
            *("search.apps.SearchConfig", "voucher.apps.VoucherConfig"),
            *("wishlists.apps.WishlistsConfig", "dashboard.apps.DashboardConfig"),
            *("dashboard.reports.apps.ReportsDashboardConfig",),
            *("dashboard.users.apps.UsersDashboardConfig",),
            *("dashboard.orders.apps.OrdersDashboardConfig",),
            *("dashboard.catalogue.apps.CatalogueDashboardConfig",),
            *("dashboard.offers.apps.OffersDashboardConfig",),
            *("dashboard.partners.apps.PartnersDashboardConfig",),
            *("dashboard.pages.apps.PagesDashboardConfig",),
            *("dashboard.ranges.apps.RangesDashboardConfig",),
            *("dashboard.reviews.apps.ReviewsDashboardConfig",),
            *("dashboard.vouchers.apps.VouchersDashboardConfig",),
            *("dashboard.communications.apps.CommunicationsDashboardConfig",),
            *("dashboard.shipping.apps.ShippingDashboardConfig",),
        )
    ),
    *("widget_tweaks", "haystack", "treebeard", "sorl.thumbnail", "django_tables2"),
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ]
        },
    }
]
AUTHENTICATION_BACKENDS = ("oscar.apps.customer.auth_backends.EmailBackend",)
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": f"{FOLDER}/oscar.sqlite3",
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
    }
}
