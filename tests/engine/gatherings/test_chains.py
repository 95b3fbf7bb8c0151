"""A remix chain: each next member goes on from the last clip that stands."""

import pytest

from engine.brief import Brief, ClipSource, Operation
from engine.gatherings import ChainRules, GatheringView
from engine.gatherings.joining import Wish
from engine.gatherings.states import Ending, EntryState, Gap, Kind, State
from engine.remixing import RemixRight
from storage import clips, gatherings
from storage import jobs as ledger
from tests.engine.gatherings.guests import CHANNEL, Clock, cancelled, entered, failed, held, made, refusal, state_of
from tests.engine.shared_studio import SharedStudio

UNHURRIED = ChainRules(pace_minutes=0)


async def chain(studio: SharedStudio, rules: ChainRules = UNHURRIED, *, opening: str | None = None) -> GatheringView:
    return await studio.gatherings.start_chain(studio.mod, "general", "The wolf", CHANNEL, rules, opening=opening)


async def seen(studio: SharedStudio, where: GatheringView) -> GatheringView:
    return await studio.gatherings.show(studio.ann, where.id)


async def test_each_next_member_goes_on_from_the_last_clip(studio: SharedStudio) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where, "a wolf howls")
    second = await entered(studio, studio.bob, where, "it begins to snow")
    third = await entered(studio, studio.ann, where, "it runs")
    view = await seen(studio, where)
    assert [(one.number, one.clip_id, one.follows) for one in view.entries] == [
        (1, first, None),
        (2, second, first),
        (3, third, second),
    ]
    assert view.turn is not None
    assert (view.turn.follows, view.turn.last_member) == (third, "ann")
    async with studio.database.reading() as tx:
        assert [parent.parent_clip_id for parent in await clips.parents_of(tx, third)] == [second]


async def test_what_follows_goes_on_from_the_end_of_the_clip_in_its_shape(studio: SharedStudio) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    quoted = await studio.gatherings.quote(studio.bob, where.id, Wish("it runs", seconds=3))
    assert quoted.brief.operation is Operation.RECUT
    assert quoted.brief.sources == (ClipSource(clip_id=first, start=4.0),)
    assert quoted.brief.look.seconds == 4.0
    remixed = await studio.gatherings.quote(studio.bob, where.id, Wish("at night", strength=0.55))
    assert (remixed.brief.operation, remixed.brief.strength, remixed.brief.look.seconds) == (Operation.REMIX, 0.55, 5.0)


async def test_nobody_goes_twice_in_a_row(studio: SharedStudio) -> None:
    where = await chain(studio)
    await entered(studio, studio.ann, where)
    with refusal("chain.twice"):
        await studio.gatherings.join(studio.ann, where.id, Wish("again"), CHANNEL)


async def test_a_turn_is_one_members_until_their_clip_is_there(studio: SharedStudio) -> None:
    where = await chain(studio)
    job = await studio.gatherings.join(studio.ann, where.id, Wish("a wolf"), CHANNEL)
    with refusal("chain.taken"):
        await studio.gatherings.join(studio.bob, where.id, Wish("a crane"), CHANNEL)
    with refusal("gathering.one_at_a_time"):
        await studio.gatherings.join(studio.ann, where.id, Wish("a crane"), CHANNEL)
    view = await seen(studio, where)
    assert view.turn is not None
    assert view.turn.taken_by == "ann"
    assert view.changes_at == view.turn.until == view.entries[0].at + 30 * 60_000
    clip = await made(studio, job)
    assert (await studio.gatherings.quote(studio.bob, where.id, Wish("a crane"))).brief.sources[0].clip_id == clip  # type: ignore[union-attr]


@pytest.mark.parametrize("ending", [failed, cancelled])
async def test_a_clip_that_does_not_come_about_leaves_the_turn_to_others(studio: SharedStudio, ending: object) -> None:
    where = await chain(studio)
    job = await studio.gatherings.join(studio.ann, where.id, Wish("a wolf"), CHANNEL)
    await ending(studio, job)  # type: ignore[operator]
    assert (await seen(studio, where)).entries == ()
    await entered(studio, studio.bob, where)


async def test_a_turn_that_takes_too_long_lapses_and_its_clip_comes_too_late(
    studio: SharedStudio, clock: Clock
) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.mod, where)
    slow = await studio.gatherings.join(studio.ann, where.id, Wish("a wolf"), CHANNEL)
    await held(studio, slow)
    assert (await seen(studio, where)).entries[-1].state is EntryState.HELD
    clock.forward(minutes=29)
    with refusal("chain.taken"):
        await studio.gatherings.join(studio.bob, where.id, Wish("a crane"), CHANNEL)
    clock.forward(minutes=2)
    second = await entered(studio, studio.bob, where)
    await studio.release(slow)
    view = await seen(studio, where)
    assert [(one.clip_id, one.gap) for one in view.entries] == [(first, None), (None, Gap.LATE), (second, None)]
    assert [one.follows for one in view.entries] == [None, first, first]


