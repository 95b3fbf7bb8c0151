"""Fingerprints: a copy is told from another picture, and a mark on other footage from one at home."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from provenance.facts import Layer
from provenance.fingerprint import OTHER, SAME, closest, to_ask, to_remember
from provenance.invisible import InvisibleMark
from provenance.keys import Keyring
from provenance.trace import trace
from tests.provenance.samples import Remembered
from tests.provenance.test_invisible import CLIP, KEY, SIZE, issued, landscape, resized

HOME, ELSEWHERE = landscape(), np.ascontiguousarray(landscape(seed=77)[::-1])  # light from below: no likeness left


def test_a_mistreated_copy_is_close_and_another_picture_is_far() -> None:
    remembered = to_remember([HOME])
    for copy in (HOME, HOME[:, ::-1], resized(HOME, 320, 180), HOME[9:351, 16:624], (HOME * 0.8).astype(np.uint8)):
        apart = closest(to_ask([np.ascontiguousarray(copy)]), remembered)
        assert apart is not None and apart <= SAME
    far = closest(to_ask([ELSEWHERE]), remembered)
    assert far is not None and far >= OTHER


def test_a_plain_picture_has_no_fingerprint() -> None:
    plain = np.full((360, 640), 90, np.uint8)
    assert len(to_remember([plain])) == len(to_ask([plain])) == 0
    assert closest(to_ask([plain]), to_remember([HOME])) is None


def test_a_mark_at_home_is_confirmed_and_one_on_other_footage_is_told(tmp_path: Path, keyring: Keyring) -> None:
    memory = Remembered(marks=[issued(CLIP)], fingerprints={CLIP: to_remember([HOME])})
    for picture, looks_like_it in ((HOME, True), (ELSEWHERE, False)):
        marked = picture.copy()
        InvisibleMark(*SIZE, CLIP, KEY).stamp(marked, marked, marked)
        Image.fromarray(marked).save(tmp_path / "asked.png")
        told = trace(tmp_path / "asked.png", keyring, memory)
        assert (told.layer, told.clip_id, told.looks_like_it) == (Layer.WATERMARK, CLIP, looks_like_it)


def test_of_two_marks_on_one_picture_the_one_whose_picture_it_is_comes_first(tmp_path: Path, keyring: Keyring) -> None:
    """Footage that was marked before, in a clip that was marked again; or somebody laid one over the other."""
    other = "9m10kmr9"
    marked = HOME.copy()
    for name in (other, CLIP):
        InvisibleMark(*SIZE, name, KEY).stamp(marked, marked, marked)
    Image.fromarray(marked).save(tmp_path / "asked.png")
    for home, away in ((CLIP, other), (other, CLIP)):
        looks = {home: to_remember([HOME]), away: to_remember([ELSEWHERE])}
        told = trace(tmp_path / "asked.png", keyring, Remembered(marks=[issued(CLIP, other)], fingerprints=looks))
        assert (told.clip_id, told.looks_like_it, told.also_marked) == (home, True, (away,))


def test_without_a_mark_the_fingerprint_says_looks_like(tmp_path: Path, keyring: Keyring) -> None:
    memory = Remembered(fingerprints={CLIP: to_remember([HOME])})
    Image.fromarray(HOME).save(tmp_path / "asked.jpg", quality=60)
    told = trace(tmp_path / "asked.jpg", keyring, memory)
    assert (told.layer, told.clip_id) == (Layer.FINGERPRINT, CLIP)
    Image.fromarray(ELSEWHERE).save(tmp_path / "asked.jpg")
    assert replace(trace(tmp_path / "asked.jpg", keyring, memory), foreign=None).layer is Layer.NONE
