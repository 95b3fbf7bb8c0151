"""Credits for Telegram Stars, where the operator sells any: packs, invoices, the look before a payment, the payment,
what Telegram has every seller answer (/terms, /paysupport), and paying back.

A payment stands among the updates that are kept until they were acted on. It is credited once for each charge, whenever
the process dies; what the operator pays back is told to Telegram until Telegram has done it.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from telegram import LabeledPrice, Message, PreCheckoutQuery
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bots.telegram import cards
from bots.telegram.address import PLATFORM, Where
from bots.telegram.buttons import Button, Wish
from bots.telegram.commands import Command
from bots.telegram.line import Closed
from bots.telegram.people import Speaker, speaker_of
from bots.telegram.pressing import Deed
from bots.telegram.room import Room, Talk
from bots.telegram.text import BOLD, Card, Styled, card, shortened, told
from bots.wording import say, speaking
from engine.errors import StudioError
from engine.purchases import Offer, Payment
from engine.settings import Stars
from storage.errors import CodedError
from storage.purchases import PurchaseRow

log = logging.getLogger(__name__)

CURRENCY: Final = "XTR"
START: Final = "buy"  # a copy of an invoice that was passed on leads here, instead of being paid by somebody else
SHOWN: Final = 10  # purchases
REASON_LIMIT: Final = 200
TRY_AGAIN: Final = 3.0  # seconds
LOOK_AT_LEAST_EVERY: Final = 30.0
_PAID_BACK_ALREADY: Final = "charge_already_refunded"


def _sold(room: Room) -> Stars:
    """What there is to buy; as if there were no such command where nothing is sold."""
    stars = room.studio.settings.telegram.stars
    if not stars.packs:
        raise StudioError("telegram.no_command")
    return stars


# -- asking for them -----------------------------------------------------------------------------------------------


async def buy(room: Room, talk: Talk, _: str) -> None:
    packs = _sold(room).packs
    await room.say_privately(talk, offers(packs), START)


async def buy_by_press(room: Room, talk: Talk, wish: Wish) -> None:
    """The list of packs; or one of them, as an invoice."""
    if not wish.about:
        await buy(room, talk, "")
        return
    packs = _sold(room).packs
    if not talk.is_private or not (wish.about.isascii() and wish.about.isdigit()):
        raise StudioError("discord.outdated")
    offer = await room.studio.purchases.offer(await room.asker(talk), int(wish.about), packs)
    await room.toast(talk)
    title = say("telegram.stars.pack", credits=offer.credits)
    await room.line.send_invoice(
        talk.where,
        title=title,
        description=say("telegram.stars.what", credits=offer.credits),
        payload=offer.payload,
        price=LabeledPrice(title, offer.price),
        start=START,
    )


async def terms(room: Room, talk: Talk, _: str) -> None:
    stars = _sold(room)
    further = [say("telegram.stars.terms_further", url=stars.terms)] if stars.terms else []
    await room.say(talk, told(say("telegram.stars.terms"), *further, _whom(stars)))


async def pay_support(room: Room, talk: Talk, _: str) -> None:
    """Whom to turn to, and what to name there. For the member alone."""
    stars = _sold(room)
    asker = await room.asker(talk)
    found = await room.studio.purchases.of_member(asker.member_id, by=asker, limit=SHOWN)
    await room.say_privately(talk, support(_whom(stars), found), "paysupport")


def _whom(stars: Stars) -> str:
    return say("telegram.stars.support", support=stars.support or "")


# -- paying --------------------------------------------------------------------------------------------------------


async def check_out(room: Room, query: PreCheckoutQuery) -> None:
    """The last look before the money moves; Telegram waits ten seconds for it. Whatever is in doubt is not paid."""
    speaker = speaker_of(query.from_user, Where(query.from_user.id))
    with speaking(speaker.language):
        problem: str | None = None
        try:
            await _check(room, speaker, query)
        except CodedError as error:
            problem = str(cards.error(error))
        except Exception:
            log.exception("a payment could not be looked at")
            problem = say("discord.failed")
        try:
            words = shortened(problem, REASON_LIMIT) if problem is not None else None
            await room.line.bot.answer_pre_checkout_query(query.id, ok=problem is None, error_message=words)
        except TelegramError as error:
            log.warning("a payment was not let through, as the answer did not arrive in time: %s", error)


async def _check(room: Room, speaker: Speaker, query: PreCheckoutQuery) -> None:
    offer = Offer.read(query.invoice_payload)
    packs = _sold(room).packs
    if offer is None or query.currency != CURRENCY or query.total_amount != offer.price:
        raise StudioError("purchase.changed")
    await room.studio.purchases.check(offer, await room.people.asker(speaker), packs)


async def paid(room: Room, message: Message) -> None:
    """The money has moved. This does not end before the credits are written down, or the process does."""
    payment, user = message.successful_payment, message.from_user
    assert payment is not None and user is not None
    speaker = speaker_of(user, Where(message.chat_id))
    offer = Offer.read(payment.invoice_payload)
    with speaking(speaker.language):
        if offer is None or payment.currency != CURRENCY:
            log.error("a payment that is for nothing of ours: charge %s", payment.telegram_payment_charge_id)
            support = room.studio.settings.telegram.stars.support or ""
            await tell(room, speaker.where, told(say("telegram.stars.unknown_payment", support=support)))
            return
        row = await _until_written_down(
            room,
            speaker,
            offer,
            Payment(
                platform=PLATFORM,
                charge=payment.telegram_payment_charge_id,
                payer=str(user.id),
                price=payment.total_amount,
                currency=payment.currency,
                language=speaker.language,
            ),
        )
        await tell(
            room, speaker.where, told("⭐ " + say("telegram.stars.bought", credits=row.credits, purchase=row.id))
        )


async def _until_written_down(room: Room, speaker: Speaker, offer: Offer, payment: Payment) -> PurchaseRow:
    while True:
        try:
            asker = await room.people.in_chat(speaker.id, speaker.id)
            return await room.studio.purchases.bought(offer, payment, asker.member_id)
        except Exception:
            log.exception("payment %s is not written down yet", payment.charge)
            await asyncio.sleep(TRY_AGAIN)


async def tell(room: Room, where: Where, said: Card) -> None:
    try:
        await room.line.send(where, said)
    except (Closed, TelegramError) as error:
        log.info("what became of a payment could not be told in %s: %s", where, error)


# -- paying back ---------------------------------------------------------------------------------------------------


async def was_paid_back(room: Room, message: Message) -> None:
    """Telegram tells of it in the chat, whoever had it done."""
    refund = message.refunded_payment
    assert refund is not None
    await note_paid_back(room, refund.telegram_payment_charge_id)


async def note_paid_back(room: Room, charge: str) -> None:
    """The member hears of it where it was not known."""
    row = await room.studio.purchases.paid_back(PLATFORM, charge)
    if row is not None:
        await _tell_paid_back(room, row)


async def _tell_paid_back(room: Room, row: PurchaseRow) -> None:
    with speaking(row.language):
        if row.payer is not None:
            said = say("telegram.stars.paid_back", price=row.price, purchase=row.id)
            await tell(room, Where(int(row.payer)), told("⭐ " + said))


class PayingBack:
    """Has Telegram pay back what the operator wants paid back, across restarts and outages, once."""

    def __init__(self, room: Room) -> None:
        self._room = room

    async def keep_paying_back(self) -> None:
        bell = self._room.studio.database.bell
        while True:
            heard = bell.heard()
            try:
                for row in await self._room.studio.purchases.to_pay_back(PLATFORM):
                    await self._pay_back(row)
            except Exception:
                log.exception("what is to be paid back waits")
            await bell.after(heard, at_least=TRY_AGAIN, at_most=LOOK_AT_LEAST_EVERY)

    async def _pay_back(self, row: PurchaseRow) -> None:
        purchases = self._room.studio.purchases
        if row.payer is None:
            await purchases.not_paid_back(row.id, "the member had everything forgotten")
            return
        try:
            await self._room.line.bot.refund_star_payment(int(row.payer), row.charge)
        except BadRequest as refused:  # which the library counts among what goes wrong on the way
            if _PAID_BACK_ALREADY not in str(refused).lower():
                log.warning("telegram does not pay %s back: %s", row.id, refused)
                await purchases.not_paid_back(row.id, str(refused))
                return
        except (NetworkError, RetryAfter) as error:
            log.warning("%s is paid back later: %s", row.id, error)
            return
        if (known := await purchases.paid_back(PLATFORM, row.charge)) is not None:
            await _tell_paid_back(self._room, known)


# -- cards ---------------------------------------------------------------------------------------------------------


def offers(packs: Mapping[int, int]) -> Card:
    rows = [
        [Button(say("telegram.stars.offer", credits=credits, price=price), START, str(credits))]
        for credits, price in sorted(packs.items())
    ]
    return card(Styled("⭐ " + say("telegram.stars.title"), BOLD), say("telegram.stars.how"), rows=rows)


def support(whom: str, found: Sequence[PurchaseRow]) -> Card:
    lines = [
        f"· {row.id}: {say('telegram.stars.purchase', credits=row.credits, price=row.price, at=_day(row.bought_at))}"
        f"{' · ' + say(f'telegram.stars.{row.state}') if row.state != 'paid' else ''}"
        for row in found
    ]
    return told(whom, say("telegram.stars.name_it") if lines else say("telegram.stars.none"), *lines)


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


COMMANDS: Final[Mapping[str, Command]] = {"buy": buy, "terms": terms, "paysupport": pay_support}
DEEDS: Final[Mapping[str, Deed]] = {START: buy_by_press}
