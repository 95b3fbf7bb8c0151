"""What Kinora shows on Telegram: each card is made here, from what the studio answered and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from bots import stories
from bots.telegram.buttons import Button, Rows
from bots.telegram.text import BOLD, Card, Styled, card, plain, quoted, small, told
from bots.wording import knows, say, say_error
from engine.brief import Brief
from engine.credits import AccountView
from engine.explore import REASONS, HowMade
from engine.handed import Clip
from engine.heritage import Source
from engine.jobs import JobState, TakeState
from engine.library import TRASH_DAYS
from engine.reports import TraceReport
from engine.statements import Statement
from engine.viewing import JobView
from storage.clock import now
from storage.errors import CodedError
from storage.explore import ExploreItem, Order
from storage.jobs import TakeRow
from storage.library import ShelfItem, View
from storage.paging import Page

LINE_SHOWN: Final = 70
IN_A_ROW: Final = 5
SOURCES_SHOWN: Final = 20  # lines
_BAR: Final = 10  # letters
_UNMADE: Final = (TakeState.REFUSED, TakeState.FAILED, TakeState.HELD)


class Size(StrEnum):
    """What of a clip stands in a message; the values are keys of what is said of it."""

    WHOLE = "whole"
    SMALLER = "smaller"  # a copy that fits
    PICTURE = "too_large"


def error(problem: CodedError) -> Card:
    """What went wrong, in the words for a chat where there are some: the usual ones may name a terminal's command."""
    for key in (f"telegram.error.{problem.code}", f"discord.error.{problem.code}"):
        if knows(key):
            return told("⚠️ " + say(key, **{name: _told(name, one) for name, one in problem.params.items()}))
    params = {name: one if isinstance(one, int) else plain(str(one)) for name, one in problem.params.items()}
    return told("⚠️ " + say_error(problem.code, params))


def _told(name: str, value: object) -> str | int:
    if name == "until" and isinstance(value, str):  # a moment, in how long it comes
        left = datetime.fromisoformat(value).timestamp() - now() / 1000
        return say("telegram.in_time", duration=stories.duration(max(1.0, left)))
    return value if isinstance(value, int) else plain(str(value))


# -- jobs ----------------------------------------------------------------------------------------------------------


def job(view: JobView, progress: Mapping[int, float]) -> Card:
    """How a job stands. What was asked for is only repeated once it has passed the check."""
    match view.state:
        case JobState.REFUSED:
            return _stopped(view, "🚫 " + say("discord.job.refused"), why=True)
        case JobState.HELD:
            rows = ((_why(view.id), _cancel(view.id)),)
            return card("⏸ " + say("discord.job.held"), _facts(view), rows=rows)
        case JobState.FAILED:
            return _stopped(view, "⚠️ " + say("create.failed", why=stories.tell_failure(view.job.failure)), why=False)
        case JobState.CANCELLED:
            return _stopped(view, "✖️ " + say("discord.job.cancelled"), why=False)
        case JobState.ASKED:
            return card("🔎 " + say("discord.job.asked"), _facts(view), rows=((_cancel(view.id),),))
        case _:
            return card(_words(view.brief), *_step(view, progress), _facts(view), rows=((_cancel(view.id),),))


def _stopped(view: JobView, sentence: str, *, why: bool) -> Card:
    returned = say("credits.returned") if view.job.price else None
    return card(sentence, returned, small(view.id), rows=((_why(view.id),),) if why else ())


def _step(view: JobView, progress: Mapping[int, float]) -> list[str]:
    if view.place is not None:
        waiting = say("progress.place", place=view.place) if view.place else say("discord.job.next")
        return ["⏳ " + waiting, say("show.estimate", estimate=stories.tell_estimate(view.estimate))]
    if view.waits_for_store:
        return ["⏳ " + say("progress.store_away")]
    if not progress:
        return ["🎬 " + stories.state_name(view.state)]
    bars = [f"{_bar(part)} {round(part * 100)} %" for _, part in sorted(progress.items())]
    return ["🎬 " + say("progress.drawing"), *bars]


def _bar(part: float) -> str:
    done = round(max(0.0, min(1.0, part)) * _BAR)
    return "▓" * done + "░" * (_BAR - done)


def _facts(view: JobView) -> Styled:
    price = say("discord.price", price=view.job.price) if view.job.price else say("discord.free")
    return small(price, look_of(view.brief), view.id)


def look_of(brief: Brief) -> str:
    look = brief.look
    style = [plain(look.style, 60)] if look.style else []
    variations = [f"×{brief.variations}"] if brief.variations > 1 else []
    seconds = say("plans.seconds", seconds=f"{look.seconds:g}")
    return " · ".join((f"{look.resolution.value} {look.aspect.value}", seconds, *style, *variations))


