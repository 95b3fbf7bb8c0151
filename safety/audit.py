"""The audit: what was decided and looked at, by whom, in a chain of hashes that nothing can be taken out of unnoticed.

Each row's hash covers the row and the hash of the row before it. The head, in a table of its own, knows the last row:
rows cut off the end are missed by it. Somebody who can write to the database can make up a new chain from some row on;
against that, write the head down elsewhere now and then (`kinora audit verify` prints it) and compare.
"""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from storage import audit
from storage.audit import NOTHING_BEFORE, AuditRow
from storage.clock import now
from storage.database import Transaction

_PAGE: Final = 1_000


class Break(StrEnum):
    """How the chain is broken."""

    ALTERED = "altered"  # the row does not hash to what it says
    MISSING = "missing"  # a row before this one is gone, or rows changed their places
    CUT_OFF = "cut_off"  # rows at the end are gone, or the head was changed
    NOT_THERE = "not_there"  # the head that was written down is no row of this chain


@dataclass(frozen=True)
class Checked:
    rows: int
    head: str
    broken: Break | None = None
    at_number: int | None = None  # the row at which the break shows


async def append(
    tx: Transaction,
    action: str,
    *,
    actor: str | None,
    community_id: str,
    case_id: str | None = None,
    **data: object,
) -> None:
    """Add a row. Call it last in a transaction: until that ends, no other writer can add one."""
    head = await audit.locked_head(tx)
    row = AuditRow(
        number=head.number + 1,
        at=now(),
        actor=actor,
        action=action,
        community_id=community_id,
        case_id=case_id,
        data=json.loads(json.dumps(data)),  # as it will be read again
        previous=head.hash,
        hash="",
    )
    await audit.add(tx, replace(row, hash=_digest(row)))


async def verify(tx: Transaction, *, expected: str | None = None) -> Checked:
    """Walk the whole chain. `expected`: the hash of a head that was written down earlier; it must be in the chain."""
    number, last, seen = 0, NOTHING_BEFORE, expected is None
    while rows := await audit.after(tx, number, limit=_PAGE):
        for row in rows:
            if row.number != number + 1 or row.previous != last:
                return Checked(number, last, Break.MISSING, row.number)
            if _digest(row) != row.hash:
                return Checked(number, last, Break.ALTERED, row.number)
            number, last = row.number, row.hash
            seen = seen or last == expected
    head = await audit.head(tx)
    if (head.number, head.hash) != (number, last) if head else number:
        return Checked(number, last, Break.CUT_OFF, number)
    return Checked(number, last) if seen else Checked(number, last, Break.NOT_THERE, None)


async def export(tx: Transaction, start: int, end: int) -> AsyncIterator[dict[str, Any]]:
    """The rows of a period, each with its hashes: what is exported can be checked without the database."""
    number = 0
    while rows := await audit.between(tx, start, end, number, limit=_PAGE):
        for row in rows:
            number = row.number
            yield vars(row) | {"data": dict(row.data)}


def _digest(row: AuditRow) -> str:
    said = [row.number, row.at, row.actor, row.action, row.community_id, row.case_id, row.data, row.previous]
    line = json.dumps(said, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(line.encode("ascii")).hexdigest()
