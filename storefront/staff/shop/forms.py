"""What one types of the shop as a whole."""

from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional

from storefront.forms import Form, email_address, quantity_from
from storefront.site import Shop
from storefront.staff.seen import seen_of
from storefront.staff.typed import LongTextField, checked


def _most(length: int) -> Length:
    return Length(max=length, message=f"Enter at most {length} characters.")


def _days(typed: str | None) -> int:
    return quantity_from(typed, smallest=1, largest=3650)


class ShopForm(Form):
    """The words of the shop, and who stands behind it."""

    seen = HiddenField()
    name = StringField("Shop name", [DataRequired("Enter a name."), _most(80)])
    promise = LongTextField(
        "Promise", [_most(300)], description="The sentence at the head of the home page."
    )
    description = LongTextField(
        "Description",
        [DataRequired("Enter a description."), _most(320)],
        description="For search engines, feeds and the foot of every page.",
    )
    disclaimer = LongTextField(
        "Disclaimer",
        [DataRequired("Enter a disclaimer: people in pain read this."), _most(800)],
        description="At the foot of every page.",
    )
    demo_notice = StringField(
        "Demonstration notice",
        [_most(300)],
        description="Above every page. Empty it once real orders are shipped.",
    )
    legal_name = StringField("Legal name", [_most(200)], description="On invoices.")
    address = LongTextField("Address", [_most(500)], description="On invoices, as on a letter.")
    email = StringField("Email", [Optional(), email_address])
    phone = StringField("Phone", [_most(40)])
    tax_number = StringField("Tax number", [_most(60)], description="On invoices.")
    return_days = StringField(
        "Days to return",
        description="Since a parcel left; until then buyers can ask to return what was in it."
        " Empty sets no limit. The refund policy should say the same.",
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": "4"},
    )

    def validate_return_days(self, field: Field) -> None:
        """Refuse what is no number of days."""
        if field.data:
            checked(_days, field.data)

    @classmethod
    def of(cls, shop: Shop) -> "ShopForm":
        """Return the form with what the shop says now."""
        form = cls(data={name: getattr(shop, name) for name in NAMES})
        form.seen.data = seen_of(form.words)
        return form

    @property
    def words(self) -> dict[str, str]:
        """What was typed, by its name."""
        return {name: str(self[name].data or "") for name in NAMES}


NAMES = tuple(name for name in ShopForm()._fields if name != "seen")
LABELS = {name: ShopForm()[name].label.text for name in NAMES}
