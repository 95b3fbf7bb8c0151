"""Every operation from the terminal through the real studio: files, lineage, rights, and what cannot be."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bots.main import run
from storage.media import Converter, probe, read_frames

pytestmark = pytest.mark.usefixtures("served")
SHORT = ("--seconds", "1", "--resolution", "480p", "--seed", "3")


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """The ids of the two clips that the operations are tried on, made once."""
    return {}


@pytest.fixture
def clips(kinora: Any, kept: dict[str, str], tmp_path: Path) -> tuple[str, str]:
    for name, prompt in (("wolf", "a wolf howls at the moon"), ("boat", "小船在湖上")):
        if name not in kept:
            code, made = kinora("create", prompt, *SHORT, "-o", f"{name}.mp4")
            assert code == 0
            kept[name] = made["clips"][0]["id"]
    return kept["wolf"], kept["boat"]


@pytest.fixture
def photograph(tmp_path: Path) -> str:
    rows, columns = np.mgrid[0:300, 0:400]
    pixels = np.stack([rows % 256, columns % 256, (rows + columns) % 256], -1).astype(np.uint8)
    Image.fromarray(pixels).save(tmp_path / "photo.png")
    return "photo.png"


def frames(file: str) -> list[Any]:
    converter = Converter()
    return [converter.pixels(frame.planes).astype(float) for frame in read_frames(Path(file))]


def apart(one: Any, other: Any) -> float:
    return float(np.abs(one - other).mean())


@pytest.mark.parametrize(
    ("operation", "arguments", "seconds"),
    [
        ("remix", ("{wolf}", "at noon in the snow", "--strength", "subtle"), 1.0),
        ("extend", ("{wolf}", "--before", "1"), 2.0),
        ("blend", ("{wolf}", "{boat}", "--mode", "transition"), 1.0),
    ],
)
def test_a_clip_is_made_from_clips_and_says_so(
    kinora: Any, clips: tuple[str, str], operation: str, arguments: tuple[str, ...], seconds: float
) -> None:
    wolf, boat = clips
    typed = [argument.format(wolf=wolf, boat=boat) for argument in arguments]
    code, made = kinora(operation, *typed, "-o", f"{operation}.mp4")
    assert (code, made["state"], made["not_drawn"]) == (0, "delivered", [])
    (clip,) = made["clips"]
    facts = probe(Path(clip["file"]))
    assert (facts.seconds, facts.width, facts.height) == (pytest.approx(seconds, abs=0.02), 854, 480)
    traced = kinora("verify", clip["file"])[1]
    assert (traced["made_here"], traced["layer"]) == (True, "c2pa")
    assert set(traced["lineage"]) == ({wolf, boat} if operation == "blend" else {wolf})
    told = kinora("tree", clip["id"])[1] if operation == "remix" else None
    assert told is None or wolf in json.dumps(told)


def test_views_are_several_takes_and_a_prompt_will_do(kinora: Any, clips: tuple[str, str]) -> None:
    code, made = kinora("views", clips[0], "-n", "3", "-o", "v.mp4")
    assert (code, len(made["clips"])) == (0, 3)
    files = sorted(clip["file"] for clip in made["clips"])  # the clips come as they were released
    assert [Path(file).name for file in files] == ["v-1.mp4", "v-2.mp4", "v-3.mp4"]
    pictures = [frames(file)[12] for file in files]
    assert all(apart(pictures[0], other) > 1 for other in pictures[1:])
    code, made = kinora("views", "a red fox", *SHORT, "--aspect", "1:1", "--price")
    assert (code, made["listed"]) == (0, 3 * 4), "a second of 480p 1:1 costs 4, and there are three cameras"


def test_a_storyboard_from_words_and_a_clip_and_from_a_file(
    kinora: Any, clips: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "board.toml").write_text(
        f'[[card]]\nat = 0\ntext = "两只鹤站在小溪中"\n[[card]]\nat = 1.5\nclip = "{clips[1]}"\nend = 0.6\n', "utf-8"
    )
    code, made = kinora("storyboard", "board.toml", "--card", "0.8 the cranes drink", "--seconds", "3", "-o", "s.mp4")
    assert code == 0
    shown, boat = frames(made["clips"][0]["file"]), frames(kinora("show", clips[1], "-o", "b.mp4")[1]["file"])
    assert len(shown) == 72
    assert apart(shown[40], boat[4]) < 3 < apart(shown[10], boat[4]), "the clip is on when its card says so"


def test_a_job_that_made_one_clip_names_it_and_a_file_of_ours_is_known(kinora: Any, clips: tuple[str, str]) -> None:
    code, made = kinora("loop", clips[0], "--join", "short", "--seconds", "1.5", "-o", "one.mp4")
    assert code == 0
    assert kinora("remix", made["job"], "at night", "--price")[0] == 0
    code, again = kinora("recut", "one.mp4", "--start", "0.5", "-o", "two.mp4")
    assert code == 0
    assert kinora("verify", "two.mp4")[1]["lineage"] == [made["clips"][0]["id"], clips[0]]
    assert "notes" not in again, "drawn from its scene, not from its pixels"


def test_an_upload_waits_for_a_person_and_goes_on_when_it_was_looked_at(kinora: Any, photograph: str) -> None:
    code, held = kinora("animate", photograph, "snow, pan left", *SHORT, "-o", "p.mp4")
    assert (code, held["state"]) == (4, "held")
    assert kinora("desk", "allow", held["cases"][0])[0] == 0
    shown = kinora("show", held["job"])[1]
    assert shown["state"] == "delivered"
    (clip,) = shown["clips"]
    code, _ = kinora("remix", clip["id"], "at night", "-o", "r.mp4")
    assert code == 4, "other words over the same pixels may mean something else"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("remix", "zzzzzzzz", "x"), "zzzzzzzz"),
        (("remix", "nothing.mp4", "x"), "nothing.mp4"),
        (("remix", "{wolf}", "x", "--strength", "9"), "subtle"),
        (("remix", "{wolf}", ""), ""),
        (("recut", "{wolf}", "--start", "1.5"), "1.5"),
        (("recut", "{wolf}", "--start", "0.5", "--end", "0.6"), "0.5"),
        (("recut", "{wolf}", "--after", "60"), "60"),
        (("blend", "{wolf}", "{boat}", "--mode", "fade"), "mix"),
        (("blend", "{wolf}", "{boat}", "--curve", "0:0 2"), "2"),
        (("blend", "{wolf}", "{boat}", "--curve", "1:0 0:1"), ""),
        (("loop", "{wolf}", "--join", "3"), "short"),
        (("views", "{wolf}", "-n", "6"), "5"),
        (("storyboard",), ""),
        (("storyboard", "--card", "soon a wolf"), "soon"),
        (("storyboard", "--card", "0 a wolf", "--card", "0 a fox"), ""),
        (("animate", "empty.png"), ""),
        (("animate", "text.png"), ""),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    kinora: Any,
    clips: tuple[str, str],
    arguments: tuple[str, ...],
    says: str,
) -> None:
    Path("empty.png").write_bytes(b"")
    Path("text.png").write_text("I am a picture")
    wolf, boat = clips
    code = run(["--data", str(data), *(argument.format(wolf=wolf, boat=boat) for argument in arguments)])
    said = capsys.readouterr()
    assert code in (1, 2) and not said.out
    assert says in said.err and "Traceback" not in said.err and said.err.strip()
    assert not any(Path().glob("kinora-*"))
