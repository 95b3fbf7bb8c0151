"""Credits that members buy, on platforms where one can pay: offered, looked at once more before the payment, credited
once for each payment, and paid back.

The platform moves the money. What is here is written in one transaction with the ledger: a payment that is told of
twice is credited once, and one whose process died before it was credited is told of again.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from engine import credits, members
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.names import new_id
from engine.plans import Plans
from storage import members as people
from storage import purchases
from storage.clock import now
from storage.database import Database, Transaction
from storage.purchases import PurchaseRow

_VERSION: Final = "k1"
_PAYLOAD: Final = re.compile(rf"{_VERSION}:([a-z0-9-]{{1,20}}):([a-z0-9-]{{1,20}}):([1-9]\d{{0,8}}):([1-9]\d{{0,8}})")
NOTE_LIMIT: Final = 300


class PurchaseState(StrEnum):
    PAID = "paid"
    REFUNDING = "refunding"  # the credits are taken back, and the platform has to pay the money back
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Offer:
    """So many credits for so much, for one member. The platform carries it along and hands it back with the payment."""

    id: str
    member_id: str
    credits: int
    price: int

    @property
    def payload(self) -> str:
        return f"{_VERSION}:{self.id}:{self.member_id}:{self.credits}:{self.price}"

    @classmethod
    def read(cls, payload: str) -> Self | None:
        found = _PAYLOAD.fullmatch(payload)
        return cls(found[1], found[2], int(found[3]), int(found[4])) if found else None


@dataclass(frozen=True)
class Payment:
    """What a platform says of money that it has taken."""

    platform: str
    charge: str
    payer: str
    price: int
    currency: str
    language: str  # in which whoever paid is spoken to


class Purchases:
    def __init__(self, database: Database, plans: Plans) -> None:
        self._database = database
        self._plans = plans

    # -- buying ----------------------------------------------------------------------------------------------------

    async def offer(self, asker: Asker, amount: int, packs: Mapping[int, int]) -> Offer:
        """StudioError where there is no such pack, or it is of no use to them."""
        if amount not in packs:
            raise StudioError("purchase.changed")
        async with self._database.writing() as tx:
            await self._check_may_buy(tx, asker)
        return Offer(new_id(), asker.member_id, amount, packs[amount])

    async def check(self, offer: Offer, asker: Asker, packs: Mapping[int, int]) -> None:
        """StudioError unless all still holds that held when it was offered. The last look before the payment."""
        async with self._database.writing() as tx:
            if await people.current_id(tx, offer.member_id) != await people.current_id(tx, asker.member_id):
                raise StudioError("purchase.not_yours")
            if packs.get(offer.credits) != offer.price:
                raise StudioError("purchase.changed")
            if await purchases.of_offer(tx, offer.id):
                raise StudioError("purchase.paid_already")
            await self._check_may_buy(tx, asker)

    async def _check_may_buy(self, tx: Transaction, asker: Asker) -> None:
        member_id = await people.current_id(tx, asker.member_id)
        await members.check_unrestricted(tx, member_id, asker.community_id)
        plan = await credits.bring_up_to_date(tx, member_id, self._plans)
        if not plan.charged:
            raise StudioError("purchase.needless")

    async def bought(self, offer: Offer, payment: Payment, member_id: str) -> PurchaseRow:
        """Credit a payment, once. Whoever paid has the credits, restricted or not: the money is gone."""
        async with self._database.writing() as tx:
            known = await purchases.of_charge(tx, payment.platform, payment.charge)
            if known is not None:
                return known
            member_id = await people.current_id(tx, member_id)
            purchase_id = new_id("buy")
            await purchases.add(
                tx,
                id=purchase_id,
                offer=offer.id,
                member_id=member_id,
                platform=payment.platform,
                charge=payment.charge,
                payer=payment.payer,
                language=payment.language,
                credits=offer.credits,
                price=payment.price,
                currency=payment.currency,
                state=PurchaseState.PAID,
                bought_at=now(),
            )
            await credits.buy(tx, member_id, offer.credits, purchase=purchase_id)
            return await self._known(tx, purchase_id)

    async def known(self, platform: str, charges: Collection[str]) -> set[str]:
        """Which of these payments are on record here."""
        async with self._database.reading() as tx:
            return await purchases.known_charges(tx, platform, charges)

    async def any(self, platform: str) -> bool:
        """Whether anything was ever bought there."""
        async with self._database.reading() as tx:
            return await purchases.has_any(tx, platform)

    async def of_member(self, member_id: str, *, by: Asker, limit: int = 20) -> list[PurchaseRow]:
        """Theirs, the newest first; somebody else's for the operator."""
        if by.role != Role.OPERATOR and member_id != by.member_id:
            raise StudioError("member.not_operator")
        async with self._database.reading() as tx:
            return await purchases.of_member(tx, await people.current_id(tx, member_id), limit=limit)

    async def get(self, purchase_id: str) -> PurchaseRow:
        async with self._database.reading() as tx:
            return await self._known(tx, purchase_id)

    @staticmethod
    async def _known(tx: Transaction, purchase_id: str) -> PurchaseRow:
        row = await purchases.get(tx, purchase_id)
        if row is None:
            raise StudioError("purchase.unknown", purchase=purchase_id)
        return row

    # -- paying back -----------------------------------------------------------------------------------------------

    async def refund(self, purchase_id: str, by: Asker, *, reason: str, even_if_spent: bool = False) -> int:
        """Take the credits back and have the platform pay the money back; answers with how many credits that was.

        StudioError where any of them is spent or set aside for a clip, unless that is known and wanted.
        """
        if by.role != Role.OPERATOR:
            raise StudioError("member.not_operator")
        async with self._database.writing() as tx:
            row = await self._known(tx, purchase_id)
            if row.state != PurchaseState.PAID:
                is_under_way = row.state == PurchaseState.REFUNDING
                raise StudioError("purchase.refunding" if is_under_way else "purchase.refunded", purchase=purchase_id)
            if row.payer is None:
                raise StudioError("purchase.forgotten", purchase=purchase_id)
            member_id = await people.current_id(tx, row.member_id)
            left = await credits.left_of_purchase(tx, member_id, row.id)
            if left < row.credits and not even_if_spent:
                raise StudioError("purchase.spent", purchase=purchase_id, left=left, bought=row.credits)
            about = {"reason": reason.strip()[:NOTE_LIMIT], "refunded_by": by.member_id}
            if not await purchases.change(tx, row.id, {PurchaseState.PAID}, state=PurchaseState.REFUNDING, **about):
                raise StudioError("purchase.refunding", purchase=purchase_id)
            await credits.unbuy(tx, member_id, left, purchase=row.id, reason=about["reason"], by=by.member_id)
            return left

    async def to_pay_back(self, platform: str) -> list[PurchaseRow]:
        """What the platform still has to be told to pay back."""
        async with self._database.reading() as tx:
            return await purchases.in_state(tx, platform, PurchaseState.REFUNDING)

    async def paid_back(self, platform: str, charge: str) -> PurchaseRow | None:
        """The platform has paid it back; None where that was known, or the payment is not. Once for each payment.

        Where nobody here asked for it, what is left of the credits goes now.
        """
        async with self._database.writing() as tx:
            row = await purchases.of_charge(tx, platform, charge)
            if row is None or row.state == PurchaseState.REFUNDED:
                return None
            unasked = row.state == PurchaseState.PAID
            await purchases.change(tx, row.id, {row.state}, state=PurchaseState.REFUNDED, refunded_at=now())
            if unasked:
                member_id = await people.current_id(tx, row.member_id)
                left = await credits.left_of_purchase(tx, member_id, row.id)
                await credits.unbuy(tx, member_id, left, purchase=row.id, reason=platform, by=None)
            return await self._known(tx, row.id)

    async def not_paid_back(self, purchase_id: str, cause: str) -> None:
        """The platform refuses to pay back: the member has the credits again that were taken."""
        async with self._database.writing() as tx:
            row = await self._known(tx, purchase_id)
            if await purchases.change(tx, row.id, {PurchaseState.REFUNDING}, state=PurchaseState.PAID, reason=cause):
                member_id = await people.current_id(tx, row.member_id)
                await credits.rebuy(tx, member_id, purchase=row.id, reason=cause)
