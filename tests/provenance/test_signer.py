"""An operator's program signs for a key that nobody can read: what it answers is believed only if it fits."""

import sys
import time
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from provenance import certificates, errors, signer
from provenance.credentials import read_credentials
from provenance.facts import Ingredient, Relation
from provenance.keys import Keyring, OwnCertificate
from provenance.seal import seal
from tests.provenance.samples import (
    active,
    brought_pair,
    facts,
    keyring_whose_leaf_ends_in,
    public_authority,
    read_as_anybody,
)

# What stands behind a security module's door: reads the key, signs what comes in, and answers in DER or raw.
PROGRAM = """
import sys
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding
key = serialization.load_pem_private_key(open(sys.argv[1], "rb").read(), None)
data = sys.stdin.buffer.read()
if isinstance(key, ed25519.Ed25519PrivateKey):
    answer = key.sign(data)
elif isinstance(key, ec.EllipticCurvePrivateKey):
    kind = {256: hashes.SHA256, 384: hashes.SHA384}[key.curve.key_size]()
    answer = key.sign(data, ec.ECDSA(kind))
else:
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    answer = key.sign(data, salted, hashes.SHA256())
sys.stdout.buffer.write(answer)
"""


def keyring_of(folder: Path, pair: OwnCertificate, *command: str) -> Keyring:
    return Keyring.open(folder / "keys", OwnCertificate(pair.chain, None, command))


def program(folder: Path, source: str = PROGRAM) -> str:
    path = folder / "sign.py"
    path.write_text(source)
    return str(path)


@pytest.mark.parametrize(
    "key",
    [
        ec.generate_private_key(ec.SECP256R1()),
        ec.generate_private_key(ec.SECP384R1()),
        ed25519.Ed25519PrivateKey.generate(),
        rsa.generate_private_key(65537, 2048),
    ],
    ids=["es256", "es384", "ed25519", "ps256"],
)
def test_a_program_that_holds_the_key_seals_clips(unsigned: Path, tmp_path: Path, key: certificates.SigningKey) -> None:
    pair = brought_pair(tmp_path / "own", public_authority(), key=key)
    keyring = keyring_of(tmp_path, pair, sys.executable, program(tmp_path), str(pair.key))
    sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert active(read_as_anybody(sealed.path, None))["signature_info"]["common_name"] == "An operator"
    assert str(pair.key) not in sealed.path.read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "no_signature"),
        ("import sys; sys.stdout.write('x' * 5000)", "no_signature"),
        ("import sys; sys.stdout.write('x' * 64)", "not_by_this_certificate"),
        ("import sys; sys.stdout.write('my PIN is 1234'); sys.exit('and again 1234')", "failed"),
        ("import time; time.sleep(60)", "too_slow"),
    ],
)
def test_a_program_that_does_not_sign_is_told_and_nothing_is_left(
    unsigned: Path, tmp_path: Path, source: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signer, "PATIENCE", 1.0)
    pair = brought_pair(tmp_path / "own", public_authority())
    keyring = keyring_of(tmp_path, pair, sys.executable, program(tmp_path, source))
    with pytest.raises(errors.SignerCommandError) as caught:
        seal(unsigned, tmp_path / "out.mp4", facts(keyring), keyring)
    assert caught.value.params["reason"] == reason
    assert "1234" not in repr(caught.value.params)
    assert not [path for path in tmp_path.iterdir() if "out" in path.name]


def test_another_key_and_a_program_that_is_not_there_are_told(unsigned: Path, tmp_path: Path) -> None:
    authority = public_authority()
    pair, other = (brought_pair(tmp_path / name, authority) for name in ("own", "other"))
    for command, reason in (
        ((sys.executable, program(tmp_path), str(other.key)), "not_by_this_certificate"),
        (("/nowhere/sign", "🔑"), "not_started"),
    ):
        keyring = keyring_of(tmp_path, pair, *command)
        with pytest.raises(errors.SignerCommandError) as caught:
            seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
        assert caught.value.params["reason"] == reason
    assert not (tmp_path / "clip.mp4").exists()


def test_a_sources_certificate_may_end_while_a_program_signs(unsigned: Path, tmp_path: Path) -> None:
    """Its time is over when the clip is read back and was not when it was added: c2pa calls that Valid, once."""
    end = time.time() + 4
    early = keyring_whose_leaf_ends_in(4, tmp_path / "keys")
    first = seal(unsigned, tmp_path / "first.mp4", facts(early, "pppppppp"), early)
    pair = brought_pair(tmp_path / "own", public_authority())
    called = tmp_path / "called"
    wait = f"time.sleep(max(0, {end + 1.1} - time.time()))"
    slow = f"import time; open({str(called)!r}, 'a').write('.'); {wait}\n{PROGRAM}"
    keyring = keyring_of(tmp_path, pair, sys.executable, program(tmp_path, slow), str(pair.key))
    source = Ingredient(first.path, Relation.PARENT, "pppppppp")
    sealed = seal(unsigned, tmp_path / "later.mp4", facts(keyring, "gggggggg", source), keyring)
    credentials = read_credentials(sealed.path, keyring)
    assert credentials is not None and credentials.state == "Trusted" and credentials.lineage == ("pppppppp",)
    assert called.read_text() == "..", "signed once: the certificate did not end in between"
