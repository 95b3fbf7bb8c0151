"""The studio's keys: its own root, the leaf that signs clips, the secret of keyed digests, or an operator's own pair.

On disk (`provenance.key_files` puts the pieces in place):

    authority/             root.pem root.key digest.key    made once, together
    leaves/<serial>/       leaf.pem leaf.key               one folder a leaf; old ones stay
    brought/<serial>.pem   every chain an operator ever brought, without its key
    taken/<number>-<serial>/  chain.pem chain.key    pairs that an operator had taken in here; the newest signs
    marks/<name>.key       what draws the invisible mark; the newest marks, the others are still read
    revoked/<name>         an empty file for every leaf (its serial) and mark key that is believed no more

root.key may be taken away and kept elsewhere: it is needed only when a leaf has to be issued.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from provenance import certificates
from provenance.errors import (
    ExpiredCertificateError,
    ForeignLeafError,
    HalfPairError,
    KeyringError,
    NotYetValidError,
    UnfitCertificateError,
    UnknownKeyError,
)
from provenance.files import (
    PRIVATE_FILE,
    PUBLIC_FILE,
    read_key_file,
    write_whole,
)
from provenance.key_files import (
    AUTHORITY,
    LEAVES,
    make_authority,
    make_folder,
    one_writer,
    put_in_place,
    read_authority,
    read_pair_key,
    read_secret,
    read_single_certificate,
)

RENEW_BEFORE_END = timedelta(days=30)
_BROUGHT = "brought"
_TAKEN = "taken"
_MARKS = "marks"
_REVOKED = "revoked"
_MARK_KEY = re.compile(r"\d{4}-[0-9a-f]{8}")
_MARK_KEY_BYTES = 32


@dataclass(frozen=True)
class OwnCertificate:
    """Where an operator keeps a certificate of their own: a PEM chain, leaf first, and its key or who holds that.

    `command` is a program that signs for a key nobody can read, such as one in a security module: signer.py.
    """

    chain: Path
    key: Path | None
    command: tuple[str, ...] = ()


@dataclass(frozen=True)
class SigningIdentity:
    """What signs a clip now. `chain_pem` is the leaf and its intermediates; an anchor is never sent along."""

    algorithm: str
    chain_pem: bytes
    key_pem: bytes | None  # None: `command` signs
    serial: str
    command: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"SigningIdentity(algorithm={self.algorithm!r}, serial={self.serial!r})"


@dataclass(frozen=True)
class CertificateState:
    serial: str
    not_after: datetime
    brought: bool


@dataclass(frozen=True)
class KeyringState:
    """What `kinora doctor` shows. Nothing secret."""

    root: CertificateState
    root_key_present: bool
    signer: CertificateState
    older_leaves: tuple[CertificateState, ...]
    renewal_due: bool
    permissions_ok: bool
    problem: str | None = None  # why a renewal that is due has not happened: an error's code


@dataclass(frozen=True)
class MarkKey:
    """Draws and reads the invisible mark. The name says nothing of the secret."""

    name: str
    secret: bytes

    def __repr__(self) -> str:
        return f"MarkKey(name={self.name!r})"


@dataclass(frozen=True)
class _Leaf:
    folder: Path
    certificate: x509.Certificate


class Keyring:
    """Opened once a process; renews its leaf by itself when a signature is asked for late in the leaf's life."""

    def __init__(
        self,
        folder: Path,
        root: x509.Certificate,
        secret: bytes,
        own: OwnCertificate | None,
        clock: Callable[[], datetime],
    ) -> None:
        self.folder = folder
        self._root = root
        self._secret = secret
        self._own = own
        self._clock = clock
        self._problem: str | None = None
        self._former: tuple[x509.Certificate, ...] = ()

    @classmethod
    def open(
        cls,
        folder: Path,
        own: OwnCertificate | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> "Keyring":
        """Read the keys, making what is missing on first use."""
        make_folder(folder)
        if not (folder / AUTHORITY).exists():
            make_authority(folder, clock())
        root, secret = read_authority(folder / AUTHORITY)
        keyring = cls(folder, root, secret, own, clock)
        keyring.signing()
        return keyring

    def digest(self, text: str) -> str:
        """A keyed hash: nobody without the key can try out guesses of a hidden text."""
        return hmac.new(self._secret, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()

    def trust_former(self, roots: Iterable[str]) -> None:
        """Roots (PEM) that this studio signed with before its keys were lost or left behind."""
        read = [certificates.read_certificates(pem.encode(), "anchors")[0] for pem in roots]
        self._former = tuple(root for root in read if root != self._root)

    @property
    def roots(self) -> tuple[x509.Certificate, ...]:
        """The roots that only this studio signs with: whatever they vouch for is ours."""
        return (self._root, *self._former)

    @property
    def anchor(self) -> str:
        """PEM of the root that vouches for what is signed now."""
        return certificates.to_pem(self._root).decode()

    @property
    def anchors(self) -> str:
        """PEM of all the roots."""
        return "".join(certificates.to_pem(root).decode() for root in self.roots)

    def revoked(self) -> frozenset[str]:
        """Serials of leaves and names of mark keys that somebody else may hold: they prove nothing."""
        home = self.folder / _REVOKED
        return frozenset(path.name for path in home.iterdir()) if home.is_dir() else frozenset()

    def revoke(self, name: str) -> None:
        """Believe a leaf or a mark key no more. The next signature or mark is made with a new one."""
        leaves = {leaf.folder.name for leaf in self._leaves()}
        brought = {certificates.serial_of(chain[0]) for chain in self.brought_chains()}
        if name not in leaves | brought | {key.name for key in self._every_mark_key()}:
            raise UnknownKeyError(key=name)
        with one_writer(self.folder):
            make_folder(self.folder / _REVOKED)
            write_whole(self.folder / _REVOKED / name, b"", PUBLIC_FILE)

    def brought_chains(self) -> tuple[tuple[x509.Certificate, ...], ...]:
        """Every chain an operator has brought. Their anchors vouch for strangers too: only these leaves are ours."""
        folder = self.folder / _BROUGHT
        paths = sorted(folder.glob("*.pem")) if folder.is_dir() else []
        read = (certificates.read_certificates(read_key_file(path, private=False), str(path)) for path in paths)
        return tuple(tuple(chain) for chain in read if chain)

    def mark_keys(self) -> tuple[MarkKey, ...]:
        """Every key of the invisible mark that is believed, the one that marks now first. Made where there is none."""
        return self._mark_keys() or self._with_new_mark_key(only_if_none=True)

    def rotate_mark_key(self) -> tuple[MarkKey, ...]:
        """A new key marks from now on. The former ones are kept: their clips are still recognised."""
        return self._with_new_mark_key(only_if_none=False)

    def _with_new_mark_key(self, *, only_if_none: bool) -> tuple[MarkKey, ...]:
        with one_writer(self.folder):
            known = self._mark_keys()
            if known and only_if_none:
                return known  # another process was faster
            number = max((int(key.name.partition("-")[0]) for key in self._every_mark_key()), default=0) + 1
            home = self.folder / _MARKS
            make_folder(home)
            secret = secrets.token_bytes(_MARK_KEY_BYTES)
            # Part of the name is made of the secret: another studio's first key, or that of this one after its keys
            # were lost, has another name, and marks are not looked for under the wrong key.
            name = f"{number:04d}-{hashlib.sha256(b'name' + secret).hexdigest()[:8]}"
            write_whole(home / f"{name}.key", secret.hex().encode(), PRIVATE_FILE)
        return self._mark_keys()

    def _mark_keys(self) -> tuple[MarkKey, ...]:
        revoked = self.revoked()
        return tuple(key for key in self._every_mark_key() if key.name not in revoked)

    def _every_mark_key(self) -> tuple[MarkKey, ...]:
        home = self.folder / _MARKS
        paths = [path for path in home.glob("*.key") if _MARK_KEY.fullmatch(path.stem)] if home.is_dir() else []
        newest_first = sorted(paths, key=lambda path: path.stem, reverse=True)
        return tuple(MarkKey(path.stem, read_secret(path, _MARK_KEY_BYTES)) for path in newest_first)

    def take_in(self, chain: Path, key: Path) -> SigningIdentity:
        """Copy an operator's certificate and its key in here; they sign from now on, until they are revoked."""
        pair = OwnCertificate(chain, key)
        identity = self._brought_identity(pair)
        assert identity.key_pem is not None
        with one_writer(self.folder):
            home = self.folder / _TAKEN
            make_folder(home)
            number = max((int(path.name.partition("-")[0]) for path in self._taken()), default=0) + 1
            kept = read_key_file(chain, private=False)
            files = {"chain.pem": (kept, PUBLIC_FILE), "chain.key": (identity.key_pem, PRIVATE_FILE)}
            put_in_place(self.folder, home / f"{number:04d}-{identity.serial}", files)
        return self.signing()

    def _taken(self) -> list[Path]:
        """The folders of the pairs that were taken in and not revoked since, newest first."""
        home, revoked = self.folder / _TAKEN, self.revoked()
        folders = home.iterdir() if home.is_dir() else ()
        return sorted((path for path in folders if path.name.partition("-")[2] not in revoked), reverse=True)

    def _operators(self) -> OwnCertificate | None:
        """The operator's certificate that signs instead of ours: the settings' one, or the last that was taken in."""
        if self._own is not None:
            return self._own
        newest = next(iter(self._taken()), None)
        return OwnCertificate(newest / "chain.pem", newest / "chain.key") if newest else None

    def signing(self) -> SigningIdentity:
        """The key and chain that sign now, renewed where that is due."""
        own = self._operators()
        if own is not None:
            return self._brought_identity(own)
        leaf = self._current_leaf()
        key_file = leaf.folder / "leaf.key"
        key = read_pair_key(key_file, leaf.certificate)
        return SigningIdentity(
            algorithm=certificates.signing_algorithm(key.public_key()),
            chain_pem=certificates.to_pem(leaf.certificate),
            key_pem=certificates.key_to_pem(key),
            serial=certificates.serial_of(leaf.certificate),
        )

    def state(self) -> KeyringState:
        now = self._clock()
        leaves = self._leaves()
        identity = self.signing()
        own = self._operators()
        signer = certificates.read_certificates(identity.chain_pem, str(own.chain if own else self.folder))[0]
        return KeyringState(
            root=_state_of(self._root),
            root_key_present=(self.folder / AUTHORITY / "root.key").exists(),
            signer=_state_of(signer, brought=own is not None),
            older_leaves=tuple(_state_of(leaf.certificate) for leaf in leaves if leaf.certificate != signer),
            renewal_due=now > signer.not_valid_after_utc - RENEW_BEFORE_END,
            permissions_ok=_permissions_ok(self.folder, self._own),
            problem=self._problem,
        )

    def _brought_identity(self, own: OwnCertificate) -> SigningIdentity:
        chain = certificates.read_certificates(read_key_file(own.chain, private=False), str(own.chain))
        key = certificates.read_key(read_key_file(own.key, private=True), str(own.key)) if own.key else None
        certificates.check_brought_chain(chain, key, self._clock())
        serial = certificates.serial_of(chain[0])
        if serial in self.revoked():
            raise UnfitCertificateError(reason="revoked", serial=serial)
        kept = self.folder / _BROUGHT / f"{serial}.pem"
        if not kept.exists():
            # Clips signed today are looked for under this chain when the operator has long replaced it.
            with one_writer(self.folder):
                make_folder(kept.parent)
                write_whole(kept, b"".join(map(certificates.to_pem, chain)), PUBLIC_FILE)
        sent = [certificate for certificate in chain if certificate.issuer != certificate.subject]
        return SigningIdentity(
            algorithm=certificates.signing_algorithm(chain[0].public_key()),
            chain_pem=b"".join(map(certificates.to_pem, sent)),
            key_pem=certificates.key_to_pem(key) if key else None,
            serial=serial,
            command=own.command,
        )

    def _current_leaf(self) -> _Leaf:
        now = self._clock()
        leaf = self._newest_valid(now)
        if leaf is not None and now <= leaf.certificate.not_valid_after_utc - RENEW_BEFORE_END:
            return leaf
        if leaf is not None and leaf.certificate.not_valid_after_utc >= self._root.not_valid_after_utc:
            self._problem = "keys.root_ends"
            return leaf  # a new leaf could not live longer: the root itself has to be replaced
        try:
            return self._renewed()
        except KeyringError as error:
            if leaf is None:
                self._tell_expired(now, error)
                raise
            self._problem = error.code  # thirty days are left to repair this; doctor shows it
            return leaf

    def _tell_expired(self, now: datetime, cause: KeyringError) -> None:
        """Where the root's key was taken away, the leaf's end is what the operator has to know."""
        newest = next(iter(self._leaves()), None)
        if isinstance(cause, HalfPairError) and newest and now > newest.certificate.not_valid_after_utc:
            raise ExpiredCertificateError(
                serial=certificates.serial_of(newest.certificate),
                not_after=certificates.end_of(newest.certificate),
                missing=cause.params.get("missing", ""),
            ) from cause

    def rotate_signer(self) -> SigningIdentity:
        """A new leaf signs from now on. A certificate that was brought is the operator's to replace."""
        if self._operators() is None:
            self._renewed(even_if_valid=True)
        return self.signing()

    def _renewed(self, *, even_if_valid: bool = False) -> _Leaf:
        """Issue a leaf, unless another process has just done so."""
        with one_writer(self.folder):
            now = self._clock()
            leaf = self._newest_valid(now)
            in_time = leaf is not None and now <= leaf.certificate.not_valid_after_utc - RENEW_BEFORE_END
            if leaf is not None and in_time and not even_if_valid:
                return leaf
            self._check_root_can_issue(now)
            issued = certificates.issue_leaf(self._root_key(), self._root, now)
            home = self.folder / LEAVES / certificates.serial_of(issued.certificate)
            make_folder(home.parent)
            put_in_place(
                self.folder,
                home,
                {
                    "leaf.pem": (certificates.to_pem(issued.certificate), PUBLIC_FILE),
                    "leaf.key": (certificates.key_to_pem(issued.key), PRIVATE_FILE),
                },
            )
            self._problem = None
            return _Leaf(home, issued.certificate)

    def _check_root_can_issue(self, now: datetime) -> None:
        serial = certificates.serial_of(self._root)
        if now >= self._root.not_valid_after_utc:
            raise ExpiredCertificateError(serial=serial, not_after=certificates.end_of(self._root))
        if now < self._root.not_valid_before_utc:
            raise NotYetValidError(serial=serial)

    def _root_key(self) -> certificates.SigningKey:
        return read_pair_key(self.folder / AUTHORITY / "root.key", self._root)

    def _newest_valid(self, now: datetime) -> _Leaf | None:
        revoked = self.revoked()
        valid = [
            leaf
            for leaf in self._leaves()
            if leaf.certificate.not_valid_before_utc <= now <= leaf.certificate.not_valid_after_utc
            and leaf.folder.name not in revoked
        ]
        return max(valid, key=lambda leaf: leaf.certificate.not_valid_before_utc, default=None)

    def _leaves(self) -> list[_Leaf]:
        """All leaves, newest first. One that our root did not issue is an intrusion or a mix-up: never skipped."""
        home = self.folder / LEAVES
        leaves = []
        for folder in sorted(home.iterdir()) if home.is_dir() else ():
            certificate = read_single_certificate(folder / "leaf.pem")
            if not certificates.is_issued_by(certificate, self._root):
                raise ForeignLeafError(path=str(folder), serial=certificates.serial_of(certificate))
            leaves.append(_Leaf(folder, certificate))
        return sorted(leaves, key=lambda leaf: leaf.certificate.not_valid_before_utc, reverse=True)


def _state_of(certificate: x509.Certificate, *, brought: bool = False) -> CertificateState:
    return CertificateState(certificates.serial_of(certificate), certificate.not_valid_after_utc, brought)


def _permissions_ok(folder: Path, own: OwnCertificate | None) -> bool:
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    keys = [*folder.rglob("*.key"), *([own.key] if own and own.key else [])]
    return all(path.stat().st_mode & 0o077 == 0 for path in (*folders, *keys))
