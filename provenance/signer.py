"""Who makes the signature: a key that we hold, or an operator's program for a key that nobody can read.

The program gets the bytes to sign on its standard input and answers with the signature, raw or in DER, and nothing else
on its standard output. What it answers is checked against the certificate before c2pa sees it, so that a wrong key
is told as one.
"""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import c2pa  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from provenance.errors import SignerCommandError
from provenance.keys import SigningIdentity

PATIENCE: Final = 60.0  # seconds; security modules behind a network are slow, and a worker may be silent for longer
_LONGEST_SIGNATURE: Final = 4096
_HASHES: Final[Mapping[str, hashes.HashAlgorithm]] = {
    "es256": hashes.SHA256(),
    "es384": hashes.SHA384(),
    "es512": hashes.SHA512(),
}


@contextmanager
def signer_of(identity: SigningIdentity, time_stamps: str | None = None) -> Iterator[Any]:
    """c2pa's signer for this identity; SignerCommandError where the operator's program let us down."""
    chain = identity.chain_pem
    authority = time_stamps.encode() if time_stamps else None
    if identity.key_pem is not None:
        with c2pa.Signer.from_info(
            c2pa.C2paSignerInfo(identity.algorithm.encode(), chain, identity.key_pem, authority)
        ) as signer:
            yield signer
        return
    asked = Asked(identity)
    algorithm = c2pa.C2paSigningAlg[identity.algorithm.upper()]
    try:
        with c2pa.Signer.from_callback(asked, algorithm, chain.decode(), time_stamps) as signer:
            yield signer
    except c2pa.C2paError:
        if asked.failure is not None:  # c2pa swallows what its callback raises
            raise asked.failure from None
        raise


class Asked:
    """Has the operator's program sign, and remembers why it could not."""

    def __init__(self, identity: SigningIdentity) -> None:
        self.failure: SignerCommandError | None = None
        self._identity = identity
        self._key = x509.load_pem_x509_certificates(identity.chain_pem)[0].public_key()

    def __call__(self, data: bytes) -> bytes:
        try:
            answer = _answer_of(self._identity.command, data)
            return _checked(answer, data, self._key, self._identity.algorithm)
        except SignerCommandError as failure:
            self.failure = failure
            return b""  # which c2pa takes for a failure


def _answer_of(command: tuple[str, ...], data: bytes) -> bytes:
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise SignerCommandError(reason="too_slow") from None
    except (OSError, ValueError) as cause:
        raise SignerCommandError(reason="not_started", cause=str(cause)) from None
    if done.returncode != 0:
        # what it wrote on its standard error may hold a PIN: only that it failed is told
        raise SignerCommandError(reason="failed", status=done.returncode)
    if not 0 < len(done.stdout) <= _LONGEST_SIGNATURE:
        raise SignerCommandError(reason="no_signature", length=len(done.stdout))
    return done.stdout


def _checked(answer: bytes, data: bytes, key: object, algorithm: str) -> bytes:
    """The signature in the form that C2PA wants, if it is one by this key."""
    try:
        match key:
            case ed25519.Ed25519PublicKey():
                key.verify(answer, data)
            case rsa.RSAPublicKey():
                salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
                key.verify(answer, data, salted, hashes.SHA256())
            case ec.EllipticCurvePublicKey():
                half = (key.curve.key_size + 7) // 8
                raw = answer if len(answer) == 2 * half else _raw(answer, half)
                r, s = int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big")
                key.verify(encode_dss_signature(r, s), data, ec.ECDSA(_HASHES[algorithm]))
                return raw
            case _:
                raise SignerCommandError(reason="no_signature", length=len(answer))
    except (InvalidSignature, ValueError, OverflowError):
        raise SignerCommandError(reason="not_by_this_certificate") from None
    return answer


def _raw(der: bytes, half: int) -> bytes:
    r, s = decode_dss_signature(der)
    return r.to_bytes(half, "big") + s.to_bytes(half, "big")