async def test_a_clip_that_comes_late_before_anybody_went_on_is_in_time(studio: SharedStudio, clock: Clock) -> None:
    where = await chain(studio)
    slow = await studio.gatherings.join(studio.ann, where.id, Wish("a wolf"), CHANNEL)
    clock.forward(hours=2)
    clip = await made(studio, slow)
    assert [one.clip_id for one in (await seen(studio, where)).standing] == [clip]


async def test_what_is_taken_down_leaves_a_named_gap_and_the_chain_goes_on_from_what_stands(
    studio: SharedStudio,
) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    second = await entered(studio, studio.bob, where)
    await studio.take_down(second)
    view = await seen(studio, where)
    assert [(one.clip_id, one.gap, one.prompt) for one in view.entries][1] == (None, Gap.TAKEN_DOWN, "")
    assert view.turn is not None
    assert view.turn.follows == first
    with refusal("chain.twice"):
        await studio.gatherings.join(studio.ann, where.id, Wish("on"), CHANNEL)
    third = await entered(studio, studio.bob, where)
    assert (await seen(studio, where)).standing[-1].follows == first
    await studio.take_down(first)
    view = await seen(studio, where)
    assert [one.gap for one in view.entries] == [Gap.TAKEN_DOWN, Gap.TAKEN_DOWN, None]
    assert view.turn is not None
    assert view.turn.follows == third


async def test_what_its_maker_puts_in_the_trash_or_deletes_is_a_gap(studio: SharedStudio) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    second = await entered(studio, studio.bob, where)
    await studio.library.throw_away(studio.bob, [second])
    assert (await seen(studio, where)).entries[1].gap is Gap.PUT_AWAY
    await studio.library.take_back(studio.bob, [second])
    assert (await seen(studio, where)).entries[1].clip_id == second
    await studio.library.throw_away(studio.ann, [first])
    await studio.library.empty_trash(studio.ann)
    assert (await seen(studio, where)).entries[0].gap is Gap.DELETED


async def test_joining_is_consent_for_this_chain_and_no_other(studio: SharedStudio) -> None:
    await studio.remixing.set_default(studio.ann, RemixRight.NOBODY)
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    with refusal("remix.nobody"):
        await studio.remixing.check(studio.bob, [first])
    job_id = await studio.gatherings.join(studio.bob, where.id, Wish("on"), CHANNEL)
    async with studio.database.reading() as tx:
        assert await gatherings.consented(tx, job_id) == {first}
    with refusal("remix.nobody"):  # meanwhile, too
        await studio.remixing.check(studio.bob, [first])


