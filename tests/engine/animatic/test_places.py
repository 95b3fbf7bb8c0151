"""Places, weather, light and looks: every one is drawn, at every hour, and every word for it is understood."""

import tomllib
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.renderers.animatic.camera import FRAMINGS, MOVES
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.moods import MOODS
from engine.renderers.animatic.palette import LEXICON, palette
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.settings.land import GRASS
from engine.renderers.animatic.styles import STYLES
from engine.renderers.animatic.vocabulary import simplified, vocabulary
from engine.renderers.animatic.weather import KINDS
from storage.han import is_han
from tests.engine.animatic.screening import screened

Frame = NDArray[np.uint8]
HOURS = ("", "dawn", "noon", "golden", "dusk", "blue", "night", "neon")
SOMEONE = (Subject("woman"),)


def draw(scene: Scene, at: float = 1.0, seed: int = 3, size: tuple[int, int] = (160, 90)) -> Frame:
    (frame,) = (frame.copy() for frame in screened(scene, (at,), size, seed=seed))
    return frame


def _is_a_picture(frame: Frame) -> None:
    assert (frame[..., 3] == 255).all(), "opaque: nothing shines through to black"
    assert frame[..., :3].mean() > 10, "never black"
    assert frame[..., :3].std() > 8, "a picture, not a flat field"


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_drawn(setting: str) -> None:
    # each at another hour and in another shape, so that all hours and shapes come up; all with all is the soak below
    turn = sorted(SETTINGS).index(setting)
    size = ((160, 90), (90, 160), (120, 120))[turn % 3]
    _is_a_picture(draw(Scene(setting, HOURS[turn % len(HOURS)], subjects=SOMEONE), size=size))


@pytest.mark.soak
@pytest.mark.parametrize("hour", HOURS)
@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_drawn_at_every_hour_in_every_shape(setting: str, hour: str) -> None:
    for seed, size in enumerate(((160, 90), (90, 160), (120, 120))):
        for at in (0.0, 4.9):
            _is_a_picture(draw(Scene(setting, hour, subjects=SOMEONE), at, seed, size))


@pytest.mark.soak
@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_every_setting_is_drawn_in_every_weather(setting: str, kind: str) -> None:
    _is_a_picture(draw(Scene(setting, "", weather=(kind,), subjects=SOMEONE)))


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_weather_is_seen_and_flashes_at_nobody(kind: str) -> None:
    hour = "night" if KINDS[kind].by_night else "noon"
    there = Scene("meadow", hour, weather=(kind,))
    plain = draw(Scene("meadow", hour), 2.0)
    assert np.mean(np.abs(draw(there, 2.0).astype(int) - plain) > 6) > (0.0 if kind == "stars" else 0.002)
    moments = [number / 24 for number in range(0, 120, 2)]
    lumas = [float(frame[..., :3].mean()) / 255 for frame in screened(there, moments, (160, 90))]
    assert max(abs(a - b) for a, b in pairwise(lumas)) < 0.03


@pytest.mark.parametrize("mood", sorted(MOODS))
def test_every_mood_tones_the_light(mood: str) -> None:
    for setting, hour in (("lake", "noon"), ("kitchen", "")):
        plain, felt = (draw(Scene(setting, hour, subjects=SOMEONE, mood=m)) for m in ("", mood))
        _is_a_picture(felt)
        assert np.abs(felt[..., :3].astype(int) - plain[..., :3]).mean() > 2.5


def test_the_hours_are_told_apart_by_their_light() -> None:
    """Day is brighter than dusk, dusk than night; night is blue, the golden hour is not."""
    seen = {hour: draw(Scene("meadow", hour))[..., :3].astype(float) for hour in HOURS[1:7]}
    light = {hour: frame.mean() for hour, frame in seen.items()}
    assert light["noon"] > light["dusk"] > light["night"] and light["golden"] > light["blue"]
    blue_over_red = {hour: frame[..., 0].mean() - frame[..., 2].mean() for hour, frame in seen.items()}
    assert blue_over_red["night"] > 0 > blue_over_red["golden"]


