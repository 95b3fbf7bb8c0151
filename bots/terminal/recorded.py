"""`audit`: whether the record is whole, what stands in it, and what a community can tell about a period."""

from datetime import UTC, datetime, timedelta
from typing import Any

import typer

from bots.terminal import screen
from bots.terminal.session import with_studio
from bots.wording import knows, say
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from safety.desk.transparency import Transparency
from storage.clock import now

_LAST_DAYS = 30


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


def transparency(context: typer.Context, since: str, until: str, *, as_json: bool) -> None:
    start, end = _period(since, until)

    async def work(studio: Studio, asker: Asker) -> None:
        report = await studio.desk.transparency(asker, start, end)
        if as_json:
            screen.answer(_of_report(report))
        else:
            _tell(report)

    with_studio(context, work)


def _of_report(report: Transparency) -> dict[str, Any]:
    shares = {"automated_share": round(report.automated_share, 4), "overturn_rate": round(report.overturn_rate, 4)}
    return vars(report) | shares | {"start": screen.iso(report.start), "end": screen.iso(report.end)}


def _tell(report: Transparency) -> None:
    screen.show(say("transparency.title", start=screen.moment(report.start), end=screen.moment(report.end)), "bold")
    automated = f"{report.automated_share:.0%}"
    screen.show("  " + say("transparency.decisions", count=report.decisions, automated=automated, undone=report.undone))
    screen.show("  " + say("transparency.measures", strikes=report.strikes, restrictions=report.restrictions))
    rate = f"{report.overturn_rate:.0%}"
    screen.show(
        "  "
        + say(
            "transparency.appeals", count=report.appeals, judged=report.judged, overturned=report.overturned, rate=rate
        )
    )
    if report.median_ms is not None:
        within, slow = duration(report.median_ms), duration(report.slowest_5_percent_ms or 0)
        screen.show("  " + say("transparency.time", median=within, slow=slow))
    rows = [
        (_category(reason), say(f"decision.{action}"), str(count))
        for reason, actions in report.by_category.items()
        for action, count in actions.items()
    ]
    if rows:
        screen.table([say(f"table.{name}") for name in ("category", "decision", "count")], rows)


def _category(reason: str) -> str:
    return say(f"category.{reason}") if knows(f"category.{reason}") else say(f"reason_code.{reason}")


def duration(milliseconds: int) -> str:
    """1:05:09, in hours, minutes and seconds."""
    minutes, seconds = divmod(milliseconds // 1_000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


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
