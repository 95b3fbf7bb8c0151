"""What can be typed about members: credits, plans, the queue, linking, members, the community, pots.

Help texts are keys here, as in `commands`; what a command does is imported when it is called.
"""

from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="help.json")]
Who = Annotated[str, typer.Argument(metavar="MEMBER", help="help.members.who")]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="help.members.reason")]
Amount = Annotated[int, typer.Argument(metavar="CREDITS", min=1, help="help.members.amount")]
PotId = Annotated[str, typer.Argument(metavar="POT", help="help.members.pot_id")]


def _texts(key: str) -> dict[str, Any]:
    return {"help": f"help.{key}", "epilog": f"examples.{key}"}


def _group(name: str) -> typer.Typer:
    """A command that lists when nothing follows it."""
    return typer.Typer(
        name=name, no_args_is_help=False, invoke_without_command=True, rich_markup_mode="rich", **_texts(name)
    )


credit = _group("credits")
member = _group("member")
community = _group("community")
pot = _group("pot")


# -- credits, plans, the queue -------------------------------------------------------------------------------------


@credit.callback()
def credit_balance(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, max=100_000, help="help.limit")] = 20,
    as_json: Json = False,
) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import accounts

        accounts.show_credits(context, limit, as_json=as_json)


@credit.command("give", **_texts("members.give"))
def give(context: typer.Context, who: Who, amount: Amount, reason: Reason = "", as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.adjust(context, who, amount, reason, as_json=as_json)


@credit.command("take", **_texts("members.take"))
def take(context: typer.Context, who: Who, amount: Amount, reason: Reason = "", as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.adjust(context, who, -amount, reason, as_json=as_json)


@credit.command("bought", **_texts("members.bought"))
def bought(
    context: typer.Context,
    who: Annotated[str | None, typer.Argument(metavar="MEMBER", help="help.members.who")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import purchases

    purchases.show_bought(context, who, as_json=as_json)


@credit.command("refund", **_texts("members.refund"))
def refund(
    context: typer.Context,
    purchase: Annotated[str, typer.Argument(metavar="PURCHASE", help="help.members.purchase")],
    reason: Reason = "",
    even_if_spent: Annotated[bool, typer.Option("--even-if-spent", help="help.members.even_if_spent")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import purchases

    purchases.refund(context, purchase, reason, even_if_spent=even_if_spent, as_json=as_json)


@credit.command("check", **_texts("members.check"))
def check(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import accounts

    if accounts.check_books(context, as_json=as_json):
        raise typer.Exit(1)


def plans(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.show_plans(context, as_json=as_json)


def queue(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.show_queue(context, as_json=as_json)


# -- who -----------------------------------------------------------------------------------------------------------


def link(
    context: typer.Context,
    code: Annotated[str | None, typer.Argument(metavar="CODE", help="help.members.code")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.link(context, code, as_json=as_json)


@member.callback()
def member_list(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import people

        people.list_members(context, as_json=as_json)


@member.command("show", **_texts("members.show"))
def member_show(context: typer.Context, who: Who, as_json: Json = False) -> None:
    from bots.terminal import people

    people.show_member(context, who, as_json=as_json)


@member.command("add", **_texts("members.add"))
def member_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="help.members.name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.add_member(context, name, as_json=as_json)


@member.command("plan", **_texts("members.plan"))
def member_plan(
    context: typer.Context,
    who: Who,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="help.members.plan_name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.set_plan(context, who, plan, as_json=as_json)


@member.command("role", **_texts("members.role"))
def member_role(
    context: typer.Context,
    who: Who,
    role: Annotated[str, typer.Argument(metavar="member|moderator|lead", help="help.members.role_name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.set_role(context, who, role, as_json=as_json)


@member.command("restrict", **_texts("members.restrict"))
def member_restrict(
    context: typer.Context,
    who: Who,
    hours: Annotated[
        float | None, typer.Option("--hours", metavar="N", min=0.01, max=87_600, help="help.members.hours")
    ] = None,
    reason: Reason = "",
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.restrict(context, who, hours, reason, as_json=as_json)


@member.command("lift", **_texts("members.lift"))
def member_lift(context: typer.Context, who: Who, as_json: Json = False) -> None:
    from bots.terminal import people

    people.lift(context, who, as_json=as_json)


@member.command("zone", **_texts("members.zone"))
def member_zone(
    context: typer.Context,
    zone: Annotated[str, typer.Argument(metavar="ZONE", help="help.members.zone_name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.live_in(context, zone, as_json=as_json)


# -- the community -------------------------------------------------------------------------------------------------


@community.callback()
def community_show(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import people

        people.show_community(context, as_json=as_json)


@community.command("set", **_texts("members.set"))
def community_set(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="help.members.setting")],
    values: Annotated[list[str] | None, typer.Argument(metavar="[VALUE]...", help="help.members.value")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import people

    people.change_community(context, name, values or [], as_json=as_json)


# -- pots ----------------------------------------------------------------------------------------------------------


@pot.callback()
def pot_list(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import accounts

        accounts.list_pots(context, as_json=as_json)


@pot.command("open", **_texts("members.pot_open"))
def pot_open(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="help.members.pot_name")],
    most_each: Annotated[
        int | None, typer.Option("--most-each", metavar="N", min=1, help="help.members.most_each")
    ] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import accounts

    accounts.open_pot(context, name, most_each, as_json=as_json)


@pot.command("give", **_texts("members.pot_give"))
def pot_give(context: typer.Context, pot_id: PotId, amount: Amount, as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.put_in_pot(context, pot_id, amount, as_json=as_json)


@pot.command("close", **_texts("members.pot_close"))
def pot_close(context: typer.Context, pot_id: PotId, as_json: Json = False) -> None:
    from bots.terminal import accounts

    accounts.close_pot(context, pot_id, as_json=as_json)
