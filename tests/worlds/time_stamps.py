"""A time-stamp authority as RFC 3161 has it, over real HTTP; it can be told to fail in the ways that real ones do.

DER is put together by hand: cryptography writes certificates and signatures, but no CMS whose content is a time stamp.
"""

import hashlib
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provenance import certificates

SLOWLY = -1
Answer = Callable[["TimeStamps", bytes], tuple[int, bytes]]

_INTEGER, _OCTETS, _NULL, _OID, _TIME, _SEQUENCE, _SET = 0x02, 0x04, 0x05, 0x06, 0x18, 0x30, 0x31
_OURS = 0xA0  # [0] of the context
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_STAMP = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE, _DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_SIGNERS_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
_SHA256, _ECDSA = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2"
_POLICY = "1.3.6.1.4.1.99999.1"


@dataclass
class TimeStamps:
    """What it answers with is its `answer`; what it was asked, it remembers."""

    authority: certificates.Issued
    signer: certificates.Issued
    answer: Answer
    url: str = ""
    asked: list[bytes] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def anchor(self) -> str:
        return certificates.to_pem(self.authority.certificate).decode()


def granted(world: TimeStamps, asked: bytes) -> tuple[int, bytes]:
    return 200, _der(_SEQUENCE, _der(_SEQUENCE, _number(0)), _signed(world.signer, _stamp(asked)))


def refused(world: TimeStamps, asked: bytes) -> tuple[int, bytes]:
    return 200, _der(_SEQUENCE, _der(_SEQUENCE, _number(2)))


def of_other_bytes(world: TimeStamps, asked: bytes) -> tuple[int, bytes]:
    """A stamp of something else than what was asked for."""
    imprint = hashlib.sha256(b"something else").digest()
    return granted(world, asked.replace(_imprint(asked), imprint))


def never(world: TimeStamps, asked: bytes) -> tuple[int, bytes]:
    """Accepts, and says nothing until everything is over."""
    world.over.wait()
    return 503, b""


def trickling(world: TimeStamps, asked: bytes) -> tuple[int, bytes]:
    """As `granted`, a byte now and then."""
    return SLOWLY, granted(world, asked)[1]


def saying(status: int, body: bytes) -> Answer:
    return lambda world, asked: (status, body)


@contextmanager
def time_stamps(answer: Answer = granted) -> Iterator[TimeStamps]:
    authority = certificates.issue_root(datetime.now(UTC), "of time")
    world = TimeStamps(authority, _signer(authority), answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            world.asked.append(asked)
            status, body = world.answer(world, asked)
            self.send_response(200 if status == SLOWLY else status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", body.decode())
            self.end_headers()
            with suppress(OSError):  # who asked has gone
                if status == SLOWLY:
                    for at in range(len(body)):
                        self.wfile.write(body[at : at + 1])
                        if world.over.wait(0.1):
                            return
                self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads, server.block_on_close = True, False
        world.url = f"http://127.0.0.1:{server.server_address[1]}/tsa"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield world
        finally:
            world.over.set()
            server.shutdown()


def _signer(authority: certificates.Issued) -> certificates.Issued:
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.NameAttribute(NameOID.COMMON_NAME, "A clock that many trust")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example"), name]))
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400))
        .not_valid_after(now + timedelta(days=400))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(True, False, False, False, False, False, False, False, False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.certificate.public_key()), critical=False
        )
        .sign(authority.key, hashes.SHA256())
    )
    return certificates.Issued(key, certificate)


# -- what is asked and what is stamped -----------------------------------------------------------------------------


def _stamp(asked: bytes) -> bytes:
    """TSTInfo: the imprint and the nonce as they were asked, and the time."""
    _, imprint, *rest = _inside(asked)
    nonce = next((one for one in rest if one[0] == _INTEGER), b"")
    now = datetime.now(UTC).strftime("%Y%m%d%H%M%SZ").encode()
    return _der(_SEQUENCE, _number(1), _name(_POLICY), imprint, _number(7), _der(_TIME, now), nonce)


def _imprint(asked: bytes) -> bytes:
    _, digest = _inside(_inside(asked)[1])
    return digest[2:]


def _signed(signer: certificates.Issued, stamp: bytes) -> bytes:
    """A CMS with the stamp in it, signed with its attributes."""
    certificate = certificates.to_der(signer.certificate)
    sha256 = _der(_SEQUENCE, _name(_SHA256), _der(_NULL))
    attributes = sorted(
        (
            _attribute(_CONTENT_TYPE, _name(_STAMP)),
            _attribute(_DIGEST, _der(_OCTETS, hashlib.sha256(stamp).digest())),
            _attribute(
                _SIGNERS_CERTIFICATE,
                _der(_SEQUENCE, _der(_SEQUENCE, _der(_SEQUENCE, _der(_OCTETS, hashlib.sha256(certificate).digest())))),
            ),
        )
    )
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signature = signer.key.sign(_der(_SET, *attributes), ec.ECDSA(hashes.SHA256()))
    serial = _number(signer.certificate.serial_number)
    signer_info = _der(
        _SEQUENCE,
        _number(1),
        _der(_SEQUENCE, signer.certificate.issuer.public_bytes(), serial),
        sha256,
        _der(_OURS, *attributes),
        _der(_SEQUENCE, _name(_ECDSA)),
        _der(_OCTETS, signature),
    )
    signed = _der(
        _SEQUENCE,
        _number(3),
        _der(_SET, sha256),
        _der(_SEQUENCE, _name(_STAMP), _der(_OURS, _der(_OCTETS, stamp))),
        _der(_OURS, certificate),
        _der(_SET, signer_info),
    )
    return _der(_SEQUENCE, _name(_SIGNED_DATA), _der(_OURS, signed))


def _attribute(name: str, value: bytes) -> bytes:
    return _der(_SEQUENCE, _name(name), _der(_SET, value))


# -- DER -----------------------------------------------------------------------------------------------------------


def _der(kind: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    length = len(content)
    if length < 0x80:
        return bytes((kind, length)) + content
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((kind, 0x80 | len(written))) + written + content


def _number(value: int) -> bytes:
    return _der(_INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _name(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    content = bytearray((40 * first + second,))
    for arc in rest:
        sevens = [arc & 0x7F]
        while arc := arc >> 7:
            sevens.insert(0, arc & 0x7F | 0x80)
        content += bytes(sevens)
    return _der(_OID, bytes(content))


def _inside(sequence: bytes) -> list[bytes]:
    """The elements of a sequence."""
    parts, at = [], _start(sequence, 0)
    while at < len(sequence):
        end = _end(sequence, at)
        parts.append(sequence[at:end])
        at = end
    return parts


def _start(data: bytes, at: int) -> int:
    return at + 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)


def _end(data: bytes, at: int) -> int:
    start = _start(data, at)
    length = int.from_bytes(data[at + 2 : start], "big") if data[at + 1] & 0x80 else data[at + 1]
    return start + length
