"""One of each card and form, made from plain data: for looking at, and for comparing with what was approved."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from discord import ui

from bots import stories
from bots.discord import board_cards, cards, clip_cards, forms, gathering_cards, settings
from bots.discord.cards import Shown
from bots.wording import say
from engine.asking import Quote
from engine.boards import Board, BoardCard, BoardLook
from engine.brief import Aspect, Brief, Card, ClipSource, Look, Operation, UploadSource
from engine.credits import AccountView
from engine.explore import HowMade
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.states import Ending, EntryState, Gap, Kind, State
from engine.gatherings.view import EntryView, ReelView, TurnView
from engine.handed import Clip, Preview
from engine.heritage import Source
from engine.jobs import JobState, TakeState
from engine.months import Month
from engine.plans import shipped
from engine.remixing import Branch
from engine.reports import ForeignReport, TraceReport
from engine.speeds import Estimate
from engine.statements import Statement
from engine.viewing import JobView
from safety.verdict import Decision, Signal, Surface, Verdict
from storage.credits import Balance, Entry
from storage.errors import CodedError
from storage.explore import ExploreItem, Order
from storage.jobs import JobRow, TakeRow
from storage.library import FolderRow, ShelfItem, View
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


def shown(one: Clip, *, ending: str = ".mp4") -> Shown:
    return Shown(one, f"kinora-{one.id}{ending}")


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

FILE = UploadSource(sha256="0" * 64, media_type="image/jpeg")


def board_preview() -> ui.LayoutView:
    upload = UploadSource(sha256="a" * 64, media_type="image/jpeg")
    cards_of_it = (Card(at=0.0, text="a crane\nstands"), Card(at=4.0, source=upload))
    brief = Brief(operation=Operation.STORYBOARD, cards=cards_of_it, look=Look(seconds=8.0))
    still = Preview("5k2m9x7a", Path("still.jpg"), covered=(2,), not_drawn=("stands",))
    return board_cards.previewed(board_cards.PREVIEW, stories.preview_alt(brief), stories.preview_told(still, brief))


def board(*placed: BoardCard, is_open: bool = False) -> Board:
    return Board("5k2m9x7a", "m1", "c1", is_open, BoardLook(), placed)


def entry(number: int, state: EntryState = EntryState.STANDING, **changes: Any) -> EntryView:
    stands = state is EntryState.STANDING
    made = EntryView(
        number=number,
        job_id=f"job-5k2m9x7{'abcdefghjkmn'[number]}",
        member_id="m1",
        at=0,
        state=state,
        gap=None,
        clip_id=f"5k2m9x7{'abcdefghjkmn'[number]}" if stands else None,
        prompt=PROMPT if stands else "",
        preview=None,
        likes=number if stands else 0,
        follows=None,
    )
    return replace(made, **changes)


def gathering(kind: Kind, *entries: EntryView, **changes: Any) -> GatheringView:
    is_chain = kind is Kind.CHAIN
    made = GatheringView(
        id=f"{kind}-5k2m9x7a",
        kind=kind,
        community_id="c1",
        place="1",
        theme="the *wolf's* journey 狼 @everyone",
        rules=ChainRules() if is_chain else PartyRules(),
        started_by="m1",
        started_at=0,
        ends_at=None if is_chain else 1_796_083_200_000,
        state=State.OPEN,
        ending=None,
        entries=entries,
        turn=TurnView(None, None, None, None) if is_chain else None,
        opening_clip_id=None,
        pot_id=None,
        left=None,
        reel=None,
        changes_at=None,
        digest="",
    )
    return replace(made, **changes)


REEL = Brief(
    operation=Operation.STORYBOARD,
    cards=(Card(at=0.0, source=ClipSource(clip_id="5k2m9x7b")), Card(at=2.0, source=ClipSource(clip_id="5k2m9x7d"))),
    look=BRIEF.look,
)
PEOPLE = {"m1": "<@77>", "m2": "<@78>"}
CHAIN = gathering(
    Kind.CHAIN,
    entry(1),
    entry(2, EntryState.GAP, gap=Gap.TAKEN_DOWN),
    entry(3, member_id="m2"),
    entry(4, EntryState.MAKING),
    turn=TurnView("5k2m9x7d", "m2", "m1", 1_796_083_200_000),
)
PARTY = gathering(Kind.PARTY, *(entry(number) for number in range(12)), pot_id="pot-5k2m9x7a", left=120)

TREE = Branch(
    "9m10kmr9",
    None,
    "m1",
    None,
    None,
    (
        Branch("5k2m9x7a", "parentOf", "m1", None, None, ()),
        Branch("7h2m9x7b", "parentOf", None, "taken_down", None, (), more=2),
    ),
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
    "why_refused": lambda: cards.reasons(REFUSED, [STATEMENT]),
    "why_held": lambda: cards.reasons(HELD),
    "result": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED),
        [shown(clip(not_drawn=("howls", "moon"), notes=("footage",), lineage=("9m10kmr9", "8n10kmr9")))],
        makers={"9m10kmr9": "<@77>"},
    ),
    "result_generated": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED), [shown(clip(is_draft=False))]
    ),
    "result_late_and_large": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED),
        [shown(clip(), ending=cards.STILL)],
        told_ahead=say("discord.result.ready", member="<@77>"),
    ),
    "result_smaller": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED), [shown(clip(), ending=cards.SMALLER)]
    ),
    "result_smaller_with_pages": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED), [shown(clip(), ending=cards.SMALLER)], has_pages=True
    ),
    "way_to_whole": lambda: clip_cards.whole(
        "5k2m9x7a", "https://kinora.example/enter?key=x", "https://kinora.example/clips/5k2m9x7a"
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
    "board_empty": lambda: board_cards.board(board(), "<@77>", None),
    "board": lambda: board_cards.board(
        board(
            BoardCard(id="a1b2", at=0.0, text="a *crane* 白鶴 stands in a stream"),
            BoardCard(id="c3d4", at=4.0, source=ClipSource(clip_id="9m10kmr9", start=1.0, end=3.5)),
            BoardCard(id="e5f6", at=8.5, text="it gets dark", source=FILE),
            BoardCard(id="g7h8", at=12.0, text="||hidden||", is_unsure=True),
            is_open=True,
        ),
        "<@77>",
        Quote(60, 60, 900, shipped()["plus"]),
    ),
    "board_preview": board_preview,
    "board_too_long": lambda: board_cards.board(
        board(BoardCard(id="a1b2", at=0.0, text="a crane")),
        "<@77>",
        CodedError("plan.seconds", plan="free", limit="5"),
    ),
    "board_gone": lambda: board_cards.thrown_away("5k2m9x7a"),
    "chain_begun": lambda: gathering_cards.gathering(gathering(Kind.CHAIN), PEOPLE, has_sheet=False),
    "chain": lambda: gathering_cards.gathering(CHAIN, PEOPLE, has_sheet=True),
    "chain_free": lambda: gathering_cards.gathering(
        replace(CHAIN, entries=CHAIN.entries[:3], turn=TurnView("5k2m9x7d", "m2", None, None)), PEOPLE, has_sheet=True
    ),
    "party": lambda: gathering_cards.gathering(PARTY, PEOPLE, has_sheet=True),
    "party_paused": lambda: gathering_cards.gathering(replace(PARTY, state=State.PAUSED), PEOPLE, has_sheet=True),
    "party_over": lambda: gathering_cards.gathering(
        replace(
            PARTY,
            state=State.OVER,
            ending=Ending.TIME,
            reel=ReelView("job-5k2m9x7a", JobState.DELIVERED, "9m10kmr9"),
            theme="",
        ),
        PEOPLE,
        has_sheet=True,
    ),
    "chain_rules": lambda: gathering_cards.rules(CHAIN),
    "party_rules": lambda: gathering_cards.rules(PARTY),
    "chain_order": lambda: gathering_cards.order(CHAIN, [CHAIN.entries[0], CHAIN.entries[3]], is_moderator=True),
    "party_order_of_a_member": lambda: gathering_cards.order(
        replace(PARTY, state=State.CLOSING), PARTY.entries[:1], is_moderator=False
    ),
    "reel": lambda: cards.result(
        view(JobState.DELIVERED, TakeState.DELIVERED, brief=REEL),
        [shown(clip())],
        told_ahead=say("discord.gathering.reel_of_party"),
    ),
    "error_of_a_gathering": lambda: cards.error(CodedError("gathering.pace", until="2026-12-01T00:00:00+00:00")),
    "blend_with": lambda: clip_cards.blend_with("5k2m9x7a", MANY),
    "blend_with_nothing": lambda: clip_cards.blend_with("5k2m9x7a", []),
    "folders": lambda: clip_cards.folders("5k2m9x7a", [(FolderRow("f", "m1", "wolves 狼", 0), 3)]),
    "folders_none": lambda: clip_cards.folders("5k2m9x7a", []),
    "choose_clip": lambda: clip_cards.choose_clip([one.id for one in FOUR], "report"),
    "brought": lambda: clip_cards.brought("0" * 64),
    "tree": lambda: clip_cards.tree(TREE, "5k2m9x7a", {"m1": "<@77>"}),
    "trace": lambda: clip_cards.trace(
        TraceReport(made_here=True, layer="watermark", tampered=True, clip="5k2m9x7a", lineage=("9m10kmr9",))
    ),
    "trace_of_another": lambda: clip_cards.trace(
        TraceReport(
            made_here=False,
            layer="none",
            tampered=False,
            clip=None,
            lineage=(),
            foreign=ForeignReport(generator="*Other*", signer="@everyone", state="valid", source_types=("a", "b")),
        )
    ),
    "trace_with_sources": lambda: clip_cards.trace(
        TraceReport(
            made_here=True, layer="c2pa", tampered=False, clip="5k2m9x7a", maker="*Ann* @here", lineage=("9m10kmr9",)
        ),
        SOURCES,
    ),
    "credentials": lambda: clip_cards.credentials(
        "5k2m9x7a",
        TraceReport(made_here=True, layer="c2pa", tampered=False, clip="5k2m9x7a", lineage=()),
        [cards.made_with(clip())],
    ),
    "credits": lambda: cards.credits(ACCOUNT),
    "credits_unlimited": lambda: cards.credits(replace(ACCOUNT, plan=shipped()["unlimited"])),
    "queue": lambda: cards.queue([view(JobState.QUEUED, TakeState.WAITING, place=0, estimate=Estimate(20.0, 20.0))]),
    "queue_empty": lambda: cards.queue([]),
    "help": cards.help_card,
    "privacy": cards.privacy,
    "privacy_named": lambda: cards.privacy("*Ann* @here"),
    "error": lambda: cards.error(CodedError("credits.short", needed=25, available=5)),
    "error_of_discord": lambda: cards.error(CodedError("plan.resolution", plan="free", limit="480p")),
}
FOREIGN_FILE = ForeignReport(generator="*Other* https://x.example", signer="@everyone", state="Valid")
BARE_FILE = Source(None, "componentOf")
SOURCES = Source(
    "5k2m9x7a",
    sources=(
        Source("9m10kmr9", "parentOf", gap="unseen", sources=(BARE_FILE,)),
        Source(None, "componentOf", foreign=FOREIGN_FILE, more=3),
    ),
)
FORMS: Mapping[str, Callable[[], Any]] = {
    "reword": lambda: forms.reword("5k2m9x7a", PROMPT),
    "remix": lambda: forms.remix("5k2m9x7a"),
    "extend": lambda: forms.extend("5k2m9x7a"),
    "recut": lambda: forms.recut("5k2m9x7a"),
    "blend": lambda: forms.blend("5k2m9x7a"),
    "folder": lambda: forms.folder("5k2m9x7a"),
    "naming": settings.form_of_name,
    "board_text": lambda: board_cards.form_of_text("5k2m9x7a"),
    "board_clip": lambda: board_cards.form_of_clip("5k2m9x7a"),
    "board_file": lambda: board_cards.form_of_file("5k2m9x7a"),
    "board_card": lambda: board_cards.form_of_card("5k2m9x7a", BoardCard(id="a1b2", at=4.5, text="a crane")),
    "board_trim": lambda: board_cards.form_of_card(
        "5k2m9x7a", BoardCard(id="a1b2", at=4.5, source=ClipSource(clip_id="9m10kmr9", start=1.0, end=3.5))
    ),
    "board_look": lambda: board_cards.form_of_look(board()),
    "join_chain": lambda: gathering_cards.form_to_join("chain-5k2m9x7a", goes_on=True, has_sponsor=False),
    "join_chain_first": lambda: gathering_cards.form_to_join("chain-5k2m9x7a", goes_on=False, has_sponsor=False),
    "join_party": lambda: gathering_cards.form_to_join("party-5k2m9x7a", goes_on=False, has_sponsor=True),
    "report": lambda: forms.report("5k2m9x7a"),
    "appeal": lambda: forms.appeal("job-5k2m9x7a"),
}
