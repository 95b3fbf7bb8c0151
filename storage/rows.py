"""From a database row to the frozen dataclass of the same columns."""

from typing import Any, TypeVar

from sqlalchemy.engine import CursorResult, Row
from sqlalchemy.sql import Executable

from storage.database import Transaction

T = TypeVar("T")


def as_one(kind: type[T], row: Row[Any]) -> T:
    return kind(**row._mapping)


async def one(tx: Transaction, kind: type[T], query: Executable) -> T | None:
    row = (await tx.execute(query)).first()
    return None if row is None else as_one(kind, row)


async def every(tx: Transaction, kind: type[T], query: Executable) -> list[T]:
    return [as_one(kind, row) for row in await tx.execute(query)]


async def changed(tx: Transaction, statement: Executable) -> int:
    """Run an UPDATE or DELETE and say how many rows it met."""
    result = await tx.execute(statement)
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
