"""The diffusion renderer against the bare call of diffusers: the same random weights, steps, size and seed, one thread.

Ours ends with frames at the clip's own size, as the darkroom takes them; the bare call with an array at the model's.
"""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROUNDS = int(os.environ.get("KINORA_BENCH_GENERATED", "3"))
STEPS = 6
FRAMES = 25


def main() -> None:
    import torch

    torch.set_num_threads(1)
    for name in ("ltx-video-2b", "wan-1b"):
        with tempfile.TemporaryDirectory() as folder:
            _measure(name, Path(folder))


def _measure(name: str, models: Path) -> None:
    import torch

    from engine.brief import Brief, Look
    from engine.renderers.base import RenderOrder
    from engine.renderers.diffusion.loading import Shelf
    from engine.renderers.diffusion.profile import Pictures
    from engine.renderers.diffusion.renderer import DiffusionRenderer
    from engine.renderers.diffusion.sampling import _UNWANTED
    from tests.engine.diffusion import tiny

    tiny.save(name, models)
    small = tiny.profile(name)
    profile = small.model_copy(
        update={
            "pictures": Pictures(multiple=32, most_pixels=864 * 480),
            "frames": small.frames.model_copy(update={"fps": 24}),
            "quality": {quality: how.model_copy(update={"steps": STEPS}) for quality, how in small.quality.items()},
        }
    )
    shelf = Shelf()
    renderer = DiffusionRenderer((profile,), models, shelf)
    order = RenderOrder(brief=Brief(prompt="a wolf", look=Look(seconds=FRAMES / 24)), seed=1)
    width, height = profile.pictures.snapped(*order.size)
    pipeline = shelf.get(profile, models / name).pipeline

    def ours() -> None:
        assert sum(1 for _ in renderer.draw(order).footage.frames) == FRAMES

    def bare() -> None:
        pipeline(
            prompt="a wolf",
            negative_prompt=_UNWANTED,
            width=width,
            height=height,
            num_frames=FRAMES,
            num_inference_steps=STEPS,
            guidance_scale=profile.quality[order.brief.quality].guidance,
            generator=torch.Generator("cpu").manual_seed(1),
            max_sequence_length=profile.prompt_tokens,
            **profile.arguments,
        )

    one, other = _compared(ours, bare)
    print(f"  {profile.title}, {width} x {height}, {FRAMES} frames, {STEPS} steps: ", end="")
    print(f"ours {one:.2f} s, bare {other:.2f} s of CPU: {one / other:.3f} times (at most 1.05)", flush=True)


def _compared(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float]:
    """CPU seconds of each, taking turns after one of each that is not counted."""
    spent: tuple[list[float], list[float]] = ([], [])
    for round_number in range(ROUNDS + 1):
        for kept, work in zip(spent, (one, other), strict=True):
            start = time.process_time()
            work()
            if round_number:
                kept.append(time.process_time() - start)
    return median(spent[0]), median(spent[1])
