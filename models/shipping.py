"""Where the shop ships to, and what that costs there; and which tax is due there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, column_property, composite, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Minor
from models.money import Money

ELSEWHERE = "*"  # the country of a zone that holds every one not named by another


class ZoneCountry(Base):
    """A country of a zone: two capitals of ISO 3166. A country is in one zone at most."""

    __tablename__ = "zone_countries"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    zone_id: Mapped[int] = mapped_column(
        ForeignKey("shipping_zones.id", ondelete="CASCADE"), index=True
    )


class ShippingZone(CreatedAt, Base):
    """Countries with the same ways to ship.

    codes: of its countries, by spaces, in no order; read only where it is asked for (``undefer``).
    """

    __tablename__ = "shipping_zones"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    codes: Mapped[str] = column_property(
        select(func.coalesce(func.aggregate_strings(ZoneCountry.country, " "), ""))
        .where(ZoneCountry.zone_id == id)  # noqa: A003 (the column, as SQLAlchemy has it)
        .scalar_subquery(),
        deferred=True,
        raiseload=True,
    )
    countries: Mapped[list["ZoneCountry"]] = relationship(
        order_by="ZoneCountry.country", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    rates: Mapped[list["ShippingRate"]] = relationship(
        order_by="ShippingRate.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ShippingRate(CreatedAt, Base):
    """A way to ship to a zone, for carts of some weight and price.

    delivery: how long it takes, in words for the buyer. free_from_minor: it costs nothing for goods
    of this much and more, None never. The weight (grams) and the price of the goods after their
    discount must be from the least to, inclusive, the most; None is no bound.
    """

    __tablename__ = "shipping_rates"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("least_weight_g >= 0 AND least_minor >= 0", name="least_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[int] = mapped_column(
        ForeignKey("shipping_zones.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(120))
    delivery: Mapped[str] = mapped_column(String(120), default="")
    price: Mapped[Money] = composite(
        mapped_column("price_minor", Minor), mapped_column("currency", Currency)
    )
    free_from_minor: Mapped[int | None] = mapped_column(Minor)
    least_weight_g: Mapped[int] = mapped_column(default=0)
    most_weight_g: Mapped[int | None]
    least_minor: Mapped[int] = mapped_column(Minor, default=0)
    most_minor: Mapped[int | None] = mapped_column(Minor)

    @property
    def free_from(self) -> Money | None:
        """From which price of the goods on it costs nothing, None never."""
        return self._money(self.free_from_minor)

    @property
    def least(self) -> Money:
        """The least price of the goods."""
        return Money(self.least_minor, self.price.currency)

    @property
    def most(self) -> Money | None:
        """The most that the goods may cost, None for no bound."""
        return self._money(self.most_minor)

    def _money(self, minor: int | None) -> Money | None:
        return None if minor is None else Money(minor, self.price.currency)


@dataclass(frozen=True, slots=True, eq=False)
class Zone:
    """A zone as it is reckoned with. countries: ISO codes, or ELSEWHERE; rates: in their order."""

    countries: frozenset[str]
    rates: Sequence[ShippingRate]


def zones_of(zones: Sequence[ShippingZone], rates: Sequence[ShippingRate]) -> list[Zone]:
    """Put together what was read of zones, with their codes, and of their rates, in their order."""
    return [
        Zone(frozenset(zone.codes.split()), [it for it in rates if it.zone_id == zone.id])
        for zone in zones
    ]


class TaxRate(CreatedAt, Base):
    """The tax of a country, or (region not empty) of a part of it, such as a state.

    rate_ppm: parts per million, so that 8.875 % is 88 750. is_included: the prices contain it.
    """

    __tablename__ = "tax_rates"
    __table_args__ = (
        UniqueConstraint("country", "region"),
        CheckConstraint("rate_ppm BETWEEN 0 AND 1000000", name="rate_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(10), default="")
    title: Mapped[str] = mapped_column(String(80))
    rate_ppm: Mapped[int]
    is_included: Mapped[bool] = mapped_column(default=False)
    taxes_shipping: Mapped[bool] = mapped_column(default=True)