def _words(brief: Brief) -> Styled:
    """What was asked for: in words, or where there are none by what is done."""
    words = brief.prompt or " / ".join(one.text for one in brief.cards if one.text)
    return quoted(words) if words else Styled(say(f"telegram.operation.{brief.operation}"), BOLD)


def _cancel(job_id: str) -> Button:
    return Button("✖️ " + say("discord.button.cancel"), "cancel", job_id)


def _why(job_id: str) -> Button:
    return Button(say("discord.button.why"), "why", job_id)


def _objections(found: Sequence[Statement]) -> Rows:
    """What can be said against what was decided last: it is judged again, or only heard."""
    last = next((one for one in reversed(found) if one.can_appeal), None)
    if last is None:
        return ()
    appeal = Button("⚖️ " + say("discord.button.appeal"), "appeal", last.job_id)
    return ((appeal, Button(say("discord.button.doubt"), "doubt", last.job_id)) if last.can_doubt else (appeal,),)


def reasons(view: JobView, found: Sequence[Statement] = ()) -> Card:
    """Why a job was stopped: for its maker and for moderators alone."""
    verdict = view.verdict
    lines = [] if verdict is None else [f"· {reason}" for reason in stories.reasons(verdict)]
    held = view.state is JobState.HELD
    title = say("held.title") if held else say("refused.title")
    hint = say("discord.job.later") if held or verdict is None else stories.instead(verdict)
    objected = [line for one in found[-1:] for line in stories.objections(one)]
    return card(_words(view.brief), title, *lines, hint, *objected, rows=_objections(found))


def statements(found: Sequence[Statement]) -> Card:
    """What was decided about a request of theirs: for its maker and for moderators alone."""
    lines: list[str | Styled] = []
    for one in found:
        lines += [*(plain(line, 600) for line in stories.statement(one, told_in="discord")), small(one.job_id)]
    return card(*lines, rows=_objections(found))


# -- clips ---------------------------------------------------------------------------------------------------------


def clip(
    one: Clip, brief: Brief | None, *, missing: Sequence[TakeRow] = (), size: Size = Size.WHOLE, ahead: str = ""
) -> Card:
    """The caption under a clip. `brief`: None where its words are not to be seen; `ahead`: said before everything."""
    words = _words(brief) if brief is not None else say("explore.hidden_prompt")
    lines: list[str | Styled] = [*([ahead] if ahead else []), words, *_notes([one])]
    lines += [_missing_take(take, len(missing)) for take in missing if take.state in _UNMADE]
    if size is not Size.WHOLE:
        lines.append(say(f"discord.result.{size}"))
    return card(*lines, *_of_clip(one), rows=clip_rows(one.id))


def in_channel(one: Clip, brief: Brief, link: Callable[[str], str], *, size: Size = Size.WHOLE) -> Card:
    """In a channel, whose readers cannot be answered there: each button leads to the private chat."""
    made = clip(one, brief, size=size)
    rows = (
        (
            Button("🎨 " + say("telegram.button.remix"), url=link(f"remix_{one.id}")),
            Button("🚩 " + say("telegram.button.report"), url=link(f"report_{one.id}")),
        ),
    )
    return Card(made.lines, rows)


def whole_elsewhere(clip_id: str, enter: str, page: str) -> Card:
    """The way to the clip as it is, for one person and once."""
    rows = (
        (Button(say("discord.desk.enter"), url=enter),),
        (Button(say("discord.button.open_page"), url=page),),
    )
    return card(say("discord.result.how_to_whole", clip=clip_id), rows=rows)


def _missing_take(take: TakeRow, of: int) -> str:
    return say("progress.of", number=take.number, takes=of, step=say(f"take.{take.state}"))


def _notes(shown: Sequence[Clip]) -> list[str]:
    words = tuple(dict.fromkeys(word for one in shown for word in one.not_drawn))
    notes = [say("clip.not_drawn", words=plain(stories.quoted(words)))] if words else []
    return [*notes, *map(stories.note, dict.fromkeys(note for one in shown for note in one.notes))]


def _of_clip(one: Clip) -> list[Styled]:
    size = f"{one.width}×{one.height}"
    lineage = [small(say("verify.lineage", clips=say("list.separator").join(one.lineage)))] if one.lineage else []
    return [small(one.id, size, say("plans.seconds", seconds=f"{one.seconds:g}")), *lineage, small(_made_with(one))]


def _made_with(one: Clip) -> str:
    return say("discord.made.draft") if one.is_draft else say("discord.made.generated")


