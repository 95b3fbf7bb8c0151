"""Briefs that chats ask for with a press or a few words: what is made from a clip, from a file, from several cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bots import stories
from engine.brief import SECONDS_LIMIT, Aspect, Brief, ClipSource, Operation, Quality, Resolution, UploadSource
from engine.members import Asker
from engine.presets import PresetContent, content_of
from engine.studio import Studio

CAMERAS: Final = 3
JOIN: Final = 2  # seconds in which a loop comes round
_AT_LEAST_AFTER_IT: Final = 1.0


@dataclass(frozen=True)
class Typed:
    """What somebody said of a new clip; None is left to their preset, the community and the studio, in this order."""

    prompt: str
    aspect: str | None = None
    resolution: str | None = None
    seconds: float | None = None
    style: str | None = None
    quality: str | None = None
    variations: int = 1
    preset: str | None = None


_LAST: Final = (
    ("aspect", re.compile(r"\s(16:9|9:16|1:1)$")),
    ("resolution", re.compile(r"\s(480p|720p|1080p)$", re.IGNORECASE)),
    ("seconds", re.compile(r"\s(\d{1,2}(?:\.\d)?)\s?(?:s|秒)$", re.IGNORECASE)),
    ("variations", re.compile(r"\s[x×]([1-4])$", re.IGNORECASE)),
)


def read_typed(text: str) -> Typed:
    """What was typed, with the words about its look taken off its end: `a wolf 9:16 10s 720p x2`, each at most once."""
    rest, found = text.strip(), dict[str, str]()
    while True:
        for name, pattern in _LAST:
            if name not in found and (match := pattern.search(rest)):
                found[name] = match[1].lower()
                rest = rest[: match.start()].rstrip()
                break
        else:
            break
    return Typed(
        prompt=rest,
        aspect=found.get("aspect"),
        resolution=found.get("resolution"),
        seconds=float(found["seconds"]) if "seconds" in found else None,
        variations=int(found.get("variations", 1)),
    )


async def of_words(studio: Studio, asker: Asker, text: str) -> Brief:
    return await new_brief(studio, asker, read_typed(text))


async def new_brief(studio: Studio, asker: Asker, typed: Typed, preset: PresetContent | None = None) -> Brief:
    """A new clip. `preset`: the one to make it with, where it is not named."""
    usual, here = studio.settings.defaults, await studio.membership.community(asker)
    preset = preset or await _preset(studio, asker, typed.preset)

    def said(name: str) -> Any:
        return next((found for one in (typed, preset, here) if (found := getattr(one, name, None)) is not None), None)

    return stories.read_brief(
        preset.prompt(typed.prompt) if preset is not None else typed.prompt,
        aspect=said("aspect") or usual.aspect,
        resolution=said("resolution") or usual.resolution,
        seconds=said("seconds") or usual.seconds,
        style=said("style"),
        quality=said("quality") or Quality.TURBO,
        variations=typed.variations,
    )


async def _preset(studio: Studio, asker: Asker, name: str | None) -> PresetContent | None:
    found = await studio.presets.find(asker, name) if name else await studio.presets.default(asker)
    return content_of(found) if found is not None else None


async def of_source(
    studio: Studio, asker: Asker, operation: Operation, source: ClipSource | UploadSource, text: str = "", **fields: Any
) -> Brief:
    """What is made from a clip or a file: as large and as long as that is, where nothing else was said."""
    typed = read_typed(text)
    stories.check_prompt(typed.prompt)
    brief = stories.brief_of(
        {
            "operation": operation,
            "prompt": typed.prompt,
            "sources": [source.model_dump()],
            "variations": typed.variations,
            **fields,
        }
    )
    seconds = typed.seconds
    if operation is Operation.ANIMATE and seconds is None:
        seconds = studio.settings.defaults.seconds
    return await studio.fitted(
        brief,
        asker,
        aspect=Aspect(typed.aspect) if typed.aspect else None,
        resolution=Resolution(typed.resolution) if typed.resolution else None,
        seconds=seconds,
    )


async def remixed(studio: Studio, asker: Asker, source: ClipSource | UploadSource, text: str) -> Brief:
    """In other words. The last of them may say how much changes."""
    said, strength = strength_in(text)
    return await of_source(studio, asker, Operation.REMIX, source, said, strength=strength)


def strength_in(text: str) -> tuple[str, float | None]:
    """The words, and how much is to change where the last of them says so."""
    words, _, last = text.strip().rpartition(" ")
    if words and last.lower() in stories.STRENGTHS:
        return words, stories.read_strength(last)
    return text, None


async def blended(studio: Studio, asker: Asker, first: str, second: str) -> Brief:
    sources = [ClipSource(clip_id=one).model_dump() for one in (first, second)]
    brief = stories.brief_of({"operation": Operation.BLEND, "sources": sources, "blend": {"mode": "transition"}})
    return await studio.fitted(brief, asker)


async def of_cards(studio: Studio, asker: Asker, cards: Sequence[dict[str, Any]]) -> Brief:
    """A storyboard: it goes on for a while after its last card, as far as the member's plan allows."""
    last = max((float(one["at"]) for one in cards), default=0.0)
    longest = studio.house.plans[asker.plan].seconds or SECONDS_LIMIT
    seconds = max(last + _AT_LEAST_AFTER_IT, min(last + stories.AFTER_THE_LAST_CARD, longest))
    usual = studio.settings.defaults
    shown: dict[str, Any] = {"seconds": seconds}
    if not any(one.get("source") for one in cards):
        shown |= {"aspect": usual.aspect, "resolution": usual.resolution}
    brief = stories.brief_of({"operation": Operation.STORYBOARD, "cards": list(cards), "look": shown})
    aspect, resolution = shown.get("aspect"), shown.get("resolution")
    return await studio.fitted(brief, asker, seconds=seconds, aspect=aspect, resolution=resolution)
