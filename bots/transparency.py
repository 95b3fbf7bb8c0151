"""The transparency report in words and plots: the same for a terminal's file and for a site."""

from html import escape
from typing import Final

from bots import plots
from bots.wording import knows, language, say
from safety.desk.transparency import WAITS, Transparency

_ACTIONS: Final = ("allow", "nothing", "refuse", "take_down")
_STYLE: Final = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5a6474; --paper: #ffffff;
  --s0: #3b7dd8; --s1: #9bbce8; --s2: #d9822b; --s3: #a8324a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ecf3; --soft: #a3adbd; --paper: #14181f;
  --s0: #5b9bf0; --s1: #35527a; --s2: #e39a4c; --s3: #d65f78; } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem;
  margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
svg { width: 100%; height: auto; } .label { font-size: 12px; fill: var(--ink); }
.axis { stroke: var(--soft); fill: none; }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); } .s3 { fill: var(--s3); }
.key { display: inline-block; width: .8em; height: .8em; margin: 0 .35em 0 1em; vertical-align: baseline; }
.k0 { background: var(--s0); } .k1 { background: var(--s1); }
.k2 { background: var(--s2); } .k3 { background: var(--s3); }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem 1.2rem .2rem 0; }
td.number, th.number { text-align: right; } footer { color: var(--soft); margin-top: 2rem; }
"""


def sentences(report: Transparency) -> list[str]:
    """The report in words, line by line."""
    lines = [
        say(
            "transparency.decisions",
            count=report.decisions,
            automated=f"{report.automated_share:.0%}",
            undone=report.undone,
        ),
        say("transparency.measures", strikes=report.strikes, restrictions=report.restrictions),
        say(
            "transparency.appeals",
            count=report.appeals,
            judged=report.judged,
            overturned=report.overturned,
            rate=f"{report.overturn_rate:.0%}",
        ),
        say("transparency.doubts", count=report.doubts),
    ]
    if report.median_ms is not None:
        within, slow = duration(report.median_ms), duration(report.slowest_5_percent_ms or 0)
        lines.append(say("transparency.time", median=within, slow=slow))
    return lines


def rows(report: Transparency) -> list[tuple[str, str, str]]:
    """What was decided for which reason, how often."""
    return [
        (reason_name(reason), say(f"decision.{action}"), str(count))
        for reason, actions in report.by_category.items()
        for action, count in actions.items()
    ]


def reason_name(reason: str) -> str:
    return say(f"category.{reason}") if knows(f"category.{reason}") else say(f"reason_code.{reason}")


def duration(milliseconds: int) -> str:
    """1:05:09, in hours, minutes and seconds."""
    minutes, seconds = divmod(milliseconds // 1_000, 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def page(report: Transparency, *, start: str, end: str) -> str:
    """One HTML page that needs nothing else: no script, no font, no picture from elsewhere."""
    title = say("transparency.title", start=start, end=end)
    parts = [f"<h1>{escape(title)}</h1>", *(f"<p>{escape(line)}</p>" for line in sentences(report))]
    if report.decisions:
        parts += plots_of(report) + _table(report)
    parts.append(f"<footer>{escape(say('transparency.nobody'))}</footer>")
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    return (
        f'<!doctype html><html lang="{language()}"><head>{head}<style>{_STYLE}</style></head>'
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def plots_of(report: Transparency) -> list[str]:
    """Headings, plots and their keys, as HTML of ours; the page's styles colour the series."""
    actions = [action for action in _ACTIONS if any(action in counts for counts in report.by_category.values())]
    by_category = {
        reason_name(reason): [counts.get(action, 0) for action in actions]
        for reason, counts in sorted(report.by_category.items(), key=lambda item: -sum(item[1].values()))
    }
    names = [say(f"decision.{action}") for action in actions]
    who = [say("transparency.people"), say("transparency.machine")]
    by_day = {day[5:]: [counts["people"], counts["automated"]] for day, counts in report.by_day.items()}
    waits = {say(f"transparency.wait.{name}"): [report.waits.get(name, 0)] for name in WAITS}
    return [
        *_plot("categories", plots.lying(say("transparency.plot.categories"), by_category, names), names),
        *_plot("days", plots.standing(say("transparency.plot.days"), by_day, who), who),
        *_plot("waits", plots.standing(say("transparency.plot.waits"), waits, [say("table.count")]), []),
    ]


def _plot(name: str, drawn: str, series: list[str]) -> list[str]:
    keys = "".join(f'<span class="key k{n}"></span>{escape(one)}' for n, one in enumerate(series))
    return [f"<h2>{escape(say(f'transparency.plot.{name}'))}</h2>", drawn, f"<p>{keys}</p>" if keys else ""]


def _table(report: Transparency) -> list[str]:
    headings = [say(f"table.{name}") for name in ("category", "decision", "count")]
    head = "".join(f"<th{_number(n)}>{escape(heading)}</th>" for n, heading in enumerate(headings))
    body = "".join(
        "<tr>" + "".join(f"<td{_number(n)}>{escape(cell)}</td>" for n, cell in enumerate(row)) + "</tr>"
        for row in rows(report)
    )
    return [f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"]


def _number(column: int) -> str:
    return ' class="number"' if column == 2 else ""
