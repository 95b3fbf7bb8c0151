"""Ten thousand prompts that nobody would write, and some that somebody would: each is read, one frame of it drawn."""

import random
import time

import pytest

from engine.brief import PROMPT_LIMIT
from engine.renderers.animatic.reading import read
from engine.renderers.animatic.settings.catalogue import SETTINGS
from engine.renderers.animatic.vocabulary import vocabulary
from tests.engine.animatic.screening import screened

PROMPTS = 10_000
SIZE = (128, 72)
GLUE = [
    "a ",
    "the ",
    "two ",
    "of them ",
    "then ",
    ", ",
    "。",
    "，",
    "的",
    "和",
    "\n",
    " in ",
    " behind ",
    " left of ",
    "99999 ",
    "-",
    "'s ",
]
NOISE = [
    "\x00",
    "\u202e",
    "\u200d",
    "👩‍👩‍👧‍👦",
    "🐺",
    "ﷺ",
    "Z͑ͫ̓ͪ̂ͫ",
    "'; DROP TABLE",
    "{{7*7}}",
    "<script>",
    "%s%n",
    "٣",
    "①",
    "𠀀",
    "\ud83d",
]


def prompts(count: int, seed: int) -> list[str]:
    rng = random.Random(seed)
    words = sorted(vocabulary())
    made: list[str] = []
    for _ in range(count):
        kind = rng.random()
        length = rng.choice((1, 3, 8, 20, 80, 400))
        if kind < 0.6:
            text = "".join(rng.choice(words) + rng.choice((" ", "", " ", rng.choice(GLUE))) for _ in range(length))
        elif kind < 0.8:
            text = "".join(rng.choice(rng.choice((words, GLUE, NOISE))) for _ in range(length))
        elif kind < 0.9:
            text = rng.choice(words + NOISE) * length
        else:
            text = "".join(
                chr(rng.choice((rng.randrange(0x250), rng.randrange(0x4E00, 0xA000)))) for _ in range(length)
            )
        made.append(text[:PROMPT_LIMIT])
    return made


def read_and_draw(count: int) -> tuple[float, str]:
    """The longest time that reading took, and of which prompt."""
    slowest = (0.0, "")
    for number, prompt in enumerate(prompts(count, seed=count)):
        began = time.process_time()
        scene = read(prompt)
        slowest = max(slowest, (time.process_time() - began, prompt))
        assert scene.setting in SETTINGS
        frames = [pixels.shape for pixels in screened(scene, [0.5], SIZE, seconds=1.0, seed=number)]
        assert frames == [(SIZE[1], SIZE[0], 4)], prompt
    return slowest


def test_a_hundred_prompts_of_any_kind_are_read_and_drawn() -> None:
    read_and_draw(100)


@pytest.mark.soak
def test_ten_thousand_prompts_of_any_kind_are_read_and_drawn() -> None:
    seconds, prompt = read_and_draw(PROMPTS)
    print(f"\n{PROMPTS} prompts; the slowest took {seconds * 1000:.1f} ms to read: {prompt[:80]!r}")
