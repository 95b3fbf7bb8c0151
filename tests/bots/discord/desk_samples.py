"""One of each card and form of the desk and of a server's settings, made from plain data."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from bots.discord import desk, desk_cards, settings
from engine.brief import Aspect, Brief
from engine.communities import CommunitySettings, WhoMayAsk
from engine.dossier import Dossier, Rule
from safety.desk.people import Action
from safety.desk.standing import Standing, Step
from safety.desk.transparency import Transparency
from safety.policy import Policy
from safety.verdict import Decision, Signal, Surface, Verdict
from storage.cases import CaseRow
from storage.decisions import DecisionRow
from storage.explore import ReportRow
from storage.presets import PresetRow
from storage.strikes import StrikeRow

SIGNAL = Signal(category="violence", score=0.62, classifier="rules", surface=Surface.TEXT)
CASE = CaseRow(
    id="case-5k2m9x7a",
    subject="brief",
    subject_id="job-5k2m9x7a",
    job_id="job-5k2m9x7a",
    community_id="c1",
    kind="held",
    queue="general",
    severity=2,
    escalations=0,
    due_at=1_796_083_200_000,
    least_role="moderator",
    opened_by=None,
    claimed_by=None,
    claimed_until=None,
    passed_to=None,
    round=0,
    verdict=Verdict(decision=Decision.HOLD, signals=(SIGNAL,), policy_version="test").model_dump(mode="json"),
    opened_at=0,
    decision=None,
    decided_by=None,
    decided_at=None,
    note="",
)
DECISION = DecisionRow(
    id=1,
    case_id="case-9m10kmr9",
    round=0,
    subject="brief",
    subject_id="job-9m10kmr9",
    job_id="job-9m10kmr9",
    community_id="c1",
    stage="final",
    action="refuse",
    reason="gore",
    policy_version="test",
    note="a *note* @everyone",
    word="",
    strike=True,
    bank=False,
    restricted_until=None,
    by_id="m2",
    automated=False,
    own=False,
    effects={},
    at=1_796_000_000_000,
    undone_at=None,
    overturned_at=None,
)
GOOD = Standing(Step.GOOD, (), None, None)
SHEET = Dossier(
    case=CASE,
    brief=Brief(prompt="a *street* fight || @everyone"),
    signals=(SIGNAL,),
    rules=(Rule("violence", False, "text", 0.5, None),),
    uploads=("0" * 64,),
    take=None,
    lineage=(),
    earlier=(DECISION,),
    history=(DECISION,),
    standing=GOOD,
    appeal=None,
    appealed=None,
    fitting=(),
    reasons=(),
    needs_second=False,
    may_look=False,
    reports=(),
)
NAMES = {"m2": "<@88>", "m3": "<@99>"}


def case(
    *, exhibit: bool = False, can_undo: bool = False, has_pages: bool = False, sheet: Dossier = SHEET, **changes: Any
) -> Any:
    changed = replace(sheet, case=replace(sheet.case, **changes))
    return desk_cards.case(changed, NAMES, maker="<@77>", exhibit=exhibit, can_undo=can_undo, has_pages=has_pages)


REPORTED = replace(SHEET, reports=(ReportRow("5k2m9x7a", "m4", "real_people", "it is *her*", "case-5k2m9x7a", 0),))
APPEALED = replace(SHEET, appeal="it is paint", appealed=DECISION, needs_second=True)
NUMBERS = Transparency(
    start=0,
    end=0,
    decisions=12,
    automated=9,
    undone=1,
    by_category={"gore": {"refuse": 8, "allow": 4}},
    strikes=1,
    restrictions=0,
    appeals=2,
    judged=2,
    overturned=1,
    doubts=3,
    median_ms=65_000,
    slowest_5_percent_ms=4_000_000,
    by_day={},
    waits={},
)
PRESET = PresetRow("5k2m9x7a", "m1", None, "m:m1", "night *夜*", {"style": "ink", "seconds": 5.0}, False, "test", 0)
HERE = CommunitySettings(
    case_channel="11", lead_role="12", quiet_channels=("13", "14"), who_may_ask=WhoMayAsk.LEADS, aspect=Aspect.SQUARE
)

CARDS: Mapping[str, Callable[[], Any]] = {
    "case": case,
    "case_with_frames": lambda: case(exhibit=True, subject="take", kind="review", severity=4, escalations=1),
    "case_claimed": lambda: case(claimed_by="m2", claimed_until=9_999_999_999_000),
    "case_passed_on": lambda: case(passed_to="m3", least_role="lead"),
    "case_reported": lambda: case(sheet=REPORTED, exhibit=True, subject="clip", kind="report"),
    "case_appeal": lambda: case(sheet=APPEALED, subject="decision", kind="appeal", queue="appeals"),
    "case_decided": lambda: case(decision="refuse", decided_by="m2", decided_at=0, can_undo=True),
    "case_allowed": lambda: case(decision="allow", decided_by="m2", decided_at=0),
    "case_with_pages": lambda: case(has_pages=True),
    "case_page": lambda: desk_cards.page(
        "case-5k2m9x7a", "https://x.test/enter?key=k", "https://x.test/desk/case-5k2m9x7a"
    ),
    "case_withdrawn": lambda: desk_cards.withdrawn("case-5k2m9x7a"),
    "case_again": lambda: desk_cards.again("case-5k2m9x7a"),
    "case_escalated": lambda: desk_cards.escalated("case-5k2m9x7a", "<@&12>"),
    "case_details": lambda: desk_cards.details(SHEET, NAMES),
    "desk": lambda: desk_cards.queue([CASE, replace(CASE, id="case-9m10kmr9", severity=4)], 2),
    "desk_empty": lambda: desk_cards.queue([], 0),
    "standing": lambda: desk_cards.standing(
        Standing(
            Step.NOTICE,
            (StrikeRow(1, "m1", "c1", "gore", 0, 1_796_083_200_000, None),),
            None,
            None,
        ),
        "<@77>",
    ),
    "policy": lambda: desk_cards.policy(Policy.load(), Policy.load()),
    "summary": lambda: desk_cards.summary(NUMBERS, 30),
    "settings": lambda: settings.card(HERE),
    "settings_untouched": lambda: settings.card(CommunitySettings()),
    "presets": lambda: settings.preset_list([PRESET, replace(PRESET, id="b", name="x", community_id="c1")], PRESET.id),
    "presets_none": lambda: settings.preset_list([], None),
    "preset": lambda: settings.preset_card(PRESET),
}
FORMS: Mapping[str, Callable[[], Any]] = {
    "case_refuse": lambda: desk.form_to_refuse("case-5k2m9x7a", Action.REFUSE),
    "take_down": lambda: desk.form_to_refuse("5k2m9x7a", Action.TAKE_DOWN),
    "case_pass": lambda: desk.form_to_pass_on("case-5k2m9x7a"),
    "defaults": settings.form_of_defaults,
    "preset": settings.form_of_preset,
}
