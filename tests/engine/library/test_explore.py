"""Explore: shared on purpose only, seen where both sides allow it, and gone everywhere at once."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from engine import communities, review
from engine.communities import Openness
from engine.members import Asker
from engine.releases import FADES_BY_HALF_MS, risen
from safety.desk.people import Action, Choice
from storage import cases, clips, explore, members
from storage.errors import CodedError
from storage.explore import Order
from storage.library import View
from tests.databases import on_sqlite
from tests.engine.shared_studio import SharedStudio, shared_studio


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


def refusal(code: str) -> "pytest.RaisesExc[CodedError]":
    return pytest.raises(CodedError, match=f"^{code}( |$)")


async def shown(studio: SharedStudio, who: Asker, order: Order = Order.NEWEST, *, across: bool = False) -> list[str]:
    return [item.clip_id for item in (await studio.explore.page(who, order, across=across)).items]


async def at(studio: SharedStudio, clip: str, **values: int) -> None:
    async with studio.database.writing() as tx:
        await explore.change(tx, clip, **values)


async def test_only_its_maker_shares_a_clip(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    for who in (studio.bob, studio.mod, studio.eve):
        with refusal("library.unknown"):
            await studio.explore.share(who, clip)
    with refusal("library.unknown"):
        await studio.explore.share(studio.ann, "00000000")


async def test_sharing_again_changes_what_is_shown_and_not_the_place(studio: SharedStudio) -> None:
    first, second = await studio.shared(studio.ann, "a fox"), await studio.shared(studio.ann, "a wolf")
    await at(studio, first, shared_at=5, rising=6)
    await studio.explore.share(studio.ann, first, hides_prompt=True)
    assert await shown(studio, studio.bob) == [second, first]
    page = await studio.explore.page(studio.bob)
    assert [item.brief["prompt"] for item in page.items] == ["a wolf", ""]
    own = await studio.explore.page(studio.ann)
    assert [item.brief["prompt"] for item in own.items] == ["a wolf", "a fox"]


async def test_a_hidden_prompt_is_found_by_nobody_else(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann, "a zebra", style="ink")
    await studio.explore.share(studio.ann, clip)
    await studio.explore.bookmark(studio.bob, clip)
    assert len((await studio.library.search(studio.bob, "zebra")).items) == 1
    await studio.explore.share(studio.ann, clip, hides_prompt=True)
    assert (await studio.explore.search(studio.bob, "zebra")).items == []
    assert (await studio.library.search(studio.bob, "zebra")).items == []
    (mark,) = (await studio.library.page(studio.bob, View.BOOKMARKS)).items
    made = await studio.explore.show(studio.bob, clip)
    for brief in (mark.brief, made.item.brief):
        assert "zebra" not in str(brief) and "ink" not in str(brief)


async def test_the_same_picture_is_shown_once(studio: SharedStudio) -> None:
    first = await studio.shared(studio.ann, "a wolf", seed=7)
    same = await studio.clip(studio.bob, "a wolf", seed=7)
    with refusal("explore.duplicate"):
        await studio.explore.share(studio.bob, same)
    await studio.explore.share(studio.ann, first)
    other = await studio.shared(studio.bob, "a wolf", seed=8)
    assert sorted(await shown(studio, studio.ann)) == sorted([first, other])
    await studio.explore.unshare(studio.ann, first)
    await studio.explore.share(studio.bob, same)
    with refusal("explore.not_shared"):
        await studio.explore.unshare(studio.ann, first)


async def test_across_needs_both_sides_and_the_maker(studio: SharedStudio) -> None:
    home = await studio.shared(studio.ann, "a fox")
    away = await studio.shared(studio.ann, "a wolf", across=True)
    with refusal("explore.at_home_only"):
        await shown(studio, studio.eve, across=True)
    await studio.explore.open_to(studio.eve, Openness.ACROSS)
    assert await shown(studio, studio.eve, across=True) == []
    await studio.explore.open_to(studio.mod, Openness.ACROSS)
    assert await shown(studio, studio.eve, across=True) == [away]
    assert [one.clip_id for one in (await studio.explore.search(studio.eve, "wolf", across=True)).items] == [away]
    assert await shown(studio, studio.eve) == []
    assert sorted(await shown(studio, studio.bob)) == sorted([home, away])
    with refusal("explore.unknown"):
        await studio.explore.show(studio.eve, home)
    await studio.explore.open_to(studio.mod, Openness.COMMUNITY)
    assert await shown(studio, studio.eve, across=True) == []
    assert (await studio.explore.search(studio.eve, "wolf", across=True)).items == []
    await studio.explore.open_to(studio.mod, Openness.ACROSS)
    await studio.explore.open_to(studio.mod, Openness.ACROSS)
    assert [one.clip_id for one in (await studio.explore.search(studio.eve, "wolf", across=True)).items] == [away]


async def test_a_closed_explore_shows_nothing_to_anybody(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann, across=True)
    await studio.explore.open_to(studio.eve, Openness.ACROSS)
    await studio.explore.open_to(studio.mod, Openness.OFF)
    for call in (
        studio.explore.page(studio.bob),
        studio.explore.search(studio.bob, "wolf"),
        studio.explore.share(studio.ann, clip),
    ):
        with refusal("explore.closed"):
            await call
    assert await shown(studio, studio.eve, across=True) == []
    for who in (studio.ann, studio.bob):
        with refusal("explore.moderators_only"):
            await studio.explore.open_to(who, Openness.COMMUNITY)


async def test_rising_is_what_gets_attention_now(studio: SharedStudio) -> None:
    old, young, loved = [await studio.shared(studio.ann, seed=number) for number in range(3)]
    now = 100_000 * FADES_BY_HALF_MS
    await at(studio, old, shared_at=now - 20 * FADES_BY_HALF_MS, rising=now - 20 * FADES_BY_HALF_MS)
    await at(studio, young, shared_at=now, rising=now)
    await at(studio, loved, shared_at=now - FADES_BY_HALF_MS, rising=now - FADES_BY_HALF_MS)
    assert await shown(studio, studio.bob, Order.RISING) == [young, loved, old]
    await studio.explore.bookmark(studio.bob, loved)  # now, on the real clock: long before all of these
    assert await shown(studio, studio.bob, Order.RISING) == [young, loved, old]
    await at(studio, loved, rising=risen(now - FADES_BY_HALF_MS, now, 1.0))
    assert await shown(studio, studio.bob, Order.RISING) == [loved, young, old]


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 10**13), st.sampled_from([1.0, 3.0])), min_size=1, max_size=8),
    st.lists(st.tuples(st.integers(0, 10**13), st.sampled_from([1.0, 3.0])), min_size=1, max_size=8),
)
def test_the_order_of_rising_is_that_of_fading_sums(
    one: list[tuple[int, float]], other: list[tuple[int, float]]
) -> None:
    """Both sums taken at the same late moment say the same as the two values that never change by waiting."""

    def value(attention: list[tuple[int, float]]) -> int:
        rising = attention[0][0]
        for when, weight in attention[1:]:
            rising = risen(rising, when, weight)
        return rising

    def faded(attention: list[tuple[int, float]], until: int) -> float:
        weights = [1.0, *(weight for _, weight in attention[1:])]
        times = (when for when, _ in attention)
        return sum(w * 2 ** ((when - until) / FADES_BY_HALF_MS) for w, when in zip(weights, times, strict=True))

    latest = max(when for when, _ in one + other)
    if abs(value(one) - value(other)) > 10:
        assert (value(one) > value(other)) == (faded(one, latest) >= faded(other, latest))


async def test_a_bookmark_counts_once_and_can_be_taken_back(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann)
    before = (await studio.explore.show(studio.bob, clip)).item
    for _ in range(3):
        await studio.explore.bookmark(studio.bob, clip)
    after = (await studio.explore.show(studio.bob, clip)).item
    assert (after.bookmarks, after.rising > before.rising) == (1, True)
    with refusal("bookmark.own"):
        await studio.explore.bookmark(studio.ann, clip)
    for _ in range(2):
        await studio.explore.bookmark(studio.bob, clip, on=False)
    again = (await studio.explore.show(studio.bob, clip)).item
    assert again.bookmarks == 0
    assert abs(again.rising - before.rising) <= 2


async def test_remixes_count_by_member_and_not_ones_own(studio: SharedStudio) -> None:
    clip, other = await studio.shared(studio.ann), await studio.shared(studio.ann, "a fox")
    await studio.clip(studio.ann, "own", of=[clip])
    kept = [await studio.clip(studio.bob, f"theirs {number}", of=[clip]) for number in range(3)]
    assert (await studio.explore.show(studio.bob, clip)).item.remixes == 1
    await studio.clip(studio.mod, "mod's", of=[clip, other])
    assert (await studio.explore.show(studio.bob, clip)).item.remixes == 2
    assert (await shown(studio, studio.bob, Order.REMIXED))[0] == clip
    await studio.library.throw_away(studio.bob, kept)
    await studio.library.empty_trash(studio.bob)
    assert (await studio.explore.show(studio.bob, clip)).item.remixes == 1


async def test_only_moderators_pick_and_only_at_home(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann, across=True)
    for who in (studio.ann, studio.bob):
        with refusal("explore.moderators_only"):
            await studio.explore.pick(who, clip)
    with refusal("explore.unknown"):
        await studio.explore.pick(studio.eve, clip)
    for moderator in (studio.eve, studio.mod):
        await studio.explore.open_to(moderator, Openness.ACROSS)
    with refusal("explore.moderators_only"):
        await studio.explore.pick(studio.eve, clip)
    assert await shown(studio, studio.bob, Order.PICKED) == []
    await studio.explore.pick(studio.mod, clip)
    assert await shown(studio, studio.bob, Order.PICKED) == [clip]
    assert await shown(studio, studio.eve, Order.PICKED, across=True) == [clip]
    await studio.explore.pick(studio.mod, clip, on=False)
    assert await shown(studio, studio.bob, Order.PICKED) == []


@pytest.mark.parametrize("order", list(Order))
async def test_every_order_is_read_page_by_page_off_an_index(studio: SharedStudio, order: Order) -> None:
    made = [await studio.shared(studio.ann, across=True, seed=number) for number in range(7)]
    for number, clip in enumerate(made):
        await at(studio, clip, shared_at=number // 2, rising=number // 3, remixes=number % 2, picked_at=number // 4)
    for moderator in (studio.eve, studio.mod):
        await studio.explore.open_to(moderator, Openness.ACROSS)
    for who, across in ((studio.bob, False), (studio.eve, True)):
        seen: list[str] = []
        after = None
        while True:
            page = await studio.explore.page(who, order, across=across, after=after, limit=3)
            seen += [item.clip_id for item in page.items]
            if page.after is None:
                break
            after = str(page.after)
        assert sorted(seen) == sorted(made)


@on_sqlite
async def test_no_page_sorts_or_scans(studio: SharedStudio) -> None:
    """SQLite's own plan for each list: an index is walked, and nothing is sorted but the stretch of a search."""
    engine = studio.database._engine.sync_engine
    seen: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, sql, params, ctx, many: seen.append((sql, params)))
    for moderator in (studio.eve, studio.mod):
        await studio.explore.open_to(moderator, Openness.ACROSS)
    await studio.library.make_folder(studio.ann, "f")
    seen.clear()
    for order in Order:
        for across in (False, True):
            await studio.explore.page(studio.ann, order, across=across, after="1.a")
    for view in View:
        await studio.library.page(studio.ann, view, folder="f", after="1.a")
    await studio.explore.search(studio.ann, "wolf")
    await studio.library.search(studio.ann, "wolf moon", after="1.a")
    looked = [(sql, params) for sql, params in seen if "ORDER BY" in sql]
    assert len(looked) >= 15
    async with studio.database.reading() as tx:
        for sql, params in looked:
            plan = [row[3] for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", params)]  # type: ignore[call-overload]
            is_search = "FROM words" in sql
            bad = [step for step in plan if "SCAN" in step and not (is_search and "SCAN anon" in step)]
            bad += [step for step in plan if "TEMP B-TREE" in step and not is_search]
            assert bad == [], (sql, plan)


@on_sqlite
async def test_what_a_search_found_is_fetched_by_its_ids(studio: SharedStudio) -> None:
    """And not out of all that the community ever shared, which is slower the more that is."""
    engine = studio.database._engine.sync_engine
    seen: list[tuple[str, object]] = []
    event.listen(engine, "before_cursor_execute", lambda c, cur, sql, params, ctx, many: seen.append((sql, params)))
    async with studio.database.reading() as tx:
        for community in ("here", None):  # the plan depends on how many there are
            await explore.items(tx, [f"{number:08}" for number in range(24)], community_id=community)
    fetched = [(sql, params) for sql, params in seen if "explore.clip_id IN" in sql]
    assert len(fetched) == 2
    async with studio.database.reading() as tx:
        for sql, params in fetched:
            plan = [row[3] for row in await tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", params)]  # type: ignore[call-overload]
            assert [step for step in plan if "ix_explore" in step or "SCAN" in step] == []


# -- reports -------------------------------------------------------------------------------------------------------


async def test_reports_about_one_clip_are_one_case(studio: SharedStudio) -> None:
    clip = await studio.shared(studio.ann)
    case = await studio.explore.report(studio.bob, clip, "hate", " mean \n words ")
    assert await studio.explore.report(studio.bob, clip, "violence") == case
    assert await studio.explore.report(studio.mod, clip, "violence") == case
    async with studio.database.reading() as tx:
        reports = await explore.reports_of_case(tx, case)
        assert [(one.member_id, one.category, one.note) for one in reports] == [
            ("bob", "hate", "mean words"),
            ("mod", "violence", ""),
        ]
        assert [one.id for one in await cases.undecided(tx)] == [case]
    with refusal("report.own"):
        await studio.explore.report(studio.ann, clip, "hate")
    with refusal("report.reason"):
        await studio.explore.report(studio.bob, clip, "boring")
    with refusal("explore.unknown"):
        await studio.explore.report(studio.eve, clip, "hate")


@pytest.mark.parametrize("action", [Action.NOTHING, Action.TAKE_DOWN])
async def test_a_decided_report_keeps_the_clip_or_takes_it_down(studio: SharedStudio, action: Action) -> None:
    clip = await studio.shared(studio.ann)
    await studio.explore.bookmark(studio.bob, clip)
    case = await studio.explore.report(studio.bob, clip, "hate")
    async with studio.database.writing() as tx:
        row = await cases.get(tx, case)
        assert row is not None
        reason = await review.default_reason(tx, row, action)
        await review.carry_out(tx, case, Choice(action, reason), studio.mod)
    stays = action is Action.NOTHING
    assert (await shown(studio, studio.bob) == [clip]) == stays
    assert bool((await studio.library.page(studio.bob, View.BOOKMARKS)).items) == stays
    assert bool((await studio.library.page(studio.ann)).items) == stays
    async with studio.database.reading() as tx:
        clip_row = await clips.get(tx, clip)
        assert clip_row is not None and (clip_row.withdrawn_at is None) == stays
        assert studio.blobs.exists(clip_row.sha256, ".mp4")  # for an appeal
    if not stays:
        with refusal("library.unknown"):
            await studio.explore.share(studio.ann, clip)


async def test_what_a_moderator_has_to_look_at_cannot_be_deleted_meanwhile(studio: SharedStudio) -> None:
    clip, other = await studio.shared(studio.ann), await studio.clip(studio.ann)
    case = await studio.explore.report(studio.bob, clip, "hate")
    await studio.library.throw_away(studio.ann, [clip, other])
    assert await studio.library.empty_trash(studio.ann) == 1
    assert await studio.library.kept_for_the_desk(studio.ann) == 1
    async with studio.database.writing() as tx:
        row = await clips.get(tx, clip)
        assert row is not None and row.erased_at is None and studio.blobs.exists(row.sha256, ".mp4")
        found = await cases.get(tx, case)
        assert found is not None
        reason = await review.default_reason(tx, found, Action.NOTHING)
        await review.carry_out(tx, case, Choice(Action.NOTHING, reason), studio.mod)
    assert await studio.library.kept_for_the_desk(studio.ann) == 0
    assert await studio.library.empty_trash(studio.ann) == 1


async def test_an_imported_clip_of_another_studio_is_not_shared(studio: SharedStudio) -> None:
    clip = await studio.clip(studio.ann)
    async with studio.database.writing() as tx:
        await tx.execute(text("UPDATE clips SET sealed_here = false"))
        assert await clips.with_bytes(tx, (await clips.get(tx, clip) or pytest.fail()).sha256) is None
    with refusal("explore.imported"):
        await studio.explore.share(studio.ann, clip)


@pytest.mark.parametrize("openness", list(Openness))
async def test_explore_and_the_settings_of_a_community_say_the_same(studio: SharedStudio, openness: Openness) -> None:
    """Decided on either side, read on both, and what else is settled there can still be read."""
    await studio.explore.open_to(studio.mod, openness)
    async with studio.database.writing() as tx:
        community = await communities.get(tx, studio.mod.community_id)
        assert communities.settings_of(community).explore is openness
        old = {"explore": openness is not Openness.OFF}  # as it was written down once
        await members.change_community(tx, studio.mod.community_id, old)
    expected = Openness.OFF if openness is Openness.OFF else Openness.COMMUNITY
    assert await studio.explore.openness(studio.mod) is expected
