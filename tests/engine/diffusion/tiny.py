"""Tiny models of random weights, made on the spot and saved as real ones are: what they draw is noise, how they are
loaded, placed and asked is not."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLLTXVideo,
    AutoencoderKLWan,
    FlowMatchEulerDiscreteScheduler,
    LTXConditionPipeline,
    LTXVideoTransformer3DModel,
    WanPipeline,
    WanTransformer3DModel,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers
from transformers import PreTrainedTokenizerFast, T5Config, T5EncoderModel, UMT5Config, UMT5EncoderModel

from engine.renderers.diffusion.profile import Pictures, Profile

_SENTENCES = [
    "a wolf howls at the moon",
    "the quick brown fox jumps over lazy dogs",
    "狼对着月亮嚎叫，三艘帆船在平静的海上",
]
_ENCODER = {"vocab_size": 256, "d_model": 32, "d_kv": 8, "d_ff": 64, "num_layers": 2, "num_heads": 4}


def _tokenizer() -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=256, special_tokens=special, unk_token="<unk>", show_progress=False)
    tokenizer.train_from_iterator(_SENTENCES * 3, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=128
    )


def _ltx() -> LTXConditionPipeline:
    blocks: dict[str, Any] = {
        "block_out_channels": (8, 8, 8, 8),
        "decoder_block_out_channels": (8, 8, 8, 8),
        "layers_per_block": (1, 1, 1, 1, 1),
        "decoder_layers_per_block": (1, 1, 1, 1, 1),
        "spatio_temporal_scaling": (True, True, False, False),
        "decoder_spatio_temporal_scaling": (True, True, False, False),
        "decoder_inject_noise": (False,) * 5,
        "upsample_residual": (False,) * 4,
        "upsample_factor": (1,) * 4,
    }
    return LTXConditionPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(),
        vae=AutoencoderKLLTXVideo(latent_channels=8, patch_size=1, timestep_conditioning=False, **blocks),
        text_encoder=T5EncoderModel(T5Config(**_ENCODER)),
        tokenizer=_tokenizer(),
        transformer=LTXVideoTransformer3DModel(
            in_channels=8,
            out_channels=8,
            num_attention_heads=4,
            attention_head_dim=8,
            cross_attention_dim=32,
            num_layers=1,
            caption_channels=32,
        ),
    )


def _wan_parts() -> dict[str, Any]:
    return {
        "tokenizer": _tokenizer(),
        "text_encoder": UMT5EncoderModel(UMT5Config(**_ENCODER)),
        "transformer_2": None,
        "vae": AutoencoderKLWan(
            base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
        ),
        "scheduler": FlowMatchEulerDiscreteScheduler(shift=5.0),
    }


_WAN_TRANSFORMER = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 2,
    "attention_head_dim": 12,
    "in_channels": 16,
    "out_channels": 16,
    "text_dim": 32,
    "ffn_dim": 32,
    "num_layers": 2,
    "rope_max_seq_len": 32,
}


def _wan() -> WanPipeline:
    return WanPipeline(transformer=WanTransformer3DModel(**_WAN_TRANSFORMER), **_wan_parts())


def _wan_first() -> WanPipeline:
    """Of the kind that can be shown how a clip begins: one set of weights for words and for pictures."""
    return WanPipeline(transformer=WanTransformer3DModel(**_WAN_TRANSFORMER), expand_timesteps=True, **_wan_parts())


def _wan_vace() -> WanVACEPipeline:
    transformer = WanVACETransformer3DModel(**_WAN_TRANSFORMER, vace_layers=[0], vace_in_channels=96)
    return WanVACEPipeline(transformer=transformer, **_wan_parts())


_MAKERS: dict[str, Callable[[], Any]] = {
    "ltx-video-2b": _ltx,
    "wan-1b": _wan,
    "wan-5b": _wan_first,
    "wan-vace-1b": _wan_vace,
}


def save(name: str, folder: Path) -> Path:
    """A model of the kind that the shipped profile of this name is for, in a folder of its name."""
    torch.manual_seed(0)
    pipeline = _MAKERS[name]()
    with torch.no_grad():  # nearly grey: noise at full strength flashes, and would be refused for that
        for weights in pipeline.vae.decoder.conv_out.parameters():
            weights.mul_(0.2)
    pipeline.save_pretrained(folder / name)
    return folder / name


def profile(name: str) -> Profile:
    """The shipped profile, for a model as tiny: two steps, and frames of 96 by 64."""
    shipped = Profile.load(name)
    frames = shipped.frames
    most = max(frames.step * 8 + 1, frames.context * 4 // frames.step * frames.step + 1)
    return shipped.model_copy(
        update={
            "pictures": Pictures(multiple=32, most_pixels=96 * 64),
            "frames": frames.model_copy(update={"most": most}),
            "quality": {
                name: how.model_copy(update={"steps": 2, "timesteps": ()}) for name, how in shipped.quality.items()
            },
            "prompt_tokens": 128,
        }
    )


def write_profile(name: str, folder: Path) -> Path:
    """The same as an operator would bring it: a file."""
    file = folder / f"{name}.toml"
    file.write_text(_toml(profile(name).model_dump(mode="json", exclude_none=True)))
    return file


def _toml(table: dict[str, Any], path: str = "") -> str:
    plain = {key: value for key, value in table.items() if not isinstance(value, dict)}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in plain.items()]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += [f"[{path}{key}]", _toml(value, f"{path}{key}.")]
    return "\n".join(lines)
