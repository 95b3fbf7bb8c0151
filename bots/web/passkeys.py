"""Passkeys, for members of this machine's own community: what a device signs, checked against what it was asked.

A passkey belongs to a name (`rp_id`): the studio's own, or `localhost`. A bare address cannot have any, so browsers
that come to 127.0.0.1 are told to go to localhost.
"""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any, Final

import webauthn
from webauthn.helpers import bytes_to_base64url, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bots.web.passes import Doorkeeper, digest_of
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from storage import passes
from storage.clock import now
from storage.passes import Kind, PassRow

MOST: Final = 10  # of one member
NAME_LIMIT: Final = 60
GOOD_FOR: Final = 300  # seconds from what was asked to what was signed
CREDENTIAL_LIMIT: Final = 20_000  # characters of an answer
_CHALLENGE_BYTES: Final = 32


@dataclass(frozen=True)
class Place:
    """The pages as browsers know them: what a passkey is bound to."""

    rp_id: str
    origin: str


class Challenges:
    """What browsers were asked to sign, each good once and for a short while: the browser keeps it, signed by us."""

    def __init__(self, doorkeeper: Doorkeeper) -> None:
        self._doorkeeper = doorkeeper
        self._used: dict[str, float] = {}

    def ask(self, what: str) -> tuple[bytes, str]:
        """The challenge, and what the browser keeps of it."""
        challenge = secrets.token_bytes(_CHALLENGE_BYTES)
        until = int(time.time()) + GOOD_FOR
        return challenge, self._doorkeeper.signed(what, f"{bytes_to_base64url(challenge)}:{until}")

    def use(self, what: str, kept: str) -> bytes:
        """The challenge that was asked, now that it is answered; StudioError when it was not, or is too old."""
        content, at = self._doorkeeper.unsigned(what, kept), time.time()
        said, _, until = (content or "").partition(":")
        self._used = {one: when for one, when in self._used.items() if when > at}
        if not said or int(until) < at or said in self._used:
            raise StudioError("web.passkey_failed")
        self._used[said] = float(until)
        return webauthn.base64url_to_bytes(said)


async def of_member(studio: Studio, asker: Asker) -> list[PassRow]:
    async with studio.database.reading() as tx:
        return await passes.of_member(tx, asker.member_id, Kind.PASSKEY)


async def anybody_has(studio: Studio) -> bool:
    async with studio.database.reading() as tx:
        return await passes.is_any(tx, Kind.PASSKEY)


async def offer(studio: Studio, asker: Asker, place: Place, name: str, challenge: bytes) -> dict[str, Any]:
    """What a browser needs to make a passkey for this member."""
    known = await of_member(studio, asker)
    if len(known) >= MOST:
        raise StudioError("web.passkey_many", most=MOST)
    options = webauthn.generate_registration_options(
        rp_id=place.rp_id,
        rp_name="Kinora",
        user_name=name,
        user_id=asker.member_id.encode(),
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(_bytes_of(row.details["id"])) for row in known],
    )
    return options_to_json_dict(options)


async def keep(studio: Studio, asker: Asker, place: Place, challenge: bytes, typed: str, name: str) -> None:
    """A new passkey of this member's, from what their device answered."""
    try:
        made = webauthn.verify_registration_response(
            credential=_read(typed),
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise StudioError("web.passkey_failed") from error
    details = {
        "id": bytes_to_base64url(made.credential_id),
        "key": bytes_to_base64url(made.credential_public_key),
        "count": made.sign_count,
        "place": place.rp_id,
        "name": " ".join(name.split())[:NAME_LIMIT],
    }
    digest = _digest_of(made.credential_id)
    async with studio.database.writing() as tx:
        if await passes.good(tx, digest, Kind.PASSKEY) is not None:
            raise StudioError("web.passkey_failed")
        if len(await passes.of_member(tx, asker.member_id, Kind.PASSKEY)) >= MOST:
            raise StudioError("web.passkey_many", most=MOST)
        await passes.add(
            tx, digest, Kind.PASSKEY, asker.member_id, asker.community_id, expires_at=None, details=details
        )


def question(place: Place, challenge: bytes) -> dict[str, Any]:
    """What a browser needs to come in with any passkey that it has for this place."""
    options = webauthn.generate_authentication_options(
        rp_id=place.rp_id, challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return options_to_json_dict(options)


async def who(studio: Studio, place: Place, challenge: bytes, typed: str) -> Asker:
    """Whose passkey signed this; StudioError when it is nobody's."""
    try:
        credential = _read(typed)
        digest = _digest_of(_bytes_of(str(credential["rawId"])))
    except (ValueError, KeyError, TypeError) as error:
        raise StudioError("web.passkey_failed") from error
    async with studio.database.reading() as tx:
        found = await passes.good(tx, digest, Kind.PASSKEY)
    if found is None or found.details["place"] != place.rp_id:
        raise StudioError("web.passkey_failed")
    try:
        signed = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=place.rp_id,
            expected_origin=place.origin,
            credential_public_key=_bytes_of(found.details["key"]),
            credential_current_sign_count=int(found.details["count"]),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise StudioError("web.passkey_failed") from error
    asker = await studio.membership.as_now(found.member_id, found.community_id)
    if asker is None:
        raise StudioError("web.passkey_failed")
    async with studio.database.writing() as tx:
        details = {**found.details, "count": signed.new_sign_count}
        await passes.change(tx, digest, details=details, used_at=now())
    return asker


async def remove(studio: Studio, asker: Asker, digest: str) -> None:
    async with studio.database.writing() as tx:
        found = await passes.good(tx, digest[:64], Kind.PASSKEY)
        if found is not None and found.member_id == asker.member_id:
            await passes.drop(tx, found.digest)


def _read(typed: str) -> dict[str, Any]:
    if len(typed) > CREDENTIAL_LIMIT:
        raise ValueError
    read = json.loads(typed)
    if not isinstance(read, dict):
        raise TypeError
    return read


def _digest_of(credential_id: bytes) -> str:
    return digest_of(f"passkey:{urlsafe_b64encode(credential_id).decode()}")


def _bytes_of(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
