"""What a trained model made waits for somebody who can see what it shows."""

from safety.frames.trained import with_trained_frames
from safety.policy import Overlay, Policy
from safety.verdict import Decision, Fault

ALLOWED = Policy.load().judge([])


def test_a_generated_clip_is_held_where_nothing_recognises_what_frames_show() -> None:
    verdict = with_trained_frames(ALLOWED, Policy.load())
    assert verdict.decision is Decision.HOLD
    assert verdict.signals[0].fault is Fault.TRAINED


def test_a_required_classifier_of_frames_answers_for_it() -> None:
    policy = Policy.load().tightened(Overlay(frames=("falconsai-nsfw",)))
    assert with_trained_frames(ALLOWED, policy) == ALLOWED


def test_a_refusal_stays_one() -> None:
    refused = ALLOWED.model_copy(update={"decision": Decision.REFUSE})
    assert with_trained_frames(refused, Policy.load()).decision is Decision.REFUSE
