"""Payments that Telegram took and told nobody of: it forgets what it has to tell after a day, but not what it was paid.

The list of all that was paid is gone through at the start, and once a day. A payment that is on no record has its
credits then, once, as if it had just been told of; one that was paid back meanwhile has none, or loses them.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from telegram import StarTransaction, TransactionPartnerUser, User
from telegram.constants import StarTransactionsLimit
from telegram.constants import TransactionPartnerUser as Kinds
from telegram.error import TelegramError

from bots.telegram import stars
from bots.telegram.address import PLATFORM, Where
from bots.telegram.people import language_of
from bots.telegram.room import Room
from bots.telegram.text import told
from bots.wording import say, speaking
from engine.purchases import Offer, Payment

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 24 * 3_600.0  # seconds
TRY_AGAIN: Final = 600.0
# What Telegram is about to tell by itself has been told by then, and is answered there.
TOLD_WITHIN: Final = 20.0
PAGE: Final = int(StarTransactionsLimit.MAX_LIMIT)


@dataclass
class _Found:
    """What a walk through the list came upon, by the payments' charges."""

    paid: dict[str, tuple[User, int, str]] = field(default_factory=dict)  # who, how many Stars, and for what
    paid_back: set[str] = field(default_factory=set)

    def note(self, one: StarTransaction) -> None:
        source, receiver = one.source, one.receiver
        if isinstance(source, TransactionPartnerUser) and source.transaction_type == Kinds.INVOICE_PAYMENT:
            self.paid[one.id] = source.user, one.amount, source.invoice_payload or ""
        elif isinstance(receiver, TransactionPartnerUser):
            self.paid_back.add(one.id)


class MissedPayments:
    def __init__(self, room: Room) -> None:
        self._room = room
        self._seen = 0  # how many from the beginning of the list are settled for good: it only grows at its end

    async def keep_looking(self) -> None:
        while True:
            try:
                if await self._may_be_some():
                    await self.look()
                pause = LOOK_EVERY
            except (TelegramError, OSError) as error:
                log.info("telegram does not say what was paid: %s", error)
                pause = TRY_AGAIN
            except Exception:
                log.exception("what was paid could not be gone through")
                pause = TRY_AGAIN
            await asyncio.sleep(pause)

    async def _may_be_some(self) -> bool:
        """Whether anything is sold here, or ever was."""
        return bool(self._room.studio.settings.telegram.stars.packs) or await self._room.studio.purchases.any(PLATFORM)

    async def look(self) -> None:
        found, seen = _Found(), self._seen
        while page := (await self._room.line.bot.get_star_transactions(seen, PAGE)).transactions:
            for one in page:
                found.note(one)
            seen += len(page)
        if found.paid or found.paid_back:
            await asyncio.sleep(TOLD_WITHIN)
            await self._settle(found)
        self._seen = seen

    async def _settle(self, found: _Found) -> None:
        purchases = self._room.studio.purchases
        known = await purchases.known(PLATFORM, found.paid)
        for charge, (user, price, payload) in found.paid.items():
            if charge in known or charge in found.paid_back:
                continue
            await self._credit(charge, user, price, payload)
        for charge in found.paid_back:
            await stars.note_paid_back(self._room, charge)

    async def _credit(self, charge: str, user: User, price: int, payload: str) -> None:
        offer = Offer.read(payload)
        if offer is None:
            log.error("a payment that is for nothing of ours: charge %s", charge)
            return
        language, where = language_of(user), Where(user.id)
        payment = Payment(PLATFORM, charge, str(user.id), price, stars.CURRENCY, language)
        asker = await self._room.people.in_chat(user.id, user.id)
        row = await self._room.studio.purchases.bought(offer, payment, asker.member_id)
        log.warning("payment %s had not been told of; its credits are given now: %s", charge, row.id)
        with speaking(language):
            said: Mapping[str, object] = {"credits": row.credits, "price": row.price, "purchase": row.id}
            await stars.tell(self._room, where, told("⭐ " + say("telegram.stars.bought_late", **said)))
