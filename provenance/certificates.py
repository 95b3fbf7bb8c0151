"""X.509 as C2PA wants it: issuing our own root and leaves, reading pairs, and judging a certificate brought by others.

What was measured with c2pa 0.91: a leaf without KeyUsage, AKI or EKU, an expired one and a CA are refused when
signing; one whose only EKU is claimSigning is accepted only under a trust configuration that lists it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from provenance.errors import (
    ExpiredCertificateError,
    MismatchedPairError,
    NotYetValidError,
    UnfitCertificateError,
    UnreadableKeyError,
)

CLAIM_SIGNING = ObjectIdentifier("1.3.6.1.4.1.62558.2.1")
DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
ACCEPTED_USAGES = (ExtendedKeyUsageOID.EMAIL_PROTECTION, DOCUMENT_SIGNING, CLAIM_SIGNING)

ROOT_LIFE = timedelta(days=3650)
LEAF_LIFE = timedelta(days=365)  # with the hour below still inside the 366 days that C2PA allows
CLOCK_SLACK = timedelta(hours=1)  # another machine's clock may be a little behind ours
_SMALLEST_RSA = 2048
_LONGEST_CHAIN = 8

SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
_CURVES = {"secp256r1": "es256", "secp384r1": "es384", "secp521r1": "es512"}


@dataclass(frozen=True)
class Issued:
    """A key that was just made, with its certificate."""

    key: SigningKey
    certificate: x509.Certificate


def issue_root(now: datetime, mark: str) -> Issued:
    """A studio's own root. `mark` goes into its name, so that two studios' roots are never confused."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name(f"Kinora studio root {mark}")
    certificate = (
        _builder(name, name, key, now, now + ROOT_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Issued(key, certificate)


def issue_leaf(root_key: SigningKey, root: x509.Certificate, now: datetime) -> Issued:
    """A certificate that signs clips for at most a year, and never outlives its root."""
    key = ec.generate_private_key(ec.SECP256R1())
    end = min(now + LEAF_LIFE, root.not_valid_after_utc)
    certificate = (
        _builder(_name("Kinora studio"), root.subject, key, now, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION, CLAIM_SIGNING]),
            critical=False,
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(
                root.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
            ),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    return Issued(key, certificate)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime, end: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kinora"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def read_certificates(pem: bytes, path: str) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as cause:
        raise UnreadableKeyError(path=path, reason="not a PEM certificate") from cause


def read_key(pem: bytes, path: str) -> SigningKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except TypeError as cause:
        raise UnreadableKeyError(path=path, reason="locked by a passphrase") from cause
    except (ValueError, UnsupportedAlgorithm) as cause:
        raise UnreadableKeyError(path=path, reason="not a PEM private key") from cause
    if not isinstance(key, SigningKey):
        raise UnreadableKeyError(path=path, reason="a kind of key that cannot sign")
    return key


def key_to_pem(key: SigningKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def to_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def to_der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def belong_together(key: SigningKey, certificate: x509.Certificate) -> bool:
    form = (serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return key.public_key().public_bytes(*form) == certificate.public_key().public_bytes(*form)


def is_issued_by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Name and signature both; says nothing about time."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def signing_algorithm(key: object) -> str:
    """C2PA's name for how the holder of this public key signs."""
    if isinstance(key, ed25519.Ed25519PublicKey):
        return "ed25519"
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size < _SMALLEST_RSA:
            raise UnfitCertificateError(reason="rsa_too_short", bits=str(key.key_size))
        return "ps256"
    curve = key.curve.name if isinstance(key, ec.EllipticCurvePublicKey) else type(key).__name__
    if curve not in _CURVES:
        raise UnfitCertificateError(reason="curve", curve=curve)
    return _CURVES[curve]


def check_brought_chain(chain: list[x509.Certificate], key: SigningKey | None, now: datetime) -> None:
    """Say what C2PA would refuse, before a clip depends on it. A key that is held elsewhere shows when it signs."""
    leaf = chain[0]
    if key is not None and not belong_together(key, leaf):
        raise MismatchedPairError(serial=serial_of(leaf))
    if len(chain) > _LONGEST_CHAIN:
        raise UnfitCertificateError(reason="chain_too_long")
    if len(chain) == 1:
        raise UnfitCertificateError(reason="issuer_missing", serial=serial_of(leaf))
    for certificate, issuer in pairwise(chain):
        if not is_issued_by(certificate, issuer):
            raise UnfitCertificateError(reason="chain_broken", serial=serial_of(certificate))
    for certificate in chain:
        if now > certificate.not_valid_after_utc:
            raise ExpiredCertificateError(serial=serial_of(certificate), not_after=end_of(certificate))
        if now < certificate.not_valid_before_utc:
            raise NotYetValidError(serial=serial_of(certificate))
    _check_signing_leaf(leaf)
    signing_algorithm(leaf.public_key())


def _check_signing_leaf(leaf: x509.Certificate) -> None:
    try:
        extensions = leaf.extensions
    except (ValueError, x509.DuplicateExtension) as cause:
        raise UnfitCertificateError(reason="extensions", serial=serial_of(leaf)) from cause

    def unfit(reason: str) -> UnfitCertificateError:
        return UnfitCertificateError(reason=reason, serial=serial_of(leaf))

    try:
        constraints = extensions.get_extension_for_class(x509.BasicConstraints).value
        if constraints.ca:
            raise unfit("is_an_authority")
    except x509.ExtensionNotFound:
        pass  # absent means not an authority
    if leaf.issuer == leaf.subject:
        raise unfit("self_signed")
    try:
        if not extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            raise unfit("key_usage")
        usages = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        extensions.get_extension_for_class(x509.AuthorityKeyIdentifier)
    except x509.ExtensionNotFound as cause:
        raise UnfitCertificateError(
            reason="extension_missing", extension=cause.oid._name, serial=serial_of(leaf)
        ) from cause
    if not any(usage in ACCEPTED_USAGES for usage in usages):
        raise unfit("extended_key_usage")


def serial_of(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def end_of(certificate: x509.Certificate) -> str:
    return certificate.not_valid_after_utc.astimezone(UTC).isoformat(timespec="seconds")


def read_der(der: bytes) -> x509.Certificate | None:
    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None
