"""A prompt that is nearly the same as one that was refused: to whoever was refused it is refused again."""

from safety.desk.bank import Known, compare
from safety.known import is_known
from safety.verdict import Decision, Verdict

ASKED = "a tall man in a red coat sets fire to the old town hall at night"
AGAIN = "A tall man, in a red coat, sets fire to the old town hall at  night!!"
OTHER = "a tall man in a red coat feeds the pigeons before the old library"
ALLOWED = Verdict(decision=Decision.ALLOW, policy_version="test")


def decided(prompt: str, *known: Known) -> Decision:
    return compare(prompt, known, ALLOWED).decision


def test_what_a_person_refused_to_somebody_is_refused_to_them_again_and_held_for_others() -> None:
    mine, theirs = Known(ASKED, "violence", refused=True), Known(ASKED, "violence")
    assert decided(AGAIN, mine) is Decision.REFUSE
    assert decided(AGAIN, theirs) is Decision.HOLD
    assert decided(AGAIN, theirs, mine) is decided(AGAIN, mine, theirs) is Decision.REFUSE
    assert is_known(compare(AGAIN, [mine], ALLOWED))
    assert compare(AGAIN, [mine], ALLOWED).categories == {"violence": 1.0}


def test_another_prompt_is_nobodys_resubmission() -> None:
    far = Known("a cat", "gore", refused=True)
    assert decided(OTHER, Known(ASKED, "violence", refused=True), far) is Decision.ALLOW
    assert decided(AGAIN, far, Known(ASKED, "violence")) is Decision.HOLD, "a refusal of something else is no matter"
    assert decided(AGAIN) is Decision.ALLOW
