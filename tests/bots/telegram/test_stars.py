"""Credits for Telegram Stars, through the real process and sockets: offered, looked at once more, paid, paid back."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from bots.telegram.missed_payments import TOLD_WITHIN
from engine.errors import StudioError
from engine.purchases import Offer
from engine.settings import Stars, load
from engine.studio import Studio
from tests.bots.telegram.conftest import Club, furnished
from tests.worlds.telegram.people import HURRY, Place, local_telegram
from tests.worlds.telegram.reading import read_message
from tests.worlds.telegram.starting import connected, kill, kinora_run, start
from tests.worlds.telegram.world import TOLD_FOR, Charge, Json, Unreachable, User

pytestmark = pytest.mark.asyncio(loop_scope="package")

PACKS = {100: 50, 500: 200}
SOLD = {
    "telegram__stars__packs": json.dumps({str(credits): price for credits, price in PACKS.items()}),
    "telegram__stars__support": "@kinora_support",
    "telegram__stars__terms": "https://kinora.example/terms",
}


@pytest_asyncio.fixture(scope="module", loop_scope="package")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Club]:
    folder = tmp_path_factory.mktemp("shop")
    async with local_telegram() as place:
        club = furnished(place, folder)
        async with kinora_run(place, folder, **SOLD):
            yield club
        assert place.world.flood.too_many == 0
        assert place.world.troubles == []


async def invoice_for(club: Club, user: User, credits: int = 100) -> Json:
    private = club.private(user)
    asked = club.place.says(user, private, "/buy")
    packs = await club.place.shows(private, "Credits for Telegram Stars", after=asked)
    club.place.presses(user, private, packs, f"{credits} credits")
    return await club.place.shows(private, f"[invoice {credits} credits: {PACKS[credits]} XTR]", after=packs)


async def has(club: Club, user: User, words: str) -> str:
    private = club.private(user)
    asked = club.place.says(user, private, "/credits")
    return read_message(await club.place.shows(private, words, after=asked))


async def buys(club: Club, user: User) -> tuple[Charge, str]:
    """The payment, and the purchase's id."""
    invoice = await invoice_for(club, user)
    charge = await club.place.pays(user, invoice)
    assert isinstance(charge, Charge)
    told = await club.place.shows(club.private(user), "credits are yours", after=invoice)
    return charge, "buy-" + read_message(told).split("buy-")[1][:8]


def rows(club: Club, query: str) -> list[Any]:
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db", timeout=30)) as database:
        return database.execute(query).fetchall()


async def test_a_pack_is_bought_shown_and_exported(shop: Club) -> None:
    place, user = shop.place, shop.place.world.add_user("nia")
    private = shop.private(user)
    before = await has(shop, user, "⭐ Buy credits")
    assert "bought" not in before
    charge, purchase = await buys(shop, user)
    place.tells_of(charge)  # once more, under another number
    assert "· bought: +100" in await has(shop, user, "bought")
    place.says(user, shop.group, "/paysupport")
    support = read_message(await place.shows(private, "@kinora_support"))
    assert purchase in support and "100 credits for 50 Stars" in support and "cannot help" in support
    asked = place.says(user, private, "/terms")
    await place.shows(private, "https://kinora.example/terms", after=asked)
    assert rows(shop, f"SELECT count(*) FROM purchases WHERE charge = '{charge.id}'") == [(1,)]
    async with Studio.open(load(data=shop.folder / "data")) as studio:
        asker = await studio.membership.known_as("telegram", str(user.id), f"dm:{user.id}")
        held = await studio.belongings.held(asker)
        assert held.rows["purchases"] == 1
        entry = next(one for one in await studio.ledger_entries(asker) if one.kind == "purchase")
        assert (entry.available, entry.expires_at) == (100, None)
        assert await studio.membership.check_books() == []


