"""One of each card, made from plain data: for looking at, and for comparing with what was approved."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bots.telegram import boards, cards, folders, gathering_cards, presets
from bots.telegram.boards import Board
from bots.telegram.text import Card
from bots.wording import say
from engine.brief import Brief, ClipSource, Operation
from engine.explore import HowMade
from engine.gatherings.states import Ending, Kind, State
from engine.gatherings.view import ReelView, TurnView
from engine.jobs import JobState, TakeState
from engine.plans import shipped
from engine.reports import ForeignReport, TraceReport
from engine.speeds import Estimate
from storage.errors import CodedError
from storage.explore import Order
from storage.library import FolderRow, View
from storage.paging import Page, Place
from storage.presets import PresetRow
from tests.bots.discord.samples import (
    ACCOUNT,
    BRIEF,
    CHAIN,
    EXPLORE_ITEM,
    FOUR,
    HELD,
    MANY,
    PARTY,
    REEL,
    REFUSED,
    SOURCES,
    STATEMENT,
    VARIED,
    clip,
    gathering,
    view,
)

LOOPED = Brief(operation=Operation.LOOP, sources=(ClipSource(clip_id="5k2m9x7a"),), join=2)
TRACED = TraceReport(made_here=True, layer="c2pa", tampered=False, clip="5k2m9x7a", lineage=("9m10kmr9",))
BOARD = Board(
    1,
    is_open=True,
    cards=(
        {"at": 0.0, "text": "a wolf @everyone https://t.me/x"},
        {"at": 2.5, "text": "白鶴", "source": {"kind": "clip", "clip_id": "5k2m9x7a"}},
        {"at": 5.0, "text": "", "source": {"kind": "upload", "sha256": "0" * 64}},
    ),
    chosen=1,
)

NAMES = {"m1": "Mei", "m2": "Tom 湯"}
FOLDERS = [(FolderRow("5k2m9x7a", "m1", "wolves 狼 @x", 0), 3), (FolderRow("5k2m9x7b", "m1", "x" * 80, 0), 0)]
PRESETS = [
    PresetRow("5k2m9x7a", "m1", None, "m:m1", "noir @x", {"style": "film noir", "seconds": 5.0}, False, "1", 0),
    PresetRow("5k2m9x7b", "m1", "c1", "c:c1", "水墨", {"words": "ink wash, /slow", "aspect": "9:16"}, True, "1", 0),
]

CARDS: Mapping[str, Callable[[], Card]] = {
    "asked": lambda: cards.job(view(JobState.ASKED, TakeState.WAITING), {}),
    "queued": lambda: cards.job(view(JobState.QUEUED, TakeState.WAITING, place=3, estimate=Estimate(20.0, 100.0)), {}),
    "next": lambda: cards.job(view(JobState.QUEUED, TakeState.WAITING, place=0), {}),
    "drawing": lambda: cards.job(view(JobState.RENDERING, TakeState.WAITING, TakeState.WAITING), {1: 0.62, 2: 0.1}),
    "drawing_a_loop": lambda: cards.job(view(JobState.RENDERING, TakeState.WAITING, brief=LOOPED), {1: 0.5}),
    "held": lambda: cards.job(HELD, {}),
    "refused": lambda: cards.job(REFUSED, {}),
    "failed": lambda: cards.job(view(JobState.FAILED, TakeState.FAILED), {}),
    "cancelled": lambda: cards.job(view(JobState.CANCELLED, TakeState.CANCELLED), {}),
    "why_refused": lambda: cards.reasons(REFUSED, [STATEMENT]),
    "why_held": lambda: cards.reasons(HELD),
    "statement": lambda: cards.statements([STATEMENT]),
    "clip": lambda: cards.clip(clip(not_drawn=("howls", "moon"), notes=("footage",), lineage=("9m10kmr9",)), BRIEF),
    "clip_generated": lambda: cards.clip(clip(is_draft=False), BRIEF),
    "clip_too_large": lambda: cards.clip(clip(), BRIEF, size=cards.Size.PICTURE),
    "clip_made_smaller": lambda: cards.clip(clip(), BRIEF, size=cards.Size.SMALLER),
    "clip_elsewhere": lambda: cards.whole_elsewhere("5k2m9x7a", "https://k.example/enter?key=x", "https://k.example/c"),
    "clip_of_somebody_else": lambda: cards.clip(clip(), None),
    "clip_whose_siblings_are_missing": lambda: cards.clip(
        clip(), BRIEF, missing=view(JobState.HELD, TakeState.DELIVERED, TakeState.REFUSED, TakeState.HELD).takes
    ),
    "clip_more": lambda: Card(("…",), cards.clip_rows("5k2m9x7a", more=True)),
    "clip_in_a_channel": lambda: cards.in_channel(
        clip(), BRIEF, lambda payload: f"https://t.me/kinora_bot?start={payload}"
    ),
    "album": lambda: cards.album(view(JobState.DELIVERED, *[TakeState.DELIVERED] * 4, brief=VARIED), FOUR),
    "choosing": lambda: cards.choosing(
        view(JobState.HELD, TakeState.DELIVERED, TakeState.DELIVERED, TakeState.REFUSED, TakeState.HELD, brief=VARIED),
        FOUR[:2],
    ),
    "taken_down": lambda: cards.taken_down("job-5k2m9x7a", "5k2m9x7a"),
    "trashed": lambda: cards.trashed("5k2m9x7a"),
    "library": lambda: cards.library(Page(MANY, Place(1_796_083_200_000, "5k2m9x7j")), View.MADE),
    "library_empty": lambda: cards.library(Page([], None), View.FAVOURITES),
    "explore": lambda: cards.explore(
        Page([EXPLORE_ITEM, replace(EXPLORE_ITEM, clip_id="9m10kmr9", brief={})], None), Order.RISING
    ),
    "explore_empty": lambda: cards.explore(Page([], None), Order.NEWEST),
    "picking": lambda: cards.picking("5k2m9x7a", Page(MANY[:3], None)),
    "making": lambda: cards.making(HowMade(EXPLORE_ITEM, (), False), clip(), "mei @x"),
    "report": lambda: cards.report_reasons("5k2m9x7a"),
    "credits": lambda: cards.credits(ACCOUNT),
    "credits_unlimited": lambda: cards.credits(replace(ACCOUNT, plan=shipped()["unlimited"])),
    "queue": lambda: cards.queue([view(JobState.QUEUED, TakeState.WAITING, place=0, estimate=Estimate(20.0, 20.0))]),
    "queue_empty": lambda: cards.queue([]),
    "traced": lambda: cards.trace(TRACED),
    "traced_with_sources": lambda: cards.trace(TRACED.model_copy(update={"maker": "Ann @x"}), SOURCES),
    "traced_nothing": lambda: cards.trace(
        TraceReport(made_here=False, layer="none", tampered=False, clip=None, lineage=(), foreign=FOREIGN)
    ),
    "chain_begun": lambda: gathering_cards.gathering(gathering(Kind.CHAIN), NAMES),
    "chain": lambda: gathering_cards.gathering(CHAIN, NAMES),
    "chain_free": lambda: gathering_cards.gathering(
        replace(CHAIN, entries=CHAIN.entries[:3], turn=TurnView("5k2m9x7d", "m2", None, None)), NAMES
    ),
    "party": lambda: gathering_cards.gathering(PARTY, NAMES),
    "party_paused": lambda: gathering_cards.gathering(replace(PARTY, state=State.PAUSED), NAMES),
    "party_over": lambda: gathering_cards.gathering(
        replace(
            PARTY,
            state=State.OVER,
            ending=Ending.TIME,
            reel=ReelView("job-5k2m9x7a", JobState.DELIVERED, "9m10kmr9"),
            theme="",
        ),
        NAMES,
    ),
    "chain_rules": lambda: gathering_cards.rules(CHAIN),
    "party_rules": lambda: gathering_cards.rules(PARTY),
    "chain_order": lambda: gathering_cards.order(
        CHAIN, [CHAIN.entries[0], CHAIN.entries[3]], NAMES, is_moderator=True, may_close=True
    ),
    "party_order_of_a_member": lambda: gathering_cards.order(
        PARTY, PARTY.entries[:1], NAMES, is_moderator=False, may_close=False
    ),
    "go_on": lambda: gathering_cards.question(CHAIN),
    "take_part": lambda: gathering_cards.question(PARTY),
    "reel": lambda: cards.clip(clip(), REEL, ahead=say("discord.gathering.reel_of_party")),
    "folder_of_a_clip": lambda: folders.choosing("5k2m9x7a", FOLDERS, "wolves 狼 @x"),
    "folder_of_a_clip_none": lambda: folders.choosing("5k2m9x7a", [], None),
    "folders": lambda: folders.listing(FOLDERS),
    "folders_none": lambda: folders.listing([]),
    "presets": lambda: presets.listing(PRESETS, "5k2m9x7a", "-1001"),
    "presets_none": lambda: presets.listing([], None),
    "preset": lambda: presets.one(PRESETS[1], "-1001"),
    "board": lambda: boards.shown(BOARD),
    "board_empty": lambda: boards.shown(Board(1, is_open=False, cards=())),
    "start": cards.start,
    "help": cards.help_card,
    "privacy": cards.privacy,
    "error": lambda: cards.error(CodedError("credits.short", needed=25, available=5)),
    "error_with_typed_words": lambda: cards.error(CodedError("id.malformed", typed="@everyone")),
}
FOREIGN = ForeignReport(generator="Other 1.0", signer="Somebody", state="Valid")
