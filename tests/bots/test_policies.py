"""`kinora policy`: what holds, what a file would change, and why a job was decided as it was."""

from pathlib import Path
from typing import Any

from safety.policy import SHIPPED

STRICTER = """
text = ["another"]
[thresholds.suggestive.text]
hold = 0.2
[[words]]
term = "Mayor Plumley"
"""


def test_what_holds_and_what_a_file_would_change(kinora: Any, tmp_path: Path) -> None:
    code, shown = kinora("policy", "show")
    assert code == 0 and shown["profile"] == "base" and shown["categories"]["minors"]["locked"]
    file = tmp_path / "stricter.toml"
    file.write_text(STRICTER)
    code, told = kinora("policy", "diff", str(file))
    changes = {one["what"]: one for one in told["changes"]}
    assert set(changes) == {"suggestive/text", "text", "words"} and all(one["stricter"] for one in changes.values())
    assert kinora("policy", "check", str(file))[1]["version"] == told["after"] != told["before"] == shown["version"]
    whole = tmp_path / "policy.toml"
    whole.write_text(SHIPPED.read_text())
    assert kinora("policy", "diff", str(whole))[1]["changes"] == []


def test_a_file_that_cannot_be_used_is_named(kinora: Any, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    for written, said in (
        ("[thresholds.minors.text]\nhold = 0.9\n", "locked"),
        ("[thresholds.weather.text]\nhold = 0.9\n", "no sense"),
        ("[[words]]\n", "no sense"),
        ("not toml", "no sense"),
        ("profile = 'none'\n[categories.gore]\n", "no sense"),
    ):
        file.write_text(written)
        code, answer = kinora("policy", "check", str(file))
        assert code != 0 and said in str(answer), written


def test_a_refusal_is_explained_to_moderators_alone(kinora: Any) -> None:
    _, asked = kinora("create", "a naked child")
    assert asked["state"] == "refused"
    code, why = kinora("policy", "explain", asked["job"])
    assert code == 0
    first = next(one for one in why["because"] if one["category"] == "minors")
    assert (first["about"], first["decision"]) == ("brief", "refuse")
    assert first["refuse"] == 0.7 and first["score"] >= 0.7 and first["rule"]
    kinora("member", "add", "mia")
    code, answer = kinora("policy", "explain", asked["job"], acting_as="mia")
    assert code != 0 and "moderators" in str(answer)
