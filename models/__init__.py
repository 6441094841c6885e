"""The tables of the shop and the rules that hold for them; nothing of the web in here."""

from models.address import Address
from models.audit import Discrepancy, DiscrepancyKind, Verification
from models.audit_log import AuditEntry, AuditHead
from models.balance import Balance, GoodsStatus, MoneyStatus, balances
from models.base import NOW, Base, now
from models.cart import Cart, CartLine, SavedLine
from models.catalog import (
    BundlePart,
    Collection,
    Product,
    ProductImage,
    ProductKind,
    ProductStatus,
    Selling,
    Variant,
    VariantPrice,
)
from models.comment import Comment, CommentStatus, CommentVote
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
from models.document import Document, DocumentCounter, DocumentKind
from models.evidence import Autosave, Claim, Revision, Video
from models.factor import Passkey, RecoveryCode, Totp
from models.fulfilment import Fulfilment, FulfilmentLine
from models.gift_card import GiftCard, GiftCardMovement, GiftCardMovementKind
from models.glossary import GlossaryTerm
from models.goods_return import Return, ReturnLine, ReturnStatus
from models.inventory import Location, MovementKind, Stock, StockLevel, StockMovement
from models.job import Job
from models.limit import AttemptCount
from models.mail import Mail
from models.mailed_link import LinkPurpose, MailedLink
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
from models.order import Order, OrderStatus
from models.order_history import OrderEvent, OrderTag
from models.order_line import OrderLine
from models.order_question import OrderQuestion
from models.payment import Payment, PaymentStatus, WebhookEvent
from models.picture import Picture, PictureStatus
from models.profile import CustomerNote, Erasure, Segment
from models.purchase import Purchase, PurchaseLine, PurchaseStatus, Supplier, SupplierItem
from models.question import Answer, AnswerStatus, Question, QuestionStatus
from models.refund import Dispute, Refund, RefundLine, RefundStatus
from models.region import BodySide, Region, RegionMuscle
from models.reminder import CartReminder, MailStop, Stoppable
from models.reservation import Reservation, ReservationState
from models.review import Review, ReviewStatus
from models.routine import Practice, Routine, RoutinePart
from models.search import SearchEntry, SearchWord
from models.sent_picture import SentPicture
from models.shipping import ShippingRate, ShippingZone, TaxRate, ZoneCountry
from models.shop import LinkCheck, MailTemplate, MenuItem, Redirect, ShopSetting
from models.signin import SignIn
from models.staff import Invitation, Role, SavedView, Staff
from models.stock_alert import StockAlert
from models.stock_take import StockCount, StockScan, StockTake, StockTakeStatus
from models.task import Import, ImportChange, ImportKind, ImportStatus, Task, TaskStatus
from models.translation import Translation
from models.wish import Wish

__all__ = [
    "NOW",
    "Address",
    "Answer",
    "AnswerStatus",
    "Article",
    "ArticleTag",
    "AttemptCount",
    "AuditEntry",
    "AuditHead",
    "Author",
    "Autosave",
    "Balance",
    "Base",
    "Blog",
    "BodySide",
    "BundlePart",
    "Cart",
    "CartLine",
    "CartReminder",
    "Claim",
    "Collection",
    "Comment",
    "CommentStatus",
    "CommentVote",
    "Consent",
    "ConsentAct",
    "Customer",
    "CustomerNote",
    "Discount",
    "DiscountCustomer",
    "DiscountKind",
    "DiscountUse",
    "DiscountUseState",
    "Discrepancy",
    "DiscrepancyKind",
    "Dispute",
    "Document",
    "DocumentCounter",
    "DocumentKind",
    "Enrolment",
    "Erasure",
    "Fulfilment",
    "FulfilmentLine",
    "GiftCard",
    "GiftCardMovement",
    "GiftCardMovementKind",
    "GlossaryTerm",
    "GoodsStatus",
    "Import",
    "ImportChange",
    "ImportKind",
    "ImportStatus",
    "Invitation",
    "Job",
    "LinkCheck",
    "LinkPurpose",
    "Location",
    "Mail",
    "MailStop",
    "MailTemplate",
    "MailedLink",
    "MenuItem",
    "Money",
    "MoneyStatus",
    "MovementKind",
    "Muscle",
    "Order",
    "OrderEvent",
    "OrderLine",
    "OrderQuestion",
    "OrderStatus",
    "OrderTag",
    "Page",
    "PageKind",
    "Passkey",
    "Payment",
    "PaymentStatus",
    "Picture",
    "PictureStatus",
    "PlainPage",
    "Policy",
    "Practice",
    "Product",
    "ProductImage",
    "ProductKind",
    "ProductStatus",
    "Purchase",
    "PurchaseLine",
    "PurchaseStatus",
    "Question",
    "QuestionStatus",
    "RecoveryCode",
    "Redirect",
    "Reference",
    "Refund",
    "RefundLine",
    "RefundStatus",
    "Region",
    "RegionMuscle",
    "Reservation",
    "ReservationState",
    "Return",
    "ReturnLine",
    "ReturnStatus",
    "Review",
    "ReviewStatus",
    "Revision",
    "Role",
    "Routine",
    "RoutinePart",
    "SavedLine",
    "SavedView",
    "SearchEntry",
    "SearchWord",
    "Segment",
    "Selling",
    "SentPicture",
    "Sequence",
    "SequenceMail",
    "SequenceTrigger",
    "ShippingRate",
    "ShippingZone",
    "ShopSetting",
    "SignIn",
    "Staff",
    "Stock",
    "StockAlert",
    "StockCount",
    "StockLevel",
    "StockMovement",
    "StockScan",
    "StockTake",
    "StockTakeStatus",
    "Stoppable",
    "Subscriber",
    "SubscriberStatus",
    "Supplier",
    "SupplierItem",
    "Task",
    "TaskStatus",
    "TaxRate",
    "Totp",
    "Translation",
    "Tutorial",
    "TutorialStep",
    "Variant",
    "VariantPrice",
    "Verification",
    "Video",
    "WebhookEvent",
    "Wish",
    "ZoneCountry",
    "balances",
    "now",
]