@pytest.mark.parametrize("hour", [hour for hour in HOURS if hour])
def test_far_and_near_are_told_apart_at_every_hour(hour: str) -> None:
    """Grass at our feet and grass at the horizon: what tells the planes apart in black and white."""
    near, far = (palette(hour).ground(GRASS, distance) for distance in (0.05, 0.9))
    assert abs(far.lightness - near.lightness) > 0.05, (near, far)


@cache
def _book(file: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((LEXICON / file).read_text("utf-8"))


def _words(file: str, role: str) -> list[tuple[str, str]]:
    """Without those that are subjects as well, as a rainbow may be: a subject is drawn where it stands."""
    known = vocabulary()
    return [
        (word, value)
        for value, words in _book(file)[role].items()
        for word in words
        if role == "inside" or all(m.role != "subject" for m in known[simplified(word)])
    ]


def test_every_setting_weather_move_look_and_mood_has_words_in_both_languages() -> None:
    places, direction = _book("places.toml"), _book("direction.toml")
    assert set(places["setting"]) | set(places["inside"]) == set(SETTINGS)
    assert set(places["weather"]) == set(KINDS)
    assert set(direction["camera"]) == set(MOVES) | set(FRAMINGS)
    assert set(direction["style"]) == set(STYLES)
    assert set(direction["mood"]) == set(MOODS)
    for table in (*places.values(), *direction.values()):
        for value, words in table.items():
            if value != "cutout":
                assert any(map(is_han, "".join(words))) and any(word.isascii() for word in words), value


def test_every_word_for_a_place_means_it() -> None:
    for word, value in _words("places.toml", "setting"):
        assert read(f"{word}").setting == value, word
    for word, value in _words("places.toml", "inside"):
        said = f"a dog in the {word}" if word.isascii() else f"一只狗在{word}里"
        assert read(said).setting == value, said


def test_every_word_for_an_hour_and_a_weather_means_it() -> None:
    for word, value in _words("places.toml", "hour"):
        assert read(f"meadow, {word}").hour == value, word
    for word, value in _words("places.toml", "weather"):
        assert value in read(f"meadow, {word}").weather, word


def test_every_word_for_the_camera_the_look_and_the_mood_means_it() -> None:
    for word, value in _words("direction.toml", "camera"):
        assert read(f"meadow, {word}").camera == value, word
    for word, value in _words("direction.toml", "style"):
        assert read(f"meadow, {word}").style == value, word
    for word, value in _words("direction.toml", "mood"):
        assert read(f"meadow, {word}").mood == value, word


def test_a_move_and_how_near_it_is_are_two_things() -> None:
    scene = read("close-up of a wolf, the camera pans left")
    assert (scene.camera, scene.framing) == ("pan left", "close")
    scene = read("一只狼的特写，镜头环绕")
    assert (scene.camera, scene.framing) == ("orbit", "close")


@pytest.mark.parametrize(
    ("english", "simplified", "traditional"),
    [
        ("two horses in the canyon at dusk", "两匹马在峡谷黄昏", "兩匹馬在峽谷黃昏"),
        ("a woman in the library, cosy", "一个女人在图书馆，温馨", "一個女人在圖書館，溫馨"),
        ("a cat in the temple in thick fog", "一只猫在寺庙里，浓雾", "一隻貓在寺廟裡，濃霧"),
        ("fireworks over the harbour at night", "夜晚港口烟花", "夜晚港口煙花"),
        ("a dog at the night market, tilt up", "一只狗在夜市，镜头上摇", "一隻狗在夜市，鏡頭上搖"),
        ("aurora over the glacier, woodblock print", "冰川极光，浮世绘", "冰川極光，浮世繪"),
    ],
)
def test_places_are_the_same_in_every_script(english: str, simplified: str, traditional: str) -> None:
    def without_report(text: str) -> tuple[object, ...]:
        scene = read(text)
        return scene.setting, scene.hour, scene.weather, scene.subjects, scene.camera, scene.style, scene.mood

    assert without_report(english) == without_report(simplified) == without_report(traditional)
