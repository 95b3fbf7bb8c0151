"""What is wrong with a brief that makes no sense, as an error with a code: members read it as a sentence."""

from pydantic import ValidationError

from engine.brief import (
    CARD_LIMIT,
    CURVE_LIMIT,
    PROMPT_LIMIT,
    SECONDS_LIMIT,
    SEED_LIMIT,
    SHORTEST_SECONDS,
    STYLE_LIMIT,
    VARIATIONS_LIMIT,
    VIEWS_LEAST,
    VIEWS_MOST,
    Aspect,
    BlendMode,
    Resolution,
)
from engine.errors import StudioError


def problem_of(error: ValidationError) -> StudioError:
    first = error.errors(include_url=False)[0]
    if "." in first["type"]:  # the brief's own words for what is wrong with it
        return StudioError(first["type"], **first.get("ctx", {}))
    if "curve" in first["loc"][:-1]:
        return StudioError("brief.curve", point=str(first.get("input"))[:20])
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
        case ("prompt",) | ("text",):
            return StudioError("prompt.long", length="", limit=PROMPT_LIMIT)
        case ("cards",):
            return StudioError("brief.many_cards", limit=CARD_LIMIT)
        case ("curve",):
            return StudioError("brief.curve_long", limit=CURVE_LIMIT)
        case ("mode",):
            return StudioError("brief.mode", allowed=", ".join(mode for mode in BlendMode if mode != BlendMode.CUSTOM))
        case ("views",):
            return StudioError("brief.views", least=VIEWS_LEAST, most=VIEWS_MOST)
        case ("at",):
            return StudioError("brief.card_time", longest=f"{SECONDS_LIMIT:g}")
        case (("start" | "end" | "before" | "after") as name,):
            return StudioError("brief.moment", field=name, longest=f"{SECONDS_LIMIT:g}")
        case _:
            return StudioError("brief.impossible", field=".".join(map(str, first["loc"])))
