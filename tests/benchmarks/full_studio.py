"""A database as full as a studio gets: for benchmarks of what members look at. Made by SQLite itself, unsafely fast."""

import asyncio
import hashlib
import json
import random
import sqlite3
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from engine.names import ALPHABET
from storage.cutting import words_of
from storage.database import Database

COMMUNITIES: Final = 50
COLLECTOR: Final = 0  # a member who made a twentieth of everything
WAITING: Final = 2_000  # jobs in the queue, however many clips there are
DAY_MS: Final = 86_400_000
BEGAN: Final = 1_780_000_000_000
_COMMON: Final = (
    *("wolf", "fox", "crane", "moon", "city", "rain", "snow", "forest", "train", "river"),
    *("neon", "dragon", "robot", "lantern", "whale", "storm", "kite", "tower", "garden", "sea"),
)
RARE: Final = [f"{name}{number}" for name in ("zor", "mel", "tak", "ul", "brin", "qua") for number in range(400)]
_CHINESE: Final = (
    *("白鶴站在小溪中", "長毛猛獁象在沙漠中行走", "狼對著月亮長嚎"),
    *("紅氣球飄過村莊", "火車在雨中駛過鐵橋", "老奶奶吹蠟燭"),
)


_JOBS: Final = (
    "INSERT INTO jobs (id, community_id, member_id, brief, state, round, created_at, updated_at, ended_at, lane, price,"
    " origin, not_before, fence) VALUES (?, ?, ?, ?, {state}, ?, ?, ?, ?, 'priority', 0, '{{}}', 0, 1)"
)


@lru_cache(maxsize=200_000)
def member(number: int) -> str:
    return _id(number, 1)


def community(number: int) -> str:
    return _id(number, 2)


@lru_cache(maxsize=50_000)
def clip(number: int) -> str:
    return _id(number, 3)


def _id(number: int, kind: int) -> str:
    """Ids in no order, as real ones are: neighbours in time lie far apart in an index."""
    value = (number * 4 + kind) * 0x9E3779B97F % 2**40
    return "".join(ALPHABET[value >> shift & 31] for shift in range(35, -1, -5))


def _sha256(number: int, kind: str) -> str:
    return hashlib.sha256(f"{kind} {number}".encode()).hexdigest()


