"""The audit's chain: one row altered, removed, moved or cut off is found."""

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from safety import audit
from safety.audit import Break, Checked
from storage.database import Database


def url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder / 'kinora.db'}"


async def fill(folder: Path, rows: int = 6) -> None:
    async with await Database.open(url(folder)) as database, database.writing() as tx:
        for number in range(rows):
            data = {"number": number, "said": "不行 🎬", "share": 0.1 + number}
            await audit.append(tx, "decided", actor=f"m{number}", community_id="c", case_id="case-1", **data)


async def check(folder: Path, expected: str | None = None) -> Checked:
    async with await Database.open(url(folder)) as database, database.reading() as tx:
        return await audit.verify(tx, expected=expected)


def tamper(folder: Path, *statements: str) -> None:
    """As somebody would who has the file: the triggers go first."""
    with closing(sqlite3.connect(folder / "kinora.db")) as connection:
        for what in ("update", "delete"):
            connection.execute(f"DROP TRIGGER audit_keeps_every_row_{what}")
        for statement in statements:
            connection.execute(statement)
        connection.commit()


async def test_an_untouched_chain_holds_and_knows_its_earlier_heads(tmp_path: Path) -> None:
    assert await check(tmp_path) == Checked(0, "0" * 64)
    await fill(tmp_path)
    first = await check(tmp_path)
    assert (first.rows, first.broken) == (6, None)
    await fill(tmp_path)
    assert (await check(tmp_path, first.head)).broken is None
    assert (await check(tmp_path, "f" * 64)).broken is Break.NOT_THERE


@pytest.mark.parametrize(
    ("statements", "found"),
    [
        (["UPDATE audit SET actor = 'm9' WHERE number = 3"], (Break.ALTERED, 3)),
        (["UPDATE audit SET data = '{}' WHERE number = 6"], (Break.ALTERED, 6)),
        (["UPDATE audit SET at = at + 1 WHERE number = 1"], (Break.ALTERED, 1)),
        (["DELETE FROM audit WHERE number = 3"], (Break.MISSING, 4)),
        (["DELETE FROM audit WHERE number = 1"], (Break.MISSING, 2)),
        (["DELETE FROM audit WHERE number > 4"], (Break.CUT_OFF, 4)),
        (["DELETE FROM audit"], (Break.CUT_OFF, 0)),
        (["DELETE FROM audit_heads"], (Break.CUT_OFF, 6)),
        (
            [
                "UPDATE audit SET number = 99 WHERE number = 2",
                "UPDATE audit SET number = 2 WHERE number = 3",
                "UPDATE audit SET number = 3 WHERE number = 99",
            ],
            (Break.MISSING, 2),
        ),
    ],
)
async def test_one_changed_row_is_found(tmp_path: Path, statements: list[str], found: tuple[Break, int]) -> None:
    await fill(tmp_path)
    tamper(tmp_path, *statements)
    checked = await check(tmp_path)
    assert (checked.broken, checked.at_number) == found


@pytest.mark.parametrize("statement", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
async def test_the_database_keeps_our_own_mistakes_out(tmp_path: Path, statement: str) -> None:
    await fill(tmp_path)
    with pytest.raises(DatabaseError, match="append-only"):
        async with await Database.open(url(tmp_path)) as database, database.writing() as tx:
            await tx.exec_driver_sql(statement)
    assert (await check(tmp_path)).broken is None


async def test_a_period_is_exported_with_its_hashes(tmp_path: Path) -> None:
    await fill(tmp_path)
    async with await Database.open(url(tmp_path)) as database, database.reading() as tx:
        rows = [row async for row in audit.export(tx, 0, 2**53)]
        assert [row async for row in audit.export(tx, 0, 1)] == []
    assert [row["number"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert all(later["previous"] == row["hash"] for row, later in pairwise(rows))
