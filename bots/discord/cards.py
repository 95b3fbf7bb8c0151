"""What Kinora shows on Discord: each card is made here, from what the studio answered and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import discord
from discord import ui
from discord.utils import escape_markdown, escape_mentions

from bots import stories
from bots.discord.items import button, menu
from bots.wording import knows, say, say_error
from engine.brief import Brief
from engine.credits import AccountView
from engine.explore import HowMade
from engine.handed import Clip
from engine.jobs import JobState, TakeState
from engine.library import TRASH_DAYS
from engine.statements import Statement
from engine.viewing import JobView
from storage.errors import CodedError
from storage.explore import ExploreItem, Order
from storage.jobs import TakeRow
from storage.library import ShelfItem, View
from storage.paging import Page

PROMPT_SHOWN: Final = 300
ALT_LIMIT: Final = 1_024
# How the names of files end.
STILL: Final = ".jpg"
SMALLER: Final = ".small.mp4"
LABEL_SHOWN: Final = 80

CALM: Final = discord.Colour(0x5B6EE1)
DONE: Final = discord.Colour(0x3BA55D)
STOPPED: Final = discord.Colour(0xB0413E)
WAITING: Final = discord.Colour(0xD9A441)

Part = ui.Item[Any]
Makers = Mapping[str, str]  # who made the clips that one was made from, as Discord shows them
NOBODY: Final[Makers] = {}
_BAR: Final = 12  # letters


@dataclass(frozen=True)
class Shown:
    """A clip with the name of the file that shows it in a message."""

    clip: Clip
    filename: str  # says what it is: the clip, a smaller copy of it, or a still

    @property
    def is_still(self) -> bool:
        """The clip is too large for this place, and no copy of it could be made small enough."""
        return self.filename.endswith(STILL)

    @property
    def is_smaller(self) -> bool:
        return self.filename.endswith(SMALLER)


def card(colour: discord.Colour, *parts: Part | str) -> ui.LayoutView:
    view = ui.LayoutView(timeout=None)
    items = [ui.TextDisplay[Any](part) if isinstance(part, str) else part for part in parts]
    view.add_item(ui.Container(*items, accent_colour=colour))
    return view


def components_of(view: ui.LayoutView) -> list[dict[str, Any]]:
    """As Discord is given it."""
    components: list[dict[str, Any]] = view.to_components()  # type: ignore[no-untyped-call]
    return components


def row(*items: Any) -> Part:
    return ui.ActionRow(*items)


def quoted(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    """Somebody's words, shortened, as plain letters: they neither ring anybody nor draw anything."""
    words = " ".join(prompt.split())
    shortened = words if len(words) <= limit else words[: limit - 1] + "…"
    return escape_mentions(escape_markdown(shortened)).replace("<", r"\<")


def in_quotes(prompt: str, limit: int = PROMPT_SHOWN) -> str:
    return say("list.quoted", word=quoted(prompt, limit))


def small(text: str) -> str:
    return f"-# {text}"


def told(*sentences: str, colour: discord.Colour = CALM) -> ui.LayoutView:
    """A few sentences."""
    return card(colour, "\n".join(sentences))


def error(problem: CodedError) -> ui.LayoutView:
    return told(explained(problem), colour=STOPPED)


def explained(problem: CodedError) -> str:
    """What went wrong, in the words for Discord where there are some: the usual ones may name a terminal's command."""
    key = f"discord.error.{problem.code}"
    if knows(key):
        params = {name: _told(name, value) for name, value in problem.params.items()}
        return say(key, **params)
    return say_error(problem.code, problem.params)


def _told(name: str, value: object) -> str | int:
    if name == "until" and isinstance(value, str):  # a moment: in each reader's own time
        return f"<t:{int(datetime.fromisoformat(value).timestamp())}:R>"
    return value if isinstance(value, int) else quoted(str(value))


FIRST_LOOK: Final = "first-look.jpg"

# -- jobs ----------------------------------------------------------------------------------------------------------


