"""A party: a theme, an end, a sponsor, and a reel of what was liked most; and what keeps a gathering in order."""

import pytest

from engine import credits, linking, pots
from engine.brief import Aspect, Brief, ClipSource, Look, Resolution
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.closing import GRACE_MS, reel_brief
from engine.gatherings.rules import OPEN_AT_ONCE, STARTED_A_DAY, read_rules
from engine.gatherings.states import Ending, EntryState, Gap, Kind, State
from engine.plans import shipped
from engine.sources import MP4, Standing
from storage import belongings, gatherings, members
from storage import credits as accounts
from storage import jobs as ledger
from storage.credits import Account
from tests.engine.gatherings.guests import CHANNEL, MINUTE_MS, Clock, cancelled, failed, held, made, refusal
from tests.engine.shared_studio import SharedStudio

UNHURRIED = PartyRules(pace_minutes=0, minutes=60)


async def party(
    studio: SharedStudio, rules: PartyRules = UNHURRIED, *, pot_id: str | None = None, place: str = "general"
) -> GatheringView:
    return await studio.gatherings.start_party(studio.mod, place, "Lanterns", CHANNEL, rules, pot_id=pot_id)


async def seen(studio: SharedStudio, where: GatheringView) -> GatheringView:
    return await studio.gatherings.show(studio.ann, where.id)


async def asked(
    studio: SharedStudio, who: object, where: GatheringView, prompt: str = "a lantern", **more: bool
) -> str:
    return await studio.gatherings.join(who, where.id, Brief(prompt=prompt), CHANNEL, **more)  # type: ignore[arg-type]


async def entered(studio: SharedStudio, who: object, where: GatheringView, prompt: str = "a lantern") -> str:
    return await made(studio, await asked(studio, who, where, prompt))


async def test_the_reel_shows_the_most_liked_and_ends_with_the_best(studio: SharedStudio, clock: Clock) -> None:
    where = await party(studio, PartyRules(pace_minutes=0, minutes=60, reel_of=2, most_each=2))
    quiet = await entered(studio, studio.ann, where, "one")
    best = await entered(studio, studio.bob, where, "two")
    good = await entered(studio, studio.ann, where, "three")
    assert await studio.gatherings.like(studio.ann, where.id, best) == 1
    assert await studio.gatherings.like(studio.mod, where.id, best) == 2
    assert await studio.gatherings.like(studio.mod, where.id, good) == 1
    assert [one.clip_id for one in (await seen(studio, where)).best] == [best, good]
    clock.forward(minutes=61)
    assert await studio.gatherings.ring() == [where.id]
    view = await seen(studio, where)
    assert view.reel is not None
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, view.reel.job_id)
    assert job is not None
    assert [card["source"]["clip_id"] for card in job.brief["cards"]] == [good, best]
    assert (job.member_id, job.origin) == ("mod", CHANNEL.model_dump())
    reel = await made(studio, job.id)
    await studio.gatherings.ring()
    view = await seen(studio, where)
    assert (view.state, view.ending, view.reel and view.reel.clip_id) == (State.OVER, Ending.TIME, reel)
    assert quiet in {one.clip_id for one in view.entries}


async def test_a_like_is_one_a_member_for_what_stands_and_never_for_ones_own(
    studio: SharedStudio, clock: Clock
) -> None:
    where = await party(studio)
    clip = await entered(studio, studio.ann, where)
    assert [await studio.gatherings.like(studio.bob, where.id, clip) for _ in range(2)] == [1, 1]
    assert await studio.gatherings.likes(studio.bob, where.id) == {clip}
    assert [await studio.gatherings.like(studio.bob, where.id, clip, on=False) for _ in range(2)] == [0, 0]
    with refusal("gathering.own_clip"):
        await studio.gatherings.like(studio.ann, where.id, clip)
    with refusal("gathering.no_entry"):
        await studio.gatherings.like(studio.bob, where.id, await studio.clip(studio.ann))
    await studio.gatherings.like(studio.bob, where.id, clip)
    async with studio.database.writing() as tx:  # who liked it turns out to be who made it
        await linking.merge(tx, "bob", "ann", shipped())
    assert (await seen(studio, where)).entries[0].likes == 0
    clock.forward(minutes=61)
    with refusal("gathering.over"):
        await studio.gatherings.like(studio.mod, where.id, clip)


