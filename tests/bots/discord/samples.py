"""One of each card and form, made from plain data: for looking at, and for comparing with what was approved."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bots.discord import cards, forms
from bots.discord.cards import Shown
from engine.brief import Aspect, Brief, Look
from engine.credits import AccountView
from engine.explore import HowMade
from engine.handed import Clip, Preview
from engine.jobs import JobState, TakeState
from engine.months import Month
from engine.plans import shipped
from engine.speeds import Estimate
from engine.statements import Statement
from engine.studio import JobView
from safety.verdict import Decision, Signal, Surface, Verdict
from storage.credits import Balance, Entry
from storage.errors import CodedError
from storage.explore import ExploreItem, Order
from storage.jobs import JobRow, TakeRow
from storage.library import ShelfItem, View
from storage.paging import Page, Place

PROMPT = "a *wolf* howls at the moon 美麗的白鶴 <@1> @everyone"
BRIEF = Brief(prompt=PROMPT, look=Look(aspect=Aspect.SQUARE, seconds=5.0, style="ink"))


def clip(clip_id: str = "5k2m9x7a", **changes: Any) -> Clip:
    made = Clip(
        id=clip_id,
        job_id="job-5k2m9x7a",
        member_id="m1",
        file=Path("clip.mp4"),
        sha256="0" * 64,
        preview=Preview(clip_id, Path("clip.jpg")),
        width=480,
        height=480,
        seconds=5.0,
        is_draft=True,
        not_drawn=(),
        notes=(),
        lineage=(),
        released_at=0,
    )
    return replace(made, **changes)


def shown(one: Clip, *, is_whole: bool = True) -> Shown:
    return Shown(one, f"kinora-{one.id}.{'mp4' if is_whole else 'jpg'}", is_whole)


def take(number: int, state: TakeState) -> TakeRow:
    return TakeRow(f"take000{number}", "job-5k2m9x7a", number, 1, state, 20, 0, None, None, None, 0)


def view(state: JobState, *takes: TakeState, brief: Brief = BRIEF, **changes: Any) -> JobView:
    row = JobRow(
        id="job-5k2m9x7a",
        community_id="c1",
        member_id="m1",
        brief=brief.model_dump(mode="json"),
        state=state,
        lane="priority",
        round=0,
        price=20,
        pot_id=None,
        visible_mark=True,
        origin={},
        verdict=None,
        failure={"code": "worker.hung", "params": {}} if state is JobState.FAILED else None,
        not_before=0,
        lease_holder=None,
        lease_until=None,
        fence=1,
        cancel_requested_at=None,
        created_at=0,
        updated_at=0,
        ended_at=None,
    )
    if "verdict" in changes:
        row = replace(row, verdict=changes.pop("verdict").model_dump(mode="json"))
    rows = tuple(take(number, one) for number, one in enumerate(takes, 1))
    return JobView(row, rows, (), changes.pop("place", None), (), **changes)


def verdict(decision: Decision, category: str) -> Verdict:
    signal = Signal(category=category, score=1.0, classifier="test", surface=Surface.TEXT)
    return Verdict(decision=decision, signals=(signal,), policy_version="test")


SHELF_ITEM = ShelfItem(
    clip_id="5k2m9x7a",
    kind="made",
    title=None,
    folder=None,
    favourite_at=None,
    added_at=0,
    trashed_at=None,
    maker_id="m1",
    job_id="job-5k2m9x7a",
    brief=BRIEF.model_dump(mode="json"),
    poster_sha256="0" * 64,
    seconds=5.0,
    width=480,
    height=480,
    is_draft=True,
    is_shared=False,
    hides_prompt=False,
)
EXPLORE_ITEM = ExploreItem(
    clip_id="5k2m9x7a",
    community_id="c1",
    maker_id="m1",
    title=None,
    brief=BRIEF.model_dump(mode="json"),
    hides_prompt=False,
    across_at=None,
    shared_at=0,
    bookmarks=2,
    remixes=1,
    rising=0,
    picked_at=None,
    job_id="job-5k2m9x7a",
    poster_sha256="0" * 64,
    seconds=5.0,
    width=480,
    height=480,
    is_draft=True,
)
FOUR = tuple(clip(f"5k2m9x7{letter}") for letter in "abcd")
MANY = [replace(SHELF_ITEM, clip_id=f"5k2m9x7{letter}", title="*" * 100) for letter in "abcdefghj"]
ACCOUNT = AccountView(
    plan=shipped()["plus"],
    balance=Balance(940, 60),
    lots=(),
    month=Month("2026-11", 0, 1_796_083_200_000),
    entries=(Entry("k", "m1", "reserve", -60, 60, "", "job-5k2m9x7a"), Entry("g", "m1", "grant", 1_000, 0, "month")),
)
REFUSED = view(JobState.REFUSED, TakeState.REFUSED, verdict=verdict(Decision.REFUSE, "sexual"))
HELD = view(JobState.HELD, TakeState.WAITING, verdict=verdict(Decision.HOLD, "violence"))
VARIED = BRIEF.model_copy(update={"variations": 4})
STATEMENT = Statement(
    decision_id=1,
    subject="clip",
    subject_id="5k2m9x7a",
    job_id="job-5k2m9x7a",
    action="take_down",
    reason="gore",
    policy_version="test",
    automated=False,
    strike=True,
    restricted_until=None,
    word="no *blood*, <@1> please",
    at=0,
    appeal=None,
    can_appeal=True,
)

CARDS: Mapping[str, Callable[[], Any]] = {
    "asked": lambda: cards.job(view(JobState.ASKED, TakeState.WAITING), {}),
    "queued": lambda: cards.job(view(JobState.QUEUED, TakeState.WAITING, place=3, estimate=Estimate(20.0, 100.0)), {}),
    "next": lambda: cards.job(view(JobState.QUEUED, TakeState.WAITING, place=0), {}),
    "drawing": lambda: cards.job(view(JobState.RENDERING, TakeState.WAITING, TakeState.WAITING), {1: 0.62, 2: 0.1}),
    "held": lambda: cards.job(HELD, {}),
    "refused": lambda: cards.job(REFUSED, {}),
    "failed": lambda: cards.job(view(JobState.FAILED, TakeState.FAILED), {}),
    "cancelled": lambda: cards.job(view(JobState.CANCELLED, TakeState.CANCELLED), {}),
    "why_refused": lambda: cards.reasons(REFUSED, can_appeal=True),
    "why_held": lambda: cards.reasons(HELD),
    "result": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED),
        [shown(clip(not_drawn=("howls", "moon"), notes=("footage",), lineage=("9m10kmr9",)))],
    ),
    "result_generated": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED), [shown(clip(is_draft=False))]
    ),
    "result_late_and_large": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED), [shown(clip(), is_whole=False)], mention=77
    ),
    "result_of_four": lambda: cards.result(
        view(JobState.DELIVERED, *[TakeState.DELIVERED] * 4, brief=VARIED), [shown(one) for one in FOUR]
    ),
    "result_of_two_of_four": lambda: cards.result(
        view(
            JobState.HELD,
            TakeState.DELIVERED,
            TakeState.DELIVERED,
            TakeState.REFUSED,
            TakeState.HELD,
            brief=VARIED,
        ),
        [shown(one) for one in FOUR[:2]],
    ),
    "moved": lambda: cards.moved("https://discord.com/channels/1/2/3"),
    "clip_of_somebody_else": lambda: cards.clip(shown(clip()), "", is_own=False),
    "taken_down": lambda: cards.taken_down(view(JobState.DELIVERED, TakeState.DELIVERED), "5k2m9x7a"),
    "statement": lambda: cards.statements([STATEMENT]),
    "statement_of_an_appeal": lambda: cards.statements(
        [replace(STATEMENT, subject="decision", action="refuse", can_appeal=False)]
    ),
    "trashed": lambda: cards.trashed("5k2m9x7a"),
    "library": lambda: cards.library(Page(MANY, Place(1, "5k2m9x7j")), View.MADE),
    "library_empty": lambda: cards.library(Page([], None), View.FAVOURITES),
    "explore": lambda: cards.explore(
        Page([EXPLORE_ITEM, replace(EXPLORE_ITEM, clip_id="9m10kmr9", brief={})], None), Order.RISING
    ),
    "explore_empty": lambda: cards.explore(Page([], None), Order.NEWEST),
    "making": lambda: cards.making(HowMade(EXPLORE_ITEM, (), False), shown(clip()), "<@77>"),
    "credits": lambda: cards.credits(ACCOUNT),
    "credits_unlimited": lambda: cards.credits(replace(ACCOUNT, plan=shipped()["unlimited"])),
    "queue": lambda: cards.queue([view(JobState.QUEUED, TakeState.WAITING, place=0, estimate=Estimate(20.0, 20.0))]),
    "queue_empty": lambda: cards.queue([]),
    "help": cards.help_card,
    "privacy": cards.privacy,
    "error": lambda: cards.error(CodedError("credits.short", needed=25, available=5)),
    "error_of_discord": lambda: cards.error(CodedError("plan.resolution", plan="free", limit="480p")),
}
FORMS: Mapping[str, Callable[[], Any]] = {
    "reword": lambda: forms.reword("5k2m9x7a", PROMPT),
    "report": lambda: forms.report("5k2m9x7a"),
    "appeal": lambda: forms.appeal("job-5k2m9x7a"),
}
