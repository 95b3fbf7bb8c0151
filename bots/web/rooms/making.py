"""Asking for a clip: from words, from a picture, or from clips. A form in the page, read into a brief."""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from bots import stories
from bots.web.courier import PLATFORM
from bots.web.forms import Form
from bots.web.rooms import jobs
from bots.web.visits import Visit, get, post
from bots.wording import say
from engine.asking import Quote, Terms
from engine.brief import SECONDS_LIMIT, Aspect, BlendMode, Brief, ClipSource, Quality, Resolution, UploadSource
from engine.errors import StudioError
from engine.handed import Clip
from engine.names import read_id
from engine.origin import Origin
from engine.presets import content_of
from engine.renderers.animatic.styles import STYLES
from engine.turns import Lane
from storage.errors import CodedError
from storage.library import View

RECENT: Final = 4
LENGTHS: Final = (5, 10, 15, 20)
VARIATIONS: Final = (1, 2, 4)
EXTEND_BY: Final = 5.0
KINDS: Final = ("create", "animate", "remix", "extend", "recut", "loop", "blend", "views")
# What each of them is made of: no source, a picture, one clip, two clips.
FROM_CLIP: Final = frozenset({"remix", "extend", "recut", "loop", "blend", "views"})
_OPERATION: Final = {"extend": "recut"}
_HAS_LENGTH: Final = frozenset({"create", "animate", "remix", "blend"})
_VARIES: Final = frozenset({"create", "animate", "remix"})
ORIGIN: Final = Origin(platform=PLATFORM)


@dataclass(frozen=True)
class Composer:
    """What the form shows: the kind of clip, what was typed so far, and what can be chosen."""

    kind: str
    typed: Form
    clip: Clip | None = None
    price: str = ""
    trouble: str = ""

    @property
    def has_length(self) -> bool:
        return self.kind in _HAS_LENGTH

    @property
    def varies(self) -> bool:
        return self.kind in _VARIES

    def value(self, name: str, usual: object = "") -> str:
        return self.typed[name] if self.typed.has(name) else f"{usual}"


CHOICES: Final[Mapping[str, Any]] = {
    "aspects": tuple(one.value for one in Aspect),
    "resolutions": tuple(one.value for one in Resolution),
    "lengths": LENGTHS,
    "variations": VARIATIONS,
    "styles": tuple(name for name in STYLES if name != "cutout"),
    "modes": tuple(one.value for one in BlendMode),
    "strengths": ("subtle", "mild", "strong"),
    "joins": ("short", "normal", "long"),
    "longest": f"{SECONDS_LIMIT:g}",
}


# -- pages ---------------------------------------------------------------------------------------------------------


async def home(visit: Visit) -> web.StreamResponse:
    return await _home(visit, Composer("create", await _first_form(visit)))


async def _home(visit: Visit, composer: Composer, status: int = 200) -> web.StreamResponse:
    rows = await visit.studio.latest_jobs(visit.asker, limit=RECENT)
    cards = await jobs.cards_of(visit, [row.id for row in rows])
    return visit.page("home.html", status=status, composer=composer, cards=cards, **await _choices(visit))


async def make(visit: Visit) -> web.StreamResponse:
    kind = _kind(visit)
    if kind == "create":
        return visit.go_to("/")
    typed = await _first_form(visit)
    return await _make(visit, Composer(kind, typed, await _clip(visit, visit.request.query.get("clip", ""))))


async def _make(visit: Visit, composer: Composer, status: int = 200) -> web.StreamResponse:
    recent = await visit.studio.library.page(visit.asker, View.MADE, limit=24) if composer.kind in FROM_CLIP else None
    others = (
        [item for item in recent.items if composer.clip is None or item.clip_id != composer.clip.id] if recent else []
    )
    return visit.page("make.html", status=status, composer=composer, others=others, **await _choices(visit))


