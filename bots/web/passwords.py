"""Passwords, for members of this machine's own community who are not at this machine: an operator, above all."""

import asyncio
import hashlib
import hmac
import secrets
from typing import Any, Final

from bots.web.passes import digest_of
from engine.errors import StudioError
from engine.members import LOCAL, Asker
from engine.studio import Studio
from storage import linking, members, passes
from storage.clock import now
from storage.passes import Kind

SHORTEST: Final = 12
LONGEST: Final = 200
TRIES_AN_HOUR: Final = 20  # for one name; links still let its owner in
HOUR_MS: Final = 3_600_000
TRIED: Final = "web.password"
# 64 MB and some 150 ms a guess.
_COST: Final = {"n": 2**16, "r": 8, "p": 1, "dklen": 32, "maxmem": 2**27}
_SALT_BYTES: Final = 16


async def set_for(studio: Studio, asker: Asker, password: str) -> None:
    """In place of the one before. Whoever came in earlier has to come in anew."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise StudioError("web.password_length", shortest=SHORTEST, longest=LONGEST)
    await name_of(studio, asker)
    salt = secrets.token_bytes(_SALT_BYTES)
    kept = {"salt": salt.hex(), "hash": (await _hash(password, salt)).hex()}
    async with studio.database.writing() as tx:
        await passes.drop_of(tx, asker.member_id, Kind.PASSWORD)
        await passes.drop_of(tx, asker.member_id, Kind.SESSION)
        await passes.add(
            tx,
            _row_of(asker.member_id),
            Kind.PASSWORD,
            asker.member_id,
            asker.community_id,
            expires_at=None,
            details=kept,
        )


async def remove_of(studio: Studio, asker: Asker) -> None:
    async with studio.database.writing() as tx:
        await passes.drop_of(tx, asker.member_id, Kind.PASSWORD)


async def has(studio: Studio, asker: Asker) -> bool:
    async with studio.database.reading() as tx:
        return bool(await passes.of_member(tx, asker.member_id, Kind.PASSWORD))


async def anybody_has(studio: Studio) -> bool:
    async with studio.database.reading() as tx:
        return await passes.is_any(tx, Kind.PASSWORD)


async def who(studio: Studio, name: str, password: str) -> Asker:
    """Whose name and password these are; StudioError, after the same work, when they are nobody's."""
    name = name.strip()[:100]
    async with studio.database.writing() as tx:
        since = now() - HOUR_MS
        if await linking.count_attempts(tx, TRIED, name, since) >= TRIES_AN_HOUR:
            raise StudioError("web.too_often", seconds=HOUR_MS // 1_000)
        await linking.note_attempt(tx, TRIED, name, since)
    async with studio.database.reading() as tx:
        member = await members.member_known_as(tx, LOCAL, name)
        # By the member, not by the digest: whoever was made one with another brings the password along.
        known = await passes.of_member(tx, member.id, Kind.PASSWORD) if member is not None else []
    found = known[0] if known else None
    kept: Any = found.details if found is not None else {"salt": "00" * _SALT_BYTES, "hash": ""}
    given = (await _hash(password[: LONGEST + 1], bytes.fromhex(kept["salt"]))).hex()
    is_right = hmac.compare_digest(given, kept["hash"])
    asker = None
    if found is not None and is_right:
        asker = await studio.membership.as_now(found.member_id, found.community_id)
    if asker is None:
        raise StudioError("web.password_wrong")
    return asker


async def is_local(studio: Studio, asker: Asker) -> bool:
    """Whether passwords and passkeys are for them."""
    try:
        await name_of(studio, asker)
    except StudioError:
        return False
    return True


async def name_of(studio: Studio, asker: Asker) -> str:
    """What a member of this machine's own community is called; StudioError for others, whose rights are asked anew
    of their platform each day."""
    async with studio.database.reading() as tx:
        known = await members.identities_of(tx, asker.member_id)
        there = await members.community(tx, asker.community_id)
    name = next((one.external_id for one in known if one.platform == LOCAL), None)
    if name is None or there is None or there.platform != LOCAL:
        raise StudioError("web.password_local")
    return name


def _row_of(member_id: str) -> str:
    return digest_of(f"password:{member_id}")


async def _hash(password: str, salt: bytes) -> bytes:
    """Slow on purpose, and in a thread."""
    typed = password.encode("utf-8", "surrogatepass")
    return await asyncio.to_thread(lambda: hashlib.scrypt(typed, salt=salt, **_COST))
