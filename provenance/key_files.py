"""How keys lie on the disk: every piece is put in place by one rename, so that a kill leaves a whole piece or none."""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from cryptography import x509

from provenance import certificates
from provenance.errors import (
    HalfPairError,
    KeyFolderError,
    MismatchedPairError,
    UnfitCertificateError,
    UnreadableKeyError,
)
from provenance.files import PRIVATE_FILE, PRIVATE_FOLDER, PUBLIC_FILE, read_key_file, write_forced
from storage.files import flush_folder
from storage.files import make_folder as make_any_folder

AUTHORITY, LEAVES = "authority", "leaves"  # folders
_ASIDE = ".making-"


def make_folder(folder: Path) -> None:
    try:
        make_any_folder(folder, PRIVATE_FOLDER)
    except OSError as cause:
        raise KeyFolderError(path=str(folder), reason=cause.strerror or type(cause).__name__) from cause


def make_authority(folder: Path, now: datetime) -> None:
    with one_writer(folder):
        home = folder / AUTHORITY
        if home.exists():
            return  # another process was faster
        if any((folder / LEAVES).glob("*")):
            # A fresh root here would make strangers of all the clips that the lost one vouches for.
            raise HalfPairError(missing=str(home))
        folder.chmod(PRIVATE_FOLDER)
        root = certificates.issue_root(now, secrets.token_hex(4))
        put_in_place(
            folder,
            home,
            {
                "root.pem": (certificates.to_pem(root.certificate), PUBLIC_FILE),
                "root.key": (certificates.key_to_pem(root.key), PRIVATE_FILE),
                "digest.key": (secrets.token_hex(32).encode(), PRIVATE_FILE),
            },
        )


def read_authority(home: Path) -> tuple[x509.Certificate, bytes]:
    root = read_single_certificate(home / "root.pem")
    if not certificates.is_issued_by(root, root):
        raise UnfitCertificateError(reason="not_a_root", serial=certificates.serial_of(root))
    root_key = home / "root.key"
    if root_key.exists():
        read_pair_key(root_key, root)
    digest_key = home / "digest.key"
    if not digest_key.exists():
        raise HalfPairError(missing=str(digest_key))
    return root, read_secret(digest_key, hashlib.sha256().digest_size)


def read_secret(path: Path, length: int) -> bytes:
    try:
        secret = bytes.fromhex(read_key_file(path, private=True).decode("ascii").strip())
    except ValueError as cause:
        raise UnreadableKeyError(path=str(path), reason="not hexadecimal") from cause
    if len(secret) != length:
        raise UnreadableKeyError(path=str(path), reason="wrong length")
    return secret


def read_single_certificate(path: Path) -> x509.Certificate:
    if not path.exists():
        raise HalfPairError(missing=str(path))
    return certificates.read_certificates(read_key_file(path, private=False), str(path))[0]


def read_pair_key(path: Path, certificate: x509.Certificate) -> certificates.SigningKey:
    if not path.exists():
        raise HalfPairError(missing=str(path))
    key = certificates.read_key(read_key_file(path, private=True), str(path))
    if not certificates.belong_together(key, certificate):
        raise MismatchedPairError(path=str(path), serial=certificates.serial_of(certificate))
    return key


@contextmanager
def one_writer(folder: Path) -> Iterator[None]:
    """One writer at a time. The lock falls with its process, so what lies aside now was left by a killed one."""
    try:
        lock = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE_FILE)
    except OSError as cause:
        raise KeyFolderError(path=str(folder), reason=cause.strerror or type(cause).__name__) from cause
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for left in folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    except OSError as cause:
        raise KeyFolderError(path=str(folder), reason=cause.strerror or type(cause).__name__) from cause
    finally:
        os.close(lock)


def put_in_place(folder: Path, home: Path, files: dict[str, tuple[bytes, int]]) -> None:
    """Write a folder of files aside and rename it: all of them are there, or none."""
    aside = folder / f"{_ASIDE}{secrets.token_hex(8)}"
    aside.mkdir(mode=PRIVATE_FOLDER)
    try:
        for name, (content, mode) in files.items():
            write_forced(aside / name, content, mode)
        flush_folder(aside)
        aside.rename(home)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    flush_folder(home.parent)
