"""The policy: strictest wins, faults hold, locked stays locked, and the version follows the content."""

import pytest

from safety.categories import Category
from safety.policy import SHIPPED, Overlay, Policy, PolicyError, Thresholds
from safety.verdict import Decision, Fault, Signal, Surface

POLICY = Policy.load()


def signal(category="violence", score=0.0, surface=Surface.TEXT, **more):
    return Signal(category=category, score=score, classifier="test", surface=surface, **more)


def test_no_signal_allows_and_carries_the_version():
    verdict = POLICY.judge([])
    assert verdict.decision is Decision.ALLOW
    assert verdict.policy_version == POLICY.version


@pytest.mark.parametrize(
    ("score", "decision"),
    [
        (0.49, Decision.ALLOW),
        (0.5, Decision.HOLD),
        (0.89, Decision.HOLD),
        (0.9, Decision.REFUSE),
        (1.0, Decision.REFUSE),
    ],
)
def test_a_score_at_the_threshold_counts(score, decision):
    assert POLICY.judge([signal(score=score)]).decision is decision


def test_the_strictest_signal_wins_and_comes_first():
    verdict = POLICY.judge([signal(score=0.6), signal("sexual", 0.95), signal("hate", 0.1)])
    assert verdict.decision is Decision.REFUSE
    assert [s.category for s in verdict.signals] == ["sexual", "violence", "hate"]


@pytest.mark.parametrize("fault", list(Fault))
@pytest.mark.parametrize("surface", list(Surface))
def test_every_fault_holds_on_every_surface(fault, surface):
    assert POLICY.judge([signal(Category.UNCHECKED, 0.0, surface, fault=fault)]).decision is Decision.HOLD


def test_a_fault_does_not_soften_a_refusal():
    assert POLICY.judge([signal("sexual", 0.99, fault=Fault.SLOW)]).decision is Decision.REFUSE


def test_a_category_nobody_knows_holds():
    assert POLICY.judge([signal("weather", 0.0)]).decision is Decision.HOLD


def test_more_signals_than_are_kept_keep_the_strictest():
    verdict = POLICY.judge([signal(score=0.1)] * 200 + [signal("minors", 0.95)])
    assert verdict.signals[0].category == "minors"
    assert len(verdict.signals) < 200


def test_minors_are_refused_on_every_surface_and_locked():
    rules = POLICY.categories[Category.MINORS]
    assert rules.locked
    for surface in Surface:
        assert rules.on(surface).refuse is not None


def test_every_category_has_rules():
    assert set(POLICY.categories) == set(Category) - {Category.UNCHECKED}


def test_the_version_follows_the_content(tmp_path):
    """The same content has the same version wherever it lies; any change of a threshold changes it."""
    same, other = tmp_path / "same.toml", tmp_path / "other.toml"
    text = SHIPPED.read_text()
    same.write_text(text)
    other.write_text(text.replace("seconds_for_text = 2.0", "seconds_for_text = 2.5"))
    assert Policy.load(same).version == POLICY.version
    assert Policy.load(other).version != POLICY.version
    assert POLICY.model_copy(update={"packs": "other"}).model_copy().packs == "other"


def test_the_version_follows_the_packs():
    data = POLICY.model_dump()
    assert Policy.model_validate({**data, "packs": "changed"}).version != POLICY.version


@pytest.mark.parametrize(
    "change",
    [
        ("profile = ", "unknown = 1\nprofile = "),
        ('profile = "base"', 'profile = "nothing"'),
        ("[categories.minors]", "[categories.miners]"),
        ("hold = 0.5, refuse = 0.9", "hold = 0.9, refuse = 0.5"),
        ("hold = 0.5, refuse = 0.9", "hold = nan, refuse = 0.9"),
        ("hold = 0.5, refuse = 0.9", "hold = 1.5"),
        ("[categories", "[[[categories"),
        ("seconds_for_text = 2.0", "seconds_for_text = 0.0"),
    ],
)
def test_a_policy_that_makes_no_sense_is_not_loaded(tmp_path, change):
    path = tmp_path / "policy.toml"
    path.write_text(SHIPPED.read_text().replace(*change))
    with pytest.raises(PolicyError) as raised:
        Policy.load(path)
    assert raised.value.code == "policy.malformed"


def test_a_missing_policy_is_an_error_and_not_an_empty_one(tmp_path):
    with pytest.raises(PolicyError) as raised:
        Policy.load(tmp_path / "none.toml")
    assert raised.value.code == "policy.unreadable"


def overlay(category, surface, **thresholds):
    return Overlay(thresholds={category: {surface: Thresholds(**thresholds)}})


@pytest.mark.parametrize(
    "thresholds",
    [{}, {"hold": 0.5}, {"hold": 0.6, "refuse": 0.9}, {"hold": 0.5, "refuse": 0.95}, {"refuse": 0.9}],
)
def test_a_locked_category_cannot_be_loosened(thresholds):
    with pytest.raises(PolicyError) as raised:
        POLICY.tightened(overlay(Category.SEXUAL, Surface.TEXT, **thresholds))
    assert raised.value.code == "policy.locked"


@pytest.mark.parametrize("thresholds", [{"hold": 0.5, "refuse": 0.9}, {"hold": 0.1, "refuse": 0.2}, {"refuse": 0.3}])
def test_a_locked_category_can_be_tightened(thresholds):
    tighter = POLICY.tightened(overlay(Category.SEXUAL, Surface.TEXT, **thresholds))
    assert tighter.categories[Category.SEXUAL].on(Surface.TEXT) == Thresholds(**thresholds)
    assert tighter.categories[Category.SEXUAL].on(Surface.FRAME) == POLICY.categories[Category.SEXUAL].frame


def test_an_unlocked_category_is_the_communitys_choice_and_changes_the_version():
    calm = POLICY.tightened(overlay(Category.SUGGESTIVE, Surface.TEXT, refuse=0.5))
    free = POLICY.tightened(overlay(Category.SUGGESTIVE, Surface.TEXT))
    assert calm.judge([signal("suggestive", 0.6)]).decision is Decision.REFUSE
    assert free.judge([signal("suggestive", 1.0)]).decision is Decision.ALLOW
    assert len({calm.version, free.version, POLICY.version}) == 3


def test_tightening_twice_cannot_undo_the_first():
    once = POLICY.tightened(overlay(Category.HATE, Surface.TEXT, hold=0.1, refuse=0.2))
    with pytest.raises(PolicyError):
        once.tightened(overlay(Category.HATE, Surface.TEXT, hold=0.5, refuse=0.9))


def test_an_overlay_adds_required_classifiers_and_removes_none():
    more = POLICY.tightened(Overlay(text=("guard",)))
    assert more.required.text == (*POLICY.required.text, "guard")
    assert more.required.frames == POLICY.required.frames
