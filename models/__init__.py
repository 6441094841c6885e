"""The tables of the shop and the rules that hold for them; nothing of the web in here."""

from models.base import Base, now
from models.cart import Cart, CartLine
from models.catalog import Collection, Product, ProductImage, ProductStatus, Variant
from models.content import (
    Article,
    ArticleTag,
    Blog,
    Muscle,
    Page,
    PageKind,
    PlainPage,
    Policy,
    Reference,
    Tutorial,
    TutorialStep,
)
from models.customer import Customer
from models.inventory import Reservation, ReservationState, Stock, StockMovement
from models.job import Job
from models.limit import AttemptCount
from models.mail import Mail
from models.money import Money
from models.order import Fulfilment, Order, OrderEvent, OrderLine, OrderStatus
from models.payment import Payment, PaymentStatus, WebhookEvent
from models.search import SearchEntry
from models.signin import SignIn
from models.staff import Role, Staff

__all__ = [
    "Article",
    "ArticleTag",
    "AttemptCount",
    "Base",
    "Blog",
    "Cart",
    "CartLine",
    "Collection",
    "Customer",
    "Fulfilment",
    "Job",
    "Mail",
    "Money",
    "Muscle",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderStatus",
    "Page",
    "PageKind",
    "Payment",
    "PaymentStatus",
    "PlainPage",
    "Policy",
    "Product",
    "ProductImage",
    "ProductStatus",
    "Reference",
    "Reservation",
    "ReservationState",
    "Role",
    "SearchEntry",
    "SignIn",
    "Staff",
    "Stock",
    "StockMovement",
    "Tutorial",
    "TutorialStep",
    "Variant",
    "WebhookEvent",
    "now",
]
