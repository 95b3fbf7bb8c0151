"""Linking: one person on several platforms becomes one member, by a code that is shown on one and typed on the other.

A code is good for ten minutes, for one use, and for the member who asked for it last. What is kept of it is a digest
that takes long to compute: forty bits could be guessed from a quick one by whoever reads the database.
"""

import asyncio
import hashlib
import secrets
from typing import Final

from engine import credits, library, members
from engine.errors import StudioError
from engine.members import Role
from engine.names import ALPHABET, LENGTH, read_letters
from engine.plans import Plans
from storage import linking, merging
from storage import members as people
from storage.clock import now
from storage.database import Database, Transaction

GOOD_FOR_MS: Final = 10 * 60_000
HOUR_MS: Final = 3_600_000
CODES_AN_HOUR: Final = 5
WRONG_ONES_AN_HOUR: Final = 5
# 16 MB and some 50 ms a guess: all codes would take a core 1,700 years, and each is good for ten minutes.
_COST: Final = {"n": 2**14, "r": 8, "p": 1, "dklen": 32}
_SALT: Final = b"kinora link code"


def new_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{letters[:4]}-{letters[4:]}"


def digest_of(letters: str) -> str:
    """What is kept of a code. Slow on purpose: call it in a thread."""
    return hashlib.scrypt(letters.encode(), salt=_SALT, **_COST).hex()


async def offer(database: Database, member_id: str) -> str:
    """A fresh code for this member, to be typed where they want to be known as well."""
    async with database.writing() as tx:
        await _count(tx, "link.offer", member_id, CODES_AN_HOUR)
    code = new_code()
    digest = await _digest(code)
    async with database.writing() as tx:
        member_id = await people.current_id(tx, member_id)
        await linking.add_code(tx, digest, member_id, now() + GOOD_FOR_MS)
    return code


async def redeem(database: Database, member_id: str, typed: str, plans: Plans) -> str:
    """Make the member who types a code one with the member whom it was shown to; answers with who they are now."""
    letters = read_letters(typed)
    async with database.writing() as tx:
        await _count(tx, "link.redeem", member_id, WRONG_ONES_AN_HOUR)  # written also when the code turns out wrong
    digest = await _digest(letters) if letters is not None else ""
    async with database.writing() as tx:
        found = await linking.code(tx, digest)
        if found is None or found.used_at is not None or found.expires_at <= now():
            raise StudioError("link.wrong")
        target = await people.current_id(tx, found.member_id)
        source = await people.current_id(tx, member_id)
        if source == target:
            raise StudioError("link.same")  # and the code stays good: it was meant for elsewhere
        if not await linking.use_code(tx, digest):
            raise StudioError("link.wrong")
        await merge(tx, source, target, plans)
        return target


async def merge(tx: Transaction, source: str, target: str, plans: Plans) -> None:
    """Give the target all that the source has: who they are on platforms, clips, jobs, credits, roles, restrictions.

    Once more, or with oneself, it does nothing. Jobs go on meanwhile: what is set aside for them moves along, and
    whoever carries them finds it by the job.
    """
    source, target = await people.current_id(tx, source), await people.current_id(tx, target)
    if source == target:
        return
    await credits.bring_up_to_date(tx, target, plans)
    await credits.move_everything(tx, source, target)
    await _merge_roles(tx, source, target)
    await _merge_settings(tx, source, target)
    await library.merge(tx, source, target)
    await merging.move_rows(tx, source, target)
    await members.settle_plan(tx, target, plans)


async def _merge_roles(tx: Transaction, source: str, target: str) -> None:
    """In each community the greater of the two roles."""
    theirs = await merging.memberships_of(tx, target)
    for community_id, role in (await merging.memberships_of(tx, source)).items():
        if community_id not in theirs:
            await people.add_role(tx, community_id, target, role)
        elif role in tuple(Role) and not members.at_least(theirs[community_id], Role(role)):
            await people.change_role(tx, community_id, target, role)
    await merging.drop_memberships(tx, source)


async def _merge_settings(tx: Transaction, source: str, target: str) -> None:
    """What the target has settled stands; what only the source has is taken over."""
    old, kept = await people.member(tx, source), await people.member(tx, target)
    assert old is not None and kept is not None
    if old.settings:
        await people.change_settings(tx, target, {**old.settings, **kept.settings})


async def _count(tx: Transaction, what: str, who: str, most: int) -> None:
    """Note a try; StudioError when there were too many in the last hour."""
    since = now() - HOUR_MS
    if await linking.count_attempts(tx, what, who, since) >= most:
        raise StudioError("link.too_often", limit=most)
    await linking.note_attempt(tx, what, who, since)


async def _digest(code: str) -> str:
    letters = read_letters(code)
    assert letters is not None
    return await asyncio.to_thread(digest_of, letters)
