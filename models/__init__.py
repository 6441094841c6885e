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
from models.comment import Comment, CommentStatus, CommentVote, Question
from models.content import (
    Article,
    ArticleTag,
    Author,
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
from models.evidence import Claim, Revision, Video
from models.glossary import GlossaryTerm
from models.inventory import MovementKind, Stock, StockMovement
from models.job import Job
from models.limit import AttemptCount
from models.mail import Mail
from models.money import Money
from models.newsletter import (
    Consent,
    ConsentAct,
    Enrolment,
    Sequence,
    SequenceMail,
    SequenceTrigger,
    Subscriber,
    SubscriberStatus,
)
from models.order import Fulfilment, Order, OrderEvent, OrderLine, OrderStatus
from models.payment import Payment, PaymentStatus, WebhookEvent
from models.refund import Dispute, Refund, RefundLine, RefundStatus
from models.region import BodySide, Region, RegionMuscle
from models.reservation import Reservation, ReservationState
from models.routine import Practice, Routine, RoutinePart
from models.search import SearchEntry, SearchWord
from models.shipping import ShippingRate, ShippingZone, TaxRate, ZoneCountry
from models.signin import SignIn
from models.staff import Role, Staff

__all__ = [
    "Article",
    "ArticleTag",
    "AttemptCount",
    "Author",
    "Balance",
    "Base",
    "Blog",
    "BodySide",
    "BundlePart",
    "Cart",
    "CartLine",
    "Claim",
    "Collection",
    "Comment",
    "CommentStatus",
    "CommentVote",
    "Consent",
    "ConsentAct",
    "Customer",
    "Discount",
    "DiscountCustomer",
    "DiscountKind",
    "DiscountUse",
    "DiscountUseState",
    "Discrepancy",
    "DiscrepancyKind",
    "Dispute",
    "Enrolment",
    "Fulfilment",
    "GlossaryTerm",
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
    "Practice",
    "Product",
    "ProductImage",
    "ProductStatus",
    "Question",
    "Reference",
    "Refund",
    "RefundLine",
    "RefundStatus",
    "Region",
    "RegionMuscle",
    "Reservation",
    "ReservationState",
    "Revision",
    "Role",
    "Routine",
    "RoutinePart",
    "SearchEntry",
    "SearchWord",
    "Selling",
    "Sequence",
    "SequenceMail",
    "SequenceTrigger",
    "ShippingRate",
    "ShippingZone",
    "SignIn",
    "Staff",
    "Stock",
    "StockMovement",
    "Subscriber",
    "SubscriberStatus",
    "TaxRate",
    "Tutorial",
    "TutorialStep",
    "Variant",
    "VariantPrice",
    "Verification",
    "Video",
    "WebhookEvent",
    "ZoneCountry",
    "balances",
    "now",
]