def job(view: JobView, progress: Mapping[int, float], *, looks: bool = False) -> ui.LayoutView:
    """How a job stands. What was asked for is only repeated once it has passed the check.

    `looks`: its first look is attached as FIRST_LOOK.
    """
    match view.state:
        case JobState.REFUSED:
            return _stopped(view, say("discord.job.refused"), why=True)
        case JobState.HELD:
            return card(WAITING, say("discord.job.held"), _facts(view), row(_why(view), _cancel(view)))
        case JobState.FAILED:
            return _stopped(view, say("create.failed", why=stories.tell_failure(view.job.failure)), why=False)
        case JobState.CANCELLED:
            return _stopped(view, say("discord.job.cancelled"), why=False)
        case JobState.ASKED:
            return card(CALM, say("discord.job.asked"), _facts(view), row(_cancel(view)))
        case _:
            still = [_first_look(view)] if looks else []
            words = in_quotes(view.brief.prompt)
            return card(CALM, words, *still, _step(view, progress), _facts(view), row(_cancel(view)))


def _first_look(view: JobView) -> ui.MediaGallery[Any]:
    still: ui.MediaGallery[Any] = ui.MediaGallery()
    still.add_item(media=f"attachment://{FIRST_LOOK}", description=stories.first_look_alt(view.brief))
    return still


def _stopped(view: JobView, sentence: str, *, why: bool) -> ui.LayoutView:
    lines = [sentence, *([say("credits.returned")] if view.job.price else [])]
    parts: list[Part | str] = ["\n".join(lines), small(view.id)]
    if why:
        parts.append(row(_why(view)))
    return card(STOPPED, *parts)


def _step(view: JobView, progress: Mapping[int, float]) -> str:
    if view.place is not None:
        waiting = say("progress.place", place=view.place) if view.place else say("discord.job.next")
        return "\n".join((waiting, say("show.estimate", estimate=stories.tell_estimate(view.estimate))))
    if view.waits_for_store:
        return say("progress.store_away")
    if not progress:
        return stories.state_name(view.state)
    bars = [f"`{_bar(part)}` {round(part * 100)} %" for _, part in sorted(progress.items())]
    return "\n".join((say("progress.drawing"), *bars))


def _bar(part: float) -> str:
    done = round(max(0.0, min(1.0, part)) * _BAR)
    return "█" * done + "░" * (_BAR - done)


def _facts(view: JobView) -> str:
    price = say("discord.price", price=view.job.price) if view.job.price else say("discord.free")
    return small(" · ".join((price, look_of(view.brief), view.id)))


def look_of(brief: Brief) -> str:
    look = brief.look
    style = [quoted(look.style, 60)] if look.style else []
    variations = [f"×{brief.variations}"] if brief.variations > 1 else []
    seconds = say("plans.seconds", seconds=f"{look.seconds:g}")
    return " · ".join((f"{look.resolution.value} {look.aspect.value}", seconds, *style, *variations))


def _cancel(view: JobView) -> Any:
    return button("cancel", view.id, say("discord.button.cancel"), emoji="✖️")


def _why(view: JobView) -> Any:
    return button("why", view.id, say("discord.button.why"))


def reasons(view: JobView, found: Sequence[Statement] = ()) -> ui.LayoutView:
    """Why a job was stopped: for its maker and for moderators alone."""
    verdict = view.verdict
    lines = [] if verdict is None else [f"· {reason}" for reason in stories.reasons(verdict)]
    held = view.state is JobState.HELD
    title = say("held.title") if held else say("refused.title")
    hint = say("discord.job.later") if held or verdict is None else stories.instead(verdict)
    objected = [line for one in found[-1:] for line in stories.objections(one)]
    said = "\n".join((in_quotes(view.brief.prompt), title, *lines, hint, *objected))
    return card(WAITING if held else STOPPED, said, *_objections(found))


def statements(found: Sequence[Statement]) -> ui.LayoutView:
    """What was decided about a request of theirs: for its maker and for moderators alone."""
    told = [_statement(one) for one in found]
    return card(STOPPED, "\n\n".join(told), *_objections(found))


def _statement(one: Statement) -> str:
    return "\n".join((*map(quoted, stories.statement(one, told_in="discord")), small(one.job_id)))


def _objections(found: Sequence[Statement]) -> list[Any]:
    """What can be said against what was decided last: it is judged again, or only heard."""
    last = next((one for one in reversed(found) if one.can_appeal), None)
    if last is None:
        return []
    doubt = [button("doubt", last.job_id, say("discord.button.doubt"))] if last.can_doubt else []
    return [row(button("appeal", last.job_id, say("discord.button.appeal")), *doubt)]


