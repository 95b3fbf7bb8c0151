"""What every platform tells in the same way: how a brief is read, and how verdicts and jobs are put in words."""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from bots.wording import knows, say, say_error
from engine.brief import (
    PROMPT_LIMIT,
    Brief,
    Card,
    ClipSource,
)
from engine.brief_problems import problem_of
from engine.errors import StudioError
from engine.speeds import Estimate
from engine.statements import Statement
from safety.desk.people import Action, Subject
from safety.verdict import Decision, Signal, Verdict

if TYPE_CHECKING:  # they load the studio
    from engine.handed import Preview
    from engine.heritage import Source
    from engine.members import Asker
    from engine.presets import PresetContent
    from engine.reports import TraceReport
    from engine.studio import Studio

ALT_LIMIT: Final = 1_000
_ALT_OF_CARD: Final = 90
EXTEND_BY: Final = 5.0  # seconds, where nobody says how many
AFTER_THE_LAST_CARD: Final = 4.0  # seconds that a storyboard goes on
STRENGTHS: Final = ("subtle", "mild", "strong")
_STRENGTHS: Final = {"subtle": 0.35, "mild": 0.55, "strong": 0.8}
_STRONGEST: Final = 8
_JOINS: Final = {"short": "1", "normal": "2", "long": "4"}
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
    renderer: str | None = None,
) -> Brief:
    """The brief that a member typed; a StudioError says what in it makes no sense."""
    check_prompt(prompt)
    if style is not None:
        check_letters(style)
    return brief_of(
        {
            "prompt": prompt,
            "look": {"aspect": aspect, "resolution": resolution, "seconds": seconds, "style": style or None},
            "quality": quality,
            "variations": variations,
            "seed": seed,
            "renderer": renderer,
        }
    )


def brief_of(fields: Mapping[str, Any]) -> Brief:
    """The brief of these fields; a StudioError says what in it makes no sense."""
    try:
        return Brief.model_validate(dict(fields))
    except ValidationError as error:
        raise problem_of(error) from None


async def fitted(
    studio: "Studio",
    asker: "Asker",
    fields: Mapping[str, Any],
    *,
    aspect: str | None = None,
    resolution: str | None = None,
    seconds: float | None = None,
) -> Brief:
    """The brief of these fields, with the look of what it is made from wherever the member chose none."""
    chosen = {"aspect": aspect, "resolution": resolution, "seconds": seconds}
    look = dict(fields.get("look") or {}) | {name: value for name, value in chosen.items() if value is not None}
    brief = brief_of({**fields, "look": look})
    return await studio.fitted(
        brief,
        asker,
        aspect=brief.look.aspect if aspect is not None else None,
        resolution=brief.look.resolution if resolution is not None else None,
        seconds=brief.look.seconds if seconds is not None else None,
    )


def read_strength(typed: str) -> float:
    """How strong a remix is to be: by its name, from 1 to 8, or as a share below 1."""
    word = typed.strip().lower()
    if word in _STRENGTHS:
        return _STRENGTHS[word]
    try:
        number = float(word)
    except ValueError:
        number = -1.0
    if 0 <= number < 1:
        return number
    if 1 <= number <= _STRONGEST:
        weakest, strongest = 0.2, 0.95
        return round(weakest + (strongest - weakest) * (number - 1) / (_STRONGEST - 1), 4)
    raise StudioError("brief.strength", names=", ".join(_STRENGTHS))


def read_join(typed: str) -> int:
    """How many seconds a loop takes to come round."""
    word = typed.strip().lower()
    found = _JOINS.get(word, word)
    if str(found) not in ("1", "2", "4"):
        raise StudioError("brief.join", names=", ".join(_JOINS))
    return int(found)


def read_curve(typed: str) -> list[tuple[float, float]]:
    """`0:0 0.5:1 1:0`: shares of the length, and how much of the second clip there is then."""
    points: list[tuple[float, float]] = []
    for point in typed.replace(",", " ").split():
        at, colon, share = point.partition(":")
        try:
            points.append((float(at), float(share)))
        except ValueError:
            colon = ""
        if not colon:
            raise StudioError("brief.curve", point=point[:20])
    if not points:
        raise StudioError("brief.curve_missing")
    return points


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


