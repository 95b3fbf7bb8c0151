"""Asking for a job: who may, how much of what, what it costs, and who pays; in one transaction with the job itself."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from engine import communities, credits, jobs, members, sources, standing
from engine.brief import Brief
from engine.errors import StudioError
from engine.jobs import JobState
from engine.members import Asker
from engine.origin import Origin
from engine.plans import Plan, Plans
from engine.possible import by_its_renderer, check_possible
from engine.prices import PriceList
from engine.renderers.means import Means
from engine.turns import Lane
from storage import credits as accounts
from storage import jobs as ledger
from storage import members as people
from storage import sources as stored_sources
from storage.credits import Account
from storage.database import Transaction

# Seeds of variations lie next to each other, so that a member can ask for one of them again.
_SEEDS: Final = 2**32


@dataclass(frozen=True)
class Terms:
    """How a brief is to be made: in which lane, and who pays for it."""

    lane: Lane = Lane.PRIORITY
    pot_id: str | None = None  # None: the member


USUAL_TERMS: Final = Terms()


@dataclass(frozen=True)
class Quote:
    """What a brief will cost, before anything is spent."""

    listed: int  # by the price list
    price: int  # what is charged: nothing in the relaxed lane, and nothing on a plan that is not charged
    available: int | None  # what whoever pays has; None when nothing is charged
    plan: Plan


@dataclass(frozen=True)
class House:
    """The operator's plans and prices, and what there is to render with."""

    plans: Plans
    prices: PriceList
    means: Means = field(default_factory=Means)
    data: Path = Path()  # where models lie


async def quote(tx: Transaction, house: House, brief: Brief, asker: Asker, terms: Terms) -> Quote:
    """What the brief will cost; StudioError when the plan, the lane or the pot does not allow it."""
    member_id = await people.current_id(tx, asker.member_id)
    plan = await credits.bring_up_to_date(tx, member_id, house.plans)
    plan.check(brief)
    if terms.lane is Lane.RELAXED and not plan.relaxed:
        raise StudioError("plan.not_relaxed", plan=plan.name)
    listed = house.prices.of(brief)
    is_free = not plan.charged or terms.lane is Lane.RELAXED
    if is_free or not listed:
        return Quote(listed, 0, None, plan)
    if terms.pot_id is not None:
        await credits.check_pot(tx, terms.pot_id, member_id, listed, asker.community_id)
        payer = Account(pot_id=terms.pot_id)
    else:
        payer = Account(member_id)
    return Quote(listed, listed, (await accounts.balance(tx, payer)).available, plan)


async def ask(
    tx: Transaction,
    house: House,
    brief: Brief,
    asker: Asker,
    origin: Origin,
    terms: Terms,
    *,
    consented: Collection[str] = (),
) -> str:
    """Take the brief down as a job, with what it stands on. `consented`: clips that may be used for this job alone."""
    brief = by_its_renderer(brief, house.means)
    first = brief.seed if brief.seed is not None else secrets.randbelow(_SEEDS)
    # several cameras look at one and the same scene
    seeds = [(first + (0 if brief.views else number)) % _SEEDS for number in range(brief.takes)]
    found = await sources.standing(tx, brief.made_from, asker, consented)
    check_possible(brief, found, house.means, house.data)
    job_id = await take_down(tx, house, brief, asker, origin, seeds=seeds, terms=terms)
    await stored_sources.add(tx, sources.rows_of(job_id, brief, found))
    return job_id


async def take_down(
    tx: Transaction,
    house: House,
    brief: Brief,
    asker: Asker,
    origin: Origin,
    *,
    seeds: Sequence[int],
    terms: Terms,
) -> str:
    """Take the brief down as a job and answer with its id; StudioError when it may not be asked for, or not paid."""
    member_id = await people.current_id(tx, asker.member_id)
    await members.check_unrestricted(tx, member_id, asker.community_id)
    await standing.check_may_ask(tx, asker)
    await communities.check_may_ask(tx, asker)
    quoted = await quote(tx, house, brief, asker, terms)
    plan = quoted.plan
    if plan.waiting is not None:
        waiting = await ledger.count_of(tx, member_id, {JobState.ASKED, JobState.QUEUED})
        if waiting >= plan.waiting:
            raise StudioError("plan.waiting", plan=plan.name, limit=plan.waiting)
    if quoted.available is not None:
        # What was asked for and is still being checked has nothing set aside yet.
        promised = await ledger.promised(tx, JobState.ASKED, member_id, terms.pot_id)
        if quoted.price + promised > quoted.available:
            code = "credits.short" if terms.pot_id is None else "pot.short"
            raise StudioError(code, needed=quoted.price, available=max(0, quoted.available - promised))
    return await jobs.ask(
        tx,
        brief,
        member_id=member_id,
        community_id=asker.community_id,
        origin=origin,
        seeds=seeds,
        price_of_take=quoted.price // len(seeds),
        lane=terms.lane,
        pot_id=terms.pot_id if quoted.price else None,
        visible_mark=plan.visible_mark,
    )
