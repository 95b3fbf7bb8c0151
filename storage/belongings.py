"""All that the database holds of one member: read for them to take along, counted, or forgotten.

Every table is named here, with what of it is a member's, or why nothing is: a test compares this with the tables.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, delete, func, or_, select, update

from storage.database import Transaction
from storage.gatherings import forget_started_by as forget_gatherings
from storage.presets import owner_of
from storage.tables import (
    appeals,
    attempts,
    board_uploads,
    boards,
    case_skips,
    cases,
    cheers,
    clips,
    decisions,
    doubts,
    events,
    explore,
    films,
    folders,
    gathered,
    gatherings,
    identities,
    ledger,
    lineage,
    link_codes,
    manifests,
    members,
    memberships,
    metadata,
    moderators,
    outbox,
    passes,
    plan_claims,
    posted,
    pots,
    presets,
    previews,
    purchases,
    reports,
    restrictions,
    shelf,
    sources,
    strikes,
    takes,
    uploads,
    words,
)
from storage.tables import jobs as jobs_table
from storage.words import of_library

# Tables with nothing in them for a member to take along.
LEFT_OUT: Final[Mapping[str, str]] = {
    "anchors": "certificates that this studio has signed by",
    "asked_once": "by which update a job was asked for",
    "attempts": "counts of tries, forgotten within an hour",
    "audit": "what was done at the desk, and who did it by number",
    "audit_heads": "where the audit ends",
    "bank_entries": "hashes of what is known to be bad: they outlive whoever added them",
    "banks": "everybody's",
    "case_cards": "where moderators were shown a case",
    "communities": "everybody's",
    "events": "how far a job was at which moment",
    "files": "sizes of files that the clips name",
    "fingerprints": "numbers read off the frames, by which a copy of a clip is known again",
    "heard": "updates of a chat, empty as soon as they were acted on",
    "leases": "who runs the studio",
    "link_codes": "digests of codes that are good for ten minutes",
    "manifest_stores": "copies of what the clips carry themselves",
    "marks": "the number that is hidden in each clip",
    "outbox": "messages on their way to where the job was asked for",
    "passes": "digests of what opens the pages: good for nothing elsewhere",
    "policies": "everybody's",
    "speeds": "how long drawing takes, of nobody in particular",
    "turns": "whose turn it is, by community",
    "words": "an index of prompts and titles that stand elsewhere",
}
# Who else had to do with it, and what moderators noted among themselves, is theirs; leases are the machine's.
_NOT_THEIRS: Final = frozenset(
    {
        *(cases.c.decided_by, cases.c.note, restrictions.c.set_by, ledger.c.by_id, explore.c.picked_by),
        purchases.c.refunded_by,
        *(cases.c.opened_by, cases.c.claimed_by, cases.c.passed_to),
        *(gatherings.c.ended_by, gatherings.c.card, gatherings.c.shown, gathered.c.removed_by),
        *(decisions.c.by_id, decisions.c.note, decisions.c.effects),
        *(jobs_table.c.lease_holder, jobs_table.c.lease_until, jobs_table.c.fence),
    }
)


def _of_member(ids: Collection[str]) -> dict[Table, ColumnElement[bool]]:
    """Which rows of which table are this member's, under all the ids that they have had."""
    their_jobs = select(jobs_table.c.id).where(jobs_table.c.member_id.in_(ids))
    their_clips = select(clips.c.id).where(clips.c.member_id.in_(ids))
    return {
        members: or_(members.c.id.in_(ids), members.c.merged_into.in_(ids)),
        identities: identities.c.member_id.in_(ids),
        memberships: memberships.c.member_id.in_(ids),
        plan_claims: plan_claims.c.member_id.in_(ids),
        restrictions: restrictions.c.member_id.in_(ids),
        posted: posted.c.member_id.in_(ids),
        pots: pots.c.opened_by.in_(ids),
        jobs_table: jobs_table.c.member_id.in_(ids),
        takes: takes.c.job_id.in_(their_jobs),
        clips: clips.c.member_id.in_(ids),
        lineage: lineage.c.clip_id.in_(their_clips),
        manifests: manifests.c.clip_id.in_(their_clips),
        sources: sources.c.job_id.in_(their_jobs),
        films: films.c.clip_id.in_(their_clips),
        uploads: uploads.c.member_id.in_(ids),
        folders: folders.c.member_id.in_(ids),
        shelf: shelf.c.member_id.in_(ids),
        explore: explore.c.member_id.in_(ids),
        presets: presets.c.member_id.in_(ids),
        boards: boards.c.member_id.in_(ids),
        previews: previews.c.member_id.in_(ids),
        board_uploads: board_uploads.c.board_id.in_(_boards_of(ids)),
        reports: reports.c.member_id.in_(ids),
        ledger: ledger.c.member_id.in_(ids),
        purchases: purchases.c.member_id.in_(ids),
        gatherings: gatherings.c.started_by.in_(ids),
        gathered: gathered.c.member_id.in_(ids),
        cheers: cheers.c.member_id.in_(ids),
        cases: cases.c.job_id.in_(their_jobs),
        decisions: decisions.c.job_id.in_(their_jobs),
        appeals: appeals.c.member_id.in_(ids),
        doubts: doubts.c.member_id.in_(ids),
        strikes: strikes.c.member_id.in_(ids),
        moderators: moderators.c.member_id.in_(ids),
        case_skips: case_skips.c.member_id.in_(ids),
    }


