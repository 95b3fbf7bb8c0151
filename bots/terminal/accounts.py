"""`credits`, `plans`, `queue`, `pot`, and the price before a clip is asked for."""

from typing import Any, Final

import typer

from bots import stories
from bots.terminal import answers, screen
from bots.terminal.session import typed_id, with_studio
from bots.wording import knows, say
from engine.asking import Quote, Terms
from engine.brief import Aspect, Brief, Look, Resolution
from engine.credits import AccountView
from engine.members import Asker
from engine.plans import Plan
from engine.prices import PriceList
from engine.studio import Studio
from engine.viewing import JobView
from storage.credits import Entry

PROMPT_SHOWN: Final = 40  # characters of it in a table
_SHOWN_REASONS: Final = 30


# -- the price -----------------------------------------------------------------------------------------------------


def tell_price(quote: Quote, terms: Terms) -> None:
    """What it will cost, before anything is spent."""
    if quote.available is None:
        if quote.plan.charged and quote.listed:
            screen.tell(say("price.relaxed", listed=quote.listed), "dim")
    elif terms.pot_id is not None:
        screen.tell(say("price.from_pot", price=quote.price, available=quote.available), "dim")
    else:
        screen.tell(say("price.costs", price=quote.price, available=quote.available), "dim")


def answer_price(quote: Quote, *, as_json: bool) -> None:
    """Only the price, asked for by itself."""
    if as_json:
        screen.answer({"price": quote.price, "listed": quote.listed, "available": quote.available})
    elif quote.available is None:
        screen.show(say("price.nothing", listed=quote.listed))
    else:
        screen.show(say("price.costs", price=quote.price, available=quote.available))


# -- credits -------------------------------------------------------------------------------------------------------


