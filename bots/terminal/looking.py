"""`jobs`, `show`, `credits` and the version: what there is, and how it stands."""

import asyncio
from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import answers, creating, judged, screen
from bots.terminal.courier import copy_clip, written_files
from bots.terminal.desk import tell_case
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.handed import Clip
from engine.jobs import JobState
from engine.members import Asker
from engine.studio import VERSION, Studio
from storage.jobs import JobRow

PROMPT_SHOWN = 60  # characters of it in a table


def version() -> None:
    screen.show(f"kinora {VERSION}")


def jobs(context: typer.Context, limit: int, *, as_json: bool) -> None:
    rows = with_studio(context, lambda studio, asker: studio.latest_jobs(asker, limit=limit))
    if as_json:
        screen.answer({"jobs": [answers.of_job_row(row) for row in rows]})
    elif not rows:
        screen.show(say("jobs.none"))
    else:
        headings = (say("table.job"), say("table.state"), say("table.asked_at"), say("table.prompt"))
        screen.table(headings, [_job_cells(row) for row in rows], widest=3)


def _job_cells(row: JobRow) -> tuple[str, ...]:
    prompt = screen.plain(str(row.brief.get("prompt", "")), PROMPT_SHOWN)
    return row.id, stories.state_name(row.state), screen.moment(row.created_at), prompt


# -- show ----------------------------------------------------------------------------------------------------------


def show(context: typer.Context, typed: str, output: Path | None, *, force: bool, as_json: bool) -> None:
    identity = typed_id(typed)

    async def work(studio: Studio, asker: Asker) -> None:
        if identity.startswith("case-"):
            if output is not None:
                raise StudioError("show.no_copy")
            await tell_case(studio, identity, asker, as_json=as_json)
        elif identity.startswith("job-"):
            await _show_job(studio, asker, identity, output, force=force, as_json=as_json)
        else:
            await _show_clip(studio, identity, output, force=force, as_json=as_json)

    with_studio(context, work)


async def _show_job(
    studio: Studio, asker: Asker, job_id: str, output: Path | None, *, force: bool, as_json: bool
) -> None:
    view = await studio.job(job_id)
    statements = await studio.desk.statements(asker, job_id)
    files = await written_files(studio, job_id)
    if output is not None:
        if not view.clips:
            raise StudioError("show.no_clip", job=job_id)
        address = creating.address_of(output, of=len(view.clips), overwrite=force)
        creating.check_address(address)
        for number, clip in enumerate(view.clips, start=1):
            target = address.target(clip.id, number)
            await studio.at_hand(clip.file)
            files[clip.id] = str(await asyncio.to_thread(copy_clip, clip, target, overwrite=force))
    if as_json:
        told: dict[str, Any] = {"statements": [judged.of_statement(one) for one in statements]} if statements else {}
        if view.decided_by is not None:
            told |= {"decided_by": screen.iso(view.decided_by), "overdue": view.is_overdue}
        screen.answer(answers.of_job(view, files) | {"prompt": view.brief.prompt} | answers.of_turn(view) | told)
        return
    screen.show(f"{view.id}  {stories.state_name(view.state)}", "bold")
    screen.show("  " + say("show.asked", at=screen.moment(view.job.created_at)))
    if view.brief.prompt:
        screen.show("  " + say("list.quoted", word=screen.plain(view.brief.prompt)))
    if view.place is not None:
        screen.show("  " + say("progress.place", place=view.place))
        screen.show("  " + say("show.estimate", estimate=stories.tell_estimate(view.estimate)))
    creating.tell_result(view, files)
    if view.decided_by is not None:
        key = "show.overdue" if view.is_overdue else "show.decided_by"
        screen.show("  " + say(key, at=screen.moment(view.decided_by)))
    judged.tell(statements)
    if view.state is JobState.QUEUED and not await studio.is_running_elsewhere():
        screen.show("  " + say("show.nobody_runs"), "yellow")


async def _show_clip(studio: Studio, clip_id: str, output: Path | None, *, force: bool, as_json: bool) -> None:
    clip = await studio.clip(clip_id)
    file = (await written_files(studio, clip.job_id)).get(clip.id)
    if output is not None:
        address = creating.address_of(output, overwrite=force)
        creating.check_address(address)
        await studio.at_hand(clip.file)
        file = str(await asyncio.to_thread(copy_clip, clip, address.target(clip.id, 1), overwrite=force))
    if as_json:
        screen.answer(answers.of_shown_clip(clip, file))
    else:
        _tell_clip(clip, file)


def _tell_clip(clip: Clip, file: str | None) -> None:
    kind = say("clip.draft") if clip.is_draft else say("clip.finished")
    size = say("clip.size", kind=kind, seconds=f"{clip.seconds:g}", width=clip.width, height=clip.height)
    screen.show(f"{clip.id}  {size}", "bold")
    screen.show("  " + say("clip.of_job", job=clip.job_id, at=screen.moment(clip.released_at)))
    if file and Path(file).exists():
        screen.show("  " + say("clip.written", file=file))
    else:
        screen.show("  " + say("clip.copy_again", clip=clip.id))
    if clip.not_drawn:
        screen.show("  " + say("clip.not_drawn", words=screen.plain(stories.quoted(clip.not_drawn))), "yellow")
    if clip.lineage:
        screen.show("  " + say("verify.lineage", clips=say("list.separator").join(clip.lineage)))