# -- verdicts ------------------------------------------------------------------------------------------------------


def category_names(categories: Iterable[str]) -> str:
    """Categories as members call them, in one phrase."""
    names = [say(f"category.{name}") if knows(f"category.{name}") else name for name in categories]
    return say("list.separator").join(names)


def signal_said(signal: Signal) -> str:
    """What was seen and how clearly, for a moderator; or why nothing could be."""
    if signal.fault is not None:
        return say(f"fault.{signal.fault}")
    return f"{category_names([signal.category])} {signal.score:.2f}"


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


def statement(one: Statement, *, told_in: str = "") -> list[str]:
    """Why something was decided against a member's request, and what they can do about it.

    The usual words name a terminal's commands; where it is told elsewhere, the wording may have others.
    """

    def sentence(key: str, **params: object) -> str:
        own = f"{told_in}.{key}"
        return say(own if knows(own) else key, **params)

    if one.subject == Subject.DECISION:  # an appeal was judged
        return [say("appeal.upheld_already" if one.action == Action.REFUSE else "appeal.overturned_already")]
    lines = [say(f"statement.{one.action}")]
    lines.append(say("statement.rule", rule=rule(one.reason), policy=one.policy_version))
    lines.append(say("statement.automated") if one.automated else say("statement.by_a_person"))
    if one.word:
        lines.append(say("statement.word", word=one.word))
    if one.strike:
        lines.append(sentence("statement.strike"))
    lines += objections(one)
    if one.can_appeal:
        lines.append(sentence("statement.appeal", job=one.job_id))
    if one.can_doubt and not told_in:  # elsewhere it is a button
        lines.append(say("statement.doubt", job=one.job_id))
    return lines


def objections(one: Statement) -> list[str]:
    """What its member has said against it, and what became of that."""
    appealed = [say(f"appeal.{one.appeal}_already")] if one.appeal is not None else []
    return [*appealed, say("statement.doubted")] if one.doubted else appealed


def rule(reason: str) -> str:
    """What a reason's code says; a reason that is no code is a moderator's own words."""
    # "other" is a reason that moderators give, and the sentence for a category that nobody has a sentence for.
    key = f"reason_code.{reason}" if knows(f"reason_code.{reason}") else f"reason.{reason}"
    return say(key) if knows(key) else reason


# -- was this made here? -------------------------------------------------------------------------------------------


def conclusion(report: "TraceReport") -> tuple[str, str]:
    """The key of the sentence that the layers add up to, and how good that is: sure, unsure, bad or none."""
    if not report.made_here:
        return "verify.no_trace", "none"
    if report.layer == "watermark" and report.looks_like_it is False:
        return "verify.mark_copied", "bad"
    if report.layer == "watermark":
        return "verify.by_mark", "sure"
    if report.layer == "fingerprint":
        return "verify.looks_like", "unsure"
    if report.tampered:
        return "verify.tampered", "bad"
    if report.copy_of_it:
        return "verify.copy", "sure"
    return "verify.made_here", "sure"


def stamp_of(report: "TraceReport") -> str | None:
    """Who says when it was signed; None where no manifest of ours was found."""
    if report.layer != "c2pa":
        return None
    if report.stamped_at is None:
        return say("verify.unstamped")
    at = datetime.fromisoformat(report.stamped_at).astimezone(UTC)
    return say("verify.stamped", at=f"{at:%Y-%m-%d %H:%M:%S} UTC")


def trace(report: "TraceReport", sources: "Source | None" = None) -> list[str]:
    """What lies behind the conclusion, line by line; with `sources`, which are told as a tree beside it."""
    lines = [say(f"layer.{report.layer}" if report.made_here else "verify.no_trace_means")]
    if report.preview:
        lines.append(say("verify.preview"))
    if report.clip:
        lines.append(say("verify.clip", clip=report.clip))
    if report.maker:
        lines.append(say("verify.maker", name=report.maker))
    if report.lineage and sources is None:
        lines.append(say("verify.lineage", clips=say("list.separator").join(report.lineage)))
    if report.also_marked:
        lines.append(say("verify.also_marked", clips=say("list.separator").join(report.also_marked)))
    if report.stamped_at is not None and (stamp := stamp_of(report)) is not None:
        lines.append(stamp)
    if foreign := report.foreign:
        lines.append(say("verify.foreign", generator=foreign.generator, signer=foreign.signer, state=foreign.state))
        if foreign.source_types:
            lines.append(say("verify.foreign_made", kinds=say("list.separator").join(foreign.source_types)))
    return lines


