"""Briefs that chats ask for with a press or a few words: what is made from a clip, from a file, from several cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bots import stories
from engine.brief import SECONDS_LIMIT, Aspect, Brief, ClipSource, Operation, Resolution, UploadSource
from engine.members import Asker
from engine.studio import Studio

CAMERAS: Final = 3
JOIN: Final = 2  # seconds in which a loop comes round
_AT_LEAST_AFTER_IT: Final = 1.0


@dataclass(frozen=True)
class Typed:
    """A prompt with what was said about its look at its end: `a wolf 9:16 10s 720p x2`."""

    prompt: str
    aspect: str | None = None
    resolution: str | None = None
    seconds: float | None = None
    variations: int = 1


_LAST: Final = (
    ("aspect", re.compile(r"\s(16:9|9:16|1:1)$")),
    ("resolution", re.compile(r"\s(480p|720p|1080p)$", re.IGNORECASE)),
    ("seconds", re.compile(r"\s(\d{1,2}(?:\.\d)?)\s?(?:s|秒)$", re.IGNORECASE)),
    ("variations", re.compile(r"\s[x×]([1-4])$", re.IGNORECASE)),
)


def read_typed(text: str) -> Typed:
    """What was typed, with the words about its look taken off its end, each at most once."""
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
    """A new clip: what was typed, then what the community has settled, then the studio's own."""
    typed, usual = read_typed(text), studio.settings.defaults
    there = await studio.membership.community(asker)
    return stories.read_brief(
        typed.prompt,
        aspect=typed.aspect or there.aspect or usual.aspect,
        resolution=typed.resolution or there.resolution or usual.resolution,
        seconds=typed.seconds or there.seconds or usual.seconds,
        style=there.style,
        variations=typed.variations,
    )


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
    words, _, last = text.strip().rpartition(" ")
    strength = stories.read_strength(last) if words and last.lower() in stories.STRENGTHS else None
    said = words if strength is not None else text
    return await of_source(studio, asker, Operation.REMIX, source, said, strength=strength)


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