async def test_nobody_pays_for_what_does_not_hold_any_more(shop: Club) -> None:
    place, world = shop.place, shop.place.world
    eva, other = world.add_user("eva"), world.add_user("other", "zh-hant")
    invoice = await invoice_for(shop, eva)
    assert "somebody else" not in str(await place.pays(eva, invoice, amount=1)), "an amount that was changed"
    assert "這是提供給別人的" in str(await place.pays(other, invoice)), "an invoice that was passed on"
    world.payloads[shop.private(eva).id, invoice["message_id"]] = "k1:zzzzzzzz:nobody:100:1"
    assert "Nothing was paid" in str(await place.pays(eva, invoice, amount=1)), "a price that is none any more"
    world.payloads[shop.private(eva).id, invoice["message_id"]] = "something else"
    assert "Nothing was paid" in str(await place.pays(eva, invoice))

    invoice = await invoice_for(shop, eva)
    first, second = place.checks_out(eva, invoice), place.checks_out(eva, invoice)
    for query in (first, second):
        assert (await place.until(lambda query=query: query.answer, what="an answer"))["ok"]  # type: ignore[misc]
    place.charges(first)
    await place.shows(shop.private(eva), "credits are yours", after=invoice)
    assert "paid for already" in str(await place.pays(eva, invoice))
    place.charges(second)  # let through before the first was paid: money that was taken is credited
    await place.until(
        lambda: rows(shop, "SELECT count(*), count(DISTINCT offer) FROM purchases WHERE language = 'en'")[0][0] >= 3,
        what="the second purchase",
    )
    assert "200 credits to spend" in await has(shop, eva, "bought") or "+100" in await has(shop, eva, "bought")

    late = place.checks_out(eva, await invoice_for(shop, eva), late=True)
    asked = place.says(eva, shop.private(eva), "/help")
    await place.shows(shop.private(eva), "/storyboard", after=asked)
    assert late.answer is None, "and the bot lives on"


async def test_a_member_who_is_restricted_meanwhile_is_stopped_before_and_not_robbed_after(shop: Club) -> None:
    place, user = shop.place, shop.place.world.add_user("rude")
    invoice = await invoice_for(shop, user)
    query = place.checks_out(user, invoice)
    assert (await place.until(lambda: query.answer, what="an answer"))["ok"]
    async with Studio.open(load(data=shop.folder / "data")) as studio:
        operator = await studio.at_home()
        member = await studio.membership.find(f"telegram:{user.id}", operator)
        await studio.membership.restrict(member, operator, everywhere=True, until=None, reason="flooding")
    place.charges(query)
    await place.shows(shop.private(user), "credits are yours", after=invoice)
    refused = place.says(user, shop.private(user), "/buy")
    packs = await place.shows(shop.private(user), "Credits for Telegram Stars", after=refused)
    assert "⚠️" in await place.answered(place.presses(user, shop.private(user), packs, "100 credits"))


async def test_what_is_unspent_is_paid_back_once_and_what_is_spent_is_told(shop: Club) -> None:
    place, world = shop.place, shop.place.world
    user = world.add_user("ben")
    private = shop.private(user)
    charge, purchase = await buys(shop, user)
    async with Studio.open(load(data=shop.folder / "data")) as studio:
        operator = await studio.at_home()
        somebody = await studio.membership.known_as("telegram", str(user.id), f"dm:{user.id}")
        with pytest.raises(StudioError, match="not_operator"):
            await studio.purchases.refund(purchase, somebody, reason="")
        world.fail_next.append(("refundStarPayment", Unreachable()))
        assert await studio.purchases.refund(purchase, operator, reason="by mistake") == 100
        for _ in range(2):
            with pytest.raises(StudioError, match=r"purchase\.refund"):
                await studio.purchases.refund(purchase, operator, reason="once more")
        told = await place.shows(private, "Stars were paid back")
        assert charge.is_refunded and "50 Stars" in read_message(told)
        assert "paid back: -100" in await has(shop, user, "paid back")
        with pytest.raises(StudioError, match=r"purchase\.refunded"):
            await studio.purchases.refund(purchase, operator, reason="")

        charge, purchase = await buys(shop, user)
        await studio.membership.adjust(
            somebody.member_id, -(await studio.balance(somebody)).available + 30, "x", operator
        )
        with pytest.raises(StudioError, match=r"purchase\.spent") as refused:
            await studio.purchases.refund(purchase, operator, reason="")
        assert refused.value.params["left"] == 30
        charge.is_refunded = True  # by somebody else, with the same bot
        assert await studio.purchases.refund(purchase, operator, reason="kindly", even_if_spent=True) == 30
        await place.until(lambda: rows(shop, f"SELECT state FROM purchases WHERE id='{purchase}'") == [("refunded",)],
                          what="the refund")  # fmt: skip

        charge, purchase = await buys(shop, user)
        del world.charges[charge.id]  # Telegram knows it no more
        assert await studio.purchases.refund(purchase, operator, reason="") == 100
        await place.until(lambda: rows(shop, f"SELECT state FROM purchases WHERE id='{purchase}'") == [("paid",)],
                          what="the refusal")  # fmt: skip
        assert (await studio.balance(somebody)).available == 100, "what is not paid back is theirs again"
        world.charges[charge.id] = charge
        world.refund(charge)  # from elsewhere: the chat is told, and the credits go
        await place.until(lambda: rows(shop, f"SELECT state FROM purchases WHERE id='{purchase}'") == [("refunded",)],
                          what="the refund")  # fmt: skip
        assert (await studio.balance(somebody)).available == 0
        assert await studio.membership.check_books() == []


