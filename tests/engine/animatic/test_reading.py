"""Reading prompts: counts, colours, sides and the order of events stay with the right subject, in every script."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.renderers.animatic.directing import set_stage
from engine.renderers.animatic.figures.catalogue import design_of, kinds
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.styles import STYLES


@pytest.mark.parametrize(
    ("prompt", "kind", "count"),
    [
        ("three wolves in the snow", "wolf", 3),
        ("3 wolves in the snow", "wolf", 3),
        ("a wolf", "wolf", 1),
        ("Twelve rabbits on a meadow", "rabbit", 12),
        ("a herd of elephants", "elephant", 5),
        ("三只狼在雪地里奔跑", "wolf", 3),
        ("三隻狼在雪地裡奔跑", "wolf", 3),
        ("两匹马在草原上", "horse", 2),
        ("一群羊在山坡上吃草", "sheep", 5),
        ("three sailboats on a calm sea", "boat", 3),
    ],
)
def test_a_count_is_the_count_that_was_asked(prompt: str, kind: str, count: int) -> None:
    assert [(s.kind, s.count) for s in read(prompt).subjects] == [(kind, count)]


def test_a_colour_stays_on_its_subject() -> None:
    scene = read("a red fox and a black horse near a white house")
    assert [(s.kind, s.colour) for s in scene.subjects] == [("fox", "red"), ("horse", "black"), ("house", "white")]


@pytest.mark.parametrize(
    "prompt", ["美丽的白鹤站在小溪中，拥有一条黄色的尾巴", "美麗的白鶴站在小溪中，擁有一條黃色的尾巴"]
)
def test_a_part_has_its_own_colour(prompt: str) -> None:
    (crane,) = read(prompt).subjects
    assert (crane.kind, crane.count, crane.parts, crane.action) == ("crane", 1, (("tail", "yellow"),), "stand")


def test_left_is_left_and_right_is_right() -> None:
    cat, dog = read("a cat to the left of a dog").subjects
    assert (cat.kind, cat.side, dog.kind, dog.side) == ("cat", "left", "dog", "right")
    (wolf,) = read("a wolf runs to the left").subjects
    assert (wolf.heading, wolf.side) == ("left", None)
    (horse,) = read("a horse on the right").subjects
    assert (horse.side, horse.heading) == ("right", None)
    (chinese,) = read("一匹马在右边").subjects
    assert chinese.side == "right"


def test_what_comes_later_comes_later() -> None:
    wolf, moon, pack = read("A wolf howls at the moon, feeling lonely, until it finds its pack").subjects
    assert (wolf.kind, wolf.action, wolf.enters, moon.kind) == ("wolf", "howl", 0.0, "moon")
    assert pack.kind == "wolf" and pack.count > 1 and pack.enters > 0
    (horse,) = read("a horse stands, then it runs").subjects
    assert (horse.action, horse.later) == ("stand", "run")


def _without_report(scene: Scene) -> tuple[object, ...]:
    return scene.setting, scene.hour, scene.weather, scene.subjects, scene.camera, scene.style


@pytest.mark.parametrize(
    ("english", "simplified", "traditional"),
    [
        (
            "a woolly mammoth walks in the desert, wide angle lens",
            "长毛猛犸象在沙漠中行走，广角镜头拍摄",
            "長毛猛獁象在沙漠中行走，廣角鏡頭拍攝",
        ),
        ("three dogs run on the beach at sunset", "三只狗在日落的海滩上奔跑", "三隻狗在日落的海灘上奔跑"),
        ("a red train in the snow", "一辆红色的火车在雪中", "一輛紅色的火車在雪中"),
        ("a girl dances in the rain at night", "一个女孩夜晚在雨中跳舞", "一個女孩夜晚在雨中跳舞"),
    ],
)
def test_every_script_gives_the_same_scene(english: str, simplified: str, traditional: str) -> None:
    assert _without_report(read(english)) == _without_report(read(simplified)) == _without_report(read(traditional))


def test_what_a_person_holds_is_no_second_person() -> None:
    (woman,) = read("a woman with a yellow umbrella in the rain").subjects
    assert (woman.kind, woman.carries, woman.parts) == ("woman", ("umbrella",), (("umbrella", "yellow"),))


def test_it_says_which_words_it_could_not_draw() -> None:
    assert read("a wolf with a xylophone plays chess").not_drawn == ("xylophone", "plays", "chess")
    assert read("A wolf walks through the beautiful forest at night").not_drawn == ()
    assert read("一只狼在吃芒果布丁").not_drawn == ("芒果布丁",)
    assert read("三隻狼在彈鋼琴").not_drawn == ("彈鋼琴",), "in the script that the member wrote"


def test_an_unknown_noun_becomes_a_thing_of_the_asked_colour() -> None:
    scene = read("two green zorbs on a hill")
    (thing,) = scene.subjects
    assert (thing.kind, thing.count, thing.colour) == ("thing", 2, "green")
    assert scene.not_drawn == ("zorbs",)


def test_an_unknown_style_is_reported_and_a_known_one_is_not() -> None:
    assert read("a wolf", "film noir") == read("a wolf in film noir style")
    scene = read("a wolf", "quantum baroque")
    assert (scene.style, scene.not_drawn) == ("cutout", ("quantum baroque",))


HOSTILE = [
    "w" * 4000,
    "狼" * 4000,
    "a wolf " * 571,
    "🐺" * 200 + "a",
    "\x00\x01\x1b[31m wolf \u202e evil \u2066",
    "ذئب يعوي تحت القمر",
    "99999999999999999999 wolves",
    "0 wolves",
    "٣ wolves",
    "一" * 100,
    "a-b-c-d-e-f wolf-wolf-wolf- -",
    "-1 cats; DROP TABLE",
    "'s ’s wolf's",
    "ﬁsh ①② wolves",
    "then then until behind left of right of",
    "\U0002f800\U00020000狼",
]


@pytest.mark.parametrize("prompt", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_prompts_are_read_and_staged(prompt: str) -> None:
    scene = read(prompt)
    assert scene.setting in SETTINGS and scene.style in STYLES
    assert all(1 <= s.count <= 24 for s in scene.subjects)
    assert len(scene.not_drawn) <= 40
    set_stage(scene, 128, 72, 1.0, 1).stage.canvas.close()


WORDS = [
    "wolf",
    "two",
    "red",
    "left of",
    "then",
    "runs",
    "狼",
    "三",
    "红色的",
    "在",
    "左边",
    "street",
    "rain",
    "zorb",
    ",",
    ".",
    "behind",
    "a",
]


@settings(max_examples=120, deadline=None)
@given(st.one_of(st.text(max_size=120), st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)))
def test_any_text_gives_a_scene(text: str) -> None:
    scene = read(text)
    assert scene.setting in SETTINGS
    assert all(s.kind in kinds() for s in scene.subjects)


def test_every_kind_in_the_lexicon_has_a_figure_and_every_home_exists() -> None:
    for kind in kinds().values():
        assert kind.setting == "" or kind.setting in SETTINGS
        if kind.figure:
            design = design_of(kind.figure)
            assert min(design.extent) > 0 and {part.coat for part in design.parts} <= set(design.coats)
