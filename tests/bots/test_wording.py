"""Every sentence that the code asks for is there, in three languages, with the same placeholders."""

import ast
import importlib
import pkgutil
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from opencc import OpenCC
from rich.cells import cell_len

import engine
import provenance
import safety
import storage
from bots import wording
from bots.terminal import commands, usage
from bots.wording import LANGUAGES, catalogue, closest, from_environment, say, say_error, speaking
from engine.communities import Openness
from engine.doctor import EXTRAS
from engine.importing import Why
from engine.jobs import JobState, Subject, TakeState
from engine.remixing import RemixRight
from provenance.errors import ProvenanceError
from provenance.facts import Layer
from safety.audit import Break
from safety.categories import Category
from safety.desk import rules
from safety.desk.people import ADVERSE, Action, Kind
from safety.desk.standing import Step
from safety.verdict import Decision, Fault
from storage.errors import CodedError
from storage.explore import Order
from storage.library import View

ROOT = Path(wording.__file__).parents[2]
A_KEY = re.compile(r"[a-z_]+\.[a-z_.]+")


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


# -- the three files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_keys_and_placeholders(language: str) -> None:
    english, other = catalogue("en"), catalogue(language)
    assert set(other) == set(english)
    assert {key for key in english if placeholders(english[key]) != placeholders(other[key])} == set()
    assert [key for key, sentence in other.items() if not sentence.strip()] == []


def test_simplified_chinese_holds_no_traditional_character() -> None:
    convert = OpenCC("t2s").convert
    assert {k: v for k, v in catalogue("zh-Hans").items() if convert(v) != v} == {}


