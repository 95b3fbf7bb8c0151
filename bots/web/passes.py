"""Who may come in: links that are good once, and the sessions that they open.

A browser holds a random token and our signature of it; the database holds a digest. So a forged cookie is turned away
without a look at the database, and somebody who reads the database holds no session.
"""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from storage import passes
from storage.clock import now
from storage.database import Database
from storage.passes import Kind

SESSION_HOURS: Final = 30 * 24
LINK_HOURS: Final = 24
KEY_FILE: Final = "web.key"
_HOUR_MS: Final = 3_600_000
_KEY_BYTES: Final = 32


@dataclass(frozen=True)
class Session:
    """One browser's; `token` is its secret."""

    token: str
    asker: Asker


class Doorkeeper:
    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._key = _key_in(studio.places.root / KEY_FILE)

    async def link_for(self, asker: Asker) -> str:
        """The token of a link that lets them in once."""
        return await link_for(self._studio.database, asker)

    async def open(self, link: str) -> Asker:
        """Whom this link lets in, now that it is used; StudioError when it was used, ran out, or never was."""
        digest = digest_of(link)
        async with self._studio.database.writing() as tx:
            found = await passes.good(tx, digest, Kind.LINK)
            if found is None or not await passes.use_once(tx, digest, Kind.LINK):
                raise StudioError("web.link_used")
        return await self._as_now(found.member_id, found.community_id)

    async def _as_now(self, member_id: str, community_id: str) -> Asker:
        asker = await self._studio.membership.as_now(member_id, community_id)
        if asker is None:
            raise StudioError("web.link_used")
        return asker

    async def let_in(self, member_id: str, community_id: str, *, hours: int = SESSION_HOURS) -> Session:
        """A new session, under a token that was never used before."""
        asker = await self._as_now(member_id, community_id)
        token = secrets.token_urlsafe(_KEY_BYTES)
        until = now() + hours * _HOUR_MS
        async with self._studio.database.writing() as tx:
            await passes.add(tx, digest_of(token), Kind.SESSION, asker.member_id, asker.community_id, expires_at=until)
        return Session(token, asker)

    async def session(self, cookie: str) -> Session | None:
        """Whose session this cookie is, with the rights that they have now."""
        token, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", token).encode()):
            return None
        async with self._studio.database.reading() as tx:
            found = await passes.good(tx, digest_of(token), Kind.SESSION)
        if found is None:
            return None
        asker = await self._studio.membership.as_now(found.member_id, found.community_id)
        return Session(token, asker) if asker is not None else None

    async def close(self, session: Session) -> None:
        async with self._studio.database.writing() as tx:
            await passes.drop(tx, digest_of(session.token))

    async def close_all_of(self, asker: Asker) -> None:
        async with self._studio.database.writing() as tx:
            await passes.drop_of(tx, asker.member_id, Kind.SESSION)

    def cookie(self, session: Session) -> str:
        return f"{session.token}.{self._sign('session', session.token)}"

    def form_token(self, session: Session) -> str:
        """What every form of this session carries: another site can send our cookie, but cannot know this."""
        return self._sign("form", session.token)

    def is_form_token(self, session: Session, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.form_token(session).encode())

    def signed(self, what: str, content: str) -> str:
        """What a browser may keep for us and cannot change."""
        return f"{content}.{self._sign(what, content)}"

    def unsigned(self, what: str, kept: str) -> str | None:
        content, _, signature = kept.rpartition(".")
        is_ours = hmac.compare_digest(signature.encode("utf-8", "replace"), self._sign(what, content).encode())
        return content if is_ours else None

    def _sign(self, what: str, token: str) -> str:
        digest = hmac.digest(self._key, f"{what}:{token}".encode("utf-8", "replace"), "sha256")
        return urlsafe_b64encode(digest).rstrip(b"=").decode()


async def link_for(database: Database, asker: Asker) -> str:
    """The token of a link that lets this member in, once, within a day; any process of the studio may make one."""
    token = secrets.token_urlsafe(_KEY_BYTES)
    async with database.writing() as tx:
        until = now() + LINK_HOURS * _HOUR_MS
        await passes.add(tx, digest_of(token), Kind.LINK, asker.member_id, asker.community_id, expires_at=until)
    return token


def digest_of(token: str) -> str:
    """What is kept of a token. Quick: 256 random bits are not guessed from it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _key_in(file: Path) -> bytes:
    """The key that signs cookies, made on first use, for its owner alone. Without it everybody comes in anew."""
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        key = file.read_bytes()
        if len(key) == _KEY_BYTES:
            return key
        file.unlink()  # a process was killed while it wrote
        return _key_in(file)
    with os.fdopen(handle, "wb") as opened:
        key = secrets.token_bytes(_KEY_BYTES)
        opened.write(key)
    return key
