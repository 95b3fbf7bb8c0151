"""Searching: clips by the words of their prompts and titles, the newest first, in one scope at a time.

A search with a rare word looks at the clips that have it. One whose words are all common walks back in time through
the clips of one of them, a stretch at a time: a page may come back short, with the place from which to go on.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, and_, delete, func, insert, select

from storage.database import Transaction
from storage.paging import Page, Place, beyond
from storage.tables import words

ACROSS: Final = "across"
# How many clips of one word are looked at for the others before the answer has to go out. With 4,000 the slowest search
# of a million clips took 2.2 times the CPU of the same search of 10,000; with 3,000 it takes 1.9 times.
STRETCH: Final = 3_000
_RARE: Final = 300


def of_library(member_id: str) -> str:
    return f"m:{member_id}"


def of_community(community_id: str) -> str:
    return f"c:{community_id}"


async def add(tx: Transaction, scope: str, clip_id: str, at: int, its_words: Sequence[str]) -> None:
    rows = [{"scope": scope, "word": word, "at": at, "clip_id": clip_id} for word in dict.fromkeys(its_words)]
    if rows:
        await tx.execute(insert(words), rows)


async def remove(tx: Transaction, scope: str, clip_id: str, at: int, its_words: Sequence[str]) -> None:
    await tx.execute(
        delete(words).where(
            words.c.scope == scope, words.c.word.in_(its_words), words.c.at == at, words.c.clip_id == clip_id
        )
    )


async def search(
    tx: Transaction, scope: str, asked: Sequence[str], *, after: Place | None, limit: int, stretch: int = STRETCH
) -> Page[Place]:
    """Clips that have all of these words."""
    if not asked:
        return Page((), None)
    rarest, *others = await _by_rarity(tx, scope, asked)
    walked = _having(scope, rarest, after).limit(stretch if others else limit + 1).subquery()
    query = select(walked.c.at, walked.c.clip_id).order_by(walked.c.at.desc(), walked.c.clip_id.desc())
    for number, word in enumerate(others):
        other = words.alias(f"word_{number}")
        same = and_(
            other.c.scope == scope, other.c.word == word, other.c.at == walked.c.at, other.c.clip_id == walked.c.clip_id
        )
        query = query.where(select(1).where(same).exists())
    found = [Place(int(at), str(clip_id)) for at, clip_id in await tx.execute(query.limit(limit + 1))]
    if len(found) > limit:
        return Page(found[:limit], found[limit - 1])
    return Page(found, await _end_of_stretch(tx, scope, rarest, after, stretch) if others else None)


def _having(scope: str, word: str, after: Place | None) -> Select[Any]:
    query = select(words.c.at, words.c.clip_id).where(words.c.scope == scope, words.c.word == word)
    further = beyond(words.c.at, words.c.clip_id, after)
    if further is not None:
        query = query.where(further)
    return query.order_by(words.c.at.desc(), words.c.clip_id.desc())


async def _by_rarity(tx: Transaction, scope: str, asked: Sequence[str]) -> list[str]:
    if len(asked) == 1:
        return list(asked)
    counts = {word: await _count_up_to(tx, scope, word, _RARE) for word in asked}
    if min(counts.values()) == _RARE:
        counts = {word: await _count_up_to(tx, scope, word, 10 * _RARE) for word in asked}
    return sorted(asked, key=lambda word: counts[word])


async def _count_up_to(tx: Transaction, scope: str, word: str, limit: int) -> int:
    some = select(words.c.at).where(words.c.scope == scope, words.c.word == word).limit(limit).subquery()
    return int((await tx.execute(select(func.count()).select_from(some))).scalar_one())


async def _end_of_stretch(tx: Transaction, scope: str, word: str, after: Place | None, stretch: int) -> Place | None:
    last = (await tx.execute(_having(scope, word, after).offset(stretch - 1).limit(1))).first()
    return None if last is None else Place(int(last.at), str(last.clip_id))
