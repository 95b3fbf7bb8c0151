"""What is kept beside the source is what was made, or it is made anew."""

import sys
from collections import Counter
from pathlib import Path

import pytest

from safety.text import keeping, packs
from safety.text.keeping import recalled
from safety.text.lexicon import Lexicon
from safety.text.rules import Rulebook, rulebook

MADE = {"words": [("a", "b"), ("狐狸",)], "sets": [frozenset({"x", "y"})]}


class Maker:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> object:
        self.times += 1
        return MADE


@pytest.fixture(autouse=True)
def may_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)


def kept(folder: Path) -> Path:
    (file,) = (folder / "__pycache__").iterdir()
    return file


def test_it_is_made_once_and_again_when_its_parts_change(tmp_path: Path) -> None:
    make, beside = Maker(), tmp_path / "it.py"
    assert [recalled(beside, key, make) for key in (b"one", b"one", b"two", b"two", b"one")] == [MADE] * 5
    assert make.times == 3


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_what_was_damaged_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    make, beside = Maker(), tmp_path / "it.py"
    recalled(beside, b"key", make)
    whole = kept(tmp_path).read_bytes()
    for at in (0, 40, 64, len(whole) - 1):
        content = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] if damage is None else whole[:at] + damage
        kept(tmp_path).write_bytes(content)
        assert recalled(beside, b"key", make) == MADE
    assert make.times == 5 and kept(tmp_path).read_bytes() == whole


def test_where_nothing_may_be_written_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    (tmp_path / "__pycache__").write_text("a file where the folder should be")
    assert recalled(tmp_path / "it.py", b"key", make) == MADE
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    assert recalled(tmp_path / "elsewhere" / "it.py", b"key", make) == MADE
    assert sorted(path.name for path in tmp_path.iterdir()) == ["__pycache__"] and make.times == 2


def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, destination: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping.Path, "replace", full)
    assert recalled(tmp_path / "it.py", b"key", Maker()) == MADE
    assert list((tmp_path / "__pycache__").iterdir()) == []


def test_the_rulebook_that_was_kept_is_the_one_of_the_packs() -> None:
    fresh, book = Rulebook([packs.read(path) for path in packs.files()]), rulebook()
    assert contents(fresh.lexicon) == contents(book.lexicon) and contents(fresh.homophones) == contents(book.homophones)
    assert (fresh.rules, fresh.lists) == (book.rules, book.lists)


def contents(lexicon: Lexicon) -> list[dict[object, Counter[object]]]:
    """Sets have no order, and what comes of them none either."""
    return [{key: Counter(found) for key, found in part.items()} for part in lexicon.plain()]
