"""`credits bought` and `credits refund`: what was paid for credits, and paying it back."""

import typer

from bots.terminal import answers, screen
from bots.terminal.session import typed_id, with_studio
from bots.wording import say
from engine.members import Asker
from engine.studio import Studio

SHOWN = 100


def show_bought(context: typer.Context, who: str | None, *, as_json: bool) -> None:
    async def work(studio: Studio, asker: Asker) -> None:
        member_id = await studio.membership.find(who, asker) if who is not None else asker.member_id
        found = await studio.purchases.of_member(member_id, by=asker, limit=SHOWN)
        if as_json:
            screen.answer({"bought": [answers.of_purchase(row) for row in found]})
            return
        if not found:
            screen.show(say("credits.nothing_bought"))
            return
        rows = [
            (
                row.id,
                screen.moment(row.bought_at),
                str(row.credits),
                f"{row.price} {screen.plain(row.currency)}",
                say(f"purchase.{row.state}"),
                screen.plain(row.reason),
            )
            for row in found
        ]
        names = ("purchase", "bought", "available", "price", "state", "reason")
        screen.table([say(f"table.{name}") for name in names], rows, widest=5)

    with_studio(context, work)


def refund(context: typer.Context, typed: str, reason: str, *, even_if_spent: bool, as_json: bool) -> None:
    purchase_id = typed_id(typed, prefix="buy")

    async def work(studio: Studio, asker: Asker) -> None:
        taken = await studio.purchases.refund(purchase_id, asker, reason=reason, even_if_spent=even_if_spent)
        if as_json:
            screen.answer({"refund": answers.of_purchase(await studio.purchases.get(purchase_id)), "taken": taken})
        else:
            screen.show(say("credits.refund_begun", purchase=purchase_id, taken=taken), mark="✓", mark_style="green")

    with_studio(context, work)
