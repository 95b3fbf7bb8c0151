"""Models of the real classes, loaded from the real format and asked through the gate; each way to break one holds."""

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra `models` is not installed")

from safety import models as room_of
from safety.frames.base import SeenFrame
from safety.gate import check_text, frame_inspectors, guard_text, judge_frames
from safety.models import ModelRoom
from safety.policy import Policy
from safety.submission import Submission, SubmittedText
from safety.text.base import Deadline, OutOfTimeError
from safety.verdict import Decision, Fault, Surface, Verdict
from storage.models import Catalogue, ModelError, Shelf
from tests.safety import tiny_models as tiny

BASE = Policy.load()
PICTURES = [np.random.default_rng(number).integers(0, 255, (48, 64, 3), dtype=np.uint8) for number in range(3)]
ASKED = {"gore": ["a photo of blood"], "weapons": ["a gun"]}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    root = tmp_path_factory.mktemp("models")
    tiny.vit(root / "vit", ["normal", "nsfw"])
    tiny.siglip(root / "siglip")
    tiny.clip(root / "clip")
    tiny.shieldgemma(root / "shield")
    tiny.bert(root / "toxic", ["toxic", "threat"])
    for name, answer in (("unsafe", "Unsafe"), ("safe", "Safe"), ("so-so", "Controversial"), ("mad", None)):
        tiny.guard(root / name, answer)
    tiny.guard(root / "strange", "Unsafe", then="scene")
    return Shelf(root)


@pytest.fixture(autouse=True)
def nothing_loaded() -> Iterator[None]:
    room_of.forget()
    yield
    room_of.forget()


SETTINGS: dict[str, dict[str, object]] = {
    "vit": {"reader": "labels", "labels": {"nsfw": "sexual"}, "harmless": ["normal"]},
    "siglip": {"reader": "zero_shot", "asked": ASKED, "harmless": ["an ordinary scene"]},
    "clip": {"reader": "zero_shot", "asked": ASKED, "harmless": ["an ordinary scene"]},
    "shield": {"reader": "shieldgemma", "policies": {"dangerous": "dangerous_stunts", "violence": "gore"}},
    "toxic": {"reader": "detoxify", "labels": {"toxic": "harassment", "threat": "threats"}},
}


def room(shelf: Shelf, *names: str, **settings: object) -> ModelRoom:
    found = [tiny.on_shelf(shelf, name, "", **SETTINGS.get(name, {"reader": "guard"}) | settings) for name in names]
    return ModelRoom(shelf, Catalogue(found))


# -- pictures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "categories"),
    [
        ("vit", {"sexual"}),
        ("siglip", {"gore", "weapons"}),
        ("clip", {"gore", "weapons"}),
        ("shield", {"dangerous_stunts", "gore"}),
    ],
)
def test_each_class_of_picture_model_answers_for_every_picture(shelf: Shelf, name: str, categories: set[str]) -> None:
    answers = room(shelf, name).pictures(name).look(PICTURES)
    assert [set(answer) for answer in answers] == [categories] * 3
    assert all(0.0 < score < 1.0 for answer in answers for score in answer.values())
    assert len({tuple(answer.values()) for answer in answers}) == 3, "it looks at the picture"


def test_shares_of_one_whole_add_up(shelf: Shelf) -> None:
    both = room(shelf, "siglip", asked={"gore": ["a photo of blood", "a gun"]}).pictures("siglip")
    room_of.forget()
    apart = room(shelf, "siglip").pictures("siglip")
    (together,), (single,) = both.look(PICTURES[:1]), apart.look(PICTURES[:1])
    assert together["gore"] == pytest.approx(single["gore"] + single["weapons"], abs=1e-4)


def watched(models: ModelRoom, name: str) -> Verdict:
    policy = BASE.model_copy(
        update={"profiles": {"base": BASE.required.model_copy(update={"frames": (name,), "uploads": (name,)})}}
    )
    (inspector,) = frame_inspectors(policy, width=64, height=48, fps=24, surface=Surface.UPLOAD, models=models)
    for index in range(24):
        luma = PICTURES[index % 3][:, :, 0]
        inspector.see(SeenFrame(index, index / 24, luma, luma[::2, ::2], luma[::2, ::2]))
    return judge_frames([inspector.conclude()], 24, policy, surface=Surface.UPLOAD)