def clip_rows(clip_id: str, *, more: bool = False) -> Rows:
    if more:
        return (
            (_button("🧩", "blend", clip_id), _button("🎥", "views", clip_id), _button("✂️", "cut", clip_id)),
            (_button("📄", "file", clip_id), _button("🔏", "credentials", clip_id)),
            (_button("📁", "folder", clip_id), Button("🎨 " + say("telegram.button.keep_look"), "presetlook", clip_id)),
            (Button("↗️ " + say("telegram.button.send_on"), query=clip_id), _button("🚩", "report", clip_id)),
            (Button("🗑 " + say("discord.button.delete"), "delete", clip_id), _button("«", "back", clip_id)),
        )
    return (
        (
            Button("🎲 " + say("discord.button.again"), "again", clip_id),
            Button("✏️ " + say("discord.button.reword"), "reword", clip_id),
            Button("🔀 " + say("discord.button.vary"), "vary", clip_id),
        ),
        (_button("🎨", "remix", clip_id), _button("🔁", "loop", clip_id), _button("⏩", "extend", clip_id)),
        (
            Button("⭐ " + say("discord.button.star"), "star", clip_id),
            Button("📣 " + say("discord.button.share"), "share", clip_id),
            _button("⋯", "more", clip_id),
        ),
    )


def _button(sign: str, action: str, about: str, more: str = "") -> Button:
    return Button(f"{sign} {say(f'telegram.button.{action}')}", action, about, more)


def album(view: JobView, shown: Sequence[Clip]) -> Card:
    """The caption of several clips at once: an album has no buttons of its own."""
    ids = " · ".join(f"{number}: {one.id}" for number, one in enumerate(shown, 1))
    return card(_words(view.brief), *_notes(shown), small(ids), small(_made_with(shown[0])))


def choosing(view: JobView, shown: Sequence[Clip]) -> Card:
    """What the progress message says once an album has come: the clips to choose from."""
    missing = [_missing_take(take, view.brief.takes) for take in view.takes if take.state in _UNMADE]
    chosen = tuple(Button(str(number), "open", one.id) for number, one in enumerate(shown, 1))
    first = shown[0].id
    others = (
        Button("🎲 " + say("discord.button.again"), "again", first),
        Button("✏️ " + say("discord.button.reword"), "reword", first),
    )
    return card("✅ " + say("discord.result.choose"), *missing, small(view.id), rows=(chosen, others))


def trashed(clip_id: str) -> Card:
    undo = Button("↩️ " + say("discord.button.undo"), "untrash", clip_id)
    return card("🗑 " + say("discord.trashed", clip=clip_id, days=TRASH_DAYS), rows=((undo,),))


def taken_down(job_id: str, clip_id: str) -> Card:
    """In place of a clip that the moderators took down."""
    return card("🚫 " + say("discord.taken_down", clip=clip_id), small(job_id), rows=((_why(job_id),),))


# -- lists ---------------------------------------------------------------------------------------------------------


def library(page: Page[ShelfItem], view: View) -> Card:
    if not page.items:
        return told(say(f"discord.empty.{view}"))
    lists = [Button(say(f"telegram.list.{one}"), "library", "", one.value) for one in _LISTS if one is not view]
    lists.append(Button("📁 " + say("telegram.button.folders"), "folders"))
    return listed(say(f"discord.library.{view}"), titles_of(page), page, "library", view.value, lists)


def titles_of(page: Page[ShelfItem] | Page[ExploreItem]) -> list[tuple[str, str]]:
    return [(item.clip_id, item.title or _prompt(item.brief)) for item in page.items]


_LISTS: Final = (View.MADE, View.BOOKMARKS, View.FAVOURITES)


def explore(page: Page[ExploreItem], order: Order) -> Card:
    if not page.items:
        return told(say("discord.empty.explore"))
    orders = tuple(Button(say(f"telegram.order.{one}"), "explore", "", one.value) for one in Order if one is not order)
    return listed(say(f"discord.explore.{order}"), titles_of(page), page, "explore", order.value, orders)


def _prompt(brief: Mapping[str, Any]) -> str:
    return str(brief.get("prompt") or "")


def listed(
    title: str,
    titles: Sequence[tuple[str, str]],
    page: Page[Any],
    action: str,
    which: str,
    others: Sequence[Button],
) -> Card:
    """A page of a list; `which` of its kind, and the ways to `others`."""
    opens = "making" if action == "explore" else "open"
    lines = [
        f"{number}. {clip_id}  {plain(words, LINE_SHOWN) or say('explore.hidden_prompt')}"
        for number, (clip_id, words) in enumerate(titles, 1)
    ]
    chosen = [Button(str(number), opens, clip_id) for number, (clip_id, _) in enumerate(titles, 1)]
    rows = [chosen[at : at + IN_A_ROW] for at in range(0, len(chosen), IN_A_ROW)]
    if page.after is not None:
        rows.append([Button(say("discord.button.more") + " »", action, str(page.after), which)])
    return card(Styled(title, BOLD), *lines, rows=(*rows, *([others] if others else [])))


