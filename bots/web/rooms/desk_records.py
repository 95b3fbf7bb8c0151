"""What the desk did: counts and plots for a period, and the record of who did what."""

from datetime import UTC, date, datetime
from typing import Final

from aiohttp import web
from markupsafe import Markup

from bots import transparency
from bots.web.visits import Access, Visit, get
from bots.wording import say
from engine.errors import StudioError
from storage.clock import now

DAY_MS: Final = 86_400_000
PERIODS: Final = (7, 30, 90, 365)


async def statistics(visit: Visit) -> web.StreamResponse:
    typed = visit.request.query.get("days", "30")
    days = int(typed) if typed in map(str, PERIODS) else 30
    end = (now() // DAY_MS + 1) * DAY_MS
    report = await visit.studio.desk.transparency(visit.asker, end - days * DAY_MS, end)
    return visit.page(
        "statistics.html",
        days=days,
        periods=PERIODS,
        title=say("transparency.title", start=_day(end - days * DAY_MS), end=_day(end - 1)),
        sentences=transparency.sentences(report),
        plots=[Markup(part) for part in transparency.plots_of(report)] if report.decisions else [],  # noqa: S704
        rows=transparency.rows(report),
        doubted=await visit.studio.desk.doubted(visit.asker, end - days * DAY_MS, end),
        reason_name=transparency.reason_name,
    )


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")


async def record(visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    asked = {name: query.get(name, "").strip()[:60] for name in ("case", "actor", "action", "from", "to")}
    before = query.get("before", "")
    page = await visit.studio.desk.search_audit(
        visit.asker,
        case_id=asked["case"] or None,
        actor=asked["actor"] or None,
        action=asked["action"] or None,
        start=_moment(asked["from"]),
        end=_moment(asked["to"], days=1),
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 16 else None,
    )
    return visit.page(
        "audit.html",
        rows=page.rows,
        before=page.before,
        asked=asked,
        actions=page.actions,
        checked=await visit.studio.desk.verify_audit() if query.get("verify") == "1" else None,
    )


def _moment(typed: str, *, days: int = 0) -> int | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        raise StudioError("check.no_date", typed=typed[:20]) from None
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000) + days * DAY_MS


PAGES = (
    get("/desk/statistics", statistics, Access.MODERATOR),
    get("/desk/audit", record, Access.MODERATOR),
)
