"""A database on a PostgreSQL server, so that it keeps the same rules as an SQLite file.

Writers of all processes stand in one line here, too: a writing transaction first takes one advisory lock of the
database and holds it to its end. Whoever looks and then writes finds what it saw (docs/decisions/0008). The server lets
waiters in by the order in which they came, and frees the lock of whoever dies.

The driver is imported here, where a PostgreSQL URL asks for it: the base install does without.
"""

import re
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.errors import StorageError
from storage.files import DiskFull

# Numbers mean nothing to the server; these two are Kinora's, whatever else uses advisory locks in this database.
THE_LINE: Final = (1_262_046_543, 1)
WAIT_IN_LINE: Final = f"SELECT pg_advisory_xact_lock({THE_LINE[0]}, {THE_LINE[1]})"
CHANNEL: Final = "kinora"
# Who stands in line holds one connection, who reads one each: the server's usual bound is 100 for all processes.
CONNECTIONS: Final = 5
MORE_AT_BUSY_TIMES: Final = 10

# Password, role, database, right: of a connection that failed libpq tells no code.
_REFUSED: Final = re.compile(r"FATAL: .*(authentication|does not exist|permission|pg_hba)")
_WRITES: Final = ("INSERT", "UPDATE", "DELETE")
_WROTE: Final = "kinora_wrote"


def is_postgresql(url: URL) -> bool:
    return url.get_backend_name() in ("postgresql", "postgres")


def with_driver(url: URL) -> URL:
    """The same URL with the one driver that Kinora knows, which speaks with and without a loop."""
    try:
        import psycopg
    except ImportError as error:
        raise StorageError("database.no_driver") from error
    assert psycopg.__version__
    return url.set(drivername="postgresql+psycopg")


def shown(url: URL) -> str:
    """The database as a person may read of it: without the password."""
    return f"{url.host or 'localhost'}/{url.database or url.username or ''}"


def connect_args(url: URL) -> dict[str, Any]:
    """How every connection is opened. What the operator's URL says about the same things counts more."""
    usual: dict[str, Any] = {
        "application_name": "kinora",
        "connect_timeout": 10,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    return {name: value for name, value in usual.items() if name not in url.query}


def _bounds(url: URL, patience_ms: int) -> str:
    """How long the server lets anybody wait for others, and sit on what others wait for."""
    ours = {
        "lock_timeout": patience_ms,
        # A process that stopped in the middle of writing (a machine put to sleep, a cable pulled) holds nobody up for
        # longer than they are willing to wait.
        "idle_in_transaction_session_timeout": patience_ms * 2 // 3,
    }
    asked = url.query.get("options", "")
    said = " ".join(f"-c {name}={value}" for name, value in ours.items())
    return f"{said} {asked if isinstance(asked, str) else ' '.join(asked)}".strip()


def make_engine(url: URL, patience_ms: int) -> AsyncEngine:
    engine = create_async_engine(
        with_driver(url),
        connect_args=connect_args(url) | {"options": _bounds(url, patience_ms)},
        pool_size=CONNECTIONS,
        max_overflow=MORE_AT_BUSY_TIMES,
        pool_timeout=patience_ms / 1000,
        pool_pre_ping=True,  # a server that was restarted meanwhile costs nobody a failed transaction
    )
    _notice_writes(engine)
    return engine


def check_encoding(connection: Connection, name: str) -> None:
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise StorageError("database.encoding", file=name, encoding=encoding)


def _notice_writes(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def noticed(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
        if cursor.rowcount != 0 and statement.lstrip()[:6].upper() in _WRITES:
            connection.info[_WROTE] = True


async def read_only(connection: AsyncConnection) -> None:
    """One consistent state for all that is read, and nothing changed by mistake."""
    await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def stand_in_line(connection: AsyncConnection) -> None:
    """Wait for one's turn to write. What is read afterwards is what everybody before has left."""
    await connection.exec_driver_sql(WAIT_IN_LINE)
    connection.info.pop(_WROTE, None)  # of an earlier transaction of the same connection


async def ring(connection: AsyncConnection) -> None:
    """Have whoever listens told at the commit, if anything was written."""
    if connection.info.pop(_WROTE, False):
        await connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


def explained(name: str, error: BaseException) -> Exception | None:
    """The server's own trouble as an error with a code; None for mistakes of ours, which pass by."""
    if not isinstance(error, DBAPIError) or error.orig is None:
        return None
    said = str(error.orig).strip().splitlines()
    cause = said[0] if said else type(error.orig).__name__
    state = getattr(error.orig, "sqlstate", None) or ""
    if state == "53100":
        return DiskFull(path=name)
    if state in ("55P03", "40001", "40P01", "25P03"):  # waited too long, met another, sat idle
        return StorageError("database.locked", file=name, cause=cause)
    if state in ("28P01", "28000", "3D000", "42501") or (not state and _REFUSED.search(cause)):
        return StorageError("database.refused", file=name, cause=cause)
    if state in ("XX001", "XX002"):
        return StorageError("database.unreadable", file=name, cause=cause)
    unreachable = isinstance(error, OperationalError) and not state
    if unreachable or error.connection_invalidated or state[:2] in ("08", "53", "57"):
        return StorageError("database.away", file=name, cause=cause)
    return None