def picking(first: str, page: Page[ShelfItem]) -> Card:
    """With which clip of one's own another is to be blended."""
    lines = [
        f"{number}. {item.clip_id}  {plain(item.title or _prompt(item.brief), LINE_SHOWN)}"
        for number, item in enumerate(page.items, 1)
    ]
    chosen = [Button(str(number), "blend", first, item.clip_id) for number, item in enumerate(page.items, 1)]
    rows = [chosen[at : at + IN_A_ROW] for at in range(0, len(chosen), IN_A_ROW)]
    return card(Styled(say("telegram.blend.pick", clip=first), BOLD), *lines, rows=tuple(rows))


def making(found: HowMade, one: Clip, maker: str) -> Card:
    """A clip of Explore: how it was made, and what can be done with it."""
    item = found.item
    prompt = _prompt(item.brief)
    style = (item.brief.get("look") or {}).get("style")
    keep = ("unmark", "discord.button.unmark") if found.is_bookmarked else ("mark", "discord.button.mark")
    return card(
        quoted(prompt) if prompt else say("explore.hidden_prompt"),
        say("discord.explore.by", maker=plain(maker, 60)),
        say("explore.counts", bookmarks=item.bookmarks, remixes=item.remixes),
        say("explore.style", style=plain(str(style), 60)) if style else None,
        *_of_clip(one),
        rows=(
            (Button("🔖 " + say(keep[1]), keep[0], item.clip_id), _button("🎨", "remix", item.clip_id)),
            (_button("🚩", "report", item.clip_id),),
        ),
    )


def report_reasons(clip_id: str) -> Card:
    """What is wrong with a clip, to be chosen."""
    buttons = [Button(stories.category_names([reason]), "reported", clip_id, str(number)) for number, reason in
               enumerate(REASONS)]  # fmt: skip
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    return card("🚩 " + say("discord.report.reason") + f" ({clip_id})", rows=tuple(rows))


# -- what one has --------------------------------------------------------------------------------------------------


def credits(account: AccountView, *, sells: bool = False) -> Card:
    """`sells`: more can be bought."""
    if not account.plan.charged:
        return told(say("credits.unlimited"))
    balance = account.balance
    lines = [say("credits.balance", available=balance.available, reserved=balance.reserved)]
    if account.next_grant is not None:
        at = datetime.fromtimestamp(account.next_grant / 1000, UTC).date().isoformat()
        lines.append(say("credits.next", plan=plan_name(account.plan.name), monthly=account.plan.monthly, at=at))
    entries = [
        f"· {say(f'entry.{entry.kind}')}: {entry.available:+d}{f' · {entry.job_id}' if entry.job_id else ''}"
        for entry in account.entries
    ]
    rows = ((Button("⭐ " + say("telegram.button.buy"), "buy"),),) if sells else ()
    return card(*lines, *entries, rows=rows)


def plan_name(name: str) -> str:
    return say(f"plan.{name}") if knows(f"plan.{name}") else plain(name, 30)


def queue(views: Sequence[JobView]) -> Card:
    if not views:
        return told(say("queue.empty"))
    return told(*(_waiting(view) for view in views))


def _waiting(view: JobView) -> str:
    words = say("list.quoted", word=plain(view.brief.prompt, 60))
    return f"{(view.place or 0) + 1}. {words} · {stories.tell_estimate(view.estimate)} · {view.id}"


# -- "was this made here?" -----------------------------------------------------------------------------------------


def trace(report: TraceReport, sources: Source | None = None) -> Card:
    sentence, how_good = stories.conclusion(report)
    rows = ((Button(say("telegram.button.open"), "open", report.clip),),) if report.clip else ()
    told = [*stories.trace(report, sources), *(stories.source_lines(sources)[:SOURCES_SHOWN] if sources else ())]
    lines = (plain(line, 400) for line in told)
    return card(Styled(f"{_SIGNS[how_good]} {say(sentence)}", BOLD), *lines, rows=rows)


_SIGNS: Final = {"sure": "✅", "unsure": "❔", "bad": "❗️", "none": "➖"}


# -- words about Kinora --------------------------------------------------------------------------------------------


def start() -> Card:
    rows = (
        (Button("🎬 " + say("telegram.button.example"), "example"),),
        (Button("📚 " + say("telegram.button.library"), "library"), Button("🌍 " + say("telegram.button.explore"),
                                                                         "explore")),
    )  # fmt: skip
    return card(Styled("Kinora", BOLD), say("telegram.start"), rows=rows)


def help_card() -> Card:
    return card(Styled("Kinora", BOLD), say("telegram.help.what"), say("telegram.help.commands"),
                say("telegram.help.rules"))  # fmt: skip


def privacy() -> Card:
    return told(say("telegram.privacy.kept"), say("telegram.privacy.never"), say("discord.privacy.yours"))
