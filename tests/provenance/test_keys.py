"""Keys: made once and whole, by whoever comes first; renewed in time; and never used when something is wrong."""

import json
import os
import pickle
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509 import BasicConstraints, ExtendedKeyUsage, KeyUsage

from provenance import certificates, errors
from provenance.keys import Keyring, OwnCertificate
from tests.provenance.samples import EMAIL, SERVER, brought_pair, copy_tree, public_authority

REPOSITORY = Path(__file__).parents[2]


def _leaf(keyring: Keyring) -> Path:
    return keyring.folder / "leaves" / keyring.signing().serial


def test_first_use_makes_private_keys_and_certificates_as_c2pa_wants_them(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "deep" / "keys")
    for path in (keyring.folder, *keyring.folder.rglob("*")):
        if path.is_dir() or path.suffix == ".key":
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    state = keyring.state()
    assert state.permissions_ok and state.root_key_present and not state.renewal_due and not state.older_leaves
    leaf = certificates.read_certificates(keyring.signing().chain_pem, "")[0]
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc <= timedelta(days=366)
    constraints = leaf.extensions.get_extension_for_class(BasicConstraints)
    usage = leaf.extensions.get_extension_for_class(KeyUsage)
    assert constraints.critical and not constraints.value.ca and usage.critical and usage.value.digital_signature
    assert set(leaf.extensions.get_extension_for_class(ExtendedKeyUsage).value) == {EMAIL, certificates.CLAIM_SIGNING}
    assert certificates.is_issued_by(leaf, keyring.roots[0])


def test_a_loose_umask_or_a_folder_made_beforehand_loosens_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o755)
    before = os.umask(0)
    try:
        keyring = Keyring.open(folder)
    finally:
        os.umask(before)
    assert keyring.state().permissions_ok


def test_opening_again_finds_the_same_keys(tmp_path: Path) -> None:
    first, second = Keyring.open(tmp_path / "keys"), Keyring.open(tmp_path / "keys")
    assert (first.signing(), first.digest("x"), first.anchors) == (second.signing(), second.digest("x"), second.anchors)


@pytest.mark.parametrize("text", ["", "a fox", "一隻狐狸", "🦊" * 4000, "\ud800 lone"])
def test_digests_are_keyed_and_take_any_text(keyring: Keyring, other_keyring: Keyring, text: str) -> None:
    assert len(keyring.digest(text)) == 64
    assert keyring.digest(text) == keyring.digest(text) != other_keyring.digest(text)
    assert keyring.digest(text) != keyring.digest(text + " ")


def test_nothing_secret_is_shown(keyring: Keyring) -> None:
    shown = repr(keyring.signing()) + repr(keyring.state()) + repr(keyring)
    assert "PRIVATE" not in shown and "BEGIN" not in shown


# Every process waits for the starting file, then opens the folder; the clock may stand late in a leaf's life.
_OPENER = """
import json, sys, time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from provenance.keys import Keyring
folder, start, days = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
now = datetime.now(UTC) + timedelta(days=days)
keyring = Keyring.open(folder, clock=lambda: now)
print(json.dumps([keyring.digest("x"), keyring.anchors, keyring.signing().serial]))
"""


def _open_at_once(folder: Path, start: Path, days: int) -> set[str]:
    command = [sys.executable, "-c", _OPENER, str(folder), str(start), str(days)]
    openers = [
        subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(5)
    ]
    for opener in openers:
        assert opener.stdout is not None and opener.stdout.readline() == "ready\n"
    start.touch()
    answers = [opener.communicate(timeout=30) for opener in openers]
    assert all(opener.returncode == 0 for opener in openers), answers
    return {out for out, _ in answers}


