"""A time-stamp authority says when a clip was signed; one that fails costs the stamp and never the clip."""

import sys
import time
from pathlib import Path

import pytest

from provenance import time_stamps as relaying
from provenance.credentials import read_credentials
from provenance.keys import Keyring
from provenance.seal import seal
from tests.provenance.samples import active, brought_pair, facts, public_authority, read_as_anybody
from tests.provenance.test_signer import keyring_of, program
from tests.worlds.time_stamps import Answer, granted, never, of_other_bytes, refused, saying, time_stamps, trickling


def test_a_clip_is_stamped_with_the_authoritys_time_once(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    with time_stamps() as world:
        sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring, world.url)
        assert len(world.asked) == 1
    assert sealed.time_stamped and sealed.no_stamp_because is None
    credentials = read_credentials(sealed.path, keyring)
    assert credentials is not None and credentials.state == "Trusted" and credentials.stamped_at is not None
    told = read_as_anybody(sealed.path, keyring.anchors + world.anchor)
    assert active(told)["signature_info"]["time"] == credentials.stamped_at
    assert "timeStamp.trusted" in {one["code"] for one in told["validation_results"]["activeManifest"]["success"]}


@pytest.mark.parametrize(
    "answer",
    [
        refused,
        of_other_bytes,
        never,
        trickling,
        saying(500, b""),
        saying(200, b""),
        saying(200, b"<html>\xf0\x9f\x95\xb0 welcome</html>"),
        saying(200, b"\x30\x84\xff\xff\xff\xff" + b"\0" * 200_000),
        saying(302, b"http://127.0.0.1:9/elsewhere"),
    ],
)
def test_an_authority_that_fails_costs_the_stamp_and_never_the_clip(
    unsigned: Path, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    monkeypatch.setattr(relaying, "PATIENCE", 0.4)
    began = time.monotonic()
    with time_stamps(answer) as world:
        sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring, world.url)
        assert len(world.asked) == 1
    assert not sealed.time_stamped and sealed.no_stamp_because
    assert time.monotonic() - began < 5
    credentials = read_credentials(sealed.path, keyring)
    assert credentials is not None and credentials.state == "Trusted" and credentials.stamped_at is None
    assert list(tmp_path.iterdir()) == [sealed.path]


def test_an_authority_that_is_not_there_costs_the_stamp_alone(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    with time_stamps() as world:
        gone = world.url
    sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring, gone)
    assert not sealed.time_stamped and "refused" in str(sealed.no_stamp_because)


def test_an_authority_is_reached_past_a_proxy_that_is_for_others(
    unsigned: Path, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
    with time_stamps(granted) as world:
        assert seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring, world.url).time_stamped


def test_what_an_operators_program_signs_is_stamped_too(unsigned: Path, tmp_path: Path) -> None:
    pair = brought_pair(tmp_path / "own", public_authority())
    keyring = keyring_of(tmp_path, pair, sys.executable, program(tmp_path), str(pair.key))
    with time_stamps() as world:
        assert seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring, world.url).time_stamped