def test_a_model_is_asked_through_the_gate_with_the_thresholds_of_uploads(shelf: Shelf) -> None:
    verdict = watched(room(shelf, "vit"), "vit")
    assert verdict.decision is Decision.HOLD  # about one half; uploads are held from 0.3
    assert {signal.surface for signal in verdict.signals} == {Surface.UPLOAD}


@pytest.fixture
def broken(shelf: Shelf, tmp_path: Path) -> Shelf:
    """The picture model alone, for a test to break."""
    shutil.copytree(shelf.root / "vit", tmp_path / "vit")
    return Shelf(tmp_path)


def harm_weights(folder: Path) -> None:
    file = folder / "model.safetensors"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)


HARMS = {
    "weights gone": (lambda folder: (folder / "model.safetensors").unlink(), Fault.MISSING),
    "one bit wrong": (harm_weights, Fault.DAMAGED),
    "settings swapped": (lambda folder: (folder / "config.json").write_text("{}"), Fault.DAMAGED),
    "all gone": (lambda folder: shutil.rmtree(folder), Fault.MISSING),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_model_that_was_harmed_is_not_loaded(broken: Shelf, harm: str) -> None:
    models = room(broken, "vit")
    harming, fault = HARMS[harm]
    harming(broken.root / "vit")
    verdict = watched(models, "vit")
    assert verdict.decision is Decision.HOLD
    assert [signal.fault for signal in verdict.signals] == [fault]


def test_weights_that_are_not_numbers_hold(broken: Shelf) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    file = broken.root / "vit" / "model.safetensors"
    weights = {name: torch.full_like(one, torch.nan) for name, one in load_file(file).items()}
    save_file(weights, file, metadata={"format": "pt"})
    verdict = watched(room(broken, "vit"), "vit")
    assert verdict.decision is Decision.HOLD and verdict.signals[0].fault is Fault.NONSENSE


@pytest.mark.parametrize(
    "settings",
    [
        {"labels": {"nsfw": "sexual"}, "harmless": []},  # nobody says what "normal" is
        {"labels": {"nsfw": "sexual", "gone": "gore"}, "harmless": ["normal"]},
        {"labels": {"nsfw": "weather"}, "harmless": ["normal"]},
        {"labels": {}, "harmless": ["normal", "nsfw"]},
    ],
)
def test_labels_that_nobody_has_said_the_meaning_of_hold(shelf: Shelf, settings: dict[str, object]) -> None:
    verdict = watched(room(shelf, "vit", **settings), "vit")
    assert verdict.decision is Decision.HOLD and verdict.signals[0].fault is Fault.NONSENSE


def test_a_file_that_can_run_code_is_not_read(broken: Shelf) -> None:
    folder = broken.root / "vit"
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    verdict = watched(room(broken, "vit"), "vit")
    assert verdict.decision is Decision.HOLD and verdict.signals[0].fault is Fault.CRASHED


def test_a_name_that_is_no_model_and_a_model_that_is_no_classifier(shelf: Shelf) -> None:
    assert watched(room(shelf, "vit"), "nothing").signals[0].fault is Fault.MISSING
    with pytest.raises(ModelError, match="not_for_this"):
        room(shelf, "vit", reader="renderer").pictures("vit")
    with pytest.raises(ModelError, match="not_for_this"):
        room(shelf, "toxic").pictures("toxic")


def test_a_plug_in_is_found_by_its_name(monkeypatch: pytest.MonkeyPatch, shelf: Shelf) -> None:
    class Point:
        @staticmethod
        def load() -> object:
            class Red:
                def look(self, pictures: list[np.ndarray]) -> list[dict[str, float]]:
                    return [{"gore": float(one[:, :, 0].mean() / 255)} for one in pictures]

            return Red

    monkeypatch.setattr(
        room_of, "entry_points", lambda group, name: [Point()] if (group, name) == ("kinora.pictures", "red") else []
    )
    assert watched(ModelRoom(shelf), "red").categories["gore"] == pytest.approx(0.5, abs=0.1)


# -- words ---------------------------------------------------------------------------------------------------------


def text(said: str) -> Submission:
    return Submission(texts=(SubmittedText(text=said),))


def with_text(*names: str) -> Policy:
    return BASE.model_copy(update={"profiles": {"base": BASE.required.model_copy(update={"text": names})}})


def with_guard(*names: str) -> Policy:
    return BASE.model_copy(update={"profiles": {"base": BASE.required.model_copy(update={"guard": names})}})


def test_detoxify_is_asked_beside_the_rules(shelf: Shelf) -> None:
    verdict = check_text(text("a gun"), with_text("rules", "toxic"), models=room(shelf, "toxic"))
    assert {"harassment", "threats"} <= set(verdict.categories)
    room_of.forget()
    scaled = room(shelf, "toxic", scale={"toxic": 0.5}).text("toxic").read("a gun", Deadline(10))
    assert {one.category: one.score for one in scaled}["harassment"] == pytest.approx(
        verdict.categories["harassment"] / 2, abs=1e-3
    )


def test_all_of_a_long_text_is_read_in_pieces_that_overlap(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    from detoxify import Detoxify

    read: list[str] = []
    plain = Detoxify.predict
    monkeypatch.setattr(Detoxify, "predict", lambda self, said: read.append(said) or plain(self, said))
    words = [f"word{number}" for number in range(200)]
    room(shelf, "toxic").text("toxic").read(" ".join(words), Deadline(30))
    assert len(read) > 5
    assert {word for piece in read for word in piece.split()} == set(words)
    assert all(set(one.split()) & set(other.split()) for one, other in pairwise(read))
    assert all(len(piece.split()) <= 30 for piece in read), "no piece is cut off by the model's window"


def test_a_text_that_takes_too_long_is_given_up(shelf: Shelf) -> None:
    reader = room(shelf, "toxic").text("toxic")
    with pytest.raises(OutOfTimeError):
        reader.read("a gun " * 500, Deadline(0.0, started=0.0))


@pytest.mark.parametrize(
    ("answer", "decision"),
    [("unsafe", Decision.REFUSE), ("so-so", Decision.HOLD), ("safe", Decision.ALLOW)],
)
def test_a_guard_says_one_of_three_things(shelf: Shelf, answer: str, decision: Decision) -> None:
    verdict = guard_text(text("a gun"), with_guard(answer), room(shelf, answer))
    assert verdict.decision is decision
    assert set(verdict.categories) == (set() if answer == "safe" else {"violence"})


@pytest.mark.parametrize("answer", ["mad", "strange"])
def test_a_guard_that_says_something_else_holds(shelf: Shelf, answer: str) -> None:
    verdict = guard_text(text("a gun"), with_guard(answer), room(shelf, answer))
    assert verdict.decision is Decision.HOLD and verdict.signals[0].fault is Fault.NONSENSE


def test_a_guard_that_is_not_here_holds(shelf: Shelf) -> None:
    verdict = guard_text(text("a cat"), with_guard("absent"), room(shelf, "vit"))
    assert verdict.decision is Decision.HOLD and verdict.signals[0].fault is Fault.MISSING


def test_every_shipped_model_has_a_reader_and_known_categories() -> None:
    from engine.models import catalogue
    from safety.categories import KNOWN
    from safety.frames.transformers_models import READERS as PICTURE_READERS
    from safety.text.learned import READERS as TEXT_READERS

    ours = [model for model in catalogue() if model.kind in ("text", "frames")]
    assert len(ours) > 5
    for model in ours:
        readers = TEXT_READERS if model.kind == "text" else PICTURE_READERS
        assert model.settings["reader"] in readers, model.name
        about = {**model.settings.get("labels", {}), **model.settings.get("policies", {})}
        assert set(about.values()) | set(model.settings.get("asked", {})) <= KNOWN, model.name
        assert model.source and model.licence.link.startswith("https://")


def test_the_shipped_profile_names_models_that_there_are() -> None:
    from engine.models import catalogue

    profile = BASE.profiles["models"]
    known = {model.name for model in catalogue()} | {"rules", "flashing", "banks", "stillness"}
    assert {*profile.text, *profile.guard, *profile.frames, *profile.uploads} <= known
