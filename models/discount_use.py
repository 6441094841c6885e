"""Using a discount: held with an order, used when it is paid, given back when it ends."""

from collections.abc import Collection

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.discount import Discount, DiscountCustomer, DiscountUse, DiscountUseState
from models.once import upsert


class DiscountUsedUpError(Exception):
    """The discount has been used as often as it may be, in all or by this customer."""

    def __init__(self, discount_id: int) -> None:
        """Remember which one."""
        super().__init__(f"discount {discount_id} is used up")
        self.discount_id = discount_id


def lock_uses(session: Session, order_id: int, discount_ids: Collection[int]) -> None:
    """Lock the discounts that an order holds, and further ones, in the order of their ids.

    For who gives uses back and takes others in one transaction; the order is locked before.
    """
    held = select(DiscountUse.discount_id).where(
        DiscountUse.order_id == order_id, DiscountUse.state == DiscountUseState.HELD
    )
    rows = select(Discount.id).where(or_(Discount.id.in_(held), Discount.id.in_(discount_ids)))
    session.execute(rows.order_by(Discount.id).with_for_update(key_share=True)).all()


def hold_use(session: Session, use: DiscountUse) -> None:
    """Count one more use by one conditional UPDATE, and one of the customer by one upsert.

    Those of no discount (given by staff to one order) are not counted, so not held either.
    ``use.customer`` is empty where the discount has no limit for each. Raises DiscountUsedUpError;
    the caller rolls back, and nothing has changed. Several are held in ascending order of id.
    """
    counted = session.execute(
        update(Discount)
        .where(
            Discount.id == use.discount_id,
            Discount.is_active,
            or_(Discount.max_uses.is_(None), Discount.used < Discount.max_uses),
        )
        .values(used=Discount.used + 1)
        .returning(Discount.max_uses_each)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if counted is None:
        raise DiscountUsedUpError(use.discount_id or 0)
    if use.customer and not _count_customer(session, use, counted.max_uses_each):
        raise DiscountUsedUpError(use.discount_id or 0)
    session.add(use)


def keep_uses(session: Session, order_id: int) -> None:
    """Make what a paid order held used for good."""
    session.execute(
        update(DiscountUse)
        .where(DiscountUse.order_id == order_id, DiscountUse.state == DiscountUseState.HELD)
        .values(state=DiscountUseState.USED)
        .execution_options(synchronize_session=False)
    )


def release_uses(session: Session, order_id: int) -> None:
    """Give back what an unpaid order held, each use once."""
    released = session.execute(
        update(DiscountUse)
        .where(DiscountUse.order_id == order_id, DiscountUse.state == DiscountUseState.HELD)
        .values(state=DiscountUseState.RELEASED)
        .returning(DiscountUse.discount_id, DiscountUse.customer)
        .execution_options(synchronize_session=False)
    ).all()
    for discount_id, customer in sorted(tuple(row) for row in released):
        session.execute(
            update(Discount)
            .where(Discount.id == discount_id)
            .values(used=Discount.used - 1)
            .execution_options(synchronize_session=False)
        )
        session.execute(
            update(DiscountCustomer)
            .where(
                DiscountCustomer.discount_id == discount_id, DiscountCustomer.customer == customer
            )
            .values(used=DiscountCustomer.used - 1)
            .execution_options(synchronize_session=False)
        )


def uses_of(session: Session, discount_id: int, customer: str) -> int:
    """Return how often a customer holds or has used a discount that has a limit for each."""
    found = select(DiscountCustomer.used).where(
        DiscountCustomer.discount_id == discount_id, DiscountCustomer.customer == customer
    )
    return session.scalar(found) or 0


def _count_customer(session: Session, use: DiscountUse, limit: int | None) -> bool:
    counted = session.execute(
        upsert(session, DiscountCustomer)
        .values(discount_id=use.discount_id, customer=use.customer, used=1)
        .on_conflict_do_update(
            index_elements=["discount_id", "customer"],
            set_={"used": DiscountCustomer.used + 1},
            where=None if limit is None else DiscountCustomer.used < limit,
        )
        .returning(DiscountCustomer.used)
    )
    return counted.scalar_one_or_none() is not None
