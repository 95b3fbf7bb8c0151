"""The diffusion renderer with tiny models in the real format: exact frames, the same per seed, and honest ends."""

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.brief import Aspect, Brief, Look, Resolution, UploadSource
from engine.errors import StudioError
from engine.footage import Pixels
from engine.renderers.base import CalledOff, RenderOrder, SourceFile
from engine.renderers.diffusion.loading import Shelf
from engine.renderers.diffusion.profile import Plan, Profile
from engine.renderers.diffusion.renderer import DiffusionRenderer

torch = pytest.importorskip("torch")
torch.set_num_threads(1)

FAMILIES = ("ltx-video-2b", "wan-1b")


@pytest.fixture(scope="session", params=FAMILIES)
def renderer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DiffusionRenderer:
    from tests.engine.diffusion import tiny

    models = tmp_path_factory.mktemp(request.param)
    tiny.save(request.param, models)
    return DiffusionRenderer((tiny.profile(request.param),), models, Shelf())


def order(seconds: float = 1.0, seed: int = 1, prompt: str = "a wolf howls at the moon", **more: Any) -> RenderOrder:
    look = Look(aspect=Aspect.SQUARE, resolution=Resolution.P480, seconds=seconds)
    return RenderOrder(brief=Brief(prompt=prompt, look=look, **more), seed=seed)


def frames(renderer: DiffusionRenderer, wanted: RenderOrder) -> list[Pixels]:
    return list(renderer.draw(wanted).footage.frames)


def test_a_clip_has_exactly_the_frames_that_were_asked_for(renderer: DiffusionRenderer) -> None:
    wanted = order()
    rendering = renderer.draw(wanted)
    made = list(rendering.footage.frames)
    assert len(made) == wanted.count == rendering.footage.count == 24
    assert all(frame.shape == (480, 480, 3) and frame.dtype == np.uint8 for frame in made)
    assert rendering.model is not None
    assert rendering.model.licence == renderer.profiles[0].licence.name