async def test_a_payment_is_credited_once_when_the_bot_dies_over_it(tmp_path: Path) -> None:
    async with local_telegram() as place:
        club = furnished(place, tmp_path)
        process = await start(place, tmp_path, **SOLD)
        await connected(place, process, tmp_path)
        invoice = await invoice_for(club, club.mei)
        killed: list[str] = []

        async def when_done(method: str, _: Json) -> None:
            if method == "answerPreCheckoutQuery" and not killed:
                killed.append(method)
                await kill(process)

        place.world.when_done = when_done
        query = place.checks_out(club.mei, invoice)
        await place.until(lambda: killed, what="the kill")
        charge = place.charges(query)  # it was let through, and nobody is there
        process = await start(place, tmp_path, **SOLD)
        await connected(place, process, tmp_path)
        private = club.private(club.mei)
        await place.shows(private, "credits are yours", after=invoice)
        place.tells_of(charge)
        # Two more, while nobody is there for two days; one of them is paid back by then, and other money moves, too.
        queries = [place.checks_out(user, await invoice_for(club, user)) for user in (club.mei, club.tom)]
        for query in queries:
            assert (await place.until(lambda query=query: query.answer, what="an answer"))["ok"]  # type: ignore[misc]
        await kill(process)
        fees = {"amount": 7, "date": 0, "receiver": {"type": "fragment"}}
        place.world.transactions += [{"id": f"fee {number}", **fees} for number in range(150)]
        missed, given_back = (place.charges(query) for query in queries)
        place.world.refund(given_back)
        place.world.pass_time(2 * TOLD_FOR)
        for _ in range(2):
            process = await start(place, tmp_path, **SOLD)
            await connected(place, process, tmp_path)
            told = await place.shows(private, "was told of too late", after=invoice)
            await looked_through_all(place)
            await kill(process)
        assert "50 Stars" in read_message(told) and "100 credits" in read_message(told)
        assert sum("too late" in read_message(one) for one in place.messages(private)) == 1, "it is told once"
        assert rows(club, "SELECT charge, credits FROM purchases ORDER BY bought_at") == [
            (charge.id, 100), (missed.id, 100),
        ]  # fmt: skip
        assert rows(club, "SELECT sum(available) FROM ledger WHERE kind = 'purchase'") == [(200,)]
        assert not [one for one in place.messages(club.private(club.tom)) if "yours" in read_message(one)]
        assert place.world.troubles == []


async def looked_through_all(place: Place) -> None:
    """The process that was just started has asked for all that was paid, and has had the time to act on it."""

    def pages() -> list[int]:
        calls = place.world.calls
        begun = max(number for number, (_, method, _) in enumerate(calls) if method == "getMe")
        return [params.get("offset", 0) for _, method, params in calls[begun:] if method == "getStarTransactions"]

    await place.until(lambda: pages()[2:], what="the whole list")
    assert pages() == [0, 100, 154]
    await asyncio.sleep(TOLD_WITHIN / HURRY + 0.5)


async def test_where_nothing_is_sold_there_are_no_such_commands(club: Club) -> None:
    private = club.private(club.tom)
    for command in ("/buy", "/terms", "/paysupport"):
        asked = club.place.says(club.tom, private, command)
        await club.place.shows(private, "I do not know that command", after=asked)
    pressed = club.place.presses_data(club.tom, private, club.place.messages(private)[-1], "k1:buy:100")
    assert "I do not know that command" in await club.place.answered(pressed)
    listed = [one["command"] for menu in club.place.world.commands.values() for one in menu]
    assert not {"buy", "terms", "paysupport"} & set(listed)


@pytest.mark.parametrize(
    "payload", ["", "k1", "k1:a:b:0:1", "k1:a:b:1:0", "k1:a:b:1:-1", "k2:a:b:1:1", "k1:a:b:１:1", "k1:a:b:9999999999:1"]
)
async def test_a_payload_that_is_none_of_ours_is_no_offer(payload: str) -> None:
    assert Offer.read(payload) is None


async def test_an_offer_fits_into_a_payload_and_is_read_back() -> None:
    offer = Offer("5k2m9x7a", "5k2m9x7b", 1_000_000, 10_000)
    assert Offer.read(offer.payload) == offer and len(offer.payload.encode()) <= 128


async def test_who_sells_has_to_name_somebody_for_questions() -> None:
    with pytest.raises(ValueError, match="support"):
        Stars(packs={100: 50})