def _boards_of(ids: Collection[str]) -> Select[tuple[str]]:
    return select(boards.c.id).where(boards.c.member_id.in_(ids))


async def everything(tx: Transaction, ids: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """The member's rows of every table, each as the database has it."""
    rows = {}
    for table, which in _of_member(ids).items():
        columns = [column for column in table.columns if column not in _NOT_THEIRS]
        query: Select[Any] = select(*columns).where(which).order_by(*table.primary_key)
        rows[table.name] = [dict(row) for row in (await tx.execute(query)).mappings()]
    return rows


async def counts(tx: Transaction, ids: Collection[str], only: Collection[str] | None = None) -> dict[str, int]:
    """How many rows of each table are the member's; of these tables, where only some are asked for."""
    which = {table: mine for table, mine in _of_member(ids).items() if only is None or table.name in only}
    return {
        table.name: int((await tx.execute(select(func.count()).select_from(table).where(mine))).scalar_one())
        for table, mine in which.items()
    }


def tables_without_a_word() -> set[str]:
    """Tables of which nobody has said yet what in them is a member's: none, as a test makes sure."""
    return metadata.tables.keys() - {table.name for table in _of_member([])} - LEFT_OUT.keys()


# -- forgetting ----------------------------------------------------------------------------------------------------


async def unended_jobs(tx: Transaction, ids: Collection[str]) -> list[str]:
    query = select(jobs_table.c.id).where(jobs_table.c.member_id.in_(ids), jobs_table.c.ended_at.is_(None))
    return [str(job_id) for (job_id,) in await tx.execute(query.order_by(jobs_table.c.id))]


async def briefs(tx: Transaction, ids: Collection[str]) -> dict[str, Mapping[str, Any]]:
    query = select(jobs_table.c.id, jobs_table.c.brief, jobs_table.c.origin)
    return {
        str(job_id): {"brief": brief, "origin": origin}
        for job_id, brief, origin in await tx.execute(query.where(jobs_table.c.member_id.in_(ids)))
    }


async def take_ids(tx: Transaction, ids: Collection[str]) -> list[str]:
    query = select(takes.c.id).where(_of_member(ids)[takes])
    return [str(take_id) for (take_id,) in await tx.execute(query)]


async def forget_job(tx: Transaction, job_id: str, brief: Mapping[str, Any], origin: Mapping[str, Any]) -> None:
    """Leave of a job what it was and what it cost: not what was asked for, nor where."""
    its = jobs_table.c.id == job_id
    await tx.execute(update(jobs_table).where(its).values(brief=dict(brief), origin=dict(origin), failure=None))
    await tx.execute(update(takes).where(takes.c.job_id == job_id).values(report=None, failure=None))
    # That a moderator looked at something stays on record.
    await tx.execute(delete(events).where(events.c.job_id == job_id, events.c.kind != "revealed"))
    await tx.execute(delete(outbox).where(outbox.c.job_id == job_id))
    await tx.execute(delete(sources).where(sources.c.job_id == job_id))


async def forget_person(tx: Transaction, ids: Collection[str], *, keep_identities: bool) -> None:
    """All that says who the member is and what they chose. What names them by their id alone stays."""
    owners = [owner_of(member_id, None) for member_id in ids]
    for table, which in (
        (folders, folders.c.member_id.in_(ids)),
        (presets, presets.c.owner.in_(owners)),
        (previews, or_(previews.c.member_id.in_(ids), previews.c.board_id.in_(_boards_of(ids)))),
        (board_uploads, _of_member(ids)[board_uploads]),
        (boards, boards.c.member_id.in_(ids)),
        (plan_claims, plan_claims.c.member_id.in_(ids)),
        (link_codes, link_codes.c.member_id.in_(ids)),
        (passes, passes.c.member_id.in_(ids)),
        (cheers, cheers.c.member_id.in_(ids)),
        (attempts, attempts.c.who.in_(ids)),
        (words, words.c.scope.in_([of_library(member_id) for member_id in ids])),
        (uploads, uploads.c.member_id.in_(ids)),
        (posted, posted.c.member_id.in_(ids)),
        (moderators, moderators.c.member_id.in_(ids)),
        (case_skips, case_skips.c.member_id.in_(ids)),
    ):
        await tx.execute(delete(table).where(which))
    await tx.execute(update(reports).where(reports.c.member_id.in_(ids)).values(note=""))
    await tx.execute(update(purchases).where(purchases.c.member_id.in_(ids)).values(payer=None))
    await forget_gatherings(tx, ids)
    await tx.execute(update(appeals).where(appeals.c.member_id.in_(ids)).values(text=""))
    await tx.execute(update(members).where(_of_member(ids)[members]).values(settings={}))
    if not keep_identities:
        await tx.execute(delete(identities).where(identities.c.member_id.in_(ids)))
        await tx.execute(delete(memberships).where(memberships.c.member_id.in_(ids)))
