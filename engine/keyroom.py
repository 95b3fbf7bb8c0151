"""The studio's keys, as an operator sees them: what there is, new ones, and the anchor that others need to verify."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.errors import StudioError
from engine.places import Places
from engine.settings import Settings
from provenance.keys import Keyring, OwnCertificate


@dataclass(frozen=True)
class KeysShown:
    """Nothing secret."""

    signer: str
    signer_until: datetime
    brought: bool
    root: str
    root_until: datetime
    root_key_present: bool
    older_signers: int
    mark_keys: tuple[str, ...]  # the one that marks now first
    revoked: tuple[str, ...]


def show(settings: Settings) -> KeysShown:
    return _shown(_opened(settings))


def rotate(settings: Settings) -> KeysShown:
    """A new signing certificate and a new key of the invisible mark; clips of the former ones stay verifiable."""
    keyring = _opened(settings)
    keyring.rotate_signer()
    keyring.rotate_mark_key()
    return _shown(keyring)


def take_in(settings: Settings, chain: Path, key: Path) -> KeysShown:
    """A certificate of the operator's own signs from now on; a copy of it and of its key lies among the keys."""
    if settings.certificate.chain is not None:
        raise StudioError("keys.named_in_settings")
    keyring = _opened(settings)
    keyring.take_in(chain, key)
    return _shown(keyring)


def revoke(settings: Settings, name: str) -> KeysShown:
    """What this certificate signs, or this key marks, is no longer believed to be ours."""
    keyring = _opened(settings)
    keyring.revoke(name)
    keyring.signing()  # a new one, where it was the one that signs
    return _shown(keyring)


def anchor(settings: Settings) -> str:
    """The root certificate as PEM: with it, any C2PA tool calls this studio's clips Trusted."""
    return _opened(settings).anchor


def _opened(settings: Settings) -> Keyring:
    folder = Places(settings.data.resolve()).keys
    if not folder.is_dir():
        raise StudioError("keys.none_yet", folder=str(folder))
    pair = settings.certificate.pair()
    return Keyring.open(folder, OwnCertificate(*pair) if pair else None)


def _shown(keyring: Keyring) -> KeysShown:
    state = keyring.state()
    return KeysShown(
        signer=state.signer.serial,
        signer_until=state.signer.not_after,
        brought=state.signer.brought,
        root=state.root.serial,
        root_until=state.root.not_after,
        root_key_present=state.root_key_present,
        older_signers=len(state.older_leaves),
        mark_keys=tuple(key.name for key in keyring.mark_keys()),
        revoked=tuple(sorted(keyring.revoked())),
    )
