"""What one types of a collection, and of the rule that fills it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from models import Collection, Money
from storefront.forms import Form
from storefront.staff.collections.service import Draft, words_of
from storefront.staff.found_by import FoundByForm
from storefront.staff.handles import handle_from, handle_of
from storefront.staff.seen import seen_of
from storefront.staff.typed import LongTextField, checked, price_from

ROWS = 5  # conditions that fit in the form
LONGEST_VALUE = 100
KINDS = {
    "": "No condition",
    "title contains": "Title contains",
    "title lacks": "Title does not contain",
    "handle contains": "Handle contains",
    "price below": "Price is below",
    "price above": "Price is above",
    "option is": "An option is",
    "stock is": "In stock (write in, or out)",
    "created after": "Made on or after the day (2026-12-24)",
}


class ConditionForm(Form):
    """One condition of a rule."""

    kind = SelectField("Condition", choices=KINDS)
    value = StringField("Value")


class CollectionForm(FoundByForm):
    """A collection. seen: a digest of it as the page was shown."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
    )
    description = LongTextField(
        "Description",
        [Length(max=2000, message="Enter at most 2000 characters.")],
        render_kw={"rows": 3},
    )
    is_published = BooleanField("In the shop")
    filled = SelectField(
        "Its products",
        choices={"hand": "Chosen by hand", "all": "All conditions hold", "any": "Any one holds"},
    )
    seen = HiddenField()
    currency = ""  # the shop's main one; set for each form, as are these:
    conditions: Sequence[ConditionForm] = ()

    def validate_handle(self, field: Field) -> None:
        """Refuse what is no handle; empty is made of the title."""
        if field.data:
            checked(handle_from, field.data)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field, and each condition of a rule."""
        is_right = super().validate(extra_validators)
        if self.filled.data == "hand":
            return is_right
        for entry in self.conditions:
            is_right &= entry.validate() and (not entry.kind.data or self._check(entry))
        return is_right

    def _check(self, form: ConditionForm) -> bool:
        try:
            stored_value(form.kind.data, form.value.data or "", self.currency)
        except ValueError as wrong:
            form.value.errors = [str(wrong)]
            return False
        return True

    @property
    def rule(self) -> dict[str, Any] | None:
        """The rule that was typed, None where products are chosen by hand."""
        if self.filled.data == "hand":
            return None
        found = []
        for entry in self.conditions:
            kind, value = entry.kind.data, entry.value.data or ""
            if kind:
                field, _, test = kind.partition(" ")
                stored = stored_value(kind, value, self.currency)
                found.append({"field": field, "is": test, "value": stored})
        return {"match": self.filled.data, "conditions": found}

    def draft(self) -> Draft:
        """Return what was typed."""
        handle, seo_title, seo_description = self.typed
        title = str(self.title.data)
        return Draft(
            title=title,
            handle=handle or handle_of(title, "collection"),
            description=self.description.data or "",
            is_published=bool(self.is_published.data),
            rule=self.rule,
            seo_title=seo_title,
            seo_description=seo_description,
        )


def form_of(
    collection: Collection | None, currency: str, sent: MultiDict[str, str] | None
) -> CollectionForm:
    """Return the form with what was sent, else with a collection as it is."""
    words = _words(collection, currency) if collection else {}
    form = CollectionForm(sent, data=words)
    form.currency = currency
    given = [*words.get("conditions", ()), *({} for _ in range(ROWS))][:ROWS]
    form.conditions = [
        ConditionForm(sent, prefix=f"conditions-{index}-", data=row)
        for index, row in enumerate(given)
    ]
    return form


def stored_value(kind: str, text: str, currency: str) -> str:
    """Return a condition's value as a rule keeps it, or raise ValueError with a message."""
    value = text.strip()
    if not value or len(value) > LONGEST_VALUE or not value.isprintable():
        message = f"Enter what to compare with, at most {LONGEST_VALUE} characters."
        raise ValueError(message)
    if kind.startswith("price"):
        return str(price_from(value, currency).minor)
    if kind == "stock is" and value not in {"in", "out"}:
        message = "Write in, or out."
        raise ValueError(message)
    if kind == "created after":
        return _day(value)
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        message = "Enter a day, such as 2026-12-24."
        raise ValueError(message) from None


def _words(it: Collection, currency: str) -> dict[str, Any]:
    rule = it.rule or {"match": "hand", "conditions": []}
    conditions = [
        {
            "kind": f"{row['field']} {row['is']}",
            "value": (
                str(Money(int(row["value"]), currency).amount)
                if row["field"] == "price"
                else row["value"]
            ),
        }
        for row in rule["conditions"]
    ]
    return {
        "title": it.title,
        "handle": it.handle,
        "description": it.description,
        "is_published": it.is_published,
        "filled": rule["match"],
        "conditions": conditions,
        "seo_title": it.seo_title,
        "seo_description": it.seo_description,
        "seen": seen_of(words_of(it)),
    }
