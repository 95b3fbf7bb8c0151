"""The review desk in a terminal: open cases, what they are about, and deciding them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer

from bots import stories
from bots.terminal import answers, creating, dossiers, screen
from bots.terminal.courier import written_files
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.jobs import Subject
from engine.members import Asker
from engine.studio import Studio
from safety.desk.decisions import Decided
from safety.desk.people import Action, Choice, Queue
from safety.verdict import Verdict
from storage.cases import CaseRow
from storage.clock import now

PROMPT_SHOWN = 60  # characters of it in a table
DAY_MS: Final = 86_400_000


def list_cases(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        cases = [(case, (await studio.job(case.job_id)).brief.prompt) for case in await studio.open_cases(asker)]
        await tell_unwatched(studio, asker)
        if as_json:
            screen.answer({"cases": [answers.of_case(case, prompt) for case, prompt in cases]})
        elif not cases:
            screen.show(say("desk.empty"), mark="✓", mark_style="green")
        else:
            headings = [say(f"table.{name}") for name in ("case", "severity", "about", "category", "waits", "prompt")]
            screen.table(headings, [_cells(case, prompt) for case, prompt in cases], widest=5)
            screen.show(say("desk.how"), "dim")

    with_studio(context, work)


async def tell_unwatched(studio: Studio, asker: Asker) -> None:
    if count := await studio.desk.unwatched(asker):
        screen.tell(say("desk.unwatched", count=count), mark="!", mark_style="bold yellow")


def _cells(case: CaseRow, prompt: str) -> tuple[str, ...]:
    categories = Verdict.model_validate(case.verdict).categories
    return (
        case.id,
        dossiers.grave(case),
        say(f"subject.{case.subject}"),
        stories.category_names(list(categories)[:1]),
        stories.duration((now() - case.opened_at) / 1000),
        screen.plain(prompt, PROMPT_SHOWN),
    )


def show_case(context: typer.Context, typed: str, output: Path | None, *, unblurred: bool, as_json: bool) -> None:
    case_id = _case_id(typed)

    async def work(studio: Studio, asker: Asker) -> None:
        sheet = None
        if output is not None:
            address = creating.address_of(output, overwrite=True)
            creating.check_address(address)
            sheet = address.target(case_id, 1)
            if unblurred:
                await studio.unblurred_sheet(case_id, sheet, asker)
            else:
                await studio.exhibit(case_id, sheet, asker)
        elif unblurred:
            raise StudioError("case.sheet_needs_file", case=case_id)
        await tell_case(studio, case_id, asker, as_json=as_json, sheet=sheet)

    with_studio(context, work)


async def tell_case(studio: Studio, case_id: str, asker: Asker, *, as_json: bool, sheet: Path | None = None) -> None:
    dossier = await studio.dossier(case_id, asker)
    if as_json:
        screen.answer(dossiers.of_dossier(dossier) | {"sheet": str(sheet) if sheet else None})
        return
    dossiers.tell(dossier)
    if sheet is not None:
        screen.show("  " + say("case.sheet", file=str(sheet)))
    elif dossiers.has_frames(dossier):
        screen.show("  " + say("case.how_to_look", case=case_id))


@dataclass(frozen=True)
class Wish:
    """A decision as it was typed."""

    action: str
    reason: str = ""
    note: str = ""
    word: str = ""
    strike: bool = False
    bank: bool = False
    days: int = 0

    @property
    def choice(self) -> Choice:
        until = now() + self.days * DAY_MS if self.days else None
        action = Action(self.action)
        return Choice(action, self.reason, self.note, self.word, self.strike, self.bank, until)


def decide(context: typer.Context, typed: str, wish: Wish, *, alike: bool = False, as_json: bool) -> int:
    """Decide, and in a terminal's own job go on at once: nobody else may be running."""

    async def work(studio: Studio, asker: Asker) -> int:
        done = await _carry_out(studio, asker, typed, wish, alike=alike)
        first = done[0]
        view = await studio.job(first.case.job_id)
        if not as_json:
            for one in done:
                _tell_decided(one)
        goes_on = first.is_final and wish.action == Action.ALLOW and first.case.subject in (Subject.BRIEF, Subject.TAKE)
        if goes_on and creating.is_from_terminal(view) and not view.rests:
            view = await creating.see_through(studio, asker, view.id)
        files = await written_files(studio, view.id)
        if as_json:
            told = answers.of_case(first.case, view.brief.prompt) | {"final": first.is_final}
            told |= {"also": [one.case.id for one in done[1:]], "outcome": answers.of_job(view, files)}
            screen.answer(told)
        elif goes_on:
            creating.tell_result(view, files)
        return 0

    return with_studio(context, work)


async def _carry_out(studio: Studio, asker: Asker, typed: str, wish: Wish, *, alike: bool) -> list[Decided]:
    identity = typed_id(typed)
    if wish.action == Action.TAKE_DOWN and "-" not in identity:
        return [await studio.desk.take_down(identity, wish.choice, asker)]
    case_id = _case_id(typed)
    if alike:
        return await studio.desk.decide_alike(case_id, wish.choice, asker)
    return [await studio.desk.decide(case_id, wish.choice, asker)]


def _tell_decided(one: Decided) -> None:
    if one.is_final:
        said = say("desk.decided", case=one.case.id, decision=_decision_name(one.decision.action))
        screen.show(said, mark="✓", mark_style="green")
        if one.decision.action != Action.ALLOW:  # what is allowed is not kept waiting
            screen.show("  " + say("desk.can_undo", case=one.case.id), "dim")
    else:
        screen.show(say("desk.first_opinion", case=one.case.id), mark="·", mark_style="yellow")


def move(
    context: typer.Context,
    typed: str,
    what: str,
    *,
    to: str | None = None,
    queue: str | None = None,
    as_json: bool,
) -> None:
    """What is done with a case short of deciding it, and undoing a decision."""
    case_id = _case_id(typed)
    if queue is not None and queue not in set(Queue):
        raise StudioError("check.no_queue", typed=queue[:40], known=", ".join(Queue))
    if what == "pass" and to is None and queue is None:
        raise StudioError("check.pass_where")

    async def work(studio: Studio, asker: Asker) -> None:
        desk = studio.desk
        match what:
            case "undo":
                await desk.undo(case_id, asker)
            case "claim":
                await desk.claim(case_id, asker)
            case "release":
                await desk.release(case_id, asker)
            case "escalate":
                await desk.escalate(case_id, asker)
            case "pass":
                member_id = await studio.membership.find(to, asker) if to is not None else None
                await desk.pass_on(case_id, asker, to=member_id, queue=Queue(queue) if queue else None)
        case = await studio.case(case_id)
        if as_json:
            screen.answer(answers.of_case(case, (await studio.job(case.job_id)).brief.prompt))
        else:
            screen.show(say(f"desk.moved.{what}", case=case_id), mark="✓", mark_style="green")

    with_studio(context, work)


def _case_id(typed: str) -> str:
    """A case's id, also typed without its "case-"."""
    found = typed_id(typed)
    return found if found.startswith("case-") else f"case-{found.removeprefix('job-')}"


def _decision_name(decision: str) -> str:
    return say(f"decision.{decision}")