async def ask(visit: Visit) -> web.StreamResponse:
    """Take the form down as a job, or only say what it would cost."""
    kind = _kind(visit)
    wants_price = visit.form["do"] == "price"
    clip = await _clip(visit, visit.form["clip"])
    try:
        brief = await _brief(visit, kind, brings=not wants_price)
        terms = Terms(Lane.RELAXED if visit.form["relaxed"] else Lane.PRIORITY)
        if wants_price:
            price = price_of(await visit.studio.quote(brief, visit.asker, terms))
            return await _again(visit, Composer(kind, visit.form, clip, price=price))
        job_id = await visit.studio.ask(brief, visit.asker, ORIGIN, terms)
    except CodedError as error:
        if visit.is_fragment:
            raise
        from bots.web.guards import sentence_of

        return await _again(visit, Composer(kind, visit.form, clip, trouble=sentence_of(error)), status=422)
    if visit.is_fragment:
        return visit.json({"job": job_id})
    return visit.go_to(f"/#{job_id}" if kind == "create" else f"/jobs/{job_id}")


async def price(visit: Visit) -> web.StreamResponse:
    """The price alone, for a script that shows it while somebody chooses."""
    kind, terms = _kind(visit), Terms(Lane.RELAXED if visit.form["relaxed"] else Lane.PRIORITY)

    async def quoted() -> str:
        return price_of(await visit.studio.quote(await _brief(visit, kind, brings=False), visit.asker, terms))

    return await told_price(visit, quoted())


async def told_price(visit: Visit, asked: Awaitable[str]) -> web.StreamResponse:
    """What cannot be priced yet is no mistake of the page's: somebody is still typing."""
    try:
        return visit.json({"sentence": await asked})
    except CodedError as error:
        from bots.web.guards import sentence_of

        return visit.json({"sentence": sentence_of(error), "trouble": error.code})


async def _again(visit: Visit, composer: Composer, status: int = 200) -> web.StreamResponse:
    return await (_home if composer.kind == "create" else _make)(visit, composer, status)


# -- reading -------------------------------------------------------------------------------------------------------


def _kind(visit: Visit) -> str:
    kind = visit.request.match_info["kind"]
    if kind not in KINDS:
        raise StudioError("web.not_here")
    return kind


async def _clip(visit: Visit, typed: str) -> Clip | None:
    clip_id = read_id(typed) if typed else None
    if clip_id is None:
        return None
    await visit.studio.remixing.check_seen(visit.asker, clip_id)
    return await visit.studio.clip(clip_id)


async def _first_form(visit: Visit) -> Form:
    """What the form begins with: the words and the look of a clip that is made again, or a preset's."""
    query = visit.request.query
    fields = [("prompt", query["prompt"][:4_000])] if "prompt" in query else []
    clip = await _clip(visit, query.get("like", ""))
    if clip is not None and clip.member_id == visit.asker.member_id:
        brief = (await visit.studio.job(clip.job_id)).brief
        fields = [("prompt", brief.prompt), ("aspect", brief.look.aspect.value), ("style", brief.look.style or "")]
        fields += [("resolution", brief.look.resolution.value), ("seconds", f"{brief.look.seconds:g}")]
    elif (preset := await visit.studio.presets.default(visit.asker)) is not None:
        content = content_of(preset).model_dump(mode="json", exclude_none=True, exclude={"words"})
        fields += [(name, f"{value:g}" if name == "seconds" else str(value)) for name, value in content.items()]
    return Form(fields=tuple(fields))


async def _choices(visit: Visit) -> dict[str, Any]:
    usual = visit.studio.settings.defaults
    plan = (await visit.studio.account(visit.asker, entries=0)).plan
    return {"choices": CHOICES, "usual": usual, "plan": plan, "presets": await visit.studio.presets.all(visit.asker)}