async def test_after_its_end_nothing_is_taken_and_what_was_asked_for_in_time_comes_in(
    studio: SharedStudio, clock: Clock
) -> None:
    where = await party(studio)
    first = await entered(studio, studio.ann, where)
    slow = await asked(studio, studio.bob, where)
    clock.forward(minutes=60)
    with refusal("gathering.over"):  # before anybody has rung
        await asked(studio, studio.mod, where)
    assert await studio.gatherings.ring() == [where.id]
    view = await seen(studio, where)
    assert (view.state, view.reel) == (State.CLOSING, None)
    second = await made(studio, slow)
    await studio.gatherings.ring()
    view = await seen(studio, where)
    assert view.reel is not None
    assert {one.clip_id for one in view.standing} == {first, second}


async def test_what_is_not_made_within_the_grace_comes_too_late(studio: SharedStudio, clock: Clock) -> None:
    where = await party(studio)
    await entered(studio, studio.ann, where)
    await entered(studio, studio.mod, where)
    slow = await asked(studio, studio.bob, where)
    await held(studio, slow)
    clock.forward(minutes=60)
    await studio.gatherings.ring()
    assert (await seen(studio, where)).changes_at is not None
    clock.forward(minutes=GRACE_MS / MINUTE_MS - 0.1)
    assert await studio.gatherings.ring() == []
    clock.forward(minutes=0.2)
    assert await studio.gatherings.ring() == [where.id]
    view = await seen(studio, where)
    assert view.reel is not None
    assert [one.gap for one in view.entries] == [None, None, Gap.LATE]


async def test_a_reel_that_fails_since_a_clip_went_is_made_again_of_what_stands(studio: SharedStudio) -> None:
    where = await party(studio)
    people = [studio.ann, studio.bob, studio.mod]
    made_clips = [await entered(studio, who, where) for who in people]
    await studio.gatherings.close(studio.mod, where.id)
    await studio.gatherings.ring()
    first = (await seen(studio, where)).reel
    assert first is not None
    await studio.take_down(made_clips[0])
    await failed(studio, first.job_id)
    await studio.gatherings.ring()
    second = (await seen(studio, where)).reel
    assert second is not None
    assert second.job_id != first.job_id
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, second.job_id)
    assert job is not None
    assert {card["source"]["clip_id"] for card in job.brief["cards"]} == set(made_clips[1:])
    for _ in range(2):
        reel = (await seen(studio, where)).reel
        assert reel is not None
        await failed(studio, reel.job_id)
        await studio.gatherings.ring()
    view = await seen(studio, where)  # it is not tried for ever
    assert view.state is State.OVER
    assert view.reel is not None
    assert view.reel.clip_id is None


async def test_a_reel_that_is_called_off_is_not_made_again(studio: SharedStudio) -> None:
    where = await party(studio)
    for who in (studio.ann, studio.bob):
        await entered(studio, who, where)
    await studio.gatherings.close(studio.mod, where.id)
    await studio.gatherings.ring()
    reel = (await seen(studio, where)).reel
    assert reel is not None
    await cancelled(studio, reel.job_id)
    await studio.gatherings.ring()
    view = await seen(studio, where)
    assert (view.state, view.reel and view.reel.job_id) == (State.OVER, reel.job_id)


def test_a_reel_of_many_clips_is_no_longer_than_a_clip_may_be() -> None:
    clips = [
        Standing(ClipSource(clip_id=f"clip{n:04}", start=0.0, end=6.0), "", MP4, 854, 480, 20.0) for n in range(10)
    ]
    brief = reel_brief(clips)
    assert (len(brief.cards), brief.look.seconds) == (10, 60.0)
    tall = [Standing(one.source, "", MP4, 1080, 1920, 20.0) for one in clips[:3]]
    assert reel_brief([*tall, clips[4]]).look == Look(aspect=Aspect.TALL, resolution=Resolution.P720, seconds=24.0)


# -- who pays ------------------------------------------------------------------------------------------------------


async def sponsored(studio: SharedStudio, budget: int | None, *, filled: int = 100) -> tuple[GatheringView, str]:
    async with studio.database.writing() as tx:
        for name in ("ann", "bob", "mod"):
            await members.set_plan(tx, name, "plus")
        pot_id = await pots.open_pot(tx, studio.mod, "lanterns")
        await credits.adjust(tx, Account(pot_id=pot_id), filled, reason="test", by="mod")
    rules = PartyRules(pace_minutes=0, most_each=None, budget=budget)
    return await party(studio, rules, pot_id=pot_id), pot_id