def fill(folder: Path, clips: int) -> str:
    """A database of so many clips and a tenth as many members; answers with its URL."""
    file = folder / "kinora.db"
    url = f"sqlite+aiosqlite:///{file}"

    async def make() -> None:
        async with await Database.open(url):
            pass

    asyncio.run(make())
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA temp_store = FILE")
    connection.execute("BEGIN")
    _add_people(connection, clips // 10)
    connection.execute("CREATE TEMP TABLE loose (scope, word, at, clip_id)")
    for start in range(0, clips, 20_000):
        _add_clips(connection, range(start, min(start + 20_000, clips)), clips)
    connection.execute("INSERT OR IGNORE INTO words SELECT * FROM loose ORDER BY scope, word, at, clip_id")
    connection.execute("DROP TABLE loose")
    _add_queue(connection, clips)
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()
    return url


def _add_people(connection: sqlite3.Connection, members: int) -> None:
    connection.executemany(
        "INSERT INTO communities VALUES (?, 'bench', ?, ?, ?)",
        ((community(n), str(n), json.dumps({"explore": "across"}), BEGAN) for n in range(COMMUNITIES)),
    )
    connection.executemany(
        "INSERT INTO members (id, plan, settings, created_at) VALUES (?, 'unlimited', '{}', ?)",
        ((member(n), BEGAN) for n in range(members)),
    )
    connection.executemany(
        "INSERT INTO folders VALUES (?, ?, 'storyboards', ?)", ((_id(n, 0), member(n), BEGAN) for n in range(members))
    )


def maker_of(number: int, clips: int) -> int:
    return COLLECTOR if number % 21 == 0 else number * 7919 % (clips // 10)


@lru_cache(maxsize=50_000)
def prompt_of(number: int) -> str:
    dice = random.Random(number)
    if number % 11 == 0:
        return f"{dice.choice(_CHINESE)}，{dice.choice(_CHINESE)}"
    common, rare = dice.sample(_COMMON, 3), dice.sample(RARE, 2)
    return f"a {rare[0]} {common[0]} and a {common[1]} in the {common[2]}, {rare[1]} style"


def _add_clips(connection: sqlite3.Connection, numbers: range, clips: int) -> None:
    connection.executemany(
        _JOBS.format(state="'delivered'"),
        (
            (
                f"job-{clip(n)}",
                community(n % COMMUNITIES),
                member(maker_of(n, clips)),
                json.dumps({"operation": "create", "prompt": prompt_of(n), "look": {"style": None}}),
                0,
                *[_at(n)] * 3,
            )
            for n in numbers
        ),
    )
    connection.executemany(
        "INSERT INTO takes VALUES (?, ?, 1, ?, 'delivered', 0, 0, NULL, NULL, NULL, ?)",
        ((clip(n), f"job-{clip(n)}", n, _at(n)) for n in numbers),
    )
    connection.executemany(
        "INSERT INTO files VALUES (?, ?, ?, ?)",
        (
            row
            for n in numbers
            for row in (
                (_sha256(n, "clip"), 1_500_000 + n % 1_000_000, "video/mp4", _at(n)),
                (_sha256(n, "poster"), 30_000 + n % 20_000, "image/jpeg", _at(n)),
            )
        ),
    )
    connection.executemany(
        "INSERT INTO clips (id, job_id, member_id, community_id, sha256, poster_sha256, width, height, fps, seconds,"
        " is_draft, not_drawn, released_at) VALUES (?, ?, ?, ?, ?, ?, 854, 480, 24, 5.0, 1, '[]', ?)",
        (
            (
                clip(n),
                f"job-{clip(n)}",
                member(maker_of(n, clips)),
                community(n % COMMUNITIES),
                _sha256(n, "clip"),
                _sha256(n, "poster"),
                _at(n),
            )
            for n in numbers
        ),
    )
    connection.executemany(
        "INSERT INTO shelf VALUES (?, ?, 'made', NULL, ?, ?, ?, ?)", (_shelf_row(n, clips) for n in numbers)
    )
    connection.executemany(
        "INSERT INTO explore VALUES (?, ?, ?, ?, 0, 1, ?, ?, ?, ?, ?, ?, NULL)",
        (_explore_row(n, clips) for n in numbers),
    )
    connection.executemany("INSERT INTO loose VALUES (?, ?, ?, ?)", _word_rows(numbers, clips))


def _add_queue(connection: sqlite3.Connection, clips: int) -> None:
    """Jobs that wait for their turn, of members and communities as they come."""
    brief = json.dumps({"operation": "create", "prompt": "a wolf howls"})
    connection.executemany(
        _JOBS.format(state="'queued'"),
        (
            (waiting(n), community(n % COMMUNITIES), member(n * 7919 % (clips // 10)), brief, 1 + n // COMMUNITIES,
             _at(clips + n), _at(clips + n), None)
            for n in range(WAITING)
        ),
    )  # fmt: skip


def waiting(number: int) -> str:
    return f"job-{_id(number, 0)}"


def _at(number: int) -> int:
    return BEGAN + number * 1_000


def _shelf_row(number: int, clips: int) -> tuple[object, ...]:
    maker = maker_of(number, clips)
    folder = _id(maker, 0) if number % 8 == 0 else None
    starred = _at(number) if number % 11 == 0 else None
    trashed = _at(number) + DAY_MS if number % 50 == 1 else None
    return member(maker), clip(number), folder, starred, _at(number), trashed


def _explore_row(number: int, clips: int) -> tuple[object, ...]:
    dice = random.Random(-number)
    remixes = int(dice.paretovariate(1.2)) - 1
    picked = _at(number) if number % 101 == 0 else None
    rising = _at(number) + int(dice.expovariate(1 / DAY_MS))
    where = community(number % COMMUNITIES)
    at = _at(number)
    return (
        clip(number),
        where,
        member(maker_of(number, clips)),
        f"{number:064x}",
        at,
        at,
        remixes * 2,
        remixes,
        rising,
        picked,
    )


def _word_rows(numbers: range, clips: int) -> Iterator[tuple[str, str, int, str]]:
    for number in numbers:
        scopes = f"m:{member(maker_of(number, clips))}", f"c:{community(number % COMMUNITIES)}", "across"
        for word in words_of(prompt_of(number)):
            for scope in scopes:
                yield scope, word, _at(number), clip(number)
