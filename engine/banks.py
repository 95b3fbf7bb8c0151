"""Banks of known-bad media: made, filled, listed, carried from studio to studio, and asked.

Whoever leads a community keeps its banks; those that are asked in every community are the operator's. Every change is
written into the audit; what was hashed is kept nowhere.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.bank_tasks import AskAbout, AskedBanks, Found, HashFile
from engine.errors import StudioError
from engine.fleet.base import Fleet
from engine.members import Asker, Role, at_least
from engine.names import new_id
from safety import audit
from safety.categories import KNOWN
from storage import banks
from storage.banks import BankRow
from storage.clock import now
from storage.database import Database, Transaction

if TYPE_CHECKING:  # numpy
    pass

SURE: Final = 31
LIKE: Final = 60
_WIDEST: Final = 80  # bits: from here on different pictures begin to be like each other
HASH_BYTES: Final = 32
_LONGEST_LINE: Final = 4 << 20
_MOST_HASHES: Final = 2_000_000  # of one import
_PAGE: Final = 1_000


async def asked_banks(tx: Transaction, database: str, community_id: str) -> AskedBanks | None:
    """What a task has to be told to ask this community's banks; None where there are none."""
    if not await banks.asked_in(tx, community_id):
        return None
    return AskedBanks(database=database, community_id=community_id)


# -- kept ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BankView:
    row: BankRow
    entries: int


@dataclass(frozen=True)
class Wish:
    """A bank that is to be made."""

    name: str
    category: str
    action: str = "refuse"
    sure_within: int = SURE
    like_within: int = LIKE
    least_moments: int = 1
    closed: bool = False
    everywhere: bool = False  # asked in every community; else in one's own


@dataclass(frozen=True)
class Banks:
    database: Database
    database_url: str
    fleet: Fleet

    async def all(self, by: Asker) -> list[BankView]:
        async with self.database.reading() as tx:
            _check_lead(by)
            rows = await banks.asked_in(tx, by.community_id)
            return [BankView(row, (await banks.contents(tx, row.id)).entries) for row in rows]

    async def make(self, wish: Wish, by: Asker) -> BankView:
        _check_wish(wish)
        async with self.database.writing() as tx:
            if await banks.named(tx, wish.name) is not None:
                raise StudioError("bank.exists", name=wish.name)
            row = BankRow(
                id=new_id(),
                name=wish.name,
                community_id=None if wish.everywhere else by.community_id,
                category=wish.category,
                action=wish.action,
                sure_within=wish.sure_within,
                like_within=max(wish.like_within, wish.sure_within),
                least_moments=wish.least_moments,
                closed=wish.closed,
                made_by=by.member_id,
                made_at=now(),
            )
            _check_keeper(row, by)
            await banks.make(tx, row)
            await _note(tx, "bank_made", by, row)
        return BankView(row, 0)

    async def add(self, name: str, file: Path, by: Asker) -> int:
        """Add what a file shows; answers with the entry's number."""
        async with self.database.reading() as tx:
            await _kept_bank(tx, name, by)
        hashed = await self.fleet.do(HashFile(file=file))
        async with self.database.writing() as tx:
            row = await _kept_bank(tx, name, by)
            serial = await banks.add(tx, row.id, file.name[:100], bytes.fromhex(hashed.hashes), added_by=by.member_id)
            await _note(tx, "bank_added", by, row, entry=serial)
        return serial

    async def take_in(self, name: str, file: Path, by: Asker) -> int:
        """Import a list of hashes; answers with how many entries are new. All of it, or nothing."""
        found = await asyncio.to_thread(lambda: list(_listed(file)))
        async with self.database.writing() as tx:
            row = await _kept_bank(tx, name, by)
            known = await banks.labels(tx, row.id)
            new = [(label, hashes) for label, hashes in found if label not in known]
            for label, hashes in new:
                await banks.add(tx, row.id, label, hashes, added_by=by.member_id)
            await _note(tx, "bank_imported", by, row, entries=len(new))
        return len(new)

    async def hand_out(self, name: str, by: Asker) -> AsyncIterator[dict[str, Any]]:
        """Every entry that counts, as another studio's import reads it."""
        async with self.database.writing() as tx:
            row = await _kept_bank(tx, name, by)
            await _note(tx, "bank_exported", by, row)
        after = 0
        while True:
            async with self.database.reading() as tx:
                page = await banks.entries(tx, row.id, after=after, limit=_PAGE)
            if not page:
                return
            for entry in page:
                hashes = [entry.hashes[at : at + HASH_BYTES].hex() for at in range(0, len(entry.hashes), HASH_BYTES)]
                yield {"entry": entry.serial, "label": entry.label, "hashes": hashes}
            after = page[-1].serial

    async def remove(self, name: str, by: Asker, entry: int | None = None) -> int:
        """An entry, or the bank with all that is in it; answers with how many entries went."""
        async with self.database.writing() as tx:
            row = await _kept_bank(tx, name, by)
            if entry is None:
                count = await banks.remove(tx, row.id)
                await _note(tx, "bank_removed", by, row, entries=count)
                return count
            if not await banks.remove_entry(tx, row.id, entry):
                raise StudioError("bank.no_entry", name=name, entry=entry)
            await _note(tx, "bank_entry_removed", by, row, entry=entry)
            return 1

    async def ask(self, file: Path, by: Asker) -> list[Found]:
        """What the banks say of a file."""
        _check_lead(by)
        async with self.database.reading() as tx:
            asked = await asked_banks(tx, self.database_url, by.community_id)
        return list((await self.fleet.do(AskAbout(file=file, banks=asked))).found)


