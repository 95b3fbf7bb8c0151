"""One's own affairs on Telegram: being one member here and elsewhere, and appealing against a refusal."""

import sqlite3
from contextlib import closing

import pytest

from engine.settings import load
from engine.studio import Studio
from tests.bots.telegram.conftest import SMALL, Club
from tests.bots.telegram.test_groups import decided, desk_of, the_minute_to_undo_is_over
from tests.worlds.telegram.reading import buttons_of, read_message
from tests.worlds.telegram.world import User

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def told(club: Club, user: User, typed: str, answer: str) -> str:
    private = club.private(user)
    asked = club.place.says(user, private, typed)
    return read_message(await club.place.shows(private, answer, after=asked))


# -- link codes ----------------------------------------------------------------------------------------------------


async def test_a_code_of_the_terminal_makes_both_accounts_one_member_once(club: Club) -> None:
    world = club.place.world
    nia, other = world.add_user("nia"), world.add_user("other")
    async with Studio.open(load(data=club.folder / "data")) as studio:
        ann = await studio.membership.add_here("ann", await studio.at_home())
        await told(club, nia, "/link 0000-0000", "is not good")
        await told(club, nia, "/link what is this", "is not good")
        late = await studio.membership.offer_link(ann)
        with sqlite3.connect(club.folder / "data" / "kinora.db", timeout=30) as database:
            database.execute("UPDATE link_codes SET expires_at = 1")
        await told(club, nia, f"/link {late}", "is not good")
        code = await studio.membership.offer_link(ann)
        await told(club, nia, f"/link {code.upper().replace('-', ' ')}", "Linked.")
        assert await studio.membership.identity(ann.member_id, "telegram") == str(nia.id)
        await told(club, other, f"/link {code}", "is not good")
        assert await studio.membership.identity(ann.member_id, "telegram") == str(nia.id)


async def test_a_code_of_telegram_is_shown_in_private_and_good_elsewhere(club: Club) -> None:
    place, world = club.place, club.place.world
    eva = world.add_user("eva")
    club.group.statuses[eva.id] = "member"
    place.says(eva, club.group, "/link")
    shown = read_message(await place.shows(club.private(eva), "Type this within ten minutes"))
    code = shown.split(": ")[-1].strip()
    assert not any(code in read_message(one) for one in place.messages(club.group))
    async with Studio.open(load(data=club.folder / "data")) as studio:
        ben = await studio.membership.add_here("ben", await studio.at_home())
        member = await studio.membership.link(ben, code)
        assert await studio.membership.identity(member, "telegram") == str(eva.id)
        assert await studio.membership.identity(member, "local") == "ben"
    await told(club, eva, f"/link {code}", "is not good")


async def test_who_guesses_codes_is_stopped(club: Club) -> None:
    guesser = club.place.world.add_user("guesser")
    for number in range(5):
        await told(club, guesser, f"/link 0000-000{number}", "is not good")
    await told(club, guesser, "/link 0000-0009", "5")


# -- appeals -------------------------------------------------------------------------------------------------------


async def test_a_refusal_is_appealed_allowed_in_the_group_of_cases_and_made(club: Club) -> None:
    place, group, private = club.place, await desk_of(club), club.private(club.mei)
    asked = place.says(club.mei, group, "/create a naked woman on a beach 1:1 1s")
    refused = await place.shows(group, "This one is not made", after=asked)
    opened = place.opens(club.mei, await place.answered(place.presses(club.mei, group, refused, "Why?")))
    why = await place.shows(private, "naked", after=opened)
    place.presses(club.mei, private, why, "⚖️")
    question = await place.shows(private, "why should the decision about", after=why)
    answer = place.says(club.mei, private, "It is a statue of marble 大理石", to=question)
    filed = read_message(await place.shows(private, "case-", after=answer))
    case_id = "case-" + filed.split("case-")[1][:8]
    again = place.says(club.mei, private, "Please!", to=question)
    await place.shows(private, "⚠️", after=again)

    card = await place.shows(group, case_id, after=refused)
    assert "statue of marble" in read_message(card), "moderators read what it says"
    pressed = place.presses_data(club.mei, group, card, f"k1:caseallow:{case_id}")
    assert "moderators" in await place.answered(pressed), "and nobody decides on their own"
    place.presses(club.tom, group, card, "✅")
    await decided(club, group, card)
    await the_minute_to_undo_is_over(club)
    told_so = await place.shows(private, "appeal", after=again)
    assert "statue" not in read_message(told_so)
    assert "naked woman" in read_message(await place.clip(group, after=card))


async def test_an_appeal_that_is_turned_down_is_answered_in_private(club: Club) -> None:
    place, group, private = club.place, await desk_of(club), club.private(club.mei)
    asked = place.says(club.mei, group, "/create a naked man in a bath")
    refused = await place.shows(group, "This one is not made", after=asked)
    data = next(one["callback_data"] for label, one in buttons_of(refused).items() if "Why?" in label)
    job_id = data.split(":")[2]
    sent = place.says(club.tom, club.private(club.tom), f"/appeal {job_id} not mine")
    await place.shows(club.private(club.tom), "⚠️", after=sent)
    sent = place.says(club.mei, private, f"/appeal {job_id} He wears trunks")
    await place.shows(private, "case-", after=sent)
    card = await place.shows(group, "He wears trunks", after=refused)
    place.presses(club.tom, group, card, "🚫")
    await place.until(lambda: "« Back" in buttons_of(group.messages[card["message_id"]]), what="the reasons")
    place.presses(club.tom, group, card, next(iter(buttons_of(group.messages[card["message_id"]]))))
    await decided(club, group, card)
    await the_minute_to_undo_is_over(club)
    told_so = read_message(await place.shows(private, "appeal", after=sent))
    assert "⚖️ Appeal" not in told_so, "there is one appeal"
    nothing = place.says(club.mei, private, f"/appeal {job_id} once more")
    await place.shows(private, "⚠️", after=nothing)


async def test_who_is_named_in_a_case_is_vouched_for_in_answer_to_its_card(club: Club) -> None:
    place, group = club.place, await desk_of(club)
    asked = place.says(club.mei, group, f"/create Messi plays football in the rain {SMALL}")
    card = await place.shows(group, "answer this card with /vouch", after=asked)
    for user, to, told in (
        (club.mei, card, "moderators"),
        (club.tom, None, "Answer a message of theirs"),
        (club.tom, asked | {"from": place.world.bot}, "Answer a message of theirs"),
        (club.tom, card, "mei may ask for clips of themselves here, as “Lionel Messi”"),
        (club.ada, card, "mei may ask"),  # said twice
    ):
        said = place.says(user, group, "/vouch Lionel Messi", to=to)
        await place.shows(group, told, after=said)
    said = place.says(club.tom, group, "/unvouch Lionel Messi", to=asked)
    await place.shows(group, "mei may not ask for clips of “Lionel Messi” any more", after=said)
    said = place.says(club.mei, group, "/unvouch Lionel Messi")
    await place.shows(group, "Nobody vouched for", after=said)
    with closing(sqlite3.connect(club.folder / "data" / "kinora.db", timeout=30)) as database:
        done = database.execute("SELECT action FROM audit WHERE action LIKE '%vouched' ORDER BY number").fetchall()
    assert done[-2:] == [("vouched",), ("unvouched",)]
