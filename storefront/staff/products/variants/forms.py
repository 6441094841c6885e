"""What one types of a product's options and variants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from models import Money, Product
from storefront.staff.ordering import BadPlaceError, arranged
from storefront.staff.products.new_form import sku_from
from storefront.staff.products.variants.service import (
    MOST_OPTIONS,
    Combination,
    Draft,
    VariantWords,
)
from storefront.staff.typed import count_from, price_from

T = TypeVar("T")
LONGEST_VALUE = 60
LONGEST_BARCODE = 32


@dataclass(slots=True)
class Typed:
    """A form as it was sent, and what is wrong with it: messages by the field's name."""

    words: Mapping[str, str]
    errors: dict[str, str] = field(default_factory=dict)

    def draft(self, product: Product) -> Draft:
        """Return what was typed; what is wrong stands in ``errors`` then."""
        names = self._names()
        kept = [it for it in product.variants if f"remove-{it.id}" not in self.words]
        if not kept:
            self.errors["options"] = "A product needs one variant at least."
        keys = {str(image.id): image.key for image in product.images}
        found = {it.id: self._variant(it.id, it.price.currency, names, keys) for it in kept}
        combined = [tuple(it.options) for it in found.values()]
        if len(set(combined)) < len(combined):
            self.errors.setdefault("options", "Two variants have the same values.")
        skus = [it.sku for it in found.values()]
        if len(set(skus)) < len(skus):
            self.errors.setdefault("options", "Two variants have the same SKU.")
        try:
            order = arranged(list(found), self.words)
        except BadPlaceError as wrong:
            self.errors[f"place-{wrong.row_id}"] = str(wrong)
            order = list(found)
        return Draft([name for _, name in names], {row_id: found[row_id] for row_id in order})

    def combination(self, product: Product, currency: str) -> Combination:
        """Return which variants are to be added; what is wrong stands in ``errors``."""
        values = [self._values(f"values-{index}") for index, _ in enumerate(product.option_names)]
        return Combination(
            values,
            self._parsed("prefix", sku_from, ""),
            self._parsed("price", lambda text: price_from(text, currency), Money(0, currency)),
            self._parsed("weight", lambda text: count_from(text or "0"), 0),
        )

    def _names(self) -> list[tuple[int, str]]:
        """Return the names of the options, with their places in the form."""
        found = []
        for index in range(MOST_OPTIONS):
            name = self._text(f"name-{index}", LONGEST_VALUE)
            if name:
                found.append((index, name))
        if len({name for _, name in found}) < len(found):
            self.errors["options"] = "Two options have the same name."
        return found

    def _variant(
        self, row_id: int, currency: str, names: Sequence[tuple[int, str]], keys: Mapping[str, str]
    ) -> VariantWords:
        options = [self._text(f"value-{index}-{row_id}", LONGEST_VALUE) for index, _ in names]
        for (index, name), value in zip(names, options, strict=True):
            if not value:
                self.errors.setdefault(f"value-{index}-{row_id}", f"Enter a value for {name}.")
        before, image = f"before-{row_id}", self.words.get(f"image-{row_id}", "")
        compare_at = None
        if self.words.get(before, "").strip():
            compare_at = self._parsed(before, lambda text: price_from(text, currency).minor, 0)
        return VariantWords(
            sku=self._parsed(f"sku-{row_id}", sku_from, ""),
            options=options,
            barcode=self._text(f"barcode-{row_id}", LONGEST_BARCODE),
            weight_g=self._parsed(f"weight-{row_id}", count_from, 0),
            compare_at_minor=compare_at,
            image_key=keys.get(image),
        )

    def _values(self, name: str) -> list[str]:
        found = [" ".join(it.split()) for it in self.words.get(name, "").split(",")]
        found = list(dict.fromkeys(filter(None, found)))
        if not found or any(not _is_plain(it, LONGEST_VALUE) for it in found):
            self.errors[name] = "Enter one value or several, by commas."
        return found

    def _text(self, name: str, most: int) -> str:
        text = " ".join(self.words.get(name, "").split(" ")).strip()
        if text and not _is_plain(text, most):
            self.errors[name] = f"Enter at most {most} plain characters."
        return text

    def _parsed(self, name: str, parse: Callable[[str], T], otherwise: T) -> T:
        text = self.words.get(name, "")
        try:
            if not text.isprintable():
                message = "Remove the characters that cannot be read."
                raise ValueError(message)  # noqa: TRY301 (beside its field, like the others)
            return parse(text)
        except ValueError as wrong:
            self.errors[name] = str(wrong)
            return otherwise


def _is_plain(text: str, most: int) -> bool:
    return len(text) <= most and text.isprintable()


def shown(product: Product) -> dict[str, str]:
    """Return the form's words for a product as it is."""
    words = {f"name-{index}": name for index, name in enumerate(product.option_names)}
    images = {image.key: str(image.id) for image in product.images}
    for place, it in enumerate(product.variants, start=1):
        minor, currency = it.compare_at_minor, it.price.currency
        before = "" if minor is None else str(Money(minor, currency).amount)
        words |= {f"value-{index}-{it.id}": value for index, value in enumerate(it.options)}
        words |= {
            f"place-{it.id}": str(place),
            f"sku-{it.id}": it.sku,
            f"barcode-{it.id}": it.barcode or "",
            f"weight-{it.id}": str(it.weight_g),
            f"before-{it.id}": before,
            f"image-{it.id}": images.get(it.image_key or "", ""),
        }
    return words
