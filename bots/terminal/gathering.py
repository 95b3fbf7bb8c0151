"""Chains and parties in a terminal: starting, taking part, liking, keeping order, and the reel at the end."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import accounts, answers, creating, screen
from bots.terminal.courier import copy_clip, written_files
from bots.terminal.session import asker_of, settings_of, typed_id, with_studio
from bots.terminal.shelves import PROMPT_SHOWN, clip_id, done
from bots.wording import say
from engine.asking import Terms
from engine.brief import Brief
from engine.errors import StudioError
from engine.gatherings import ChainRules, GatheringView, PartyRules
from engine.gatherings.joining import Wish
from engine.gatherings.rules import THEME_LIMIT, read_rules
from engine.gatherings.states import EntryState, Kind, State
from engine.gatherings.view import EntryView
from engine.jobs import ENDED_JOBS
from engine.members import Asker
from engine.names import PREFIXES
from engine.settings import Settings
from engine.studio import Studio
from storage.clock import now


def wish_of(prompt: str, *, remix: str | None, seconds: float | None, style: str | None) -> Wish:
    stories.check_prompt(prompt)
    if style is not None:
        stories.check_letters(style)
    if remix is not None and seconds is not None:
        raise StudioError("chain.remix_keeps_length")
    return Wish(prompt, strength=stories.read_strength(remix) if remix else None, style=style, seconds=seconds)


def entry_of(prompt: str, **look: Any) -> creating.Wish:
    return creating.Wish(prompt=prompt, **look)


# -- looking -------------------------------------------------------------------------------------------------------


def show_all(context: typer.Context, kind: str, *, as_json: bool) -> None:
    found = with_studio(context, lambda studio, asker: studio.gatherings.latest(asker, Kind(kind)))
    if as_json:
        screen.answer({f"{_plural(kind)}": [of_gathering(view) for view in found]})
    elif not found:
        screen.show(say(f"gathering.no_{kind}"))
    else:
        names = ("gathering", "state", "clips", "ends", "theme")
        screen.table([say(f"table.{name}") for name in names], [_cells(view) for view in found], widest=4)


def _plural(kind: str) -> str:
    return {"chain": "chains", "party": "parties"}[kind]


def _cells(view: GatheringView) -> tuple[str, ...]:
    ends = screen.moment(view.ends_at)[:16] if view.ends_at is not None else ""
    return view.id, say(f"gathering.state_{view.state}"), str(len(view.standing)), ends, _theme(view)


def _theme(view: GatheringView) -> str:
    return screen.plain(view.theme, PROMPT_SHOWN) or say("gathering.no_theme")


def show(context: typer.Context, kind: str, typed: str | None, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        view = await _meant(studio, asker, kind, typed)
        names = await _names(studio, asker)
        _tell(view, names, as_json=as_json)
        if not as_json and view.state is State.OPEN and (why := await studio.gatherings.why_not(asker, view.id)):
            screen.show("  " + say("gathering.not_you", why=stories.tell_failure(_failure(why))), "yellow")

    with_studio(context, work)


def _failure(error: StudioError) -> dict[str, Any]:
    return {"code": error.code, "params": error.params}


async def _meant(studio: Studio, asker: Asker, kind: str, typed: str | None) -> GatheringView:
    """The one that was named, else the one that goes on, else the latest."""
    if typed is not None:
        return await studio.gatherings.show(asker, gathering_id(typed, kind))
    found = await studio.gatherings.latest(asker, Kind(kind))
    going_on = [view for view in found if view.state in (State.OPEN, State.PAUSED)]
    if len(going_on) > 1:
        raise StudioError("gathering.which", ids=", ".join(view.id for view in going_on))
    if not found:
        raise StudioError("gathering.none", kind=kind)
    return going_on[0] if going_on else found[0]


def gathering_id(typed: str, kind: str) -> str:
    found = typed_id(typed, prefix=kind)
    if not found.startswith(f"{kind}-"):
        raise StudioError("id.malformed", typed=typed[:40])
    assert kind in PREFIXES
    return found


async def _names(studio: Studio, asker: Asker) -> dict[str, str]:
    """What members of this machine's community are called; their ids say little to a reader."""
    views = await studio.membership.everybody(asker)
    return {view.id: view.identities[0].external_id for view in views if view.identities}


