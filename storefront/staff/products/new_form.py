"""What one types to begin with a product."""

from wtforms import SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from models import ProductKind
from storefront.forms import Form
from storefront.staff.handles import handle_from, handle_of
from storefront.staff.products.service import NewDraft
from storefront.staff.typed import checked, price_from

SKU = [
    DataRequired("Enter an SKU."),
    Length(max=64, message="Enter at most 64 characters."),
]


class NewForm(Form):
    """A product with its first variant; the rest is typed on its own page."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
    )
    handle = StringField(
        "Handle",
        description="Its name in the address, such as ql-claw. Empty: made of the title.",
        render_kw={"spellcheck": "false", "autocapitalize": "none"},
    )
    sku = StringField(
        "SKU",
        SKU,
        description="The name of the first variant in the stockroom, such as QLC-RED.",
        render_kw={"spellcheck": "false"},
    )
    kind = SelectField(
        "Kind",
        choices={
            ProductKind.GOODS.value: "Goods: in stock, and shipped",
            ProductKind.GIFT_CARD.value: "Gift card: each variant is an amount, mailed as a code",
        },
        default=ProductKind.GOODS.value,
    )
    price = StringField("Price", render_kw={"inputmode": "decimal", "autocomplete": "off"})
    currency = ""  # the shop's main one; set for each form

    def validate_handle(self, field: Field) -> None:
        """Refuse what is no handle."""
        if field.data:
            checked(handle_from, field.data)

    def validate_sku(self, field: Field) -> None:
        """Refuse an SKU with spaces: parts of bundles are typed with a number behind it."""
        checked(sku_from, field.data)

    def validate_price(self, field: Field) -> None:
        """Refuse what is no exact amount of the currency."""
        checked(price_from, field.data, self.currency)

    def draft(self) -> NewDraft:
        """Return what was typed."""
        title, sku = str(self.title.data), sku_from(self.sku.data)
        return NewDraft(
            title=title,
            handle=self.handle.data or handle_of(title, handle_of(sku, "product")),
            sku=sku,
            price=price_from(self.price.data, self.currency),
            kind=ProductKind(self.kind.data),
        )


def sku_from(text: str | None) -> str:
    """Return an SKU, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not typed or len(typed.split()) > 1 or len(typed) > 64:  # noqa: PLR2004 (as in the table)
        message = "Enter an SKU without spaces, at most 64 characters."
        raise ValueError(message)
    return typed
