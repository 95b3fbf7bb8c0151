"""Has a loaded model make the frames of one segment: the same wish and seed give the same frames.

The random numbers are drawn on the processor, so that a take does not depend on which GPU it met.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from engine.brief import Quality
from engine.footage import Pixels
from engine.renderers.base import CalledOff
from engine.renderers.diffusion.loading import Loaded
from engine.renderers.diffusion.profile import Family, Profile, Steps, Way

if TYPE_CHECKING:
    import torch

_AT_ONCE: Final = 8  # frames that are brought from the GPU together
# Said to every model: what people dislike most about generated clips. The operator's policy may add to it.
_UNWANTED: Final = "worst quality, blurry, jittery, distorted, watermark, subtitles"
_GREY: Final = (128, 128, 128)  # what a model of the VACE kind takes for "not there yet"
_LEAST_STRENGTH: Final = 0.05


@dataclass(frozen=True)
class Given:
    """Pictures that are shown to the model: from which of its frames on."""

    at: int
    pictures: tuple[Image.Image, ...]


@dataclass(frozen=True)
class Wish:
    """What the model is asked for, in its own numbers."""

    prompt: str
    seed: int
    width: int
    height: int
    frames: int
    quality: Quality
    given: tuple[Given, ...] = ()
    after: tuple[Image.Image, ...] = ()  # a film of as many frames, which it is made after
    strength: float = 1.0

    def way(self, profile: Profile) -> Way:
        """The least that a pipeline has to understand."""
        if self.after:
            return Way.STRUCTURE
        if not self.given:
            return Way.TEXT
        only_first = len(self.given) == 1 and self.given[0].at == 0
        return Way.FIRST if only_first and profile.can(Way.FIRST) else Way.ANYWHERE


def sample(loaded: Loaded, wish: Wish, step: Callable[[int, int], None], stopped: Callable[[], bool]) -> "torch.Tensor":
    """The frames as the model made them: frames x channels x height x width, 0 to 1, where the model is."""
    import torch

    profile = loaded.profile
    how = profile.quality[wish.quality]
    way = wish.way(profile)
    pipeline = loaded.pipeline_for(profile.pipeline_for(way))

    def after_step(pipe: Any, index: int, __: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        if stopped():
            raise CalledOff
        step(index + 1, pipe.num_timesteps)
        return tensors

    arguments: dict[str, Any] = {
        "prompt": wish.prompt,
        "negative_prompt": _UNWANTED if how.guidance > 1.0 else None,
        "width": wish.width,
        "height": wish.height,
        "num_inference_steps": how.steps,
        "guidance_scale": how.guidance,
        "generator": torch.Generator("cpu").manual_seed(wish.seed),
        "max_sequence_length": profile.prompt_tokens,
        "output_type": "pt",
        "callback_on_step_end": after_step,
        **profile.arguments,
    }
    with torch.inference_mode():
        if profile.family is Family.LTX:
            arguments |= _for_ltx(pipeline, wish, profile, how)
        else:
            arguments |= _for_wan(wish, way, profile) | _read_for_wan(pipeline, wish, profile)
            if way is Way.STRUCTURE:
                arguments["strength"] = min(
                    1.0, max(wish.strength, 1.001 / how.steps)
                )  # one step is the least there is
        made: torch.Tensor = pipeline(**arguments).frames[0]
    return made


def words_left_out(loaded: Loaded, text: str) -> bool:
    """Whether the text is longer than what the model reads of it."""
    return len(loaded.pipeline.tokenizer(text).input_ids) > loaded.profile.prompt_tokens


# -- LTX: one pipeline for everything ------------------------------------------------------------------------------


def _for_ltx(pipeline: Any, wish: Wish, profile: Profile, how: Steps) -> dict[str, Any]:
    from diffusers.pipelines.ltx.pipeline_ltx_condition import LTXVideoCondition

    steps = _ltx_timesteps(how)
    said: dict[str, Any] = {"num_frames": wish.frames, "frame_rate": profile.frames.fps, "timesteps": steps}
    if wish.given:
        said["conditions"] = [
            LTXVideoCondition(video=list(one.pictures), frame_index=one.at)
            if len(one.pictures) > 1
            else LTXVideoCondition(image=one.pictures[0], frame_index=one.at)
            for one in wish.given
        ]
    if wish.after:
        begin = max(wish.strength, _LEAST_STRENGTH) * 1000.0
        rest = [begin, *(step for step in steps if step < begin)]
        # The pipeline leaves out steps from the beginning, by their share: the first one here is there to be left out.
        # Its own way, a share of all steps, would begin a distilled model's film nearly anew at any strength.
        said["timesteps"] = [max(1000.0, begin + 1.0), *rest]
        said["denoise_strength"] = (len(rest) + 0.5) / (len(rest) + 1)
        said["num_inference_steps"] = len(rest) + 1
        said["latents"] = _ltx_latents(pipeline, wish)
    return said


def _ltx_timesteps(how: Steps) -> list[float]:
    from diffusers.pipelines.ltx import pipeline_ltx_condition

    if how.timesteps:
        return list(how.timesteps)
    # A list of numbers: the tensor that the pipeline makes itself cannot be read by newer numpy without a warning.
    schedule: Any = pipeline_ltx_condition.linear_quadratic_schedule  # it says nothing of its types
    steps: list[float] = (schedule(how.steps) * 1000).tolist()
    return steps


def _ltx_latents(pipeline: Any, wish: Wish) -> "torch.Tensor":
    """The film that the new one is made after, as the model sees it."""
    vae = pipeline.vae
    film = pipeline.video_processor.preprocess_video(list(wish.after), wish.height, wish.width)
    film = film.to(device=pipeline._execution_device, dtype=vae.dtype)
    latents = vae.encode(film).latent_dist.mode()
    pipeline.maybe_free_model_hooks()  # where parts take turns on the GPU, this one has had its turn
    normal: torch.Tensor = pipeline._normalize_latents(latents, vae.latents_mean, vae.latents_std)
    return normal


# -- Wan: a pipeline for each kind of thing it is given ------------------------------------------------------------


def _for_wan(wish: Wish, way: Way, profile: Profile) -> dict[str, Any]:
    if way is Way.STRUCTURE:
        return {"video": list(wish.after)}
    if way is Way.TEXT:
        return {"num_frames": wish.frames}
    if way is Way.FIRST and Way.FIRST in profile.pipelines:
        return {"num_frames": wish.frames, "image": wish.given[0].pictures[0]}
    shown = [Image.new("RGB", (wish.width, wish.height), _GREY)] * wish.frames
    masks = [Image.new("L", (wish.width, wish.height), 255)] * wish.frames
    known = Image.new("L", (wish.width, wish.height), 0)
    for one in wish.given:
        for offset, picture in enumerate(one.pictures):
            if one.at + offset < wish.frames:
                shown[one.at + offset], masks[one.at + offset] = picture, known
    return {"num_frames": wish.frames, "video": shown, "mask": masks}


def _read_for_wan(pipeline: Any, wish: Wish, profile: Profile) -> dict[str, Any]:
    """The words as the model reads them: exactly those that passed the gate. The pipelines would put some letters into
    others first (entities of HTML; with another package, what looks like a wrong encoding)."""
    guided = profile.quality[wish.quality].guidance > 1.0
    return {
        "prompt": None,
        "negative_prompt": None,
        "prompt_embeds": _embedded(pipeline, wish.prompt, profile.prompt_tokens),
        "negative_prompt_embeds": _embedded(pipeline, _UNWANTED, profile.prompt_tokens) if guided else None,
    }


def _embedded(pipeline: Any, text: str, tokens: int) -> "torch.Tensor":
    taken = pipeline.tokenizer(
        [" ".join(text.split())],
        padding="max_length",
        max_length=tokens,
        truncation=True,
        return_attention_mask=True,
        return_tensors="pt",
    )
    device = pipeline._execution_device
    ids, mask = taken.input_ids.to(device), taken.attention_mask.to(device)
    read = pipeline.text_encoder(ids, mask).last_hidden_state
    words: torch.Tensor = read * mask.unsqueeze(-1).to(read.dtype)
    return words


# -- what was made ---------------------------------------------------------------------------------------------------


def frames_at(made: "torch.Tensor", indices: Sequence[int], size: tuple[int, int]) -> Iterator[Pixels]:
    """The frames of these numbers, which never fall, brought to this size a few at a time."""
    import torch

    width, height = size
    with torch.inference_mode():
        for first in range(0, len(indices), _AT_ONCE):
            some = indices[first : first + _AT_ONCE]
            low = some[0]
            part = made[low : some[-1] + 1].float()
            if part.shape[-2:] != (height, width):
                part = torch.nn.functional.interpolate(
                    part, size=(height, width), mode="bicubic", align_corners=False, antialias=part.shape[-1] > width
                )
            # Not a number would become some colour or other: a broken model must not pass for a strange picture.
            if not bool(torch.isfinite(part).all()):
                raise FloatingPointError("the model made frames that are not numbers")
            pixels = (part.clamp(0, 1) * 255).round().to(torch.uint8).permute(0, 2, 3, 1).cpu().numpy()
            for index in some:
                yield np.ascontiguousarray(pixels[index - low])


def pictures_of(made: "torch.Tensor", first: int, count: int) -> tuple[Image.Image, ...]:
    """Frames to show to the model again; where there are fewer, the first one stands in for those before it."""
    indices = [max(0, index) for index in range(first, first + count)]
    height, width = made.shape[-2:]
    return tuple(Image.fromarray(pixels) for pixels in frames_at(made, indices, (width, height)))