# -- clips ---------------------------------------------------------------------------------------------------------


def result(
    view: JobView,
    shown: Sequence[Shown],
    *,
    told_ahead: str | None = None,
    makers: Makers = NOBODY,
    has_pages: bool = False,
) -> ui.LayoutView:
    """The clips of a job: one with everything that can be done with it, or several to choose from.

    `told_ahead`: in a message of its own, what this is and for whom. `has_pages`: of the studio, which show whole
    what is too large here.
    """
    missing = [_missing_take(take, view.brief.takes) for take in view.takes if take.state in _UNMADE]
    parts: list[Part | str] = []
    if told_ahead is not None:
        parts.append(told_ahead)
    if view.brief.prompt:
        parts.append(in_quotes(view.brief.prompt))
    parts.append(gallery(shown, view.brief.prompt))
    parts += _notes(shown)
    if missing:
        parts.append("\n".join(missing))
    first = shown[0].clip
    if view.brief.takes == 1:
        parts += [_of_clip(first, makers), *_way_to_whole(shown[0], has_pages), *rows_of_clip(first.id)]
    else:
        ids = " · ".join(f"{number}: {one.clip.id}" for number, one in enumerate(shown, 1))
        chosen = [button("open", one.clip.id, str(number)) for number, one in enumerate(shown, 1)]
        parts += [say("discord.result.choose"), row(*chosen)]
        parts += [small(f"{ids}\n-# {made_with(first)}"), row(_again(first.id), _reword(first.id))]
    return card(DONE, *parts)


_UNMADE: Final = (TakeState.REFUSED, TakeState.FAILED, TakeState.HELD)


def _missing_take(take: TakeRow, of: int) -> str:
    return small(say("progress.of", number=take.number, takes=of, step=say(f"take.{take.state}")))


def clip(shown: Shown, prompt: str, *, is_own: bool, makers: Makers = NOBODY, has_pages: bool = False) -> ui.LayoutView:
    """One clip. What only its maker can do is only offered to them."""
    words = in_quotes(prompt) if prompt else say("explore.hidden_prompt")
    parts: list[Part | str] = [words, gallery([shown], prompt), *_notes([shown]), _of_clip(shown.clip, makers)]
    return card(DONE, *parts, *_way_to_whole(shown, has_pages), *rows_of_clip(shown.clip.id, is_own=is_own))


def _way_to_whole(shown: Shown, has_pages: bool) -> list[Part]:
    """A button, and no link: the way in is for the one who presses, and asked for anew."""
    if not has_pages or not (shown.is_still or shown.is_smaller):
        return []
    return [row(button("whole", shown.clip.id, say("discord.button.whole"), emoji="🔗"))]


def gallery(shown: Iterable[Shown], prompt: str) -> Part:
    items: ui.MediaGallery[Any] = ui.MediaGallery()
    for one in shown:
        items.add_item(media=f"attachment://{one.filename}", description=alt_text(prompt, one))
    return items


def alt_text(prompt: str, shown: Shown) -> str:
    """What somebody hears who cannot see it."""
    kind = say("clip.draft") if shown.clip.is_draft else say("clip.finished")
    described = say("discord.alt", kind=kind, clip=shown.clip.id, prompt=" ".join(prompt.split()))
    return described.rstrip(":： ")[:ALT_LIMIT]  # a film of cards has no words of its own


def _notes(shown: Sequence[Shown]) -> list[str]:
    notes = [say("discord.result.too_large") for one in shown if one.is_still][:1]
    notes += [say("discord.result.smaller") for one in shown if one.is_smaller][:1]
    words = tuple(dict.fromkeys(word for one in shown for word in one.clip.not_drawn))
    if words:
        notes.append(say("clip.not_drawn", words=quoted(stories.quoted(words))))
    return [*notes, *map(stories.note, dict.fromkeys(note for one in shown for note in one.clip.notes))]


