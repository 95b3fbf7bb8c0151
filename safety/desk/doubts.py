"""Doubts: a member says in one press that a refusal was wrong. Nobody judges again; moderators see where rules err."""

from dataclasses import dataclass

from safety.desk import appeals
from safety.desk.cases import weigh
from safety.desk.people import Kind, Moderator
from safety.verdict import Verdict
from storage import doubts
from storage.database import Transaction
from storage.decisions import DecisionRow
from storage.doubts import DoubtRow


@dataclass(frozen=True)
class Doubted:
    """A refusal that its member calls wrong. `prompt` is None where its queue is closed to whoever asks."""

    row: DoubtRow
    prompt: str | None
    rules: tuple[str, ...]  # of the classifiers that stood in the way


async def note(tx: Transaction, decision: DecisionRow, member_id: str) -> None:
    """Write the doubt down; DeskError where there can be none. Said twice, it counts once."""
    if await doubts.among(tx, [decision.id]):
        return
    await appeals.check(tx, decision, member_id)
    await doubts.add(tx, decision.id, member_id)


async def shown_to(tx: Transaction, row: DoubtRow, verdict: Verdict, by: Moderator) -> Doubted:
    _, queue = await weigh(tx, verdict, Kind.HELD)
    if queue not in by.queues:
        return Doubted(row, None, ())
    names = (f"{one.classifier}: {one.rule}" if one.rule else one.classifier for one in verdict.signals if one.score)
    return Doubted(row, str(row.brief.get("prompt", "")), tuple(dict.fromkeys(names)))
