"""What a member hears of the desk: why something was decided, how to appeal, and how they stand."""

from typing import Any

import typer

from bots import stories
from bots.terminal import screen
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.members import Asker
from engine.statements import Statement
from engine.studio import Studio
from storage.restrictions import RestrictionRow


def appeal(context: typer.Context, typed: str, text: str, *, as_json: bool) -> None:
    identity = typed_id(typed)

    async def work(studio: Studio, asker: Asker) -> None:
        job_id = identity
        if not identity.startswith("job-"):
            job_id = (
                await studio.case(identity) if identity.startswith("case-") else await studio.clip(identity)
            ).job_id
        case = await studio.desk.appeal(job_id, asker, text)
        if as_json:
            screen.answer({"job": job_id, "case": case})
        else:
            screen.show(say("appeal.filed", job=job_id, case=case), mark="✓", mark_style="green")

    with_studio(context, work)


def doubt(context: typer.Context, typed: str, *, as_json: bool) -> None:
    job_id = f"job-{typed_id(typed).removeprefix('job-')}"

    async def work(studio: Studio, asker: Asker) -> None:
        await studio.desk.doubt(job_id, asker)
        if as_json:
            screen.answer({"job": job_id, "doubted": True})
        else:
            screen.show(say("doubt.noted"), mark="✓", mark_style="green")

    with_studio(context, work)


def standing(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        found = await studio.desk.standing(asker)
        if as_json:
            strikes = [
                {"reason": one.reason, "at": screen.iso(one.at), "expires_at": screen.iso(one.expires_at)}
                for one in found.strikes
            ]
            screen.answer(
                {
                    "step": found.step.value,
                    "strikes": strikes,
                    "paused_until": _iso(found.paused_until),
                    "restriction": _of_restriction(found.restriction),
                }
            )
            return
        screen.show(say(f"standing.{found.step}"), "bold")
        if found.paused_until is not None:
            screen.show("  " + say("standing.until", until=screen.moment(found.paused_until)))
        if found.restriction is not None:
            until = found.restriction.until
            said = say("member.until_lifted") if until is None else screen.moment(until)
            reason = screen.plain(stories.rule(found.restriction.reason))
            screen.show("  " + say("member.restricted", until=said, reason=reason), "yellow")
        for one in found.strikes:
            said = stories.category_names([one.reason])
            screen.show("  · " + say("standing.strike", reason=said, expires=screen.moment(one.expires_at)))

    with_studio(context, work)


def _iso(moment: int | None) -> str | None:
    return screen.iso(moment) if moment is not None else None


def _of_restriction(one: RestrictionRow | None) -> dict[str, Any] | None:
    return {"reason": one.reason, "until": _iso(one.until)} if one is not None else None


def tell(statements: list[Statement]) -> None:
    """The statement of reasons: what, which rule, who decided, and what to do next."""
    for one in statements:
        for line in stories.statement(one):
            screen.show("  " + screen.plain(line))


def of_statement(one: Statement) -> dict[str, Any]:
    return {
        "decision": one.action,
        "reason": one.reason,
        "policy": one.policy_version,
        "automated": one.automated,
        "strike": one.strike,
        "restricted_until": _iso(one.restricted_until),
        "word": one.word,
        "at": screen.iso(one.at),
        "appeal": one.appeal,
        "can_appeal": one.can_appeal,
        "doubted": one.doubted,
        "text": stories.statement(one),
    }