def source(one: "Source") -> str:
    """A clip or an upload that something was made from, in a few words."""
    if one.clip_id is None and one.foreign is None:
        return say("heritage.upload") if one.relation else say("heritage.file")
    if one.foreign is not None:
        worth = say(f"heritage.state_{one.foreign.state}") if knows(f"heritage.state_{one.foreign.state}") else ""
        return say("heritage.signed", generator=one.foreign.generator, signer=one.foreign.signer, worth=worth)
    said = [one.clip_id or ""]
    if one.gap:
        said.append(say(f"gap.{one.gap}"))
    if one.altered:
        said.append(say("heritage.altered"))
    return " · ".join(said)


def source_lines(tree: "Source", depth: int = 0) -> list[str]:
    """The tree of what a file was made from, a line each, without the file itself."""
    mark = "· " * depth + "↳ "  # chats swallow spaces
    below = [line for one in tree.sources for line in (mark + source(one), *source_lines(one, depth + 1))]
    return [*below, mark + say("tree.more", count=tree.more)] if tree.more else below


# -- presets -------------------------------------------------------------------------------------------------------


def preset(content: "PresetContent", quote: Callable[[str], str]) -> str:
    """What one says of a clip, on one line; `quote`: how somebody's words are shown."""
    said = [content.style, content.words, content.aspect, content.resolution, content.quality]
    told = [quote(str(one)) for one in said if one]
    if content.seconds is not None:
        told.append(say("plans.seconds", seconds=f"{content.seconds:g}"))
    return " · ".join(told)


# -- previews ------------------------------------------------------------------------------------------------------


def preview_told(preview: "Preview", brief: Brief) -> list[str]:
    """What is said beside the still of a storyboard."""
    lines = [say("preview.about", count=len(brief.cards), seconds=f"{brief.look.seconds:g}")]
    if preview.covered:
        lines.append(say("preview.covered", cards=say("list.separator").join(map(str, preview.covered))))
    if preview.not_drawn:
        lines.append(say("clip.not_drawn", words=quoted(preview.not_drawn)))
    return lines


def preview_alt(brief: Brief) -> str:
    """What the still of a storyboard shows, for who does not see it. Its words have passed the checks."""
    cards = [
        say("preview.alt_card", number=number, at=f"{card.at:g}", words=_alt_of(card))
        for number, card in enumerate(brief.cards, 1)
    ]
    return say(
        "preview.alt",
        count=len(brief.cards),
        seconds=f"{brief.look.seconds:g}",
        cards=say("list.separator").join(cards),
    )[:ALT_LIMIT]


def first_look_alt(brief: Brief) -> str:
    """What the still of a clip under way shows."""
    words = brief.prompt or " ".join(card.text for card in brief.cards if card.text)
    return say("preview.alt_still", prompt=" ".join(words.split()))[:ALT_LIMIT]


def _alt_of(card: Card) -> str:
    if isinstance(card.source, ClipSource):
        return say("preview.alt_clip", clip=card.source.clip_id)
    return say("preview.alt_file") if card.source is not None else " ".join(card.text.split())[:_ALT_OF_CARD]


# -- jobs ----------------------------------------------------------------------------------------------------------


def note(name: str) -> str:
    """How a source was used, in a sentence."""
    return say(f"note.{name}") if knows(f"note.{name}") else name


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


def tell_estimate(estimate: Estimate | None) -> str:
    """In how long it will be done: a range, or that nothing was measured yet."""
    if estimate is None:
        return say("queue.unknown")
    soonest, latest = duration(estimate.soonest), duration(estimate.latest)
    return soonest if soonest == latest else say("queue.range", soonest=soonest, latest=latest)


def quoted(words: Iterable[str]) -> str:
    return say("list.separator").join(say("list.quoted", word=word) for word in words)
