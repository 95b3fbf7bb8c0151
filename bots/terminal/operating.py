"""From what was typed after `remix`, `loop` and their like to a brief, and on to the file as `create` does it."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import typer

from bots import stories
from bots.terminal import accounts, answers, creating, screen
from bots.terminal.cards import TypedCard
from bots.terminal.courier import copy_preview, written_files
from bots.terminal.session import asker_of, settings_of
from bots.wording import say
from engine.asking import Terms
from engine.brief import SECONDS_LIMIT, Brief, ClipSource, UploadSource
from engine.errors import StudioError
from engine.handed import Preview
from engine.members import Asker
from engine.names import read_id
from engine.settings import Settings
from engine.studio import Studio

FINISH: Final = "finish"  # a remix of a draft by a trained model
_JPEG: Final = (".jpg", ".jpeg")


@dataclass(frozen=True)
class Frame:
    """What all of these commands can be told: shape, size, length, look, and where to write."""

    aspect: str | None = None
    resolution: str | None = None
    seconds: float | None = None
    style: str | None = None
    seed: int | None = None
    output: Path | None = None
    force: bool = False
    best: bool = False
    renderer: str | None = None
    relaxed: bool = False
    pot: str | None = None
    only_price: bool = False

    def as_terms(self) -> Terms:
        return creating.terms_of(relaxed=self.relaxed, pot=self.pot)


@dataclass(frozen=True)
class Wish:
    """What was typed, as it was typed."""

    operation: str
    sources: tuple[str, ...] = ()
    subject: str = ""  # a clip or a prompt
    window: tuple[float, float | None] = (0.0, None)
    prompt: str = ""
    cards: tuple[TypedCard, ...] = ()
    strength: str | None = None
    before: float = 0.0
    after: float = 0.0
    mode: str | None = None
    curve: str | None = None
    join: str | None = None
    views: int | None = None
    variations: int = 1
    preview: Path | None = None  # of a storyboard: where to write its still, and to make nothing
    frame: Frame = field(default_factory=Frame)


def operate(context: typer.Context, wish: Wish, *, as_json: bool) -> None:
    settings = settings_of(context)
    stories.check_prompt(wish.prompt)
    takes = wish.views or wish.variations
    if wish.preview is not None:
        takes = 1
        if wish.preview.suffix.lower() not in _JPEG:
            raise StudioError("preview.jpeg")
    address = creating.address_of(wish.preview or wish.frame.output, of=takes, overwrite=wish.frame.force)
    if not wish.frame.only_price:
        creating.check_address(address)
    terms = wish.frame.as_terms()
    fields = _typed_fields(wish)

    async def work() -> int:
        async with Studio.open(settings) as studio:
            asker = await asker_of(context, studio)
            brief = await _brief(studio, asker, wish, fields, settings)
            if wish.preview is not None:
                preview = await studio.previews.of_board(brief, asker)
                file = await asyncio.to_thread(
                    copy_preview, preview, address.target(preview.clip_id, 1), overwrite=wish.frame.force
                )
                _tell_preview(preview, brief, file, as_json=as_json)
                return 0
            quote = await studio.quote(brief, asker, terms)
            if wish.frame.only_price:
                accounts.answer_price(quote, as_json=as_json)
                return 0
            if not as_json:
                accounts.tell_price(quote, terms)
            view = await creating.make(studio, asker, brief, address, announce=not as_json, terms=terms)
            files = await written_files(studio, view.id)
        if as_json:
            screen.answer(answers.of_job(view, files))
        else:
            creating.tell_result(view, files)
        return creating.EXIT_CODES.get(view.state, 1)

    code = asyncio.run(work())
    if code:
        raise typer.Exit(code)


def _tell_preview(preview: Preview, brief: Brief, file: Path, *, as_json: bool) -> None:
    if as_json:
        screen.answer(answers.of_preview(preview, file))
        return
    screen.show(say("preview.written", file=str(file)))
    for line in stories.preview_told(preview, brief):
        screen.show("  " + screen.plain(line))


def _typed_fields(wish: Wish) -> dict[str, Any]:
    """What can be said without looking at any source: wrong usage is told before a file is read."""
    frame = wish.frame
    if frame.style is not None:
        stories.check_letters(frame.style)
    fields: dict[str, Any] = {
        "operation": wish.operation,
        "prompt": wish.prompt,
        "variations": wish.variations,
        "quality": "best" if frame.best else "turbo",
        "seed": frame.seed,
        "renderer": frame.renderer,
        "before": wish.before,
        "after": wish.after,
        "views": wish.views,
        "strength": stories.read_strength(wish.strength) if wish.strength is not None else None,
        "join": stories.read_join(wish.join) if wish.join is not None else None,
        "look": {"style": frame.style or None},
    }
    if wish.operation == "blend":
        if wish.mode is not None and wish.curve is not None:
            raise StudioError("brief.curve_unused")
        fields["blend"] = (
            {"mode": "custom", "curve": stories.read_curve(wish.curve)}
            if wish.curve is not None
            else {"mode": wish.mode or "transition"}
        )
    if wish.operation == "storyboard" and not wish.cards:
        raise StudioError("brief.no_cards")
    return fields


async def _brief(studio: Studio, asker: Asker, wish: Wish, fields: dict[str, Any], settings: Settings) -> Brief:
    if wish.operation == FINISH:
        (draft,) = wish.sources
        return await studio.finished(await _source(studio, asker, draft), asker, fields)
    frame, usual = wish.frame, settings.defaults
    aspect, resolution = frame.aspect, frame.resolution
    seconds = frame.seconds
    start, end = wish.window
    named = wish.sources
    if wish.subject:  # of views: a clip's id, or else what the scene shows
        if await _is_clip(studio, wish.subject):
            named = (wish.subject,)
        else:
            stories.check_prompt(wish.subject)
            fields["prompt"] = wish.subject
    sources = [await _source(studio, asker, typed) for typed in named]
    fields["sources"] = [one.model_dump() | {"start": start, "end": end} for one in sources]
    if wish.cards:
        fields["cards"] = [await _card(studio, asker, card) for card in wish.cards]
        last = max(card.at for card in wish.cards)
        seconds = seconds if seconds is not None else min(SECONDS_LIMIT, last + stories.AFTER_THE_LAST_CARD)
    if not sources and not any(card.source for card in wish.cards):
        aspect, resolution = aspect or usual.aspect, resolution or usual.resolution
    if wish.operation == "animate" or not (sources or wish.cards):
        seconds = seconds if seconds is not None else usual.seconds
    return await stories.fitted(studio, asker, fields, aspect=aspect, resolution=resolution, seconds=seconds)


async def _card(studio: Studio, asker: Asker, card: TypedCard) -> dict[str, Any]:
    stories.check_prompt(card.text)
    if not card.source:
        return {"at": card.at, "text": card.text}
    source = await _source(studio, asker, card.source)
    return {"at": card.at, "text": card.text, "source": source.model_dump() | {"start": card.start, "end": card.end}}


async def _source(studio: Studio, asker: Asker, typed: str) -> ClipSource | UploadSource:
    """A clip by its id, the one clip of a job by the job's, or a file."""
    file = Path(typed)
    is_there = await asyncio.to_thread(_exists, file)
    identity = read_id(typed)
    if identity is not None and identity.startswith("job-"):
        clips = (await studio.job(identity)).clips
        if len(clips) != 1:
            raise StudioError("source.which", job=identity, clips=", ".join(clip.id for clip in clips) or "–")
        return ClipSource(clip_id=clips[0].id)
    if identity is not None and not identity.startswith("case-") and (not is_there or await _is_clip(studio, typed)):
        return ClipSource(clip_id=identity)
    if is_there:
        return await studio.bring(await asyncio.to_thread(file.absolute), asker)
    raise StudioError("source.unknown", typed=typed[:80])


async def _is_clip(studio: Studio, typed: str) -> bool:
    identity = read_id(typed)
    if identity is None or identity.startswith(("job-", "case-")):
        return False
    try:
        await studio.clip(identity)
    except StudioError:
        return False
    return True


def _exists(file: Path) -> bool:
    try:
        return file.exists()
    except (OSError, ValueError):  # too long for a name, or with a zero byte in it
        return False