def _of_clip(clip: Clip, makers: Makers = NOBODY) -> Part:
    """What it is, from whom and from what, beside the way to its credentials."""
    size = f"{clip.width}×{clip.height} · " + say("plans.seconds", seconds=f"{clip.seconds:g}")
    lineage = []
    if clip.lineage:
        named = (
            say("discord.result.of", clip=one, maker=makers[one]) if one in makers else one for one in clip.lineage
        )
        lineage = [say("verify.lineage", clips=say("list.separator").join(named))]
    said = "\n".join(map(small, (f"**{clip.id}** · {size}", *lineage, made_with(clip))))
    credentials = button("credentials", clip.id, say("discord.button.credentials"), emoji="🔏")
    return ui.Section(ui.TextDisplay[Any](said), accessory=credentials)


def made_with(clip: Clip) -> str:
    return say("discord.made.draft") if clip.is_draft else say("discord.made.generated")


def rows_of_clip(clip_id: str, *, is_own: bool = True) -> tuple[Part, ...]:
    """What can be done with a clip. In a channel everybody sees all of it, and each press is judged by itself."""
    made_from_it = row(
        button("remix", clip_id, say("discord.button.remix"), emoji="🎨", style=discord.ButtonStyle.primary),
        *([button("vary", clip_id, say("discord.button.vary"), emoji="🔀")] if is_own else ()),
        button("loop", clip_id, say("discord.button.loop"), emoji="🔁"),
        button("extend", clip_id, say("discord.button.extend"), emoji="➕"),
        button("blend", clip_id, say("discord.button.blend"), emoji="🫧"),
    )
    own = (
        button("star", clip_id, say("discord.button.star"), emoji="⭐"),
        button("folder", clip_id, say("discord.button.folder"), emoji="📁"),
        button("share", clip_id, say("discord.button.share"), emoji="📣"),
    )
    kept = row(
        *(own if is_own else ()),
        button("report", clip_id, say("discord.button.report"), emoji="🚩"),
        *([button("delete", clip_id, say("discord.button.delete"), emoji="🗑️")] if is_own else ()),
    )
    deeds = ("again", "reword", "views", "recut", "tree") if is_own else ("views", "recut", "tree")
    options = [
        discord.SelectOption(label=say(f"discord.button.{deed}"), value=deed, emoji=_EMOJI[deed]) for deed in deeds
    ]
    return made_from_it, kept, row(menu("more", say("discord.menu.more"), options, about=clip_id))


_EMOJI: Final = {"again": "🎲", "reword": "✏️", "views": "🎥", "recut": "✂️", "tree": "🌳"}


def _again(clip_id: str) -> Any:
    return button("again", clip_id, say("discord.button.again"), emoji="🎲")


def _reword(clip_id: str) -> Any:
    return button("reword", clip_id, say("discord.button.reword"), emoji="✏️")


def trashed(clip_id: str) -> ui.LayoutView:
    undo = button("untrash", clip_id, say("discord.button.undo"))
    return card(CALM, say("discord.trashed", clip=clip_id, days=TRASH_DAYS), row(undo))


def taken_down(view: JobView, clip_id: str) -> ui.LayoutView:
    """In place of a clip that the moderators took down."""
    return card(STOPPED, say("discord.taken_down", clip=clip_id), small(view.id), row(_why(view)))


def moved(link: str) -> ui.LayoutView:
    """In place of a card whose result came as a message of its own."""
    return card(DONE, say("discord.result.below", link=link))


# -- lists ---------------------------------------------------------------------------------------------------------

SHEET: Final = "clips.png"


def library(page: Page[ShelfItem], view: View) -> ui.LayoutView:
    if not page.items:
        return told(say(f"discord.empty.{view}"))
    options = [_option(item.clip_id, item.title or str(item.brief.get("prompt") or "")) for item in page.items]
    lines = [_line(number, item.clip_id, _title(item.title, item.brief)) for number, item in enumerate(page.items, 1)]
    return _list(say(f"discord.library.{view}"), lines, options, page, f"{view}", "library")


def explore(page: Page[ExploreItem], order: Order) -> ui.LayoutView:
    if not page.items:
        return told(say("discord.empty.explore"))
    options = [_option(item.clip_id, item.title or str(item.brief.get("prompt") or "")) for item in page.items]
    lines = [_line(number, item.clip_id, _title(item.title, item.brief)) for number, item in enumerate(page.items, 1)]
    return _list(say(f"discord.explore.{order}"), lines, options, page, f"{order}", "explore")