def test_processes_that_open_at_once_end_with_one_set_and_with_one_renewal(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    (made,) = _open_at_once(folder, tmp_path / "start", 0)
    assert len(list((folder / "leaves").iterdir())) == 1
    (renewed,) = _open_at_once(folder, tmp_path / "again", 340)
    assert json.loads(made)[:2] == json.loads(renewed)[:2] and made != renewed
    assert len(list((folder / "leaves").iterdir())) == 2


# Forks a child for every n: the child kills itself with SIGKILL at its n-th step on the disk.
_KILLER = """
import os, signal, sys
from pathlib import Path
from provenance.keys import Keyring
base = Path(sys.argv[1])
for n in range(1, 200):
    child = os.fork()
    if child == 0:
        left = n
        def deadly(real):
            def step(*args, **kwargs):
                global left
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*args, **kwargs)
            return step
        for name in ("open", "mkdir", "fchmod", "fsync", "rename", "close", "chmod"):
            setattr(os, name, deadly(getattr(os, name)))
        Keyring.open(base / str(n))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status == 0:
        print(n - 1)
        break
    assert os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, status
"""


def test_a_kill_at_any_step_leaves_a_folder_that_the_next_start_completes(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _KILLER, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    steps = int(done.stdout)
    assert steps >= 20
    for n in range(1, steps + 1):
        keyring = Keyring.open(tmp_path / str(n))
        assert keyring.state().permissions_ok, n
        assert not list(keyring.folder.glob(".making-*")), n
        assert keyring.digest("x") == Keyring.open(keyring.folder).digest("x")


def test_the_leaf_is_renewed_thirty_days_before_its_end_and_the_old_one_stays(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    old = Keyring.open(tmp_path, clock=lambda: now)
    assert Keyring.open(tmp_path, clock=lambda: now + timedelta(days=334)).signing() == old.signing()
    late = Keyring.open(tmp_path, clock=lambda: now + timedelta(days=336))
    state = late.state()
    assert state.signer.serial != old.signing().serial
    assert [leaf.serial for leaf in state.older_leaves] == [old.signing().serial]
    assert (tmp_path / "leaves" / old.signing().serial / "leaf.pem").exists()
    assert late.anchors == old.anchors


def test_a_keyring_that_stays_open_for_a_year_renews_when_it_signs(tmp_path: Path) -> None:
    now = [datetime.now(UTC)]
    keyring = Keyring.open(tmp_path, clock=lambda: now[0])
    first = keyring.signing().serial
    now[0] += timedelta(days=400)
    assert keyring.signing().serial != first


def test_without_the_roots_key_the_leaf_serves_until_its_end(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    Keyring.open(tmp_path, clock=lambda: now)
    (tmp_path / "authority" / "root.key").unlink()
    late = Keyring.open(tmp_path, clock=lambda: now + timedelta(days=350))
    state = late.state()
    assert not state.root_key_present and state.renewal_due and state.problem == "keys.half_pair"
    with pytest.raises(errors.ExpiredCertificateError) as caught:
        Keyring.open(tmp_path, clock=lambda: now + timedelta(days=366))
    assert caught.value.params["missing"].endswith("root.key")


def test_an_expired_root_and_a_clock_before_its_start_are_told_apart(tmp_path: Path) -> None:
    Keyring.open(tmp_path)
    with pytest.raises(errors.ExpiredCertificateError):
        Keyring.open(tmp_path, clock=lambda: datetime.now(UTC) + timedelta(days=3700))
    with pytest.raises(errors.NotYetValidError):
        Keyring.open(tmp_path, clock=lambda: datetime.now(UTC) - timedelta(days=3))


def test_a_leaf_never_outlives_its_root(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    Keyring.open(tmp_path, clock=lambda: now)
    late = Keyring.open(tmp_path, clock=lambda: now + timedelta(days=3640))
    state = late.state()
    assert state.signer.not_after == state.root.not_after
    assert late.signing() == late.signing() and late.state().problem == "keys.root_ends"


@pytest.mark.parametrize("lost", ["authority/root.pem", "authority/digest.key", "leaf.key", "leaf.pem", "authority"])
def test_a_missing_half_is_named_and_nothing_is_made_anew(keyring: Keyring, tmp_path: Path, lost: str) -> None:
    folder = copy_tree(keyring.folder, tmp_path / "keys")
    path = folder / (f"leaves/{keyring.signing().serial}/{lost}" if lost.startswith("leaf.") else lost)
    path.rename(tmp_path / "lost")
    before = sorted(str(path) for path in folder.rglob("*"))
    with pytest.raises(errors.HalfPairError) as caught:
        Keyring.open(folder)
    assert caught.value.params["missing"] == str(path)
    assert sorted(str(path) for path in folder.rglob("*")) == before


def test_a_leaf_of_another_studio_is_refused(keyring: Keyring, other_keyring: Keyring, tmp_path: Path) -> None:
    folder = copy_tree(keyring.folder, tmp_path / "keys")
    foreign = _leaf(other_keyring)
    copy_tree(foreign, folder / "leaves" / foreign.name)
    with pytest.raises(errors.ForeignLeafError):
        Keyring.open(folder)


def test_a_key_that_does_not_fit_its_certificate_is_refused(
    keyring: Keyring, other_keyring: Keyring, tmp_path: Path
) -> None:
    for place in ("authority/root.key", f"leaves/{keyring.signing().serial}/leaf.key"):
        folder = copy_tree(keyring.folder, tmp_path / place.replace("/", "-"))
        (folder / place).write_bytes((_leaf(other_keyring) / "leaf.key").read_bytes())
        with pytest.raises(errors.MismatchedPairError):
            Keyring.open(folder)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
@pytest.mark.parametrize("name", ["authority/root.key", "authority/digest.key", "leaf.key"])
def test_a_key_that_others_may_read_is_refused(keyring: Keyring, tmp_path: Path, name: str, mode: int) -> None:
    folder = copy_tree(keyring.folder, tmp_path / "keys")
    path = folder / (f"leaves/{keyring.signing().serial}/{name}" if name == "leaf.key" else name)
    path.chmod(mode)
    with pytest.raises(errors.LoosePermissionsError) as caught:
        Keyring.open(folder)
    assert caught.value.params == {"path": str(path), "mode": f"{mode:04o}"}


def _nonsense(kind: str, path: Path) -> None:
    path.unlink()
    match kind:
        case "empty":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(bytes(range(256)))
        case "huge":
            path.write_bytes(b"-" * 300_000)
        case "folder":
            path.mkdir()
        case "pipe":
            os.mkfifo(path)
        case "cut":
            path.write_text("-----BEGIN PRIVATE KEY-----\nMIGH")
    path.chmod(0o700 if kind == "folder" else 0o600)


@pytest.mark.parametrize("kind", ["empty", "noise", "huge", "folder", "pipe", "cut"])
@pytest.mark.parametrize("name", ["root.pem", "root.key", "digest.key"])
def test_a_file_that_is_no_key_is_told_and_never_waited_for(
    keyring: Keyring, tmp_path: Path, name: str, kind: str
) -> None:
    folder = copy_tree(keyring.folder, tmp_path / "keys")
    _nonsense(kind, folder / "authority" / name)
    with pytest.raises(errors.UnreadableKeyError):
        Keyring.open(folder)


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(errors.KeyFolderError):
        Keyring.open(tmp_path / "keys")


def test_errors_travel_between_processes_with_their_parameters() -> None:
    error = pickle.loads(pickle.dumps(errors.LoosePermissionsError(path="/k", mode="0644")))
    assert isinstance(error, errors.LoosePermissionsError) and error.code == "keys.loose_permissions"
    assert error.params == {"path": "/k", "mode": "0644"}


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(ec.SECP256R1()), "es256"),
        (ec.generate_private_key(ec.SECP384R1()), "es384"),
        (ed25519.Ed25519PrivateKey.generate(), "ed25519"),
        (rsa.generate_private_key(65537, 2048), "ps256"),
    ],
    ids=["p256", "p384", "ed25519", "rsa"],
)
def test_an_operators_own_certificate_is_used_and_kept_without_its_key(
    tmp_path: Path, key: certificates.SigningKey, algorithm: str
) -> None:
    own = brought_pair(tmp_path / "own", public_authority(), key=key)
    keyring = Keyring.open(tmp_path / "keys", own)
    identity = keyring.signing()
    assert identity.algorithm == algorithm and identity.chain_pem.count(b"BEGIN") == 1
    assert keyring.state().signer.brought and keyring.state().permissions_ok
    (kept,) = (tmp_path / "keys" / "brought").iterdir()
    assert kept.read_bytes() == own.chain.read_bytes()
    assert not Keyring.open(tmp_path / "keys").state().signer.brought


_UNFIT: dict[str, tuple[dict[str, Any], str]] = {
    "only for servers": ({"usages": (SERVER,)}, "extended_key_usage"),
    "no extended usage": ({"usages": ()}, "extension_missing"),
    "no usage": ({"key_usage": False}, "extension_missing"),
    "an authority": ({"is_authority": True}, "is_an_authority"),
    "no issuer": ({"chain": False}, "issuer_missing"),
    "short rsa": ({"key": rsa.generate_private_key(65537, 1024)}, "rsa_too_short"),
    "odd curve": ({"key": ec.generate_private_key(ec.SECP256K1())}, "curve"),
}


@pytest.mark.parametrize("case", _UNFIT)
def test_an_operators_unfit_certificate_is_refused_before_a_clip_depends_on_it(tmp_path: Path, case: str) -> None:
    wrong, reason = _UNFIT[case]
    own = brought_pair(tmp_path / "own", public_authority(), **wrong)
    with pytest.raises(errors.UnfitCertificateError) as caught:
        Keyring.open(tmp_path / "keys", own)
    assert caught.value.params["reason"] == reason


def test_an_operators_expired_broken_mismatched_loose_or_missing_certificate_is_refused(tmp_path: Path) -> None:
    authority = public_authority()
    keys = tmp_path / "keys"
    with pytest.raises(errors.ExpiredCertificateError):
        Keyring.open(keys, brought_pair(tmp_path / "a", authority, days=-1))
    pair, other = (brought_pair(tmp_path / name, authority) for name in "bc")
    with pytest.raises(errors.MismatchedPairError):
        Keyring.open(keys, OwnCertificate(pair.chain, other.key))
    leaf = certificates.read_certificates(pair.chain.read_bytes(), "")[0]
    stranger = public_authority("Somebody").certificate
    pair.chain.write_bytes(certificates.to_pem(leaf) + certificates.to_pem(stranger))
    with pytest.raises(errors.UnfitCertificateError) as caught:
        Keyring.open(keys, pair)
    assert caught.value.params["reason"] == "chain_broken"
    other.key.chmod(0o644)
    with pytest.raises(errors.LoosePermissionsError):
        Keyring.open(keys, other)
    with pytest.raises(errors.UnreadableKeyError):
        Keyring.open(keys, OwnCertificate(tmp_path / "nowhere.pem", other.key))


def test_a_new_mark_key_marks_and_the_former_ones_are_kept(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    (first,) = keyring.mark_keys()
    newest, former = keyring.rotate_mark_key()
    assert (
        former == first and newest.secret != first.secret and Keyring.open(tmp_path / "keys").mark_keys()[0] == newest
    )
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys" / "marks").iterdir()} == {0o600}
    assert first.secret.hex() not in repr(first)


def test_a_rotated_signer_signs_and_the_former_leaf_stays(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    former = keyring.signing().serial
    keyring.rotate_signer()
    assert {leaf.name for leaf in (tmp_path / "keys" / "leaves").iterdir()} >= {former}
    assert len(keyring.state().older_leaves) == 1


def test_a_revoked_mark_key_neither_marks_nor_reads_and_its_name_is_not_given_again(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    (first,) = keyring.mark_keys()
    keyring.revoke(first.name)
    (second,) = Keyring.open(tmp_path / "keys").mark_keys()
    assert second.name.startswith("0002-") and second.secret != first.secret
    for name in ("0001-00000000", "", "../authority/root.key"):
        with pytest.raises(errors.UnknownKeyError):
            keyring.revoke(name)


def test_a_certificate_that_was_taken_in_signs_until_it_is_revoked(tmp_path: Path) -> None:
    authority = public_authority()
    first, second = (brought_pair(tmp_path / name, authority) for name in ("first", "second"))
    keyring = Keyring.open(tmp_path / "keys")
    ours = keyring.signing().serial
    for pair in (first, second):
        assert pair.key is not None
        taken = keyring.take_in(pair.chain, pair.key)
        assert (taken.serial, taken.key_pem) == (serial_in(pair), pair.key.read_bytes())
        pair.key.unlink()
    again = Keyring.open(tmp_path / "keys")
    assert (again.signing().serial, again.state().signer.brought) == (serial_in(second), True)
    assert again.state().permissions_ok
    again.revoke(serial_in(second))
    assert again.signing().serial == serial_in(first)
    again.revoke(serial_in(first))
    assert (again.signing().serial, again.state().signer.brought) == (ours, False)


def test_what_cannot_sign_is_not_taken_in(tmp_path: Path) -> None:
    keyring = Keyring.open(tmp_path / "keys")
    authority = public_authority()
    pair, other = (brought_pair(tmp_path / name, authority) for name in ("one", "other"))
    assert pair.key is not None and other.key is not None
    with pytest.raises(errors.MismatchedPairError):
        keyring.take_in(pair.chain, other.key)
    keyring.take_in(pair.chain, pair.key)
    keyring.revoke(serial_in(pair))
    with pytest.raises(errors.UnfitCertificateError, match="revoked"):
        keyring.take_in(pair.chain, pair.key)
    with pytest.raises(errors.UnfitCertificateError, match="revoked"):
        Keyring.open(tmp_path / "keys", pair)
    assert not keyring.state().signer.brought


def serial_in(pair: OwnCertificate) -> str:
    return certificates.serial_of(certificates.read_certificates(pair.chain.read_bytes(), "")[0])
