"""Small real files and real certificates for the provenance tests."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import av
import c2pa  # type: ignore[import-untyped]
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image

from provenance import certificates
from provenance.facts import ClipFacts, Ingredient, ModelFacts, Sealed, Trace
from provenance.fingerprint import SAME, Hashes, closest
from provenance.keys import Keyring, OwnCertificate
from provenance.reader import Issued
from provenance.seal import seal
from provenance.trace import Alike, trace

MADE_AT = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def write_mp4(path: Path, *, size: tuple[int, int] = (128, 96), frames: int = 24, noise: int = 0) -> Path:
    """A second of moving noise, H.264, moov first: the noise keeps the media data large enough to attack."""
    dice = np.random.default_rng(noise)
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as output:
        stream = output.add_stream("libx264", rate=24)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for _ in range(frames):
            picture = dice.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return path


def write_webm(path: Path) -> Path:
    with av.open(str(path), "w", format="webm") as output:
        stream = output.add_stream("libvpx", rate=24)
        stream.width, stream.height = 64, 64
        stream.pix_fmt = "yuv420p"
        for _ in range(4):
            picture = np.zeros((64, 64, 3), dtype=np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    return path


def write_still(path: Path) -> Path:
    Image.fromarray(np.random.default_rng(5).integers(0, 255, (90, 160, 3), dtype=np.uint8)).save(path)
    return path


def facts(
    keyring: Keyring, clip_id: str = "aaaaaaaa", *sources: Ingredient, trained: bool = False, prompt: str = "a fox"
) -> ClipFacts:
    return ClipFacts(
        clip_id=clip_id,
        job_id="job-00000001",
        studio_version="0.1.0",
        renderer="diffusion" if trained else "animatic",
        renderer_version="3",
        trained=trained,
        seed=2**32 - 1,
        policy_version="base-1",
        brief_digest=keyring.digest(prompt),
        made_at=MADE_AT,
        model=ModelFacts("wan", "2.1", "Apache-2.0") if trained else None,
        ingredients=sources,
    )


def boxes(data: bytes) -> dict[str, tuple[int, int]]:
    """Start and end of the top-level boxes of an MP4, by kind; the first of each."""
    found: dict[str, tuple[int, int]] = {}
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.setdefault(data[at + 4 : at + 8].decode("latin-1"), (at, at + size))
        at += size
    return found


def flipped(data: bytes, at: int, bit: int = 0) -> bytes:
    changed = bytearray(data)
    changed[at] ^= 1 << bit
    return bytes(changed)


@dataclass
class Remembered:
    """A studio's memory, held in the hand."""

    by_id: dict[str, str] = field(default_factory=dict)  # SHA-256 of what was stored
    marks: Sequence[Issued] = ()
    fingerprints: dict[str, Hashes] = field(default_factory=dict)

    def clip_with(self, sha256: str) -> str | None:
        return next((clip for clip, stored in self.by_id.items() if stored == sha256), None)

    def bytes_of(self, clip_id: str) -> str | None:
        return self.by_id.get(clip_id)

    def issued(self) -> Sequence[Issued]:
        return self.marks

    def fingerprint_of(self, clip_id: str) -> Hashes | None:
        return self.fingerprints.get(clip_id)

    def alike(self, asked: Hashes) -> Sequence[Alike]:
        apart = {clip: closest(asked, one) for clip, one in self.fingerprints.items()}
        near = {clip: distance for clip, distance in apart.items() if distance is not None and distance <= SAME}
        return [Alike(clip, len(asked), near[clip]) for clip in sorted(near, key=lambda clip: near[clip])]


class Shelf:
    """What a studio's database would answer about its sealed files."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self.folder, self.keyring = folder, keyring
        self.by_id: dict[str, str] = {}

    def seal(self, unsigned: Path, clip_id: str = "aaaaaaaa", *sources: Ingredient) -> Sealed:
        sealed = seal(unsigned, self.folder / f"{clip_id}.mp4", facts(self.keyring, clip_id, *sources), self.keyring)
        self.by_id[clip_id] = sealed.sha256
        return sealed

    def trace(self, file: Path | bytes) -> Trace:
        if isinstance(file, bytes):
            path = self.folder / "asked"
            path.write_bytes(file)
            file = path
        return trace(file, self.keyring, Remembered(dict(self.by_id)))


def keyring_whose_leaf_ends_in(seconds: float, folder: Path) -> Keyring:
    """Its clock stands ten days after the leaf was issued, some 355 days ago: only the real clock sees the end.

    Certificates know whole seconds, and the last one is still theirs: it may be a second later.
    """
    issued = datetime.now(UTC) - certificates.LEAF_LIFE + timedelta(seconds=seconds)
    Keyring.open(folder, clock=lambda: issued)
    return Keyring.open(folder, clock=lambda: issued + timedelta(days=10))


def public_authority(name: str = "A public authority") -> certificates.Issued:
    """An authority that issues to many: an operator's certificate and a stranger's come from the same one."""
    return certificates.issue_root(datetime.now(UTC), name)


def brought_pair(
    folder: Path,
    authority: certificates.Issued,
    *,
    usages: tuple[x509.ObjectIdentifier, ...] = (certificates.CLAIM_SIGNING,),
    key: certificates.SigningKey | None = None,
    days: float = 90,
    is_authority: bool = False,
    key_usage: bool = True,
    chain: bool = True,
) -> OwnCertificate:
    """A certificate as an operator would bring it, with one thing wrong where a test asks for it."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An operator"), organization()])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=200))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.certificate.public_key()), critical=False
        )
    )
    if key_usage:
        builder = builder.add_extension(
            x509.KeyUsage(True, False, False, False, False, is_authority, False, False, False), critical=True
        )
    if usages:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usages), critical=False)
    certificate = builder.sign(authority.key, hashes.SHA256())
    folder.mkdir(parents=True, exist_ok=True)
    own = OwnCertificate(chain=folder / "chain.pem", key=folder / "key.pem")
    own.chain.write_bytes(
        certificates.to_pem(certificate) + (certificates.to_pem(authority.certificate) if chain else b"")
    )
    own.key.write_bytes(certificates.key_to_pem(key))
    own.key.chmod(0o600)
    return own


def read_as_anybody(path: Path, anchors: str | None, media_type: str = "video/mp4") -> dict[str, Any]:
    """c2pa's own Reader with nothing of ours but the anchor."""
    settings = {"trust": {"trust_anchors": anchors}} if anchors else {}
    with (
        path.open("rb") as file,
        c2pa.Context.from_dict(settings) as context,
        c2pa.Reader(media_type, file, context=context) as reader,
    ):
        told: dict[str, Any] = json.loads(reader.json())
    return told


def active(told: dict[str, Any]) -> dict[str, Any]:
    manifest: dict[str, Any] = told["manifests"][told["active_manifest"]]
    return manifest


def organization() -> x509.NameAttribute:
    return x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example")


EMAIL = ExtendedKeyUsageOID.EMAIL_PROTECTION
SERVER = ExtendedKeyUsageOID.SERVER_AUTH


def copy_tree(source: Path, destination: Path) -> Path:
    shutil.copytree(source, destination)
    return destination