def test_chinese_is_translated() -> None:
    """A sentence of the English file that stands in a Chinese one unchanged was forgotten."""
    same = {key for key, sentence in catalogue("zh-Hant").items() if sentence == catalogue("en")[key]}
    assert same <= {"run.title", "doctor.python.fine"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_of_options_is_not_cut_off(language: str) -> None:
    """rich breaks lines at spaces only and cuts off a longer run: 34 cells are left for help at 80 columns."""
    sources = sorted((ROOT / "bots/terminal").glob("*commands.py"))
    source = "".join(file.read_text(encoding="utf-8") for file in sources)
    keys = set(re.findall(r'typer\.Option\((?:[^()]|\n)*?help="(help\.[a-z_.]+)"', source))
    assert len(keys) > 10
    shown = [usage._breakable(catalogue(language)[key]) for key in keys]
    long = {run for sentence in shown for run in sentence.split() if cell_len(run) > 34}
    assert long == set()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_sentence_of_any_help_page_is_cut_off(
    spoken: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a key left in it, at the 80 columns that a terminal has at least."""
    monkeypatch.setenv("COLUMNS", "80")
    command = typer.main.get_command(commands.app)
    pages = list(_pages_below(command))
    assert len(pages) > 40
    with speaking(spoken):
        usage.translate(command)
        for page in pages:
            command.main(args=[*page, "--help"], prog_name="kinora", standalone_mode=False)
            shown = capsys.readouterr().out
            assert not re.search(r"…\s*│", shown), page
            assert not re.search(r"\b(?:help|examples)\.[a-z]", shown), page


def _pages_below(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, one in getattr(command, "commands", {}).items():
        yield from _pages_below(one, (*path, name))


# -- what the code asks for ----------------------------------------------------------------------------------------


@cache
def modules_of(folder: str) -> tuple[tuple[Path, ast.Module], ...]:
    files = sorted((ROOT / folder).rglob("*.py"))
    return tuple((path, ast.parse(path.read_text(encoding="utf-8"))) for path in files)


def calls_of(names: set[str], folder: str) -> Iterator[tuple[Path, ast.Call]]:
    for path, tree in modules_of(folder):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                if name in names:
                    yield path, node


def test_every_sentence_that_bots_say_is_there_with_its_placeholders() -> None:
    asked = 0
    for path, call in calls_of({"say"}, "bots"):
        if not isinstance(call.args[0], ast.Constant):
            continue
        key = call.args[0].value
        asked += 1
        assert key in catalogue("en"), f"{path}: {key}"
        if not any(keyword.arg is None for keyword in call.keywords):
            given = {keyword.arg for keyword in call.keywords}
            assert placeholders(catalogue("en")[key]) == given, f"{path}: {key}"
    assert asked > 50


def families() -> Iterator[str]:
    """Keys that are put together at run time."""
    yield from (f"state.{state}" for state in JobState)
    yield from (f"category.{category}" for category in Category)
    yield from (f"reason.{category}" for category in Category)
    yield from (f"fault.{fault}" for fault in Fault)
    yield from (f"layer.{layer}" for layer in Layer if layer is not Layer.NONE)
    yield from (f"check.{decision.word}" for decision in Decision)
    yield from (f"decision.{word}" for word in (*Action, "cancelled"))
    yield from (f"kind.{kind}" for kind in Kind)
    yield from (f"standing.{step}" for step in Step)
    yield from (f"audit.{found}" for found in Break)
    yield from (f"statement.{action}" for action in sorted(ADVERSE))
    yield from (f"reason_code.{code}" for code in sorted(rules.shipped().reasons.general))
    yield from (f"appeal.{outcome}_already" for outcome in ("filed", "upheld", "overturned"))
    yield from (f"desk.moved.{what}" for what in ("undo", "claim", "release", "escalate", "pass"))
    yield from (f"subject.{subject}" for subject in Subject)
    yield from (f"entry.{kind}" for kind in ("grant", "reserve", "spend", "return", "expire", "adjust"))
    yield from (f"take.{s}" for s in TakeState if s in ("delivered", "refused", "failed", "cancelled", "held"))
    yield from (f"privacy.why_{why}" for why in Why)
    yield from (f"library.empty_{view}" for view in View if view is not View.TRASH)
    yield from (f"explore.empty_{order}" for order in Order)
    yield from (f"explore.is_{openness}" for openness in Openness)
    yield from (f"rights.{which}_{right}" for which in ("default", "clip") for right in RemixRight)
    yield from (f"gap.{gap}" for gap in ("deleted", "taken_down", "unseen"))
    yield from (f"doctor.{extra}.{found}" for extra in EXTRAS for found in ("fine", "missing"))


@pytest.mark.parametrize("key", list(families()))
def test_every_state_category_and_fault_has_its_words(key: str) -> None:
    assert key in catalogue("en")


def test_every_finding_of_the_doctor_has_its_sentence() -> None:
    tree = ast.parse((ROOT / "engine/doctor.py").read_text(encoding="utf-8"))
    codes = {
        node.value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "Finding"
        for argument in call.args[2:3]
        for node in ast.walk(argument)
        if isinstance(node, ast.Constant) and A_KEY.fullmatch(str(node.value))
    }
    assert len(codes) > 15
    assert {code for code in codes if f"doctor.{code}" not in catalogue("en")} == set()


def import_all() -> None:
    for package in (engine, provenance, safety, storage):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.startswith(("storage.migrations", "engine.fleet.worker")):
                importlib.import_module(module.name)


def descendants(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def raised_codes() -> Iterator[str]:
    """Every code in the source that an error is raised with, and those that stand in an error's class."""
    import_all()
    coded = {CodedError, *descendants(CodedError)}
    names = {kind.__name__ for kind in coded} | {"PolicyError", "DarkroomError"}
    for folder in ("bots", "engine", "storage", "safety"):
        for _, call in calls_of(names, folder):
            for argument in call.args[:1]:
                yield from (
                    n.value for n in ast.walk(argument) if isinstance(n, ast.Constant) and isinstance(n.value, str)
                )
        for _, tree in modules_of(folder):
            for node in ast.walk(tree):
                yield from _codes_beside_calls(node)
    for kind in descendants(ProvenanceError):
        yield str(kind.__dict__.get("code", kind.code))  # type: ignore[attr-defined]


def _codes_beside_calls(node: ast.AST) -> Iterator[str]:
    """{"code": "..."}, a default of __init__, and `code = "..." if ... else "..."` in a function."""
    found: list[ast.AST] = []
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        found = [value for key, value in pairs if isinstance(key, ast.Constant) and key.value == "code"]
    elif isinstance(node, ast.FunctionDef):
        found = list(node.args.defaults) if node.name == "__init__" else []
        found += [
            one.value
            for one in ast.walk(node)
            if isinstance(one, ast.Assign) and getattr(one.targets[0], "id", "") == "code"
        ]
    for value in found:
        yield from (n.value for n in ast.walk(value) if isinstance(n, ast.Constant) and isinstance(n.value, str))


def test_every_error_that_is_raised_has_a_sentence() -> None:
    codes = {code for code in raised_codes() if A_KEY.fullmatch(code)}
    assert {"job.unknown", "database.newer", "worker.hung", "disk.full", "seal.read_back", "studio.crashed"} <= codes
    assert {code for code in codes if f"error.{code}" not in catalogue("en")} == set()


# -- choosing a language, and gaps ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("zh_TW.UTF-8", "zh-Hant"),
        ("zh_HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh_CN.UTF-8", "zh-Hans"),
        ("zh-Hans-TW", "zh-Hans"),
        ("zh_SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en_GB.UTF-8", "en"),
        ("fr_FR.UTF-8", None),
        ("C.UTF-8", None),
        ("", None),
    ],
)
def test_closest_language(name: str, language: str | None) -> None:
    assert closest(name) == language


def test_the_variable_wins_over_the_locale_and_messages_over_lang() -> None:
    assert from_environment({"KINORA_LANGUAGE": "zh-Hans", "LC_ALL": "zh_TW"}) == "zh-Hans"
    assert from_environment({"LC_ALL": "zh_TW", "LANG": "zh_CN"}) == "zh-Hant"
    assert from_environment({"LC_MESSAGES": "zh_CN", "LANG": "zh_TW"}) == "zh-Hans"
    assert from_environment({"LANG": "fr_FR"}) == "en"
    assert from_environment({}) == "en"
    with pytest.raises(CodedError, match="not_one_of"):
        from_environment({"KINORA_LANGUAGE": "klingon"})


def test_an_error_without_a_sentence_is_named_by_its_code() -> None:
    assert "some.thing_new" in say_error("some.thing_new", {"file": "x"})


def test_an_error_with_less_than_its_sentence_tells_is_told_all_the_same() -> None:
    assert "…" in say_error("credits.short", {"needed": 3})


def test_braces_in_what_is_told_are_no_placeholders() -> None:
    with speaking("zh-Hant"):
        assert "{clip}" in say("list.quoted", word="{clip}")
