"""Loads a model from a folder in diffusers' format, once a worker, and places it in memory as planned.

Nothing is fetched here, and nothing is unpickled: weights are safetensors of a folder that the operator named.
"""

import gc
import inspect
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from engine.errors import StudioError
from engine.renderers.diffusion import memory
from engine.renderers.diffusion.memory import Weights
from engine.renderers.diffusion.profile import Plan, Profile, Way

if TYPE_CHECKING:
    import torch

log = logging.getLogger(__name__)

_GROUP_PARTS: Final = ("transformer", "transformer_2", "text_encoder", "vae")


@dataclass
class Loaded:
    pipeline: Any  # diffusers gives its pipelines no common type for what they are called with
    profile: Profile
    plan: Plan
    device: "torch.device"
    _others: dict[str, Any] = field(default_factory=dict)

    def pipeline_for(self, name: str) -> Any:
        """The same weights behind another of diffusers' classes, which can be given other things."""
        import diffusers

        if type(self.pipeline).__name__ == name:
            return self.pipeline
        if name not in self._others:
            self._others[name] = _sibling(self.pipeline, getattr(diffusers, name))
        other = self._others[name]
        if self.plan in (Plan.MODEL, Plan.SEQUENTIAL):  # their hooks belong to one pipeline at a time
            self.pipeline.remove_all_hooks()
            _place(other, self.plan, self.device)
            self.pipeline, self._others[type(self.pipeline).__name__] = other, self.pipeline
        return other


class Shelf:
    """The model that this worker has at hand. One at a time: a second would push the first out of the GPU anyway."""

    def __init__(self) -> None:
        self._loaded: Loaded | None = None
        self._folder: Path | None = None

    def get(self, profile: Profile, folder: Path, plan: Plan | None = None) -> Loaded:
        """The model, loaded now if it is not at hand. `plan`: another one than the free memory suggests."""
        held = self._loaded
        if held is not None and (held.profile, self._folder) == (profile, folder) and plan in (None, held.plan):
            return held
        self.clear()
        self._loaded, self._folder = load(profile, folder, plan), folder
        return self._loaded

    def clear(self) -> None:
        """Give the memory back before anything else is loaded."""
        import torch

        self._loaded = self._folder = None
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def load(profile: Profile, folder: Path, plan: Plan | None = None) -> Loaded:
    try:
        import diffusers
        import torch
    except ImportError as error:
        raise StudioError("weights.not_installed") from error
    profile.check_pulled(folder.parent)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    weights = Weights.lying_in(folder, halved=profile.fp8)
    if plan is None:
        free = torch.cuda.mem_get_info()[0] if device.type == "cuda" else 0
        plan = memory.choose(weights, profile, free) if device.type == "cuda" else Plan.RESIDENT
    maker = getattr(diffusers, profile.pipelines[Way.TEXT])
    from diffusers.utils import logging as their_log

    their_log.disable_progress_bar()
    their_log.set_verbosity_error()  # it warns of what we do on purpose
    try:
        pipeline = maker.from_pretrained(
            folder, dtype=_precision(profile, device), local_files_only=True, use_safetensors=True
        )
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise StudioError("weights.unusable", folder=str(folder), cause=str(error).splitlines()[0]) from error
    pipeline.set_progress_bar_config(disable=True)
    if profile.fp8:
        _in_eight_bits(pipeline)
    _place(pipeline, plan, device)
    log.info("%s lies in memory as planned: %s on %s", profile.name, plan, device)
    return Loaded(pipeline, profile, plan, device)


def _precision(profile: Profile, device: "torch.device") -> Any:
    """By part. Half precision is slower than single on most processors, and some lack it."""
    import torch

    if device.type == "cpu":
        return torch.float32
    return {"default": getattr(torch, profile.dtype), "vae": getattr(torch, profile.decoder_dtype)}


def _sibling(pipeline: Any, maker: Any) -> Any:
    """diffusers' own way of doing this turns every weight into single precision."""
    taken = inspect.signature(maker.__init__).parameters
    parts = {name: part for name, part in pipeline.components.items() if name in taken}
    said = {name: value for name, value in pipeline.config.items() if name in taken and name not in parts}
    other = maker(**parts, **said)
    other.set_progress_bar_config(disable=True)
    return other


def _place(pipeline: Any, plan: Plan, device: "torch.device") -> None:
    if device.type == "cpu":
        return
    if hasattr(pipeline.vae, "enable_tiling"):
        pipeline.vae.enable_tiling()  # decoding a whole clip at once needs more than denoising it
    places: dict[Plan, Callable[[], None]] = {
        Plan.RESIDENT: lambda: pipeline.to(device),
        Plan.MODEL: lambda: pipeline.enable_model_cpu_offload(device=device),
        Plan.GROUP: lambda: _in_groups(pipeline, device),
        Plan.SEQUENTIAL: lambda: pipeline.enable_sequential_cpu_offload(device=device),
    }
    places[plan]()


def _in_eight_bits(pipeline: Any) -> None:
    import torch

    for part in (pipeline.transformer, getattr(pipeline, "transformer_2", None)):
        if part is not None:
            part.enable_layerwise_casting(storage_dtype=torch.float8_e4m3fn, compute_dtype=part.dtype)


def _in_groups(pipeline: Any, device: "torch.device") -> None:
    import torch
    from diffusers.hooks.group_offloading import apply_group_offloading

    for name in _GROUP_PARTS:
        part = getattr(pipeline, name, None)
        if part is None:
            continue
        apply_group_offloading(
            part,
            onload_device=device,
            offload_device=torch.device("cpu"),
            offload_type="block_level" if name.startswith("transformer") else "leaf_level",
            num_blocks_per_group=1 if name.startswith("transformer") else None,
            use_stream=True,
        )
