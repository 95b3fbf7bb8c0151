"""Subjects and actions: every word of the lexicon finds its drawing, and every drawing can be drawn."""

import math
import random
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.renderers.animatic.casting import cast
from engine.renderers.animatic.company import seat_of
from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.figures.catalogue import design_of, kind_of, kinds
from engine.renderers.animatic.figures.design import Motion
from engine.renderers.animatic.figures.gestures import OTHER, gestures
from engine.renderers.animatic.geometry import Path
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.vocabulary import vocabulary
from storage.han import is_han

FIGURES = sorted(kind.name for kind in kinds().values() if kind.figure)
ACTIONS = sorted({m.value for meanings in vocabulary().values() for m in meanings if m.role == "action"})


def _frame(scene: Scene, seconds: float = 1.0) -> NDArray[np.int_]:
    """A frame of the scene at half of its time."""
    take = set_stage(scene, 160, 90, seconds, 3)
    try:
        np.copyto(take.stage.canvas.pixels, take.sky)
        for move in take.stage.movers:
            move(take.view(seconds / 2))
        take.stage.canvas.draw()
        return take.stage.canvas.pixels.astype(int)[..., :3]
    finally:
        take.stage.canvas.close()


@cache
def _empty_meadow() -> NDArray[np.int_]:
    return _frame(Scene("meadow", "noon"))


def test_there_are_as_many_subjects_and_actions_as_were_promised() -> None:
    assert len(FIGURES) >= 150 and len(ACTIONS) >= 60
    drawings = {kind_of(name).figure for name in FIGURES}
    assert len(drawings) >= 150, "drawings of their own, not names for the same one"


@pytest.mark.parametrize("name", FIGURES)
def test_every_subject_is_drawn_and_seen(name: str) -> None:
    drawn = _frame(Scene("meadow", "noon", subjects=(Subject(name),)))
    changed = np.abs(drawn - _empty_meadow()).max(axis=2) > 24
    assert 0.001 < changed.mean() < 0.75


@pytest.mark.parametrize("name", FIGURES)
def test_whatever_a_figure_says_it_does_it_has_a_pose_for(name: str) -> None:
    design = design_of(kind_of(name).figure)
    able = [action for action in ACTIONS if design.does(action)]
    assert "stand" in able or kind_of(name).habitat != "ground"
    if kind_of(name).person and name not in ("man", "princess", "robot", "skier", "grandmother"):
        able = ["walk", "sit", "dance"]  # one skeleton moves them all
    flexible = {part.name for part in design.parts if part.path is None}
    for action in able:
        pose = design.pose(Motion(2.3, action, 0.3, 0.46, 0.3))
        assert flexible <= set(pose), action
        for at in pose.values():
            assert all(map(math.isfinite, at.points if isinstance(at, Path) else at)), action


def test_every_word_for_a_subject_finds_it() -> None:
    missed = []
    for kind in kinds().values():
        for word in (*kind.words, *kind.near):
            scene = read(word if is_han(word[0]) else f"the {word}")
            if [s.kind for s in scene.subjects] != [kind.name]:
                missed.append((word, kind.name, [s.kind for s in scene.subjects]))
            if word in kind.near and not scene.not_drawn:
                missed.append((word, "drawn as something near, and not said", []))
    assert missed == []


def test_every_kind_has_words_in_both_languages() -> None:
    for kind in kinds().values():
        if kind.words:
            assert any(is_han(word[0]) for word in kind.words), kind.name
            assert any(word.isascii() for word in kind.words), kind.name


def test_every_word_for_an_action_is_told_to_somebody_or_reported() -> None:
    """A man does what men can do; whatever else is said is owned up to."""
    lost = []
    for word, meanings in vocabulary().items():
        action = next((m.value for m in meanings if m.role == "action"), None)
        # a word that is a look as well ("a man, sketch") is taken for the look
        if action is None or any(m.role in ("subject", "setting", "style") for m in meanings):
            continue
        scene = read(f"一个男人{word}" if is_han(word[0]) else f"a man, {word}")
        done = {scene.subjects[0].action, scene.subjects[0].later} if scene.subjects else set()
        able = action in gestures() or action in OTHER
        if (action not in done) if able else (word not in scene.not_drawn):
            lost.append((word, action, done, scene.not_drawn))
    assert lost == []


@cache
def _words(role: str) -> list[str]:
    return [word for word, meanings in vocabulary().items() if not role or any(m.role == role for m in meanings)]


def _sentence(rng: random.Random) -> str:
    """Words of the lexicon in an order that somebody might write, or nobody would."""
    joints = ["on", "behind", "in", "and", "with", ", then", "rides", "of them", "上", "骑", "和", "the", "red", "zorb"]
    made = []
    for _ in range(rng.randrange(1, 4)):
        made += [rng.choice(["a", "three", "the", ""]), rng.choice(_words("subject")), rng.choice(_words("action"))]
        made.append(rng.choice(joints))
    return " ".join([*made, rng.choice(_words(""))])


@pytest.mark.parametrize("seeds", [range(25), pytest.param(range(25, 3000), marks=pytest.mark.soak)])
def test_whatever_is_written_is_drawn_from_its_beginning_to_its_end(seeds: range) -> None:
    for seed in seeds:
        _stage_and_draw(_sentence(random.Random(seed)), seed)


def _stage_and_draw(prompt: str, seed: int) -> None:
    take = set_stage(read(prompt), 96, 54, 2.0, seed)
    try:
        take.stage.rehearse(take.view(0.0))
        for t in (0.0, 1.1, 1.9):
            for move in take.stage.movers:
                move(take.view(t))
            take.stage.canvas.draw()
    finally:
        take.stage.canvas.close()


def test_a_rider_goes_where_its_horse_goes() -> None:
    scene = read("a girl rides a white horse in the snow")
    take = set_stage(scene, 320, 180, 2.0, 3)
    try:
        placed = cast(scene, SETTINGS[scene.setting], take.stage, -1.0)
    finally:
        take.stage.canvas.close()
    horse, girl = placed
    assert (horse.kind.name, girl.kind.name) == ("horse", "girl"), "the rider is drawn after what it sits on"
    assert girl.mount is horse and girl.facing == horse.facing
    girl.mount.actor.act(Motion(0.4, "walk"), (1.0, 0.0, 0.0, 1.0, 0.0, 0.0))
    _, y, _ = seat_of(girl, horse, (horse.x, horse.y, horse.facing))
    assert horse.y - horse.size * 1.1 < y < horse.y, "her feet hang beside it, above the ground"
