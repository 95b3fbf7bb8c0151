"""What every platform tells in the same way: how a brief is read, and how verdicts and jobs are put in words."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from bots.wording import knows, say, say_error
from engine.brief import PROMPT_LIMIT, SECONDS_LIMIT, SHORTEST_SECONDS, Aspect, Brief, Resolution
from engine.errors import StudioError
from safety.verdict import Decision, Signal, Verdict

VARIATIONS_LIMIT: Final = 4
STYLE_LIMIT: Final = 60
SEED_LIMIT: Final = 2**32 - 1
_ALLOWED_CONTROLS = frozenset("\t\n\r")


def read_brief(
    prompt: str,
    *,
    aspect: str,
    resolution: str,
    seconds: float,
    style: str | None = None,
    quality: str = "turbo",
    variations: int = 1,
    seed: int | None = None,
) -> Brief:
    """The brief that a member typed; a StudioError says what in it makes no sense."""
    check_prompt(prompt)
    if style is not None:
        check_letters(style)
    try:
        return Brief.model_validate(
            {
                "prompt": prompt,
                "look": {"aspect": aspect, "resolution": resolution, "seconds": seconds, "style": style or None},
                "quality": quality,
                "variations": variations,
                "seed": seed,
            }
        )
    except ValidationError as error:
        raise _problem_of(error) from None


def check_prompt(prompt: str) -> None:
    """StudioError when nobody could make sense of the prompt, whatever it says."""
    check_letters(prompt)
    if len(prompt.strip()) > PROMPT_LIMIT:
        raise StudioError("prompt.long", length=len(prompt.strip()), limit=PROMPT_LIMIT)


def check_letters(text: str) -> None:
    """StudioError for what is no text: control characters, or bytes that no encoding explains."""
    for letter in text:
        if unicodedata.category(letter) in ("Cc", "Cs") and letter not in _ALLOWED_CONTROLS:
            raise StudioError("prompt.unreadable", letter=f"U+{ord(letter):04X}")


def _problem_of(error: ValidationError) -> StudioError:
    first = error.errors(include_url=False)[0]
    match first["loc"][-1:]:
        case ("seconds",):
            return StudioError("brief.seconds", shortest=f"{SHORTEST_SECONDS:g}", longest=f"{SECONDS_LIMIT:g}")
        case ("variations",):
            return StudioError("brief.variations", limit=VARIATIONS_LIMIT)
        case ("aspect",):
            return StudioError("brief.aspect", allowed=", ".join(Aspect))
        case ("resolution",):
            return StudioError("brief.resolution", allowed=", ".join(Resolution))
        case ("style",):
            return StudioError("brief.style", limit=STYLE_LIMIT)
        case ("seed",):
            return StudioError("brief.seed", limit=SEED_LIMIT)
        case ("prompt",):
            return StudioError("prompt.long", length="", limit=PROMPT_LIMIT)
        case ():
            return StudioError("prompt.empty")
        case _:
            return StudioError("brief.impossible", field=".".join(map(str, first["loc"])))


# -- verdicts ------------------------------------------------------------------------------------------------------


def category_names(categories: Iterable[str]) -> str:
    """Categories as members call them, in one phrase."""
    names = [say(f"category.{name}") if knows(f"category.{name}") else name for name in categories]
    return say("list.separator").join(names)


def reasons(verdict: Verdict) -> list[str]:
    """Why it was not simply allowed: a sentence for each thing that was seen, the strictest first."""
    if verdict.decision is Decision.ALLOW:
        return []
    return list(dict.fromkeys(_reason(signal) for signal in verdict.signals))


def _reason(signal: Signal) -> str:
    if signal.fault is not None:
        return say(f"fault.{signal.fault}")
    key = f"reason.{signal.category}"
    return say(key) if knows(key) else say("reason.other", category=signal.category)


def instead(verdict: Verdict) -> str:
    """What one can do instead, for the first thing that stood in the way."""
    for signal in verdict.signals:
        if knows(f"instead.{signal.category}"):
            return say(f"instead.{signal.category}")
    return say("instead.default")


# -- jobs ----------------------------------------------------------------------------------------------------------


def state_name(state: str) -> str:
    return say(f"state.{state}")


def tell_failure(failure: Mapping[str, Any] | None) -> str:
    """The sentence for what is kept with a job that failed."""
    if not failure:
        return say("error.general", code="unknown")
    return say_error(str(failure.get("code")), failure.get("params") or {})


def duration(seconds: float) -> str:
    """A length of time as people say it: to the second, then to the minute, then to the hour."""
    if seconds < 90:
        return say("duration.seconds", count=max(1, round(seconds)))
    if seconds < 90 * 60:
        return say("duration.minutes", count=round(seconds / 60))
    return say("duration.hours", count=round(seconds / 3_600))


def quoted(words: Iterable[str]) -> str:
    return say("list.separator").join(say("list.quoted", word=word) for word in words)
