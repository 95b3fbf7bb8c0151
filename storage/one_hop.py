"""SQLite's statements, each with one way to its thread and back.

Usually it is four: making a cursor, executing, fetching, closing. Each time the loop waits for Python's lock, and a
page that asks forty things waited longer for that than for all their answers. Here the thread does the four at once.
"""

import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)


@dataclass(frozen=True)
class _Told:
    """What is left of a cursor that is closed in its thread already."""

    description: Any = None
    rowcount: int = -1
    lastrowid: int | None = None
    arraysize: int = 1


_NOTHING: Final = _Told()


def _execute(where: aiosqlite.Connection, operation: str, parameters: Any, *, many: bool) -> tuple[_Told, list[Any]]:
    cursor: sqlite3.Cursor = where._conn.cursor()
    try:
        if many:
            cursor.executemany(operation, parameters)
        else:
            cursor.execute(operation, parameters)
        rows = cursor.fetchall() if cursor.description else []
        return _Told(cursor.description, cursor.rowcount, cursor.lastrowid), rows
    finally:
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    __slots__ = ()

    def __init__(self, adapt_connection: "_Connection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = _NOTHING  # type: ignore[assignment]
        self._soft_closed_memoized = {}  # type: ignore[assignment]
        self._rows = deque()

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        await self._go(operation, parameters if parameters is not None else (), many=False)

    async def _executemany_async(self, operation: Any, seq_of_parameters: Sequence[Any]) -> None:
        await self._go(operation, seq_of_parameters, many=True)

    async def _go(self, operation: str, parameters: Any, *, many: bool) -> None:
        where: Any = self._connection
        async with self._adapt_connection._execute_mutex:
            self._cursor, rows = await where._execute(partial(_execute, where, operation, parameters, many=many))
        self._rows = deque(rows)

    async def _async_soft_close(self) -> None:
        """It is closed already."""

    def close(self) -> None:
        self._rows.clear()


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor  # type: ignore[assignment]


class _Module(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arguments: Any, **options: Any) -> AsyncAdapt_aiosqlite_connection:
        return _Connection(self, super().connect(*arguments, **options)._connection)


def module() -> AsyncAdapt_aiosqlite_dbapi:
    """The driver, as SQLAlchemy takes it."""
    return _Module(aiosqlite, sqlite3)
