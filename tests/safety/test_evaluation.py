"""Figures of labelled files: counted right, with honest intervals, and never of half a file."""

import json

import pytest

from safety.categories import Category
from safety.evaluation import ALL, LabelledError, Share, evaluate, labelled
from safety.verdict import Decision, Signal, Surface, Verdict


def judge(text):
    decision = {"r": Decision.REFUSE, "h": Decision.HOLD}.get(text[:1], Decision.ALLOW)
    signal = Signal(category=Category.GORE, score=0.9, classifier="rules", surface=Surface.TEXT, rule="gore.plain")
    signals = () if decision is Decision.ALLOW else (signal,)
    return Verdict(decision=decision, signals=signals, policy_version="test")


def written(tmp_path, *rows):
    path = tmp_path / "rows.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_rows_are_counted_by_label_language_and_category(tmp_path):
    rows = [
        {"text": "red", "label": "unsafe", "lang": "en", "categories": ["gore"]},
        {"text": "held", "label": "unsafe", "lang": "en", "categories": ["gore", "hate"]},
        {"text": "猫", "label": "benign", "lang": "zh", "categories": []},
        {"text": "red cat", "label": "benign", "lang": "zh", "source": "ours"},
    ]
    evaluation = evaluate(written(tmp_path, *rows), judge)
    groups = {(g.label, g.language, g.kind): g for g in evaluation.groups}
    assert (groups["unsafe", "en", ALL].refused, groups["unsafe", "en", ALL].held) == (1, 1)
    assert groups["unsafe", "en", "gore,hate"].held == 1
    assert groups["benign", "zh", ALL].allowed == groups["benign", "zh", ALL].refused == 1
    assert groups["benign", "zh", ALL].harmless
    assert not groups["unsafe", "en", ALL].harmless
    assert evaluation.stopped_harmless_by == (("gore.plain", 1),)
    assert len(evaluation.slowest) == 4


@pytest.mark.parametrize(
    ("count", "rows", "low", "high"), [(0, 20, 0.0, 0.161), (20, 20, 0.839, 1.0), (10, 20, 0.299, 0.701), (0, 0, 0, 1)]
)
def test_the_interval_is_wilsons(count, rows, low, high):
    assert Share(count=count, rows=rows).interval == (pytest.approx(low, abs=1e-3), pytest.approx(high, abs=1e-3))


@pytest.mark.parametrize("line", ["{", "[]", '"text"', '{"text": "a"}', '{"label": "safe"}', '{"text": 1, "label": 0}'])
def test_a_file_with_a_row_that_is_none_has_no_figures(tmp_path, line):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "a", "label": "safe"}\n\n' + line)
    with pytest.raises(LabelledError) as raised:
        evaluate(path, judge)
    assert raised.value.code == "eval.malformed"
    assert raised.value.params["line"] == 3


def test_what_is_no_text_says_so(tmp_path):
    (tmp_path / "rows.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LabelledError) as raised:
        list(labelled(tmp_path / "rows.jsonl"))
    assert raised.value.code == "eval.unreadable"
