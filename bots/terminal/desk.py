"""The review desk in a terminal: open cases, what they are about, and deciding them."""

from pathlib import Path

import typer

from bots import stories
from bots.terminal import answers, creating, screen
from bots.terminal.courier import written_files
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.jobs import Subject
from engine.members import Asker
from engine.studio import Studio
from safety.verdict import Decision, Verdict
from storage.cases import CaseRow

PROMPT_SHOWN = 60  # characters of it in a table


def list_cases(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, _: Asker) -> None:
        cases = [(case, (await studio.job(case.job_id)).brief.prompt) for case in await studio.open_cases()]
        if as_json:
            screen.answer({"cases": [answers.of_case(case, prompt) for case, prompt in cases]})
        elif not cases:
            screen.show(say("desk.empty"), mark="✓", mark_style="green")
        else:
            headings = [say(f"table.{name}") for name in ("case", "about", "category", "opened", "prompt")]
            screen.table(headings, [_cells(case, prompt) for case, prompt in cases], widest=4)
            screen.show(say("desk.how"), "dim")

    with_studio(context, work)


def _cells(case: CaseRow, prompt: str) -> tuple[str, ...]:
    categories = Verdict.model_validate(case.verdict).categories
    return (
        case.id,
        say(f"subject.{case.subject}"),
        stories.category_names(categories),
        screen.moment(case.opened_at),
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
        await tell_case(studio, case_id, as_json=as_json, sheet=sheet)

    with_studio(context, work)


async def tell_case(studio: Studio, case_id: str, *, as_json: bool, sheet: Path | None = None) -> None:
    case = await studio.case(case_id)
    view = await studio.job(case.job_id)
    if as_json:
        screen.answer(answers.of_case(case, view.brief.prompt) | {"sheet": str(sheet) if sheet else None})
        return
    verdict = Verdict.model_validate(case.verdict)
    screen.show(f"{case.id}  {say(f'subject.{case.subject}')}", "bold")
    screen.show("  " + say("case.of_job", job=case.job_id, at=screen.moment(case.opened_at)))
    screen.show("  " + say("list.quoted", word=screen.plain(view.brief.prompt)))
    for reason in stories.reasons(verdict):
        screen.show(f"  · {reason}")
    if sheet is not None:
        screen.show("  " + say("case.sheet", file=str(sheet)))
    elif case.subject == Subject.TAKE and case.decision is None:
        screen.show("  " + say("case.how_to_look", case=case.id))
    if case.decision is not None:
        screen.show("  " + say("case.is_decided", decision=_decision_name(case.decision)))


def decide(context: typer.Context, typed: str, word: str, note: str, *, as_json: bool) -> int:
    """Decide, and in a terminal's own job go on at once: nobody else may be running."""
    case_id = _case_id(typed)

    async def work(studio: Studio, asker: Asker) -> int:
        case = await studio.decide(case_id, Decision[word.upper()], asker, note)
        view = await studio.job(case.job_id)
        if not as_json:
            screen.show(say("case.is_decided", decision=_decision_name(word)), mark="✓", mark_style="green")
        if word == "allow" and creating.is_from_terminal(view) and not view.rests:
            view = await creating.see_through(studio, asker, view.id)
        files = await written_files(studio, view.id)
        if as_json:
            screen.answer(answers.of_case(case, view.brief.prompt) | {"outcome": answers.of_job(view, files)})
        elif word == "allow":
            creating.tell_result(view, files)
        return 0

    return with_studio(context, work)


def _case_id(typed: str) -> str:
    """A case's id, also typed without its "case-"."""
    found = typed_id(typed)
    return found if found.startswith("case-") else f"case-{found.removeprefix('job-')}"


def _decision_name(decision: str) -> str:
    return say(f"decision.{decision}")