def _tell(view: GatheringView, names: dict[str, str], *, as_json: bool) -> None:
    if as_json:
        screen.answer(of_gathering(view))
        return
    screen.show(f"{view.id}  {_theme(view)}", "bold")
    state = say(f"gathering.state_{view.state}")
    screen.show("  " + (say(f"gathering.ended_{view.ending}", state=state) if view.ending is not None else state))
    if view.ends_at is not None and view.state in (State.OPEN, State.PAUSED):
        left = stories.duration(max(0, view.ends_at - now()) / 1000)
        screen.show("  " + say("gathering.ends", at=screen.moment(view.ends_at), left=left))
    if view.left is not None:
        screen.show("  " + say("gathering.sponsored", left=view.left, pot=view.pot_id or ""))
    if view.entries:
        headings = [say(f"table.{name}") for name in ("number", "clip", "maker", "likes", "prompt")]
        screen.table(headings, [_entry_cells(one, names) for one in view.entries], widest=4)
    else:
        screen.show("  " + say("gathering.empty"))
    _tell_turn(view, names)
    if view.reel is not None:
        reel = view.reel.clip_id or stories.state_name(view.reel.state)
        screen.show("  " + say("gathering.reel", reel=reel))


def _entry_cells(one: EntryView, names: dict[str, str]) -> tuple[str, ...]:
    maker = screen.plain(names.get(one.member_id, one.member_id), 20)
    if one.state is EntryState.STANDING:
        return str(one.number), one.clip_id or "", maker, str(one.likes), screen.plain(one.prompt, PROMPT_SHOWN)
    told = say(f"gathering.gap_{one.gap}") if one.gap is not None else say(f"gathering.entry_{one.state}")
    return str(one.number), "–", maker, "", say("gathering.in_brackets", what=told)


def _tell_turn(view: GatheringView, names: dict[str, str]) -> None:
    turn = view.turn
    if turn is None or view.state is not State.OPEN:
        return
    if turn.taken_by is not None and turn.until is not None:
        name, until = names.get(turn.taken_by, turn.taken_by), screen.moment(turn.until)
        screen.show("  " + say("gathering.turn_taken", name=screen.plain(name, 20), until=until))
    elif turn.follows is None:
        screen.show("  " + say("gathering.turn_first", id=view.id))
    else:
        screen.show("  " + say("gathering.turn_free", clip=turn.follows, id=view.id))


# -- starting ------------------------------------------------------------------------------------------------------


def start(
    kind: str,
    context: typer.Context,
    theme: str,
    *,
    place: str,
    pot: str | None,
    as_json: bool,
    opening: str | None = None,
    **typed: int | None,
) -> None:
    """`typed`: the rules, as far as somebody chose them."""
    rules = read_rules(ChainRules if kind == Kind.CHAIN else PartyRules, **typed)
    first = clip_id(opening) if opening is not None else None
    pot_id = typed_id(pot, prefix="pot") if pot is not None else None

    async def work(studio: Studio, asker: Asker) -> None:
        origin, named = creating.address_of(None).as_origin(), _read_theme(theme)
        gatherings = studio.gatherings
        if isinstance(rules, ChainRules):
            view = await gatherings.start_chain(asker, place, named, origin, rules, opening=first, pot_id=pot_id)
        else:
            view = await gatherings.start_party(asker, place, named, origin, rules, pot_id=pot_id)
        _tell_started(view, await _names(studio, asker), as_json=as_json)

    with_studio(context, work)


def _read_theme(typed: str) -> str:
    if len(typed) > 4 * THEME_LIMIT:  # spaces are made one later: this is only for what nobody means
        raise StudioError("name.long", limit=THEME_LIMIT)
    return typed