def _title(title: str | None, brief: Mapping[str, Any]) -> str:
    prompt = str(brief.get("prompt") or "")
    return quoted(title or prompt, LABEL_SHOWN) or say("explore.hidden_prompt")


def _line(number: int, clip_id: str, title: str) -> str:
    return f"`{clip_id}` {title}"


def _option(clip_id: str, words: str) -> discord.SelectOption:
    described = " ".join(words.split())[:LABEL_SHOWN]
    return discord.SelectOption(label=clip_id, value=clip_id, description=described or None)


def _list(
    title: str,
    lines: Sequence[str],
    options: Sequence[discord.SelectOption],
    page: Page[Any],
    which: str,
    action: str,
) -> ui.LayoutView:
    sheet: ui.MediaGallery[Any] = ui.MediaGallery()
    sheet.add_item(media=f"attachment://{SHEET}", description=say("discord.alt_sheet", count=len(lines)))
    opens = "open" if action == "library" else "making"
    parts: list[Part | str] = [f"### {title}", sheet, "\n".join(lines)]
    parts.append(row(menu(opens, say("discord.menu.open"), options)))
    if page.after is not None:
        parts.append(row(button(action, str(page.after), say("discord.button.more"), more=which)))
    return card(CALM, *parts)


def making(found: HowMade, shown: Shown, maker: str) -> ui.LayoutView:
    """A clip of Explore: how it was made, and what can be done with it."""
    item = found.item
    prompt = str(item.brief.get("prompt") or "")
    words = in_quotes(prompt) if prompt else say("explore.hidden_prompt")
    style = (item.brief.get("look") or {}).get("style")
    lines = [
        say("discord.explore.by", maker=maker),
        say("explore.counts", bookmarks=item.bookmarks, remixes=item.remixes),
    ]
    if style:
        lines.append(say("explore.style", style=quoted(str(style), 60)))
    keep = ("unmark", "discord.button.unmark") if found.is_bookmarked else ("mark", "discord.button.mark")
    buttons = row(button(keep[0], item.clip_id, say(keep[1]), emoji="🔖"))
    rows = rows_of_clip(item.clip_id, is_own=False)
    return card(CALM, words, gallery([shown], prompt), "\n".join(lines), _of_clip(shown.clip), buttons, *rows)


# -- what one has --------------------------------------------------------------------------------------------------


def credits(account: AccountView) -> ui.LayoutView:
    if not account.plan.charged:
        return told(say("credits.unlimited"))
    balance = account.balance
    lines = [say("credits.balance", available=balance.available, reserved=balance.reserved)]
    if account.next_grant is not None:
        at = f"<t:{account.next_grant // 1000}:D>"
        lines.append(say("credits.next", plan=plan_name(account.plan.name), monthly=account.plan.monthly, at=at))
    entries = [
        f"· {say(f'entry.{entry.kind}')}: {entry.available:+d}{f' · {entry.job_id}' if entry.job_id else ''}"
        for entry in account.entries
    ]
    return told(*lines, *entries)


def plan_name(name: str) -> str:
    return say(f"plan.{name}") if knows(f"plan.{name}") else quoted(name, 30)


def queue(views: Sequence[JobView]) -> ui.LayoutView:
    if not views:
        return told(say("queue.empty"))
    return told(*(_waiting(view) for view in views))


def _waiting(view: JobView) -> str:
    prompt, estimate = in_quotes(view.brief.prompt, 60), stories.tell_estimate(view.estimate)
    return f"{(view.place or 0) + 1}. {prompt} · {estimate} · {view.id}"


def help_card() -> ui.LayoutView:
    return card(CALM, say("discord.help.what"), say("discord.help.commands"), say("discord.help.rules"))


def privacy(named: str | None = None) -> ui.LayoutView:
    """`named`: the name by which the member asked to be told."""
    told_as = say("naming.named", name=quoted(named)) if named else say("naming.anonymous")
    return card(
        CALM,
        say("discord.privacy.kept"),
        say("discord.privacy.never"),
        say("discord.privacy.yours"),
        f"**{told_as}**\n{say('naming.how')}",
        row(button("naming", "own", say("naming.title"), emoji="🪪")),
    )