def show_credits(context: typer.Context, limit: int, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        account = await studio.account(asker, entries=limit)
        if as_json:
            screen.answer(answers.of_account(account))
        else:
            _tell_account(account)

    with_studio(context, work)


def _tell_account(account: AccountView) -> None:
    if not account.plan.charged:
        screen.show(say("credits.unlimited"))
    else:
        balance = account.balance
        screen.show(say("credits.balance", available=balance.available, reserved=balance.reserved), "bold")
        for lot in account.lots:
            if lot.expires_at is not None:
                screen.show("  " + say("credits.until", amount=lot.available, at=screen.moment(lot.expires_at)))
        if account.next_grant is not None:
            at = screen.moment(account.next_grant)
            screen.show("  " + say("credits.next", plan=plan_name(account.plan), monthly=account.plan.monthly, at=at))
    if account.entries:
        headings = [say(f"table.{name}") for name in ("at", "entry", "available", "reserved", "job", "reason")]
        screen.table(headings, [_entry_cells(entry) for entry in account.entries], widest=5)


def _entry_cells(entry: Entry) -> tuple[str, ...]:
    return (
        screen.moment(entry.created_at),
        say(f"entry.{entry.kind}"),
        f"{entry.available:+d}",
        f"{entry.reserved:+d}",
        entry.job_id or "",
        screen.plain(entry.reason, _SHOWN_REASONS),
    )


def adjust(context: typer.Context, who: str, amount: int, reason: str, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker)
        balance = await studio.membership.adjust(member_id, amount, reason, asker)
        if as_json:
            screen.answer({"member": member_id, "available": balance.available, "reserved": balance.reserved})
            return
        sentence = say("credits.given" if amount > 0 else "credits.taken", amount=abs(amount), member=screen.plain(who))
        screen.show(sentence, mark="✓", mark_style="green")
        screen.show("  " + say("credits.now", available=balance.available))

    with_studio(context, work)


def check_books(context: typer.Context, *, as_json: bool) -> bool:
    """Whether something does not add up."""

    async def work(studio: Studio, _: Asker) -> bool:
        mistakes = await studio.membership.check_books()
        if as_json:
            screen.answer({"ok": not mistakes, "mistakes": mistakes})
        elif mistakes:
            screen.tell(say("credits.wrong"), "bold", mark="✗", mark_style="bold red")
            for mistake in mistakes:
                screen.tell(f"  · {mistake}")
        else:
            screen.show(say("credits.right"), mark="✓", mark_style="green")
        return bool(mistakes)

    return with_studio(context, work)


# -- plans and prices ----------------------------------------------------------------------------------------------


def plan_name(plan: Plan) -> str:
    """A shipped plan in the member's language; an operator's own by the name that they gave it."""
    return say(f"plan.{plan.name}") if knows(f"plan.{plan.name}") else screen.plain(plan.name, 30)


def show_plans(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        own = (await studio.account(asker, entries=0)).plan
        plans, prices = studio.house.plans, studio.house.prices
        if as_json:
            listed = [plan.model_dump(mode="json") for plan in plans.plans.values()]
            screen.answer({"plan": own.name, "plans": listed, "prices": prices.model_dump(mode="json")})
            return
        names = ("plan", "monthly", "resolution", "seconds", "at_once", "relaxed", "mark")
        rows = [_plan_cells(plan, is_own=plan == own) for plan in plans.plans.values()]
        screen.table([say(f"table.{name}") for name in names], rows)
        screen.show()
        _tell_prices(prices)

    with_studio(context, work)


def _plan_cells(plan: Plan, *, is_own: bool) -> tuple[str, ...]:
    open_end = say("plans.no_limit")
    return (
        ("● " if is_own else "  ") + plan_name(plan),
        str(plan.monthly) if plan.charged else open_end,
        plan.resolution.value if plan.resolution else open_end,
        say("plans.seconds", seconds=f"{plan.seconds:g}") if plan.seconds else open_end,
        str(plan.at_once) if plan.at_once else open_end,
        say("plans.yes") if plan.relaxed else say("plans.no"),
        say("plans.yes") if plan.visible_mark else say("plans.no"),
    )


def _tell_prices(prices: PriceList) -> None:
    headings, looks = [say("table.length")], []
    for resolution in Resolution:
        for aspect in (Aspect.SQUARE, Aspect.WIDE):
            headings.append(f"{resolution.value} {aspect.value}")
            looks.append((resolution, aspect))
    rows = []
    for seconds in prices.lengths:
        briefs = [Brief(prompt="x", look=Look(resolution=r, aspect=a, seconds=seconds)) for r, a in looks]
        rows.append((say("plans.seconds", seconds=seconds), *(str(prices.of(brief)) for brief in briefs)))
    screen.table(headings, rows)
    screen.show(say("plans.between"), "dim")


# -- the queue -----------------------------------------------------------------------------------------------------


def show_queue(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        views = await studio.waiting_jobs(asker)
        if as_json:
            screen.answer({"jobs": [_queued(view) for view in views]})
        elif not views:
            screen.show(say("queue.empty"), mark="✓", mark_style="green")
        else:
            headings = [say(f"table.{name}") for name in ("job", "place", "estimate", "lane", "prompt")]
            screen.table(headings, [_queue_cells(view) for view in views], widest=4)

    with_studio(context, work)


def _queued(view: JobView) -> dict[str, Any]:
    return {
        "job": view.id,
        "lane": view.job.lane,
        "prompt": view.brief.prompt,
        "price": view.job.price,
    } | answers.of_turn(view)


def _queue_cells(view: JobView) -> tuple[str, ...]:
    return (
        view.id,
        str(view.place),
        stories.tell_estimate(view.estimate),
        say(f"lane.{view.job.lane}"),
        screen.plain(view.brief.prompt, PROMPT_SHOWN),
    )


# -- pots ----------------------------------------------------------------------------------------------------------


def list_pots(context: typer.Context, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        pots = await studio.membership.pots(asker)
        if as_json:
            screen.answer({"pots": [answers.of_pot(pot) for pot in pots]})
        elif not pots:
            screen.show(say("pot.none"))
        else:
            headings = [say(f"table.{name}") for name in ("pot", "available", "reserved", "most_each", "name")]
            rows = [
                (
                    pot.row.id,
                    str(pot.balance.available),
                    str(pot.balance.reserved),
                    str(pot.row.most_each or say("plans.no_limit")),
                    screen.plain(pot.row.name),
                )
                for pot in pots
            ]
            screen.table(headings, rows, widest=4)

    with_studio(context, work)


def open_pot(context: typer.Context, name: str, most_each: int | None, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        pot_id = await studio.membership.open_pot(asker, name, most_each=most_each)
        if as_json:
            screen.answer({"pot": pot_id})
        else:
            screen.show(say("pot.opened", pot=pot_id), mark="✓", mark_style="green")

    with_studio(context, work)


def put_in_pot(context: typer.Context, typed: str, amount: int, *, as_json: bool) -> None:
    pot_id = typed_id(typed, prefix="pot")

    async def work(studio: Studio, asker: Asker) -> None:
        await studio.membership.put_in_pot(asker, pot_id, amount)
        pot = next(pot for pot in await studio.membership.pots(asker) if pot.row.id == pot_id)
        if as_json:
            screen.answer(answers.of_pot(pot))
        else:
            sentence = say("pot.given", amount=amount, name=screen.plain(pot.row.name), available=pot.balance.available)
            screen.show(sentence, mark="✓", mark_style="green")

    with_studio(context, work)


def close_pot(context: typer.Context, typed: str, *, as_json: bool) -> None:
    pot_id = typed_id(typed, prefix="pot")

    async def work(studio: Studio, asker: Asker) -> None:
        await studio.membership.close_pot(asker, pot_id)
        if as_json:
            screen.answer({"pot": pot_id})
        else:
            screen.show(say("pot.closed", pot=pot_id), mark="✓", mark_style="green")

    with_studio(context, work)
