"""How many frames of 720p a second one core draws, for each prompt of the gallery: drawing alone, nothing else."""

import statistics
import time

from engine.brief import Brief, Look, Resolution
from engine.gallery import SECONDS, SEED, read
from engine.renderers.animatic.renderer import AnimaticRenderer
from engine.renderers.base import RenderOrder

GOAL_MEDIAN, GOAL_WORST = 120, 40


def main() -> None:
    renderer = AnimaticRenderer()
    speeds: list[tuple[float, str]] = []
    for prompt in read():
        order = RenderOrder(Brief(prompt=prompt.text, look=Look(resolution=Resolution.P720, seconds=SECONDS)), SEED)
        began = time.process_time()
        count = sum(1 for _ in renderer.draw(order).footage.frames)
        speeds.append((count / (time.process_time() - began), prompt.text))
    for speed, text in sorted(speeds):
        print(f"{speed:7.0f} frames/s  {text[:90]}")
    median, (worst, _) = statistics.median(speed for speed, _ in speeds), min(speeds)
    print(f"median {median:.0f} frames/s of CPU time (goal {GOAL_MEDIAN}), worst {worst:.0f} (goal {GOAL_WORST})")
