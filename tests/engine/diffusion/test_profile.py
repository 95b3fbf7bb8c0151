"""Profiles say what a model can do, and turn what a member wants into the model's own numbers."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.brief import Aspect, Quality, Resolution, frame_size
from engine.errors import StudioError
from engine.renderers.diffusion import memory
from engine.renderers.diffusion.memory import GB, Weights
from engine.renderers.diffusion.profile import FOLDER, Frames, Pictures, Plan, Profile, known

PROFILES = [Profile.load(name) for name in known()]


def test_every_profile_is_named_as_its_file_and_names_a_pipeline_that_exists() -> None:
    diffusers = pytest.importorskip("diffusers")
    assert [profile.name for profile in PROFILES] == known()
    assert len(known()) >= 6
    for profile in PROFILES:
        assert all(hasattr(diffusers, pipeline) for pipeline in profile.pipelines.values())
        assert profile.licence.link.startswith("https://")


@settings(deadline=None, derandomize=True, max_examples=60)
@given(some.integers(1, 400), some.integers(1, 16))
def test_a_snapped_number_of_frames_is_enough_and_the_smallest(frames: int, step: int) -> None:
    snapped = Frames(fps=24, step=step, most=step * 100 + 1, context=1).snapped(frames)
    assert snapped >= frames
    assert (snapped - 1) % step == 0
    assert snapped - step < frames


@settings(deadline=None, derandomize=True, max_examples=60)
@given(some.sampled_from(PROFILES), some.sampled_from(Aspect), some.sampled_from(Resolution))
def test_a_snapped_size_fits_the_model_and_keeps_the_shape(
    profile: Profile, aspect: Aspect, resolution: Resolution
) -> None:
    width, height = frame_size(aspect, resolution)
    model_width, model_height = profile.pictures.snapped(width, height)
    assert model_width * model_height <= profile.pictures.most_pixels
    assert model_width % profile.pictures.multiple == model_height % profile.pictures.multiple == 0
    assert abs(model_width / model_height / (width / height) - 1) < 0.12
    assert model_width * model_height > 0.75 * min(profile.pictures.most_pixels, width * height)


def test_the_smallest_picture_is_one_block() -> None:
    assert Pictures(multiple=32, most_pixels=1024).snapped(1920, 1080) == (32, 32)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("most = 256", "profile.malformed"),  # not a number that the model makes
        ("most = 0", "profile.malformed"),
        ("surprise = 1\nmost = 257", "profile.malformed"),
        ('most = "many"', "profile.malformed"),
        ("most = = 257", "profile.malformed"),
    ],
)
def test_a_profile_that_makes_no_sense_is_refused(tmp_path: Path, change: str, code: str) -> None:
    file = tmp_path / "mine.toml"
    file.write_text((FOLDER / "ltx-video-2b.toml").read_text().replace("most = 257", change))
    with pytest.raises(StudioError) as refused:
        Profile.load(str(file))
    assert refused.value.code == code


def test_an_unknown_profile_is_told_with_those_there_are() -> None:
    with pytest.raises(StudioError) as refused:
        Profile.load("sora")
    assert refused.value.code == "profile.unknown"
    assert "wan-5b" in str(refused.value.params["known"])


def test_an_operator_s_own_profile_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text((FOLDER / "wan-5b.toml").read_text().replace('"wan-5b"', '"我的"'))
    assert Profile.load(str(file)).name == "我的"


def test_the_quickest_plan_that_fits_is_chosen_and_more_careful_ones_follow() -> None:
    profile = Profile.load("wan-5b").model_copy(update={"working_gb": 4.0})
    weights = Weights(whole=20 * GB, largest=10 * GB)
    chosen = [memory.choose(weights, profile, free * GB) for free in (80, 25, 15, 8, 5, 0)]
    assert chosen == [Plan.RESIDENT, Plan.RESIDENT, Plan.MODEL, Plan.GROUP, Plan.SEQUENTIAL, Plan.SEQUENTIAL]
    assert [memory.after(plan) for plan in Plan] == [Plan.MODEL, Plan.GROUP, Plan.SEQUENTIAL, None]


def test_weights_are_counted_once_even_if_they_lie_there_in_two_formats(tmp_path: Path) -> None:
    for part, name, size in (
        ("transformer", "a-00001-of-00002.safetensors", 500),
        ("transformer", "a-00002-of-00002.safetensors", 300),
        ("transformer", "a.fp16.safetensors", 400),
        ("text_encoder", "model.safetensors", 600),
        ("text_encoder", "pytorch_model.bin", 600),
    ):
        (tmp_path / part).mkdir(exist_ok=True)
        (tmp_path / part / name).write_bytes(bytes(size))
    shards = {"weight_map": {"x": "a-00001-of-00002.safetensors", "y": "a-00002-of-00002.safetensors"}}
    (tmp_path / "transformer" / "a.safetensors.index.json").write_text(__import__("json").dumps(shards))
    assert Weights.lying_in(tmp_path) == Weights(whole=1400, largest=800)


def test_best_takes_no_fewer_steps_than_turbo() -> None:
    for profile in PROFILES:
        assert profile.quality[Quality.BEST].steps >= profile.quality[Quality.TURBO].steps
