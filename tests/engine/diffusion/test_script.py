"""Scripts and segments are plain arithmetic: whatever is asked for, every frame is there once, and no model is asked
for what it does not make."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from engine.brief import FRAMES_PER_SECOND, Brief, Operation
from engine.errors import StudioError
from engine.renderers.diffusion.profile import Profile, Way, known
from engine.renderers.diffusion.script import Kept, Made, best_for, can, write
from engine.renderers.diffusion.segments import cut
from engine.renderers.order import RenderOrder, SourceFile

PROFILES = [Profile.load(name) for name in known()]
CLIP = {"kind": "clip", "clip_id": "c"}
STILL = {"kind": "upload", "sha256": "e" * 64, "media_type": "image/png"}
FILM = SourceFile(Path("c.mp4"), "c" * 64, "video/mp4", 4.0, said="a wolf.")
PICTURE = SourceFile(Path("e.png"), "e" * 64, "image/png", 0.0)

seconds = some.integers(24, 24 * 60).map(lambda frames: frames / 24)


@some.composite
def orders(draw: some.DrawFn) -> RenderOrder:
    operation = draw(some.sampled_from(Operation))
    length = draw(seconds)
    fields: dict[str, Any] = {"operation": operation, "prompt": "she sings", "look": {"seconds": length}}
    files: list[SourceFile] = []
    match operation:
        case Operation.ANIMATE:
            fields["sources"], files = [STILL], [PICTURE]
        case Operation.STORYBOARD:
            frames = draw(some.lists(some.integers(0, round(length * 24)), min_size=1, max_size=8, unique=True))
            fields["cards"] = []
            for frame in sorted(frames):
                card: dict[str, Any] = {"at": frame / 24, "text": draw(some.sampled_from(["", "a fox", "夜"]))}
                shown = (
                    draw(some.sampled_from([None, CLIP, STILL])) if card["text"] else draw(some.sampled_from([CLIP]))
                )
                if shown is not None:
                    card["source"] = shown
                    files.append(FILM if shown is CLIP else PICTURE)
                fields["cards"].append(card)
        case Operation.RECUT:
            before, after = draw(some.tuples(some.integers(0, 240), some.integers(0, 240)))
            fields |= {"before": before / 24, "after": after / 24, "sources": [CLIP]}
            fields["look"]["seconds"] = (before + 96 + after) / 24
            files = [FILM]
        case Operation.BLEND:
            fields |= {"sources": [CLIP, CLIP], "blend": {"mode": draw(some.sampled_from(["transition", "mix"]))}}
            files = [FILM, FILM]
        case Operation.VIEWS:
            fields["views"] = 3
        case Operation.CREATE:
            pass
        case _:
            fields["sources"], files = [CLIP], [FILM]
    return RenderOrder(brief=Brief.model_validate(fields), seed=1, sources=tuple(files))


@settings(deadline=None, derandomize=True, max_examples=80)
@given(orders())
def test_a_script_has_every_frame_once(order: RenderOrder) -> None:
    parts = write(order).parts
    assert sum(part.frames for part in parts) == order.count
    assert all(part.frames > 0 for part in parts)


@settings(deadline=None, derandomize=True, max_examples=80)
@given(orders(), some.sampled_from(PROFILES))
def test_segments_show_every_frame_and_ask_for_what_the_model_makes(order: RenderOrder, profile: Profile) -> None:
    for part in write(order).parts:
        if isinstance(part, Kept):
            continue
        following = 0
        for segment in cut(part, profile, FRAMES_PER_SECOND, goes_on=part.goes_on):
            assert segment.first + segment.fade == following
            following = segment.first + segment.shown
            assert segment.frames <= profile.frames.most
            assert segment.frames == profile.frames.snapped(segment.frames)
            seen = [segment.made_at(shown) for shown in range(segment.shown)]
            assert seen == sorted(seen)
            assert seen[0] >= segment.lead
            assert seen[-1] < segment.frames - segment.trail
        assert following == part.frames


@settings(deadline=None, derandomize=True, max_examples=80)
@given(orders())
def test_one_model_of_ltx_does_everything_and_three_of_wan_do(order: RenderOrder) -> None:
    script = write(order)
    for names in (["ltx-video-2b"], ["wan-5b", "wan-1b", "wan-vace-1b"]):
        profiles = [profile for profile in PROFILES if profile.name in names]
        assert can(best_for(script, profiles, order.brief.operation, order.fps), script, order.fps)


def test_what_no_profile_can_do_names_those_that_were_asked() -> None:
    order = RenderOrder(brief=Brief.model_validate({"operation": "loop", "sources": [CLIP]}), seed=1, sources=(FILM,))
    with pytest.raises(StudioError) as refused:
        best_for(write(order), [Profile.load("wan-1b"), Profile.load("wan-5b")], Operation.LOOP, 24)
    assert refused.value.code == "profile.cannot"
    assert "Wan 2.1 1.3B, Wan 2.2 TI2V 5B" in str(refused.value.params["profiles"])


def test_the_words_behind_a_clip_come_before_the_new_ones_and_none_twice() -> None:
    brief = {"operation": "remix", "sources": [CLIP], "prompt": "a wolf", "look": {"style": "ink"}}
    order = RenderOrder(brief=Brief.model_validate(brief), seed=1, sources=(FILM,))
    (part,) = write(order).parts
    assert isinstance(part, Made)
    assert part.prompt == "a wolf. ink style"


def test_ways_are_found_where_a_more_general_one_serves() -> None:
    vace = Profile.load("wan-vace-1b")
    assert vace.can(Way.FIRST) and vace.pipeline_for(Way.FIRST) == "WanVACEPipeline"
