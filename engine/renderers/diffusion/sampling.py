"""Has a loaded model make the frames of one take: the same brief and seed give the same frames.

The random numbers are drawn on the processor, so that a take does not depend on which GPU it met.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from engine.brief import Quality
from engine.footage import Pixels
from engine.renderers.diffusion.loading import Loaded
from engine.renderers.diffusion.profile import Family

if TYPE_CHECKING:
    import torch

_AT_ONCE: Final = 8  # frames that are brought from the GPU together
# Said to every model: what people dislike most about generated clips. The operator's policy may add to it.
_UNWANTED: Final = "worst quality, blurry, jittery, distorted, watermark, subtitles"


@dataclass(frozen=True)
class Wish:
    """What the model is asked for, in its own numbers."""

    prompt: str
    seed: int
    width: int
    height: int
    frames: int
    quality: Quality


class Stopped(Exception):
    """The take was called off between two steps."""


def sample(loaded: Loaded, wish: Wish, step: Callable[[int, int], None], stopped: Callable[[], bool]) -> "torch.Tensor":
    """The clip as the model made it: frames x channels x height x width, 0 to 1, where the model is."""
    import torch

    how = loaded.profile.quality[wish.quality]

    def after_step(_: Any, index: int, __: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        if stopped():
            raise Stopped
        step(index + 1, how.steps)
        return tensors

    arguments: dict[str, Any] = {
        "prompt": wish.prompt,
        "negative_prompt": _UNWANTED if how.guidance > 1.0 else None,
        "width": wish.width,
        "height": wish.height,
        "num_frames": wish.frames,
        "num_inference_steps": how.steps,
        "guidance_scale": how.guidance,
        "generator": torch.Generator("cpu").manual_seed(wish.seed),
        "max_sequence_length": loaded.profile.prompt_tokens,
        "output_type": "pt",
        "callback_on_step_end": after_step,
    }
    if loaded.profile.family is Family.LTX:
        arguments["frame_rate"] = loaded.profile.frames.fps
    with torch.inference_mode():
        made: torch.Tensor = loaded.pipeline(**arguments).frames[0]
    return made


def frames_of(made: "torch.Tensor", size: tuple[int, int], count: int, fps: int, model_fps: int) -> Iterator[Pixels]:
    """Exactly `count` frames of exactly this size and rate, a few at a time, of what the model made."""
    import torch

    width, height = size
    wanted = [min(index * model_fps // fps, len(made) - 1) for index in range(count)]
    with torch.inference_mode():
        for first in range(0, wanted[-1] + 1, _AT_ONCE):
            part = made[first : first + _AT_ONCE].float()
            if part.shape[-2:] != (height, width):
                part = torch.nn.functional.interpolate(
                    part, size=(height, width), mode="bicubic", align_corners=False, antialias=True
                )
            # Not a number would become some colour or other: a broken model must not pass for a strange picture.
            if not bool(torch.isfinite(part).all()):
                raise FloatingPointError("the model made frames that are not numbers")
            pixels = (part.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
            for offset, frame in enumerate(pixels):
                for _ in range(wanted.count(first + offset)):
                    yield np.ascontiguousarray(frame)
