"""`audit`: whether the record is whole, what stands in it, and what a community can tell about a period."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

from bots import transparency as told
from bots.terminal import screen
from bots.terminal.session import with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from safety.desk.doubts import Doubted
from safety.desk.transparency import Transparency
from storage.clock import now

_LAST_DAYS = 30
_PROMPT_SHOWN = 60  # characters


def verify(context: typer.Context, head: str | None, *, as_json: bool) -> int:
    async def work(studio: Studio, _: Asker) -> int:
        found = await studio.desk.verify_audit(head)
        whole = found.broken is None
        if as_json:
            broken = found.broken.value if found.broken else None
            screen.answer(
                {"whole": whole, "rows": found.rows, "head": found.head, "broken": broken, "at": found.at_number}
            )
        elif found.broken is None:
            screen.show(say("audit.whole", rows=found.rows), mark="✓", mark_style="bold green")
            screen.show("  " + say("audit.head", head=found.head))
        else:
            screen.show(say(f"audit.{found.broken}", number=found.at_number), mark="✗", mark_style="bold red")
        return 0 if whole else 1

    return with_studio(context, work)


def export(context: typer.Context, since: str, until: str) -> None:
    start, end = _period(since, until)

    async def work(studio: Studio, asker: Asker) -> None:
        async for row in studio.desk.export_audit(asker, start, end):
            screen.answer(row)

    with_studio(context, work)


def transparency(context: typer.Context, since: str, until: str, page: Path | None, *, as_json: bool) -> None:
    start, end = _period(since, until)

    async def work(studio: Studio, asker: Asker) -> None:
        report = await studio.desk.transparency(asker, start, end)
        if page is not None:
            _write(page, told.page(report, start=_date(start), end=_date(end - 1)))
        if as_json:
            screen.answer(_of_report(report) | {"page": str(page) if page else None})
        else:
            _tell(report)
            if page is not None:
                screen.show(say("transparency.page", file=str(page)), mark="✓", mark_style="green")

    with_studio(context, work)


def doubted(context: typer.Context, since: str, until: str, *, as_json: bool) -> None:
    """What members called wrong, for those who mend the rules."""
    start, end = _period(since, until)

    async def work(studio: Studio, asker: Asker) -> None:
        found = await studio.desk.doubted(asker, start, end)
        if as_json:
            screen.answer({"doubted": [_of_doubt(one) for one in found]})
        elif not found:
            screen.show(say("doubt.none"), mark="✓", mark_style="green")
        else:
            headings = [say(f"table.{name}") for name in ("job", "category", "decision", "rule", "prompt")]
            screen.table(headings, [_cells(one) for one in found], widest=4)

    with_studio(context, work)


def _of_doubt(one: Doubted) -> dict[str, Any]:
    told = {name: getattr(one.row, name) for name in ("job_id", "action", "reason", "automated", "stands")}
    return told | {"prompt": one.prompt, "rules": list(one.rules), "at": screen.iso(one.row.at)}


def _cells(one: Doubted) -> tuple[str, ...]:
    stands = say("doubt.stood" if one.row.stands else "doubt.gone")
    prompt = say("doubt.hidden") if one.prompt is None else screen.plain(one.prompt, _PROMPT_SHOWN)
    decided = f"{say(f'decision.{one.row.action}')}, {stands}"
    return one.row.job_id, told.reason_name(one.row.reason), decided, "\n".join(one.rules[:3]), prompt


def _write(page: Path, html: str) -> None:
    try:
        page.write_text(html, encoding="utf-8")
    except OSError as error:
        cause = error.strerror or str(error)
        raise StudioError("delivery.unwritable", file=str(page), cause=cause) from error


def _date(moment: int) -> str:
    return datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y-%m-%d")


def _of_report(report: Transparency) -> dict[str, Any]:
    shares = {"automated_share": round(report.automated_share, 4), "overturn_rate": round(report.overturn_rate, 4)}
    return vars(report) | shares | {"start": screen.iso(report.start), "end": screen.iso(report.end)}


def _tell(report: Transparency) -> None:
    screen.show(say("transparency.title", start=screen.moment(report.start), end=screen.moment(report.end)), "bold")
    for line in told.sentences(report):
        screen.show("  " + line)
    if rows := told.rows(report):
        screen.table([say(f"table.{name}") for name in ("category", "decision", "count")], rows)


def _period(since: str, until: str) -> tuple[int, int]:
    """From the beginning of one day to the end of another, in UTC; the last thirty days when none is named."""
    end = _day(until) + timedelta(days=1) if until else datetime.fromtimestamp(now() / 1000 + 1, UTC)
    start = _day(since) if since else end - timedelta(days=_LAST_DAYS)
    return int(start.timestamp() * 1000), int(end.timestamp() * 1000)


def _day(typed: str) -> datetime:
    try:
        return datetime.strptime(typed, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise StudioError("check.no_date", typed=typed[:40]) from None
