"""Storyboards: cards on a timeline, each with words, a picture or a clip."""

from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bots import stories
from bots.web.forms import Form
from bots.web.rooms import clips
from bots.web.rooms.making import CHOICES, ORIGIN, price_of, told_price
from bots.web.visits import Visit, get, post
from engine.asking import Terms
from engine.brief import CARD_LIMIT, SECONDS_LIMIT, Brief, ClipSource, Quality, UploadSource
from engine.errors import StudioError
from engine.handed import Preview
from engine.names import read_id
from engine.turns import Lane
from storage.errors import CodedError
from storage.library import View

AFTER_THE_LAST: Final = 4.0  # seconds that the board goes on after its last card
FIRST_CARDS: Final = 3
CUT_CLOSER_THAN: Final = 1.0


@dataclass(frozen=True)
class TypedCard:
    """A card as its row of the form says it."""

    number: int
    at: str = ""
    text: str = ""
    clip: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Shown:
    """The still of what was typed, and what is said beside it."""

    preview: Preview
    brief: Brief

    @property
    def alt(self) -> str:
        return stories.preview_alt(self.brief)

    @property
    def told(self) -> list[str]:
        return stories.preview_told(self.preview, self.brief)


async def page(visit: Visit) -> web.StreamResponse:
    clip_id = read_id(visit.request.query.get("clip", ""))
    first = TypedCard(0, "0", clip=clip_id or "")
    blank = [TypedCard(number, f"{number * 4}") for number in range(1, FIRST_CARDS)]
    return await _page(visit, [first, *blank], Form())


async def _page(
    visit: Visit,
    cards: list[TypedCard],
    typed: Form,
    *,
    price: str = "",
    trouble: str = "",
    shown: "Shown | None" = None,
    status: int = 200,
) -> web.StreamResponse:
    recent = await visit.studio.library.page(visit.asker, View.MADE, limit=24)
    return visit.page(
        "board.html",
        status=status,
        cards=cards,
        typed=typed,
        recent=recent.items,
        price=price,
        trouble=trouble,
        shown=shown,
        choices=CHOICES,
        usual=visit.studio.settings.defaults,
        limit=CARD_LIMIT,
        longest=SECONDS_LIMIT,
    )


async def ask(visit: Visit) -> web.StreamResponse:
    form = visit.form
    cards = _cards(form)
    what = form["do"]
    if what == "price" and visit.is_fragment:
        return await told_price(visit, _price(visit, cards))
    if what == "preview" and visit.is_fragment:
        return await _told_preview(visit, cards)
    try:
        if what == "more":  # without a script: another row
            last = max((float(card.at) for card in cards if card.at), default=0.0)
            return await _page(visit, [*cards, TypedCard(len(cards), f"{last + 4:g}")], form)
        if what == "preview":
            return await _page(visit, cards, form, shown=await _shown(visit, cards))
        if what == "price":
            return await _page(visit, cards, form, price=await _price(visit, cards))
        job_id = await visit.studio.ask(await _brief(visit, cards, brings=True), visit.asker, ORIGIN, _terms(form))
    except CodedError as error:
        if visit.is_fragment:
            raise
        from bots.web.guards import sentence_of

        return await _page(visit, cards, form, trouble=sentence_of(error), status=422)
    return visit.json({"job": job_id}) if visit.is_fragment else visit.go_to(f"/jobs/{job_id}")


async def _shown(visit: Visit, cards: list[TypedCard]) -> Shown:
    brief = await _brief(visit, cards, brings=True)
    return Shown(await visit.studio.previews.of_board(brief, visit.asker), brief)


async def _told_preview(visit: Visit, cards: list[TypedCard]) -> web.StreamResponse:
    """That there is no preview is an answer, too: somebody is still building."""
    try:
        return visit.page("parts/preview.html", shown=await _shown(visit, cards))
    except CodedError as error:
        from bots.web.guards import sentence_of

        return visit.json({"sentence": sentence_of(error), "trouble": error.code})


async def _price(visit: Visit, cards: list[TypedCard]) -> str:
    brief = await _brief(visit, cards, brings=False)
    return price_of(await visit.studio.quote(brief, visit.asker, _terms(visit.form)))


def _terms(form: Form) -> Terms:
    return Terms(Lane.RELAXED if form["relaxed"] else Lane.PRIORITY)


def _cards(form: Form) -> list[TypedCard]:
    """The rows of the form: `at-0`, `text-0`, `clip-0`, ... in the order of their numbers."""
    numbers = sorted({int(name[3:]) for name, _ in form.fields if name.startswith("at-") and name[3:].isdecimal()})
    if len(numbers) > CARD_LIMIT:
        raise StudioError("brief.many_cards", limit=CARD_LIMIT)
    return [
        TypedCard(
            number,
            *(form[f"{name}-{number}"].strip() for name in ("at", "text", "clip", "start", "end")),
        )
        for number in numbers
    ]


async def _brief(visit: Visit, cards: list[TypedCard], *, brings: bool) -> Brief:
    form, usual = visit.form, visit.studio.settings.defaults
    read = [found for card in cards if (found := await _card(visit, card, brings=brings)) is not None]
    read.sort(key=lambda card: float(card["at"]))
    if not read:
        raise StudioError("web.no_cards")
    typed = form.number("seconds")
    seconds = typed if typed is not None else min(SECONDS_LIMIT, float(read[-1]["at"]) + AFTER_THE_LAST)
    stories.check_letters(form["style"])
    look: dict[str, Any] = {"style": form["style"].strip() or None, "seconds": seconds}
    look |= {"aspect": form["aspect"] or usual.aspect, "resolution": form["resolution"] or usual.resolution}
    return stories.brief_of(
        {
            "operation": "storyboard",
            "cards": read,
            "look": look,
            "quality": Quality.BEST if form["quality"] == "best" else Quality.TURBO,
            "variations": form.whole("variations") or 1,
        }
    )


async def _card(visit: Visit, card: TypedCard, *, brings: bool) -> dict[str, Any] | None:
    """The card; None for a row in which nothing was typed."""
    file = visit.form.files.get(f"picture-{card.number}")
    if not (card.text or card.clip or file):
        return None
    stories.check_prompt(card.text)
    at = visit.form.number(f"at-{card.number}") or 0.0
    found: dict[str, Any] = {"at": at, "text": card.text}
    if card.clip:
        clip_id = read_id(card.clip)
        if clip_id is None or "-" in clip_id:
            raise StudioError("web.which_clip")
        window = {"start": visit.form.number(f"start-{card.number}") or 0.0}
        found["source"] = ClipSource(clip_id=clip_id).model_dump() | window
        found["source"]["end"] = visit.form.number(f"end-{card.number}")
    elif file is not None:
        source = await visit.studio.bring(file, visit.asker) if brings else _any_picture()
        found["source"] = source.model_dump()
    return found


def _any_picture() -> UploadSource:
    """For the price its bytes do not matter."""
    return UploadSource(sha256="0" * 64, media_type="image/png")


async def still(visit: Visit) -> web.StreamResponse:
    return await clips.file_of(visit, (await visit.studio.previews.get(visit.named(), visit.asker)).file, "image/jpeg")


PAGES = (
    get("/previews/{id}/still.jpg", still),
    get("/board", page),
    post("/board", ask, takes_files=True),
)