def test_the_same_seed_gives_the_same_frames_and_another_seed_others(renderer: DiffusionRenderer) -> None:
    first, again, other = (frames(renderer, order(seed=seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_the_prompt_reaches_the_model_in_english_and_chinese(renderer: DiffusionRenderer) -> None:
    said = [frames(renderer, order(prompt=prompt))[0] for prompt in ("a wolf howls", "三艘帆船")]
    assert not np.array_equal(*said)


def test_words_that_the_model_does_not_read_are_told(renderer: DiffusionRenderer) -> None:
    assert renderer.draw(order(prompt="a wolf " * 200)).notes == ("cut_short",)
    assert renderer.draw(order()).notes == ()


def test_steps_are_told_and_a_take_ends_between_two_of_them(renderer: DiffusionRenderer) -> None:
    told: list[tuple[int, int]] = []
    frames(replace(renderer, tell=lambda done, of: told.append((done, of))), order())
    assert told == [(1, 2), (2, 2)]
    looks = count()
    with pytest.raises(CalledOff):
        frames(replace(renderer, stopped=lambda: next(looks) == 1), order())


def test_what_no_model_here_can_do_is_refused_in_words(tmp_path: Path) -> None:
    only_words = DiffusionRenderer((Profile.load("wan-1b"),), tmp_path, Shelf())
    upload = UploadSource(sha256="0" * 64, media_type="image/png")
    still = SourceFile(tmp_path / "a.png", "0" * 64, "image/png", 0.0)
    too_long, a_picture = order(seconds=60.0), order(operation="animate", sources=(upload,))
    for wanted in (too_long, replace(a_picture, sources=(still,))):
        with pytest.raises(StudioError) as refused:
            only_words.draw(wanted)
        assert refused.value.code == "profile.cannot"


def test_the_model_is_loaded_once(renderer: DiffusionRenderer) -> None:
    renderer.get_ready()
    profile = renderer.profiles[0]
    first = renderer.shelf.get(profile, profile.folder_in(renderer.models))
    frames(renderer, order())
    assert renderer.shelf.get(profile, profile.folder_in(renderer.models)) is first


def test_a_take_that_does_not_fit_is_tried_with_every_more_careful_plan(renderer: DiffusionRenderer) -> None:
    shelf = Full(fits=Plan.GROUP)
    made = frames(replace(renderer, shelf=shelf), order())
    assert shelf.tried == [None, Plan.MODEL, Plan.GROUP]
    assert np.array_equal(made[0], frames(renderer, order())[0])


def test_a_take_that_fits_nowhere_fails_with_its_reason(renderer: DiffusionRenderer) -> None:
    shelf = Full(fits=None)
    with pytest.raises(StudioError) as failed:
        frames(replace(renderer, shelf=shelf), order())
    assert failed.value.code == "weights.no_room"
    assert shelf.tried == [None, Plan.MODEL, Plan.GROUP, Plan.SEQUENTIAL]


class Full(Shelf):
    """A GPU with room for a careful plan at most."""

    def __init__(self, fits: Plan | None) -> None:
        super().__init__()
        self.fits = fits
        self.tried: list[Plan | None] = []

    def get(self, profile: Profile, folder: Path, plan: Plan | None = None) -> Any:
        if plan is None and self._loaded is not None:
            return self._loaded
        self.tried.append(plan)
        if plan is None or plan is not self.fits:
            raise torch.OutOfMemoryError
        return super().get(profile, folder, plan)


def _without_index(folder: Path) -> None:
    (folder / "model_index.json").unlink()


def _garbled(folder: Path) -> None:
    (folder / "model_index.json").write_text("{")


def _without_weights(folder: Path) -> None:
    next((folder / "transformer").glob("*.safetensors")).unlink()


def _truncated(folder: Path) -> None:
    file = next((folder / "vae").glob("*.safetensors"))
    file.write_bytes(file.read_bytes()[:1000])


def _pickled(folder: Path) -> None:
    file = next((folder / "text_encoder").glob("*.safetensors"))
    torch.save({"weights": 1}, file.with_name("pytorch_model.bin"))
    file.unlink()


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (_without_index, "weights.not_there"),
        (_garbled, "weights.unusable"),
        (_without_weights, "weights.unusable"),
        (_truncated, "weights.unusable"),
        (_pickled, "weights.unusable"),  # weights that would be unpickled are not even looked at
    ],
)
def test_a_damaged_model_is_told(tmp_path: Path, damage: Callable[[Path], None], code: str) -> None:
    from tests.engine.diffusion import tiny

    damage(tiny.save("ltx-video-2b", tmp_path))
    with pytest.raises(StudioError) as failed:
        frames(DiffusionRenderer((tiny.profile("ltx-video-2b"),), tmp_path, Shelf()), order())
    assert failed.value.code == code


@pytest.mark.soak
def test_weights_in_eight_bits_draw_nearly_the_same(renderer: DiffusionRenderer) -> None:
    profile = renderer.profiles[0].model_copy(update={"fp8": True})
    shelf = Shelf()
    whole = frames(renderer, order())[0]
    halved = frames(replace(renderer, profiles=(profile,), shelf=shelf), order())[0]
    transformer = shelf.get(profile, profile.folder_in(renderer.models)).pipeline.transformer
    assert any(weights.dtype is torch.float8_e4m3fn for weights in transformer.parameters())
    assert np.abs(whole.astype(int) - halved).mean() < 8


def test_frames_that_are_not_numbers_are_never_shown(renderer: DiffusionRenderer) -> None:
    shelf = Shelf()
    profile = renderer.profiles[0]
    loaded = shelf.get(profile, profile.folder_in(renderer.models))
    with torch.no_grad():
        next(loaded.pipeline.vae.decoder.parameters()).fill_(float("nan"))
    with pytest.raises(FloatingPointError):
        frames(replace(renderer, shelf=shelf), order())