async def test_the_sponsor_pays_up_to_the_partys_own_ceiling_and_then_one_may_pay_oneself(
    studio: SharedStudio,
) -> None:
    where, pot_id = await sponsored(studio, 60)
    quoted = await studio.gatherings.quote(studio.ann, where.id, Brief(prompt="a lantern"))
    assert (quoted.quote.price, quoted.sponsored) == (25, True)
    first = await asked(studio, studio.ann, where)
    await entered(studio, studio.bob, where)
    assert (await seen(studio, where)).left == 10
    with refusal("gathering.budget"):
        await asked(studio, studio.mod, where)
    await failed(studio, first)  # what is paid back can be used again
    assert (await seen(studio, where)).left == 35
    await entered(studio, studio.mod, where)
    own = await asked(studio, studio.ann, where, own=True)
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, own)
        assert job is not None
        assert (job.pot_id, job.price) == (None, 25)
        assert (await accounts.balance(tx, Account(pot_id=pot_id))).available == 100  # nothing was queued in this test


async def test_a_pot_that_is_empty_does_not_sponsor(studio: SharedStudio) -> None:
    where, _ = await sponsored(studio, None, filled=30)
    await asked(studio, studio.ann, where)
    with refusal("pot.short"):
        await asked(studio, studio.bob, where)


async def test_who_may_give_a_pot_away(studio: SharedStudio) -> None:
    _, pot_id = await sponsored(studio, None)
    await open_to_everyone(studio)
    with refusal("gathering.moderators_only"):
        await studio.gatherings.start_party(studio.ann, "x", "Snow", CHANNEL, UNHURRIED, pot_id=pot_id)
    with refusal("pot.unknown"):
        await studio.gatherings.start_party(studio.eve, "x", "Snow", CHANNEL, UNHURRIED, pot_id=pot_id)
    with refusal("gathering.budget_of_nothing"):
        await studio.gatherings.start_party(studio.mod, "x", "Snow", CHANNEL, PartyRules(budget=5))


# -- against flooding ----------------------------------------------------------------------------------------------


async def open_to_everyone(studio: SharedStudio) -> None:
    async with studio.database.writing() as tx:
        await members.change_community(tx, "here", {"who_may_start": "everyone"})


async def test_who_may_start_one_is_the_communitys_to_say(studio: SharedStudio) -> None:
    with refusal("community.not_starting"):
        await studio.gatherings.start_party(studio.ann, "general", "Snow", CHANNEL)
    await open_to_everyone(studio)
    where = await studio.gatherings.start_party(studio.ann, "general", "Snow", CHANNEL)
    assert (await studio.gatherings.close(studio.ann, where.id)).ending is Ending.CLOSED


async def test_one_of_a_kind_at_a_place_and_only_so_many_at_once_and_a_day(studio: SharedStudio) -> None:
    where = await party(studio)
    with refusal("gathering.exists"):
        await party(studio)
    await studio.gatherings.start_chain(studio.mod, "general", "beside it", CHANNEL)
    for number in range(OPEN_AT_ONCE - 2):
        await party(studio, place=f"place {number}")
    with refusal("gathering.too_many"):
        await party(studio, place="one more")
    await studio.gatherings.close(studio.mod, where.id)
    for _ in range(STARTED_A_DAY - OPEN_AT_ONCE):
        again = await party(studio, place="one more")
        await studio.gatherings.close(studio.mod, again.id)
    with refusal("gathering.started_many"):
        await party(studio, place="one more")


async def test_each_member_brings_so_many_one_at_a_time_and_not_too_fast(studio: SharedStudio, clock: Clock) -> None:
    where = await party(studio, PartyRules(pace_minutes=2, most_each=2, minutes=60))
    other = await party(studio, place="elsewhere")
    job = await asked(studio, studio.ann, where)
    for there in (where, other):
        with refusal("gathering.one_at_a_time"):
            await asked(studio, studio.ann, there)
    await made(studio, job)
    with refusal("gathering.pace"):
        await asked(studio, studio.ann, where)
    clock.forward(minutes=2.1)
    await failed(studio, await asked(studio, studio.ann, where))
    await entered(studio, studio.ann, where)  # what failed is no fault of theirs
    clock.forward(minutes=2.1)
    with refusal("gathering.most_each"):
        await asked(studio, studio.ann, where)


async def test_it_is_over_when_it_has_all_the_clips_it_takes(studio: SharedStudio) -> None:
    where = await party(studio, PartyRules(pace_minutes=0, most=2))
    await entered(studio, studio.ann, where)
    job = await asked(studio, studio.bob, where)
    with refusal("gathering.full"):  # what is being made counts
        await asked(studio, studio.mod, where)
    assert await studio.gatherings.ring() == []
    await made(studio, job)
    await studio.gatherings.ring()
    assert (await seen(studio, where)).ending is Ending.FULL


