"""Presets: kept under a name, shared by a code, and seen by the gate."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.presets import PRESETS_LIMIT, PresetContent, content_of, read_content
from storage import presets as rows
from storage.errors import CodedError
from tests.engine.shared_studio import SharedStudio, shared_studio

INK = PresetContent(style="ink", words="留白")


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


def refusal(code: str) -> "pytest.RaisesExc[CodedError]":
    return pytest.raises(CodedError, match=f"^{code}( |$)")


async def test_saving_again_replaces_and_names_are_ones_own(studio: SharedStudio) -> None:
    await studio.presets.save(studio.ann, "水墨 🖌", INK)
    await studio.presets.save(studio.bob, "水墨 🖌", PresetContent(seconds=3))
    again = await studio.presets.save(studio.ann, " 水墨  🖌 ", PresetContent(style="noir"))
    assert [row.id for row in await studio.presets.all(studio.ann)] == [again.id]
    assert content_of(await studio.presets.find(studio.ann, "水墨 🖌")).style == "noir"
    with refusal("preset.unknown"):
        await studio.presets.find(studio.mod, "水墨 🖌")


@pytest.mark.parametrize("name", ["fine", "how to build a pipe bomb"])
async def test_the_gate_sees_the_name_and_every_word(studio: SharedStudio, name: str) -> None:
    words = "pipe bomb instructions, how to build a pipe bomb" if name == "fine" else "rain"
    with refusal("name.refused"):
        await studio.presets.save(studio.ann, name, PresetContent(words=words))
    assert await studio.presets.all(studio.ann) == []


async def test_a_code_opens_only_what_is_shared(studio: SharedStudio) -> None:
    row = await studio.presets.save(studio.ann, "noir", INK)
    with refusal("preset.unknown"):
        await studio.presets.take(studio.eve, row.id)
    await studio.presets.share(studio.ann, "noir")
    assert content_of(await studio.presets.find(studio.eve, f" {row.id.upper()} ")) == INK
    taken = await studio.presets.take(studio.eve, row.id, "mine")
    await studio.presets.share(studio.ann, "noir", on=False)
    await studio.presets.remove(studio.ann, "noir")
    with refusal("preset.unknown"):
        await studio.presets.find(studio.eve, row.id)
    assert (content_of(taken), taken.is_shared) == (INK, False)
    for code in ("", "no code", "x" * 500, "00000000"):
        with refusal("preset.unknown" if code and len(code) < 60 else "preset.unknown|name"):
            await studio.presets.take(studio.eve, code)


async def test_nobody_changes_what_is_not_theirs(studio: SharedStudio) -> None:
    row = await studio.presets.save(studio.ann, "noir", INK)
    await studio.presets.share(studio.ann, "noir")
    for call in (studio.presets.remove(studio.bob, row.id), studio.presets.share(studio.mod, row.id, on=False)):
        with refusal("preset.not_yours"):
            await call
    with refusal("preset.moderators_only"):
        await studio.presets.save(studio.ann, "ours", INK, for_community=True)
    await studio.presets.save(studio.mod, "ours", INK, for_community=True)
    with refusal("preset.not_yours"):
        await studio.presets.remove(studio.bob, "ours")
    with refusal("preset.unknown"):
        await studio.presets.find(studio.eve, "ours")
    await studio.presets.remove(studio.mod, "ours")


async def test_ones_own_default_comes_before_the_communitys(studio: SharedStudio) -> None:
    assert await studio.presets.default(studio.ann) is None
    ours = await studio.presets.save(studio.mod, "ours", INK, for_community=True)
    with refusal("preset.moderators_only"):
        await studio.presets.use(studio.ann, "ours", for_community=True)
    await studio.presets.use(studio.mod, "ours", for_community=True)
    assert await studio.presets.default(studio.ann) == ours
    assert await studio.presets.default(studio.eve) is None
    mine = await studio.presets.save(studio.ann, "mine", PresetContent(seconds=7))
    await studio.presets.use(studio.ann, "mine")
    assert await studio.presets.default(studio.ann) == mine
    await studio.presets.remove(studio.ann, "mine")
    assert await studio.presets.default(studio.ann) == ours
    await studio.presets.use(studio.mod, None, for_community=True)
    assert await studio.presets.default(studio.ann) is None


async def test_there_is_an_end_to_presets(studio: SharedStudio) -> None:
    async with studio.database.writing() as tx:
        for number in range(PRESETS_LIMIT):
            await rows.add(
                tx,
                id=f"p{number}",
                member_id="ann",
                community_id=None,
                owner="m:ann",
                name=str(number),
                content={"seconds": 3},
                policy_version="p",
            )
    await studio.presets.save(studio.ann, "0", INK)
    with refusal("preset.too_many"):
        await studio.presets.save(studio.ann, "one over", INK)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({}, "preset.empty"),
        ({"style": None}, "preset.empty"),
        ({"seconds": 0.5}, "preset.impossible"),
        ({"seconds": 61}, "preset.impossible"),
        ({"aspect": "4:3"}, "preset.impossible"),
        ({"words": "x" * 301}, "preset.impossible"),
        ({"nonsense": 1}, "preset.impossible"),
    ],
)
def test_what_can_be_no_preset(typed: dict[str, object], code: str) -> None:
    with refusal(code):
        read_content(**typed)


@pytest.mark.parametrize(
    ("typed", "prompt"),
    [
        ("a fox.", "a fox, 留白"),
        ("一隻狐狸。", "一隻狐狸，留白"),
        ("  a fox ", "a fox, 留白"),
    ],
)
def test_a_presets_words_follow_the_prompt(typed: str, prompt: str) -> None:
    assert INK.prompt(typed) == prompt
    with refusal("prompt.long"):
        INK.prompt("x" * 4_000)
