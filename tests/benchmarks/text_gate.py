"""How long the whole text gate takes, warm, on one core.

DESIGN.md allows 300 characters a median of 2 ms and a p99 of 5 ms, and 4,000 characters 50 ms.

Each text is new to the process, as members' prompts are: sentences are drawn at random from a stock of phrases.
"""

import random
import statistics
import time

from safety.gate import check_text
from safety.policy import Policy
from safety.submission import Submission, SubmittedText

_ENGLISH = (
    "a stylish woman walks down a Tokyo street filled with warm glowing neon",
    "several giant woolly mammoths tread through a snowy meadow at dawn",
    "the camera follows behind a white vintage SUV on a steep dirt road",
    "reflections in the window of a train travelling through the suburbs",
    "a grandmother stands behind a birthday cake with numerous candles",
    "then a paper boat drifts past two lighthouses, watercolour, soft light",
    "chefs chop vegetables while steam rises, 35mm film, shallow focus",
)
_CHINESE = (
    "长毛猛犸象在沙漠中行走，广角镜头拍摄",
    "美丽的白鹤站在小溪中，拥有一条黄色的尾巴",
    "夜晚的城市街道，霓虹灯倒映在积水里",
    "一个孩子在草地上放风筝，远处是雪山",
    "茶馆裡的老人慢慢地倒茶，水墨風格",
)
_DISGUISED = (
    "a c.a.t p l a y s the p1an0",
    "ｆｕｌｌ ｗｉｄｔｈ letters",
    "YSBjYXQgcGxheXMgcGlhbm8gaW4gdGhlIHJhaW4=",
    "soooo cute!!!",
)


def _text(stock: tuple[str, ...], length: int, chance: random.Random) -> str:
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        parts.append(f"{chance.choice(stock)} {chance.randrange(100)}, ")
    return "".join(parts)[:length]


def _measure(stock: tuple[str, ...], length: int, count: int, policy: Policy) -> list[float]:
    chance = random.Random(7)
    took: list[float] = []
    for _ in range(count):
        submission = Submission(texts=(SubmittedText(text=_text(stock, length, chance)),))
        begin = time.perf_counter()
        check_text(submission, policy)
        took.append((time.perf_counter() - begin) * 1000)
    return sorted(took[5:])  # the first ones are not warm


def main() -> None:
    policy = Policy.load()
    begin = time.perf_counter()
    check_text(Submission(texts=(SubmittedText(text="一 cold start"),)), policy)
    print(f"first check of a process, packs and tables loaded: {(time.perf_counter() - begin) * 1000:.0f} ms")
    for name, stock in (("English", _ENGLISH), ("Chinese", _CHINESE), ("disguised", _ENGLISH + _CHINESE + _DISGUISED)):
        for length, count in ((300, 400), (4_000, 60)):
            took = _measure(stock, length, count, policy)
            median, p99 = statistics.median(took), took[int(len(took) * 0.99)]
            print(
                f"{name:10} {length:5} characters: median {median:6.2f} ms, p99 {p99:6.2f} ms, worst {took[-1]:6.2f} ms"
            )


if __name__ == "__main__":
    main()
