"""The tables of the shop and the rules that hold for them; nothing of the web in here."""

from models.audit import Discrepancy, DiscrepancyKind, Verification
from models.balance import Balance, GoodsStatus, MoneyStatus, balances
from models.base import Base, now
from models.cart import Cart, CartLine
from models.catalog import (
    BundlePart,
    Collection,
    Product,
    ProductImage,
    ProductStatus,
    Selling,
    Variant,
    VariantPrice,
)
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
from models.discount import (
    Discount,
    DiscountCustomer,
    DiscountKind,
    DiscountUse,
    DiscountUseState,
)
from models.inventory import MovementKind, Stock, StockMovement
from models.job import Job
from models.limit import AttemptCount
from models.mail import Mail
from models.money import Money
from models.order import Fulfilment, Order, OrderEvent, OrderLine, OrderStatus
from models.payment import Payment, PaymentStatus, WebhookEvent
from models.refund import Dispute, Refund, RefundLine, RefundStatus
from models.reservation import Reservation, ReservationState
from models.search import SearchEntry
from models.shipping import ShippingRate, ShippingZone, TaxRate, ZoneCountry
from models.signin import SignIn
from models.staff import Role, Staff

__all__ = [
    "Article",
    "ArticleTag",
    "AttemptCount",
    "Balance",
    "Base",
    "Blog",
    "BundlePart",
    "Cart",
    "CartLine",
    "Collection",
    "Customer",
    "Discount",
    "DiscountCustomer",
    "DiscountKind",
    "DiscountUse",
    "DiscountUseState",
    "Discrepancy",
    "DiscrepancyKind",
    "Dispute",
    "Fulfilment",
    "GoodsStatus",
    "Job",
    "Mail",
    "Money",
    "MoneyStatus",
    "MovementKind",
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
    "Refund",
    "RefundLine",
    "RefundStatus",
    "Reservation",
    "ReservationState",
    "Role",
    "SearchEntry",
    "Selling",
    "ShippingRate",
    "ShippingZone",
    "SignIn",
    "Staff",
    "Stock",
    "StockMovement",
    "TaxRate",
    "Tutorial",
    "TutorialStep",
    "Variant",
    "VariantPrice",
    "Verification",
    "WebhookEvent",
    "ZoneCountry",
    "balances",
    "now",
]