# -- filled by the desk --------------------------------------------------------------------------------------------


async def remember(
    tx: Transaction, community_id: str, decision_id: int, by: str, label: str, category: str, report: Any
) -> int | None:
    """What a take looked like goes into its community's bank for that category, as long as the decision stands.

    None where nothing was kept of how it looked.
    """
    looks = [look for one in (report or {}).get("inspections", ()) for look in one.get("looks", ())]
    hashes = b"".join(bytes.fromhex(hashes)[:HASH_BYTES] for _, hashes in looks)
    if not hashes:
        return None
    name = f"desk-{community_id}-{category}"[:60]
    row = await banks.named(tx, name)
    if row is None:
        row = BankRow(
            id=new_id(),
            name=name,
            community_id=community_id,
            category=category if category in KNOWN else "unchecked",
            action="hold",  # one moderator's word holds; a lead may put it into a bank that refuses
            sure_within=SURE,
            like_within=SURE,
            least_moments=2,
            closed=category == "minors",
            made_by=by,
            made_at=now(),
        )
        await banks.make(tx, row)
    return await banks.add(tx, row.id, label, hashes, decision_id=decision_id, added_by=by)


# -- helpers -------------------------------------------------------------------------------------------------------


def _check_lead(by: Asker) -> None:
    if not at_least(by.role, Role.LEAD):
        raise StudioError("bank.leads_only")


def _check_keeper(row: BankRow, by: Asker) -> None:
    _check_lead(by)
    if row.community_id is None and by.role != Role.OPERATOR:
        raise StudioError("bank.operators_only")
    if row.community_id not in (None, by.community_id):
        raise StudioError("bank.unknown", name=row.name)


async def _kept_bank(tx: Transaction, name: str, by: Asker) -> BankRow:
    row = await banks.named(tx, name)
    if row is None:
        raise StudioError("bank.unknown", name=name[:60])
    _check_keeper(row, by)
    return row


def _check_wish(wish: Wish) -> None:
    if not (0 < len(wish.name) <= 40 and all(one.isalnum() or one in "-_." for one in wish.name)):
        raise StudioError("bank.name")
    if wish.category not in KNOWN:
        raise StudioError("bank.category", category=wish.category[:40], known=", ".join(sorted(KNOWN)))
    if wish.action not in ("hold", "refuse"):
        raise StudioError("bank.action", action=wish.action[:20])
    if not (0 <= wish.sure_within <= _WIDEST and 0 <= wish.like_within <= _WIDEST):
        raise StudioError("bank.distance", limit=_WIDEST)
    if not 1 <= wish.least_moments <= 100:
        raise StudioError("bank.moments", limit=100)


async def _note(tx: Transaction, action: str, by: Asker, row: BankRow, **data: Any) -> None:
    await audit.append(tx, action, actor=by.member_id, community_id=by.community_id, bank=row.name, **data)


def _listed(file: Path) -> Iterator[tuple[str, bytes]]:
    """Label and hashes of each line: our own export, a hash alone, or a hash with more after a comma.

    JSON lines of others are read too: "hash" (or "pdq") with "quality", below 50 left out.
    """
    count = 0
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(iter(_reader(lines), ""), 1):
                if not line.strip() or line.startswith("#"):
                    continue
                if number == 1 and line.partition(",")[0].strip().lower() in ("hash", "pdq", "pdq_hash"):
                    continue  # the headings of a table
                for label, hashes in _entry(file, number, line):
                    count += len(hashes) // HASH_BYTES
                    if count > _MOST_HASHES:
                        raise StudioError("bank.too_many", limit=_MOST_HASHES)
                    yield label, hashes
    except (OSError, UnicodeDecodeError) as error:
        raise StudioError("bank.unreadable", file=str(file)) from error


def _reader(lines: Any) -> Callable[[], str]:
    return lambda: lines.readline(_LONGEST_LINE)


def _entry(file: Path, number: int, line: str) -> Iterator[tuple[str, bytes]]:
    try:
        if not line.lstrip().startswith("{"):
            one = _hash(line.split(",")[0].strip().strip('"'))
            yield one.hex()[:16], one
            return
        told: Any = json.loads(line)
        if float(told.get("quality", 100)) < 50:
            return
        hashes = told.get("hashes") or [told.get("hash") or told["pdq"]]
        found = b"".join(map(_hash, hashes))
        yield str(told.get("label") or told.get("id") or found.hex()[:16])[:100], found
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StudioError("bank.malformed", file=str(file), line=number) from error


def _hash(written: str) -> bytes:
    found = bytes.fromhex(written)
    if len(found) != HASH_BYTES:
        raise ValueError
    return found