def _tell_started(view: GatheringView, names: dict[str, str], *, as_json: bool) -> None:
    if not as_json:
        screen.show(say("gathering.started", id=view.id), mark="✓", mark_style="green")
    _tell(view, names, as_json=as_json)
    if not as_json and view.kind is Kind.PARTY:
        screen.show("  " + say("gathering.how_to_join", id=view.id))


# -- taking part ---------------------------------------------------------------------------------------------------


def add(
    context: typer.Context,
    kind: str,
    wish: Wish | creating.Wish,
    typed: str | None,
    *,
    own: bool,
    output: Path | None,
    force: bool,
    only_price: bool,
    as_json: bool,
) -> int:
    settings = settings_of(context)
    address = creating.address_of(output, overwrite=force)
    if not only_price:
        creating.check_address(address)
    meant = _brief_or_wish(wish, settings)

    async def work() -> int:
        async with Studio.open(settings) as studio:
            asker = await asker_of(context, studio)
            there = await _meant(studio, asker, kind, typed)
            quoted = await studio.gatherings.quote(asker, there.id, meant, own=own)
            if only_price:
                accounts.answer_price(quoted.quote, as_json=as_json)
                return 0
            if not as_json:
                accounts.tell_price(quoted.quote, Terms(pot_id=there.pot_id if quoted.sponsored else None))
            job_id = await studio.gatherings.join(asker, there.id, meant, address.as_origin(), own=own)
            if not as_json:
                screen.tell(say("create.asked", job=job_id), "dim")
            view = await creating.see_through(studio, asker, job_id)
            files = await written_files(studio, job_id)
            there = await studio.gatherings.show(asker, there.id)
        if as_json:
            screen.answer(answers.of_job(view, files) | {"gathering": of_gathering(there)})
        else:
            creating.tell_result(view, files)
            _tell_entered(there, job_id)
        return creating.EXIT_CODES.get(view.state, 1)

    return asyncio.run(work())


def _brief_or_wish(wish: Wish | creating.Wish, settings: Settings) -> Wish | Brief:
    return wish if isinstance(wish, Wish) else wish.as_brief(settings)


def _tell_entered(there: GatheringView, job_id: str) -> None:
    own = next((one for one in there.entries if one.job_id == job_id), None)
    if own is not None and own.state is EntryState.STANDING:
        screen.show("  " + say("gathering.entered", number=own.number, id=there.id))
    elif own is not None and own.gap is not None:
        screen.show("  " + say(f"gathering.gap_{own.gap}"), "yellow")


def like(context: typer.Context, kind: str, typed: str | None, clip: str, *, on: bool, as_json: bool) -> None:
    liked = clip_id(clip)

    async def work(studio: Studio, asker: Asker) -> tuple[str, int]:
        there = await _meant(studio, asker, kind, typed)
        return there.id, await studio.gatherings.like(asker, there.id, liked, on=on)

    where, count = with_studio(context, work)
    sentence = (
        say("gathering.liked", clip=liked, count=count) if on else say("gathering.unliked", clip=liked, count=count)
    )
    done(sentence, {"gathering": where, "clip": liked, "liked": on, "likes": count}, as_json=as_json)


# -- keeping order -------------------------------------------------------------------------------------------------


def remove(context: typer.Context, kind: str, typed: str | None, entry: str, *, as_json: bool) -> None:
    named = typed_id(entry)
    _change(
        context,
        kind,
        typed,
        lambda studio, asker, there: studio.gatherings.remove(asker, there, named),
        lambda _: say("gathering.removed", entry=named),
        as_json=as_json,
    )


def pause(context: typer.Context, kind: str, typed: str | None, *, on: bool, as_json: bool) -> None:
    _change(
        context,
        kind,
        typed,
        lambda studio, asker, there: studio.gatherings.pause(asker, there, on=on),
        lambda view: say("gathering.is_paused", id=view.id) if on else say("gathering.is_resumed", id=view.id),
        as_json=as_json,
    )


