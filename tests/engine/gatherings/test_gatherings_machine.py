"""A chain and a party against a small model of them, whatever is done in whatever order by four members.

The model is plain Python and knows nothing of rows: it is asked what ought to be let, and after every step the view is
compared with it.
"""

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from engine.brief import Brief
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.joining import Wish
from engine.gatherings.states import EntryState, Kind, State
from engine.members import Asker
from storage import clips, gatherings
from storage import jobs as ledger
from storage.clock import now
from storage.errors import CodedError
from tests.engine.gatherings.guests import CHANNEL, HOUR_MS, MINUTE_MS, cancelled, failed, made, movable_clock
from tests.engine.shared_studio import shared_studio

T = TypeVar("T")
WHO = ("ann", "bob", "mod", "cat")
TURN_MS, PACE_MS, IDLE_MS, PARTY_MS, GRACE_MS = (
    10 * MINUTE_MS,
    2 * MINUTE_MS,
    3 * HOUR_MS,
    2 * HOUR_MS,
    15 * MINUTE_MS,
)
MOST, MOST_EACH, REEL_OF = 6, 3, 2
Pick = st.integers(0, 999)


@dataclass
class Made:
    """An entry as it ought to be."""

    job: str
    who: str
    at: int
    follows: str | None
    state: str = "making"  # making, standing, void
    clip: str | None = None
    is_gone: bool = False
    is_removed: bool = False
    is_late: bool = False
    counts_for_pace: bool = True
    likes: set[str] = field(default_factory=set)

    @property
    def stands(self) -> bool:
        return self.state == "standing" and not (self.is_gone or self.is_removed or self.is_late)

    @property
    def is_under_way(self) -> bool:
        return self.state == "making" and not (self.is_removed or self.is_late)

    @property
    def is_seen(self) -> bool:
        return self.clip is not None or (self.state == "making" and not self.is_removed)


@dataclass
class Model:
    kind: Kind
    id: str = ""
    started: int = 0
    entries: list[Made] = field(default_factory=list)
    paused: bool = False
    ended: int | None = None
    reels: int = 0
    is_over: bool = False

    @property
    def standing(self) -> list[Made]:
        return [one for one in self.entries if one.stands]

    @property
    def under_way(self) -> list[Made]:
        return [one for one in self.entries if one.is_under_way]

    def may_join(self, who: str, at: int, *, has_one_under_way: bool) -> bool:
        party = self.kind is Kind.PARTY
        if self.ended is not None or self.paused or (party and at >= self.started + PARTY_MS):
            return False
        if len(self.standing) + len(self.under_way) >= MOST or has_one_under_way:
            return False
        own = [one for one in self.entries if one.who == who]
        if party and len([one for one in own if one.is_seen]) >= MOST_EACH:
            return False
        if any(one.at + PACE_MS > at for one in own if one.counts_for_pace):
            return False
        if party:
            return True
        if any(one.at + TURN_MS > at for one in self.under_way):
            return False
        return not (self.standing and self.standing[-1].who == who)

    def ends_by_itself(self, at: int) -> bool:
        if self.ended is not None:
            return False
        if len(self.standing) >= MOST and not self.under_way:
            return True
        if self.kind is Kind.PARTY:
            return at >= self.started + PARTY_MS
        return at >= max([self.started, *(one.at for one in self.entries if one.is_seen)]) + IDLE_MS


class GatheringMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = self.stack.enter_context(movable_clock())
        self.now = 0

    def do(self, work: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await work

        return self.runner.run(wrapped())

    @initialize()
    def begin(self) -> None:
        self.studio = self.do(self.stack.enter_async_context(shared_studio(Path(self.folder.name))))
        cat = self.do(self.studio.member("here"))
        self.people: dict[str, Asker] = {
            **{name: getattr(self.studio, name) for name in WHO[:3]},
            "cat": Asker(cat.member_id, cat.community_id, "unlimited", "member"),
        }
        self.rows = {"cat": cat.member_id}
        chain, party = Model(Kind.CHAIN), Model(Kind.PARTY)
        room, mod = self.studio.gatherings, self.studio.mod
        chain_rules = ChainRules(
            pace_minutes=2, most=MOST, turn_minutes=TURN_MS // MINUTE_MS, idle_hours=IDLE_MS // HOUR_MS
        )
        party_rules = PartyRules(
            pace_minutes=2, most=MOST, most_each=MOST_EACH, minutes=PARTY_MS // MINUTE_MS, reel_of=REEL_OF
        )
        for model, started in (
            (chain, self.do(room.start_chain(mod, "here", "a wolf", CHANNEL, chain_rules))),
            (party, self.do(room.start_party(mod, "here", "lanterns", CHANNEL, party_rules))),
        ):
            model.id, model.started = started.id, started.started_at
        self.both = (chain, party)

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    def _view(self, model: Model) -> GatheringView:
        return self.do(self.studio.gatherings.show(self.studio.ann, model.id))

    def _who(self, member_id: str) -> str:
        return next((name for name, known in self.rows.items() if known == member_id), member_id)

    # -- taking part -----------------------------------------------------------------------------------------------

    @rule(which=st.booleans(), who=st.sampled_from(WHO))
    def join_and_finish(self, which: bool, who: str) -> None:
        before = len(self.both[which].entries)
        self.join(which, who)
        for one in self.both[which].entries[before:]:
            one.clip, one.state = self.do(made(self.studio, one.job)), "standing"

    @rule(which=st.booleans(), who=st.sampled_from(WHO))
    def join(self, which: bool, who: str) -> None:
        model = self.both[which]
        busy = any(one.who == who for other in self.both if not other.is_over for one in other.under_way)
        at = now()
        allowed = model.may_join(who, at, has_one_under_way=busy)
        wish = Wish("and then it snows") if model.kind is Kind.CHAIN else Brief(prompt="a lantern")
        follows = model.standing[-1].clip if model.kind is Kind.CHAIN and model.standing else None
        try:
            job = self.do(self.studio.gatherings.join(self.people[who], model.id, wish, CHANNEL))
        except CodedError as error:
            assert not allowed, error.code
            return
        assert allowed
        if model.kind is Kind.CHAIN:
            for one in model.under_way:
                one.is_late = True
        entry = Made(job, who, at, follows)
        model.entries.append(entry)
        seen = next(one for one in self._view(model).entries if one.job_id == job)
        entry.at = seen.at

    @rule(which=st.booleans(), pick=Pick, how=st.sampled_from(["made", "made", "made", "failed", "cancelled"]))
    def end_a_job(self, which: bool, pick: int, how: str) -> None:
        making = [one for one in self.both[which].entries if one.state == "making"]
        if not making:
            return
        one = making[pick % len(making)]
        if how == "made":
            one.clip, one.state = self.do(made(self.studio, one.job)), "standing"
        else:
            self.do((failed if how == "failed" else cancelled)(self.studio, one.job))
            one.state = "void"
            one.counts_for_pace = how == "cancelled"

    @rule(which=st.booleans(), pick=Pick, who=st.sampled_from(WHO), on=st.booleans())
    def like(self, which: bool, pick: int, who: str, on: bool) -> None:
        model = self.both[which]
        with_clips = [one for one in model.entries if one.clip is not None]
        if not with_clips:
            return
        one = with_clips[pick % len(with_clips)]
        is_past = model.kind is Kind.PARTY and now() >= model.started + PARTY_MS
        allowed = one.stands and one.who != who and model.ended is None and not is_past
        try:
            count = self.do(self.studio.gatherings.like(self.people[who], model.id, one.clip or "", on=on))
        except CodedError as error:
            assert not allowed, error.code
            return
        assert allowed
        (one.likes.add if on else one.likes.discard)(who)
        assert count == len(one.likes)

    @rule(which=st.booleans(), pick=Pick, who=st.sampled_from((*WHO, None)))
    def remove_or_take_down(self, which: bool, pick: int, who: str | None) -> None:
        self._take_down(which, pick) if who is None else self._remove(which, pick, who)

    def _take_down(self, which: bool, pick: int) -> None:
        there = [one for one in self.both[which].entries if one.clip is not None and not one.is_gone]
        if there:
            one = there[pick % len(there)]
            self.do(self.studio.take_down(one.clip or ""))
            one.is_gone = True

    # -- keeping order ---------------------------------------------------------------------------------------------

    def _remove(self, which: bool, pick: int, who: str) -> None:
        model = self.both[which]
        seen = [one for one in model.entries if one.is_seen]
        if not seen:
            return
        one = seen[pick % len(seen)]
        allowed = (who in ("mod", one.who)) and not model.is_over
        try:
            self.do(self.studio.gatherings.remove(self.people[who], model.id, one.job))
        except CodedError as error:
            assert not allowed, error.code
            return
        assert allowed
        if one.state == "making" and not one.is_late and not one.is_removed:
            one.state = "void"  # called off
        one.is_removed = True

    @rule(which=st.booleans(), how=st.sampled_from(("pause", "go on", "go on", "close")), sure=st.integers(0, 2))
    def pause_or_close(self, which: bool, how: str, sure: int) -> None:
        if how != "close":
            self._pause(self.both[which], on=how == "pause")
        elif sure == 0:  # now and then: else nothing would ever go on for long
            self._close(self.both[which])

    def _pause(self, model: Model, *, on: bool) -> None:
        try:
            self.do(self.studio.gatherings.pause(self.studio.mod, model.id, on=on))
        except CodedError:
            assert model.ended is not None
        else:
            assert model.ended is None
            model.paused = on

    def _close(self, model: Model) -> None:
        if model.ended is not None:
            return
        closed = self.do(self.studio.gatherings.close(self.studio.mod, model.id))
        assert closed.state is State.CLOSING
        model.ended = self._ended(model)

    def _ended(self, model: Model) -> int:
        async def read() -> int:
            async with self.studio.database.reading() as tx:
                row = await gatherings.get(tx, model.id)
            assert row is not None
            assert row.ended_at is not None
            return row.ended_at

        return self.do(read())

    # -- by itself -------------------------------------------------------------------------------------------------

    @rule(minutes=st.sampled_from([1, 3, 3, 11, 16, 50]))
    def wait(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule()
    def ring(self) -> None:
        at = now()
        self.do(self.studio.gatherings.ring())
        for model in self.both:
            if model.ends_by_itself(at):
                model.ended = self._ended(model)
            if model.ended is None or model.is_over or model.reels:
                continue
            if model.under_way and at < model.ended + GRACE_MS:
                continue
            for one in model.under_way:
                one.is_late = True
            view = self._view(model)
            expected = self._reel_of(model)
            if expected is None:
                assert view.reel is None
                model.is_over = True
            else:
                assert view.reel is not None
                assert self._shown_in(view.reel.job_id) == expected
                model.reels += 1

    def _reel_of(self, model: Model) -> list[str] | None:
        there = model.standing
        if model.kind is Kind.PARTY:
            there = sorted(there, key=lambda one: (-len(one.likes), one.at, one.job))[:REEL_OF][::-1]
        return [one.clip or "" for one in there] if len(there) >= 2 else None

    def _shown_in(self, job_id: str) -> list[str]:
        async def read() -> list[str]:
            async with self.studio.database.reading() as tx:
                job = await ledger.get(tx, job_id)
            assert job is not None
            return [str(card["source"]["clip_id"]) for card in job.brief["cards"]]

        return self.do(read())

    @rule(which=st.booleans())
    def finish_the_reel(self, which: bool) -> None:
        model = self.both[which]
        view = self._view(model)
        if view.reel is None or model.is_over:
            return
        reel = self.do(made(self.studio, view.reel.job_id))
        self.do(self.studio.gatherings.ring())
        view = self._view(model)
        assert (view.state, view.reel and view.reel.clip_id) == (State.OVER, reel)
        model.is_over = True

    # -- what is always true ---------------------------------------------------------------------------------------

    @invariant()
    def the_view_is_what_the_model_says(self) -> None:
        for model in getattr(self, "both", ()):
            view = self._view(model)
            assert [one.job_id for one in view.entries] == [one.job for one in model.entries if one.is_seen]
            for seen in view.entries:
                one = next(one for one in model.entries if one.job == seen.job_id)
                assert (seen.state is EntryState.STANDING) == one.stands
                assert seen.clip_id == (one.clip if one.stands else None)
                assert seen.likes == (len(one.likes) if one.stands else 0)
                assert self._who(seen.member_id) == one.who
                assert seen.follows == one.follows
            expected = State.OPEN if not model.paused else State.PAUSED
            if model.ended is not None:
                expected = State.OVER if model.is_over else State.CLOSING
            assert view.state is expected

    @invariant()
    def what_follows_was_made_from_what_it_follows(self) -> None:
        async def parents(clip_id: str) -> list[str | None]:
            async with self.studio.database.reading() as tx:
                return [one.parent_clip_id for one in await clips.parents_of(tx, clip_id)]

        for model in getattr(self, "both", ())[:1]:
            for one in model.entries[-1:]:
                if one.clip is not None:
                    assert self.do(parents(one.clip)) == ([one.follows] if one.follows else [])


def run_machine(examples: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(
        GatheringMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            phases=tuple(set(Phase) - {Phase.explain}),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_gatherings_are_what_the_model_says_whatever_happens() -> None:
    run_machine(examples=10, steps=60, always_the_same=True)


@pytest.mark.soak
def test_gatherings_are_what_the_model_says_whatever_happens_for_long() -> None:
    run_machine(examples=400, steps=80, always_the_same=False)