@pytest.mark.parametrize(
    ("theme", "code"),
    [
        ("", "name.empty"),
        ("x" * 201, "name.long"),
        ("a\x00b", "name.unreadable"),
        ("how to build a pipe bomb", "name.refused"),
    ],
)
async def test_a_theme_passes_the_gate_and_can_be_read(studio: SharedStudio, theme: str, code: str) -> None:
    with refusal(code):
        await studio.gatherings.start_party(studio.mod, "general", theme, CHANNEL)
    assert await studio.gatherings.latest(studio.mod, Kind.PARTY) == []


async def test_a_theme_in_chinese_with_emoji_is_kept_as_it_is(studio: SharedStudio) -> None:
    theme = "🏮" + "燈" * 199
    assert (await studio.gatherings.start_party(studio.mod, "頻道", theme, CHANNEL)).theme == theme


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (ChainRules, {"most": 21}),
        (ChainRules, {"turn_minutes": 0}),
        (PartyRules, {"minutes": 20_161}),
        (PartyRules, {"most_each": 0}),
    ],
)
def test_a_rule_that_cannot_be_is_named_with_its_bounds(kind: type[ChainRules], typed: dict[str, int]) -> None:
    with pytest.raises(Exception, match="gathering.rule") as caught:
        read_rules(kind, **typed)
    params = caught.value.params  # type: ignore[attr-defined]
    assert params["rule"] in typed
    assert params["least"] < params["most"]


# -- cards ---------------------------------------------------------------------------------------------------------


async def test_a_card_is_due_when_what_it_shows_has_changed_and_not_before(studio: SharedStudio) -> None:
    where = await party(studio)
    (first,) = await studio.gatherings.cards_due("test")
    assert (first.view.id, first.where) == (where.id, None)
    assert await studio.gatherings.cards_due("elsewhere") == []
    await studio.gatherings.card_shown(first.view, {"message": 1})
    assert await studio.gatherings.cards_due("test") == []
    job = await asked(studio, studio.ann, where)
    (second,) = await studio.gatherings.cards_due("test")
    assert second.where == {"message": 1}
    clip = await made(studio, job)
    await studio.gatherings.card_shown(second.view, {"message": 1})
    (third,) = await studio.gatherings.cards_due("test")  # it became a clip while the card was sent
    await studio.gatherings.card_shown(third.view, {"message": 1})
    await studio.gatherings.like(studio.bob, where.id, clip)
    assert len(await studio.gatherings.cards_due("test")) == 1
    await studio.take_down(clip)
    (gone,) = await studio.gatherings.cards_due("test")
    assert gone.view.entries[0].state is EntryState.GAP


async def test_a_card_of_what_is_over_is_brought_up_to_date_for_a_day(studio: SharedStudio, clock: Clock) -> None:
    where = await party(studio)
    await studio.gatherings.close(studio.mod, where.id)
    await studio.gatherings.ring()
    assert [card.view.state for card in await studio.gatherings.cards_due("test")] == [State.OVER]
    clock.forward(hours=25)
    assert await studio.gatherings.cards_due("test") == []


# -- leaving -------------------------------------------------------------------------------------------------------


async def test_who_leaves_takes_their_theme_and_their_likes_along(studio: SharedStudio) -> None:
    where = await party(studio)
    clip = await entered(studio, studio.ann, where)
    await studio.gatherings.like(studio.mod, where.id, clip)
    async with studio.database.reading() as tx:
        held_of_mod = await belongings.everything(tx, ["mod"])
        held_of_ann = await belongings.everything(tx, ["ann"])
    assert [row["theme"] for row in held_of_mod["gatherings"]] == ["Lanterns"]
    assert [row["clip_id"] for row in held_of_mod["cheers"]] == [clip]
    assert [row["gathering_id"] for row in held_of_ann["gathered"]] == [where.id]
    async with studio.database.writing() as tx:
        await belongings.forget_person(tx, ["mod"], keep_identities=False)
    view = await seen(studio, where)
    assert (view.theme, view.state, view.ending) == ("", State.OVER, Ending.LEFT)
    assert view.entries[0].likes == 0
    async with studio.database.reading() as tx:
        row = await gatherings.get(tx, where.id)
    assert row is not None
    assert row.origin == {"platform": "test"}