async def _brief(visit: Visit, kind: str, *, brings: bool) -> Brief:
    """The brief of the form; without `brings` a picture that was sent is not taken in, only counted as there."""
    form, usual = visit.form, visit.studio.settings.defaults
    stories.check_prompt(form["prompt"])
    stories.check_letters(form["style"])
    sources = await _sources(visit, kind, brings=brings)
    look: dict[str, Any] = {"style": form["style"].strip() or None}
    aspect, resolution, seconds = form["aspect"] or None, form["resolution"] or None, _seconds(form)
    if not sources:
        aspect, resolution = aspect or usual.aspect, resolution or usual.resolution
    if kind in ("create", "animate") or (kind == "views" and not sources):
        seconds = seconds if seconds is not None else usual.seconds
    shown = {"aspect": aspect, "resolution": resolution, "seconds": seconds}
    look |= {name: value for name, value in shown.items() if value is not None}
    prompt = form["prompt"]
    if form["preset"]:
        prompt = content_of(await visit.studio.presets.find(visit.asker, form["preset"])).prompt(prompt)
    brief = stories.brief_of(
        {
            "operation": _OPERATION.get(kind, kind),
            "prompt": prompt,
            "sources": sources,
            "look": look,
            "quality": Quality.BEST if form["quality"] == "best" else Quality.TURBO,
            "variations": (form.whole("variations") or 1) if kind in _VARIES else 1,
            "seed": form.whole("seed"),
            **_extras(kind, form),
        }
    )
    if not brief.made_from or (not brings and kind == "animate"):
        return brief
    return await visit.studio.fitted(
        brief,
        visit.asker,
        aspect=brief.look.aspect if aspect else None,
        resolution=brief.look.resolution if resolution else None,
        seconds=brief.look.seconds if seconds is not None else None,
    )


def _seconds(form: Form) -> float | None:
    own = form.number("own_seconds")
    return own if own is not None else form.number("seconds")


def _extras(kind: str, form: Form) -> dict[str, Any]:
    match kind:
        case "remix":
            return {"strength": stories.read_strength(form["own_strength"] or form["strength"] or "mild")}
        case "extend":
            before, after = form.number("before") or 0.0, form.number("after") or 0.0
            return {"before": before, "after": after if before or after else EXTEND_BY}
        case "recut":
            return {"before": form.number("before") or 0.0, "after": form.number("after") or 0.0}
        case "loop":
            return {"join": stories.read_join(form["join"] or "normal")}
        case "views":
            return {"views": form.whole("views") or 3}
        case "blend":
            if form["mode"] == "custom":
                return {"blend": {"mode": "custom", "curve": stories.read_curve(form["curve"])}}
            return {"blend": {"mode": form["mode"] or "transition"}}
    return {}


async def _sources(visit: Visit, kind: str, *, brings: bool) -> list[dict[str, Any]]:
    if kind == "create":
        return []
    if kind == "animate":
        return [(await _picture(visit, brings=brings)).model_dump()]
    first = _named(visit.form["clip"])
    window = {"start": visit.form.number("start") or 0.0, "end": visit.form.number("end")}
    if kind not in ("remix", "recut", "loop"):
        window = {}
    sources = [ClipSource(clip_id=first).model_dump() | window]
    if kind == "blend":
        sources.append(ClipSource(clip_id=_named(visit.form["other"])).model_dump())
    return sources


def _named(typed: str) -> str:
    clip_id = read_id(typed)
    if clip_id is None or "-" in clip_id:
        raise StudioError("web.which_clip")
    return clip_id


async def _picture(visit: Visit, *, brings: bool) -> ClipSource | UploadSource:
    file = visit.form.files.get("picture")
    if not brings:  # for the price its bytes do not matter
        return UploadSource(sha256="0" * 64, media_type="image/png")
    if file is None:
        raise StudioError("web.which_picture")
    return await visit.studio.bring(file, visit.asker)


def price_of(quote: Quote) -> str:
    if quote.price and quote.available is not None:
        return say("price.costs", price=quote.price, available=quote.available)
    return (
        say("price.relaxed", listed=quote.listed) if quote.plan.charged else say("price.nothing", listed=quote.listed)
    )


PAGES = (
    get("/", home),
    get("/make/{kind}", make),
    post("/make/{kind}", ask, takes_files=True),
    post("/make/{kind}/price", price, takes_files=True, only_looks=True),
)
