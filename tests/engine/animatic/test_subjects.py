"""Subjects and actions: every word of the lexicon finds its drawing, and every drawing can be drawn."""

import math
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.figures.catalogue import design_of, kind_of, kinds
from engine.renderers.animatic.figures.design import Motion
from engine.renderers.animatic.figures.gestures import OTHER, gestures
from engine.renderers.animatic.geometry import Path
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.vocabulary import is_han, vocabulary

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
        if action is None or any(m.role in ("subject", "setting") for m in meanings):
            continue
        scene = read(f"一个男人{word}" if is_han(word[0]) else f"a man, {word}")
        done = {scene.subjects[0].action, scene.subjects[0].later} if scene.subjects else set()
        able = action in gestures() or action in OTHER
        if (action not in done) if able else (word not in scene.not_drawn):
            lost.append((word, action, done, scene.not_drawn))
    assert lost == []