def _change(
    context: typer.Context,
    kind: str,
    typed: str | None,
    change: Callable[[Studio, Asker, str], Awaitable[GatheringView]],
    told: Callable[[GatheringView], str],
    *,
    as_json: bool,
) -> None:
    async def work(studio: Studio, asker: Asker) -> GatheringView:
        there = await _meant(studio, asker, kind, typed)
        return await change(studio, asker, there.id)

    view = with_studio(context, work)
    done(told(view), of_gathering(view), as_json=as_json)


def close(context: typer.Context, kind: str, typed: str | None, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> GatheringView:
        there = await _meant(studio, asker, kind, typed)
        closed = await studio.gatherings.close(asker, there.id)
        await studio.gatherings.ring()
        return await studio.gatherings.show(asker, closed.id)

    view = with_studio(context, work)
    done(say("gathering.closed", id=view.id), of_gathering(view), as_json=as_json)
    if not as_json and view.state is State.CLOSING:
        screen.show("  " + say("gathering.reel_follows", kind=kind, id=view.id))
    elif not as_json and view.reel is None:
        screen.show("  " + say("gathering.no_reel"))


def reel(
    context: typer.Context, kind: str, typed: str | None, output: Path | None, *, force: bool, as_json: bool
) -> int:
    """The closing reel as a file: made here now, where nobody else has made it."""
    settings = settings_of(context)
    address = creating.address_of(output, overwrite=force)
    creating.check_address(address)

    async def work() -> int:
        async with Studio.open(settings) as studio:
            asker = await asker_of(context, studio)
            there = await _meant(studio, asker, kind, typed)
            await studio.gatherings.ring()
            there = await studio.gatherings.show(asker, there.id)
            if there.state in (State.OPEN, State.PAUSED):
                raise StudioError("gathering.goes_on", gathering=there.id)
            if there.reel is None:
                raise StudioError("gathering.waits" if there.state is State.CLOSING else "gathering.no_reel")
            view = await studio.job(there.reel.job_id)
            if view.state not in ENDED_JOBS:
                view = await creating.see_through(studio, asker, view.id)
                await studio.gatherings.ring()
            files = await written_files(studio, view.id)
            if output is not None and view.clips:
                clip = view.clips[0]
                await studio.at_hand(clip.file)
                files[clip.id] = str(
                    await asyncio.to_thread(copy_clip, clip, address.target(clip.id, 1), overwrite=force)
                )
        if as_json:
            screen.answer(answers.of_job(view, files))
        else:
            creating.tell_result(view, files)
        return creating.EXIT_CODES.get(view.state, 1)

    return asyncio.run(work())


# -- JSON ----------------------------------------------------------------------------------------------------------


def of_gathering(view: GatheringView) -> dict[str, Any]:
    return {
        "id": view.id,
        "kind": view.kind.value,
        "place": view.place,
        "theme": view.theme,
        "state": view.state.value,
        "ending": view.ending.value if view.ending is not None else None,
        "started_by": view.started_by,
        "started_at": screen.iso(view.started_at),
        "ends_at": screen.iso(view.ends_at) if view.ends_at is not None else None,
        "changes_at": screen.iso(view.changes_at) if view.changes_at is not None else None,
        "rules": view.rules.model_dump(mode="json"),
        "pot": view.pot_id,
        "left": view.left,
        "opening": view.opening_clip_id,
        "turn": _of_turn(view),
        "entries": [_of_entry(one) for one in view.entries],
        "reel": (
            {"job": view.reel.job_id, "state": view.reel.state.value, "clip": view.reel.clip_id} if view.reel else None
        ),
    }


def _of_turn(view: GatheringView) -> dict[str, Any] | None:
    turn = view.turn
    if turn is None:
        return None
    until = screen.iso(turn.until) if turn.until is not None else None
    return {"follows": turn.follows, "not": turn.last_member, "taken_by": turn.taken_by, "until": until}


def _of_entry(one: EntryView) -> dict[str, Any]:
    return {
        "number": one.number,
        "job": one.job_id,
        "member": one.member_id,
        "state": one.state.value,
        "gap": one.gap.value if one.gap is not None else None,
        "clip": one.clip_id,
        "prompt": one.prompt or None,
        "likes": one.likes,
        "follows": one.follows,
        "at": screen.iso(one.at),
    }
