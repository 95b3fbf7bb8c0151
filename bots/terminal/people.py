"""`link`, `member` and `community`: who somebody is, what they may do, and what a community has settled."""

from typing import Any, Final

import typer

from bots import stories
from bots.terminal import answers, screen
from bots.terminal.accounts import plan_name
from bots.terminal.session import with_studio
from bots.wording import knows, say
from engine.communities import CommunitySettings, known_settings
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.membership import MemberView
from engine.studio import Studio
from storage.clock import now

HOUR_MS: Final = 3_600_000
_LISTS: Final = frozenset({"quiet_channels"})
_BY_FILE: Final = frozenset({"overlay"})
_ROLES: Final = (Role.MEMBER, Role.MODERATOR, Role.LEAD)
NONE: Final = "none"  # typed for "as the studio has it"


def link(context: typer.Context, code: str | None, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        if code is None:
            offered = await studio.membership.offer_link(asker)
            if as_json:
                screen.answer({"code": offered})
                return
            screen.show(say("link.code", code=offered), "bold")
            screen.show("  " + say("link.how", code=offered))
            return
        member_id = await studio.membership.link(asker, code)
        if as_json:
            screen.answer({"member": member_id})
        else:
            screen.show(say("link.done"), mark="✓", mark_style="green")

    with_studio(context, work)


# -- members -------------------------------------------------------------------------------------------------------


def list_members(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        views = await studio.membership.everybody(asker)
        if as_json:
            screen.answer({"members": [answers.of_member(view) for view in views]})
            return
        headings = [say(f"table.{name}") for name in ("member", "role", "plan", "available", "known_as")]
        screen.table(headings, [_member_cells(view, asker) for view in views], widest=4)

    with_studio(context, work)


def _member_cells(view: MemberView, asker: Asker) -> tuple[str, ...]:
    return (
        ("● " if view.id == asker.member_id else "  ") + view.id,
        role_name(view.role),
        plan_name(view.plan),
        str(view.balance.available) if view.plan.charged else say("plans.no_limit"),
        _names(view),
    )


def _names(view: MemberView) -> str:
    names = (f"{identity.platform}:{screen.plain(identity.external_id)}" for identity in view.identities)
    return say("list.separator").join(names)


def role_name(role: str | None) -> str:
    return say(f"role.{role}") if role is not None and knows(f"role.{role}") else say("role.stranger")


def show_member(context: typer.Context, who: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        await _tell_member(studio, await studio.membership.find(who, asker), asker, as_json=as_json)

    with_studio(context, work)


async def _tell_member(studio: Studio, member_id: str, asker: Asker, *, as_json: bool) -> None:
    view = await studio.membership.view(member_id, asker)
    if as_json:
        screen.answer(answers.of_member(view))
        return
    screen.show(f"{view.id}  {role_name(view.role)}", "bold")
    screen.show("  " + say("member.known_as", names=_names(view)))
    screen.show("  " + say("member.plan", plan=plan_name(view.plan)))
    if view.plan.charged:
        screen.show("  " + say("credits.balance", available=view.balance.available, reserved=view.balance.reserved))
    at = now()
    for one in view.restrictions:
        if one.lifted_at is None and (one.until is None or one.until > at):
            until = screen.moment(one.until) if one.until is not None else say("member.until_lifted")
            screen.show(
                "  " + say("member.restricted", until=until, reason=screen.plain(stories.rule(one.reason))), "yellow"
            )


def add_member(context: typer.Context, name: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        added = await studio.membership.add_here(name, asker)
        if as_json:
            screen.answer(answers.of_member(await studio.membership.view(added.member_id, asker)))
        else:
            screen.show(say("member.added", name=screen.plain(name)), mark="✓", mark_style="green")

    with_studio(context, work)


def set_plan(context: typer.Context, who: str, plan: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        await studio.membership.set_plan(member_id, None if plan == NONE else plan, asker)
        await _tell_member(studio, member_id, asker, as_json=as_json)

    with_studio(context, work)


def set_role(context: typer.Context, who: str, role: str, *, as_json: bool) -> None:
    if role not in _ROLES:
        raise StudioError("role.unknown", known=", ".join(_ROLES))

    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        await studio.membership.set_role(member_id, Role(role), asker)
        await _tell_member(studio, member_id, asker, as_json=as_json)

    with_studio(context, work)


def vouch(context: typer.Context, who: str, name: str, *, withdrawn: bool, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        names = await studio.membership.vouch(member_id, name, asker, withdrawn=withdrawn)
        if as_json:
            screen.answer({"member": member_id, "names": list(names)})
        else:
            key = "member.not_vouched" if withdrawn else "member.vouched"
            screen.show(say(key, who=screen.plain(who), name=screen.plain(name)), mark="✓", mark_style="green")

    with_studio(context, work)


def restrict(context: typer.Context, who: str, hours: float | None, reason: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        until = None if hours is None else now() + round(hours * HOUR_MS)
        await studio.membership.restrict(member_id, asker, until=until, reason=reason)
        await _tell_member(studio, member_id, asker, as_json=as_json)

    with_studio(context, work)


def lift(context: typer.Context, who: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        await studio.membership.lift(member_id, asker)
        await _tell_member(studio, member_id, asker, as_json=as_json)

    with_studio(context, work)


def live_in(context: typer.Context, zone: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        await studio.membership.live_in(asker, zone)
        if as_json:
            screen.answer({"zone": zone})
        else:
            screen.show(say("member.zone", zone=screen.plain(zone)), mark="✓", mark_style="green")

    with_studio(context, work)


# -- the community -------------------------------------------------------------------------------------------------


def show_community(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        _tell_community(await studio.membership.community(asker), as_json=as_json)

    with_studio(context, work)


def _tell_community(settings: CommunitySettings, *, as_json: bool) -> None:
    if as_json:
        screen.answer({"settings": settings.model_dump(mode="json")})
        return
    rows = []
    for name, value in settings.model_dump(mode="json").items():
        if name in _BY_FILE:
            shown = say("community.stricter") if value["thresholds"] or value["text"] or value["frames"] else ""
        else:
            shown = ", ".join(value) if isinstance(value, list) else "" if value is None else _shown(value)
        rows.append((name, screen.plain(shown) or say("community.as_studio"), say(f"community.{name}")))
    screen.table([say(f"table.{name}") for name in ("setting", "value", "meaning")], rows, widest=2)


def _shown(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)


def change_community(context: typer.Context, name: str, values: list[str], *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        changed = await studio.membership.change_community(asker, {name: _read(name, values)})
        _tell_community(changed, as_json=as_json)

    with_studio(context, work)


def _read(name: str, values: list[str]) -> Any:
    """What was typed as a setting's value; the setting itself says whether it fits."""
    if name not in known_settings():
        raise StudioError("community.no_setting", name=name[:40], known=", ".join(known_settings()))
    if values in ([], [NONE]):
        return None
    if name in _LISTS:
        return values
    if name in _BY_FILE:
        return _overlay_in(values[0])
    return values[0]


def _overlay_in(file: str) -> Any:
    import tomllib
    from pathlib import Path

    try:
        return tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise StudioError("file.missing", file=file) from None
    except (OSError, ValueError) as error:
        raise StudioError("file.unreadable", file=file, cause=str(error)) from None