async def test_a_chain_may_begin_with_a_clip_whose_maker_decides_about_it(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    where = await chain(studio, opening=clip)
    assert where.opening_clip_id == clip
    await studio.remixing.set_right(studio.ann, clip, RemixRight.NOBODY)
    with refusal("remix.nobody"):  # who began the chain is not its maker: nobody agreed to anything
        await studio.gatherings.join(studio.bob, where.id, Wish("on"), CHANNEL)
    own = await studio.clip(studio.mod)
    await studio.remixing.set_right(studio.mod, own, RemixRight.NOBODY)
    with refusal("gathering.exists"):
        await chain(studio, opening=own)
    elsewhere = await studio.gatherings.start_chain(studio.mod, "other", "x", CHANNEL, UNHURRIED, opening=own)
    with refusal("chain.twice"):
        await studio.gatherings.join(studio.mod, elsewhere.id, Wish("on"), CHANNEL)
    assert await entered(studio, studio.bob, elsewhere)


async def test_a_brief_of_its_own_has_to_go_on_from_the_last_clip(studio: SharedStudio) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    for brief in (
        Brief(prompt="something else"),
        Brief(operation=Operation.REMIX, prompt="x", sources=(ClipSource(clip_id=await studio.clip(studio.bob)),)),
    ):
        with refusal("chain.moved_on"):
            await studio.gatherings.join(studio.bob, where.id, brief, CHANNEL)
    several = Brief(operation=Operation.REMIX, prompt="x", sources=(ClipSource(clip_id=first),), variations=2)
    with refusal("gathering.one_clip"):
        await studio.gatherings.join(studio.bob, where.id, several, CHANNEL)


async def test_it_is_over_when_it_is_full_and_its_film_shows_every_clip_in_order(studio: SharedStudio) -> None:
    where = await chain(studio, ChainRules(pace_minutes=0, most=3))
    made_clips = [await entered(studio, who, where) for who in (studio.ann, studio.bob, studio.ann)]
    with refusal("gathering.full"):
        await studio.gatherings.join(studio.bob, where.id, Wish("on"), CHANNEL)
    assert await studio.gatherings.ring() == [where.id]
    view = await seen(studio, where)
    assert (view.state, view.ending) == (State.CLOSING, Ending.FULL)
    assert view.reel is not None
    async with studio.database.reading() as tx:
        job = await ledger.get(tx, view.reel.job_id)
        assert job is not None
        assert await gatherings.consented(tx, job.id) == set(made_clips)
    cards = Brief.model_validate(job.brief).cards
    shown = [(card.at, card.source.clip_id, card.source.start, card.source.end) for card in cards]  # type: ignore[union-attr]
    # each goes on from the last second of the one before it, which is shown once
    assert shown == [(0.0, made_clips[0], 0.0, 5.0), (5.0, made_clips[1], 1.0, 5.0), (9.0, made_clips[2], 1.0, 5.0)]
    assert job.price == 0
    reel = await made(studio, job.id)
    await studio.gatherings.ring()
    view = await seen(studio, where)
    assert view.state is State.OVER
    assert view.reel is not None
    assert view.reel.clip_id == reel


async def test_it_is_over_when_nobody_goes_on_with_it(studio: SharedStudio, clock: Clock) -> None:
    where = await chain(studio, ChainRules(idle_hours=5))
    await entered(studio, studio.ann, where)
    clock.forward(hours=4.9)
    assert await studio.gatherings.ring() == []
    clock.forward(hours=0.2)
    assert await studio.gatherings.ring() == [where.id]
    view = await seen(studio, where)
    assert (view.state, view.ending, view.reel) == (State.OVER, Ending.IDLE, None)  # a reel of one clip is that clip


async def test_who_restricted_paused_or_hurried_members_are_is_heeded(studio: SharedStudio, clock: Clock) -> None:
    where = await chain(studio, ChainRules(pace_minutes=10))
    await entered(studio, studio.ann, where)
    await entered(studio, studio.bob, where)
    with refusal("gathering.pace"):
        await studio.gatherings.join(studio.ann, where.id, Wish("on"), CHANNEL)
    clock.forward(minutes=11)
    await studio.gatherings.pause(studio.mod, where.id)
    with refusal("gathering.paused"):
        await studio.gatherings.join(studio.ann, where.id, Wish("on"), CHANNEL)
    with refusal("gathering.moderators_only"):
        await studio.gatherings.pause(studio.ann, where.id, on=False)
    await studio.gatherings.pause(studio.mod, where.id, on=False)
    assert await studio.gatherings.why_not(studio.ann, where.id) is None
    assert await entered(studio, studio.ann, where)


async def test_a_moderator_removes_an_entry_and_what_is_being_made_is_called_off(studio: SharedStudio) -> None:
    where = await chain(studio)
    first = await entered(studio, studio.ann, where)
    job = await studio.gatherings.join(studio.bob, where.id, Wish("on"), CHANNEL)
    with refusal("gathering.moderators_only"):
        await studio.gatherings.remove(studio.ann, where.id, job)
    assert len((await studio.gatherings.remove(studio.mod, where.id, job)).entries) == 1
    assert await state_of(studio, job) == "cancelled"
    view = await studio.gatherings.remove(studio.mod, where.id, first)
    assert view.entries[0].gap is Gap.REMOVED
    assert view.turn is not None
    assert view.turn.follows is None  # the next clip is a first one
    assert (await studio.library.page(studio.ann)).items[0].clip_id == first
    with refusal("gathering.no_entry"):
        await studio.gatherings.remove(studio.mod, where.id, "nothere0")


async def test_another_community_knows_nothing_of_it(studio: SharedStudio) -> None:
    where = await chain(studio)
    for call in (
        studio.gatherings.show(studio.eve, where.id),
        studio.gatherings.join(studio.eve, where.id, Wish("on"), CHANNEL),
        studio.gatherings.close(studio.eve, where.id),
        studio.gatherings.like(studio.eve, where.id, "abcdefgh"),
    ):
        with refusal("gathering.unknown"):
            await call
    assert await studio.gatherings.at(studio.eve, "general", Kind.CHAIN) is None
    found = await studio.gatherings.at(studio.ann, "general", Kind.CHAIN)
    assert found is not None
    assert found.id == where.id
