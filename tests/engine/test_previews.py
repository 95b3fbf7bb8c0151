"""A storyboard's preview: checked, inspected, marked and signed like a clip, drawn once, and gone with its board."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from PIL import Image

from engine import previews as engine_previews
from engine.boards import Boards
from engine.brief import Brief, Card, ClipSource, Look, Operation, UploadSource
from engine.errors import StudioError
from engine.filmstrip import Layout, moments
from engine.fleet.base import Task
from engine.members import Asker
from engine.places import Places
from engine.preview_tasks import DrawPreview
from engine.previews import PreviewHouse, Previews
from engine.reports import UploadSeen
from engine.sweeping import sweep
from provenance.credentials import TRUSTED, read_credentials
from provenance.keys import Keyring
from provenance.reader import Issued, read_marks
from storage import belongings, clips, previews, sources
from storage.clock import now
from storage.sources import UploadRow
from storage.tables import previews as table
from tests.engine.shared_studio import SharedStudio, shared_studio


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


class Counting:
    """A fleet that counts what it draws."""

    def __init__(self, fleet: Any) -> None:
        self.drawn: list[DrawPreview] = []
        self._fleet = fleet

    async def do(self, task: Task[Any], **more: Any) -> Any:
        if isinstance(task, DrawPreview):
            self.drawn.append(task)
        return await self._fleet.do(task, **more)


@pytest.fixture
def fleet(studio: SharedStudio) -> Counting:
    return Counting(studio.fleet)


@pytest.fixture
def stills(studio: SharedStudio, fleet: Counting) -> Previews:
    return Previews(studio.database, studio.blobs, fleet, PreviewHouse("", "1.0"))  # type: ignore[arg-type]


def of(*texts: str, seconds: float = 2.0, **look: Any) -> Brief:
    cards = tuple(Card(at=number * 0.5, text=text) for number, text in enumerate(texts))
    return Brief(operation=Operation.STORYBOARD, cards=cards, look=Look(seconds=seconds, **look))


async def bring(studio: SharedStudio, asker: Asker) -> UploadSource:
    """A picture of theirs that nobody has looked at: all red, so that it is seen wherever it should not be."""
    file = studio.blobs.temporary(".png")
    Image.new("RGB", (320, 180), (255, 0, 0)).save(file)
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    studio.blobs.adopt(file, sha256)
    async with studio.database.writing() as tx:
        await clips.add_file(tx, sha256, 1, "image/png")
        seen = UploadSeen().model_dump(mode="json")
        await sources.bring(tx, UploadRow(asker.member_id, sha256, "image/png", 320, 180, 0.0, now(), seen))
    return UploadSource(sha256=sha256, media_type="image/png")


async def test_a_preview_is_marked_signed_and_read_back_trusted(studio: SharedStudio, stills: Previews) -> None:
    shown = await stills.of_board(of("a white crane in a stream", "夜裡下雪"), studio.ann)
    keyring = Keyring.open(Places(studio.data).keys)
    told = read_credentials(shown.file, keyring)
    assert told is not None and told.state == TRUSTED and told.intact and told.record is not None
    assert (told.record.medium, told.record.clip) == ("preview", shown.clip_id)
    key = keyring.mark_keys()[0]
    with Image.open(shown.file) as picture:
        luma = picture.convert("L")
        assert picture.width == 1280
    import numpy as np

    (mark, *_) = read_marks([np.asarray(luma)], [Issued(key.name, key.secret, np.empty((0, 8), np.uint8))])
    assert mark.clip_id == shown.clip_id


async def test_the_same_storyboard_is_drawn_once_and_another_anew(
    studio: SharedStudio, stills: Previews, fleet: Counting
) -> None:
    brief = of("a wolf")
    both = await asyncio.gather(stills.of_board(brief, studio.ann), stills.of_board(brief, studio.ann))
    larger = brief.model_copy(update={"variations": 4, "look": Look(seconds=2.0, resolution="1080p")})
    assert {one.file for one in both} == {(await stills.of_board(larger, studio.ann)).file}
    assert len(fleet.drawn) == 1
    await stills.of_board(of("a wolf", style="ink"), studio.ann)
    assert len(fleet.drawn) == 2


@pytest.mark.parametrize(
    ("words", "code"), [("a naked woman on a beach", "preview.refused"), ("a street fight", "preview.held")]
)
async def test_of_words_that_are_not_allowed_nothing_is_drawn(
    studio: SharedStudio, stills: Previews, fleet: Counting, words: str, code: str
) -> None:
    with pytest.raises(StudioError, match=code):
        await stills.of_board(of("a wolf", words), studio.ann)
    assert not fleet.drawn


async def test_a_file_that_nobody_looked_at_is_a_curtain(studio: SharedStudio, stills: Previews) -> None:
    upload = await bring(studio, studio.ann)
    cards = (Card(at=0.0, text="a wolf in the snow"), Card(at=1.0, source=upload), Card(at=3.0, source=upload))
    brief = Brief(operation=Operation.STORYBOARD, cards=cards, look=Look(seconds=4.0))
    shown = await stills.of_board(brief, studio.ann)
    assert shown.covered == (2, 3)
    with Image.open(shown.file) as picture:
        assert not any(red > 180 and green < 60 and blue < 60 for _, (red, green, blue) in _colours(picture))
    alone = brief.model_copy(update={"cards": cards[1:]})
    with pytest.raises(StudioError, match=r"preview\.nothing_yet"):
        await stills.of_board(alone, studio.ann)
    with pytest.raises(StudioError, match=r"upload\.unknown"):
        await stills.of_board(brief, studio.bob)
    for_owner = await stills.of_board(brief, studio.bob, owner=studio.ann.member_id)
    assert for_owner == shown


def _colours(picture: Image.Image) -> list[Any]:
    return picture.convert("RGB").resize((160, 120), Image.Resampling.NEAREST).getcolors(160 * 120) or []


async def test_a_clip_that_may_not_be_used_any_more_shows_no_preview(studio: SharedStudio, stills: Previews) -> None:
    clip = await studio.clip(studio.eve)
    cards = (Card(at=0.0, source=ClipSource(clip_id=clip)),)
    with pytest.raises(StudioError, match=r"clip\.unknown"):
        await stills.of_board(Brief(operation=Operation.STORYBOARD, cards=cards), studio.ann)


async def test_one_at_a_time_and_only_so_many_an_hour(
    studio: SharedStudio, stills: Previews, fleet: Counting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_previews, "AN_HOUR", 1)
    first = asyncio.create_task(stills.of_board(of("a wolf"), studio.ann))
    await asyncio.sleep(0)
    with pytest.raises(StudioError, match=r"preview\.one_at_a_time"):
        await stills.of_board(of("a bear"), studio.ann)
    await first
    with pytest.raises(StudioError, match=r"preview\.too_often"):
        await stills.of_board(of("a bear"), studio.ann)
    assert await stills.of_board(of("a wolf"), studio.ann) == first.result()
    await stills.of_board(of("a bear"), studio.bob)


async def test_it_goes_with_its_board_its_member_and_its_time(studio: SharedStudio, stills: Previews) -> None:
    boards = Boards(studio.database, studio.blobs, studio.fleet)
    board = await boards.start(studio.ann)
    on_it = await stills.of_board(of("a wolf"), studio.ann, board_id=board.id)
    newer = await stills.of_board(of("a bear"), studio.ann, board_id=board.id)
    assert await stills.get(newer.clip_id, studio.ann) == newer
    for gone, asker in ((on_it, studio.ann), (newer, studio.bob)):
        with pytest.raises(StudioError, match=r"preview\.unknown"):
            await stills.get(gone.clip_id, asker)
    places = Places(studio.data)
    removed = await sweep(studio.database, places, studio.blobs, grace_seconds=-1)
    assert on_it.file in removed and newer.file not in removed
    await boards.remove(studio.ann, board.id)
    of_bob, late = await stills.of_board(of("a fox"), studio.bob), await stills.of_board(of("an owl"), studio.ann)
    async with studio.database.writing() as tx:
        await belongings.forget_person(tx, [studio.bob.member_id], keep_identities=False)
        week = engine_previews.KEPT_DAYS * 24 * 3_600_000
        await tx.execute(table.update().where(table.c.id == late.clip_id).values(made_at=now() - week - 1))
    removed = await sweep(studio.database, places, studio.blobs, grace_seconds=-1)
    assert {newer.file, of_bob.file, late.file} <= set(removed)


async def test_a_changed_policy_and_a_lost_file_have_it_drawn_again(
    studio: SharedStudio, stills: Previews, fleet: Counting
) -> None:
    first = await stills.of_board(of("a wolf"), studio.ann)
    first.file.unlink()
    again = await stills.of_board(of("a wolf"), studio.ann)
    async with studio.database.writing() as tx:
        await tx.execute(table.update().values(content={"policy": "another"}))
        assert await previews.is_one(tx, again.clip_id)
    await stills.of_board(of("a wolf"), studio.ann)
    assert len(fleet.drawn) == 3


def test_every_card_has_a_panel_and_what_lies_between_is_shown_where_nothing_is_cut() -> None:
    found = moments([0.0, 4.0, 4.5], 10.0)
    assert [one.card for one in found if one.is_panel] == [0, 1, 2]
    assert [sum(not one.is_panel and one.card == card for one in found) for card in range(3)] == [3, 0, 3]
    assert [one.seconds for one in found] == sorted(one.seconds for one in found)
    assert moments([0.0, 60.0], 60.0)[-1].seconds == 60.0


@pytest.mark.parametrize("cards", range(1, 21))
@pytest.mark.parametrize("size", [(854, 480), (480, 480), (480, 854)])
def test_panels_fit_the_sheet_whatever_their_shape(cards: int, size: tuple[int, int]) -> None:
    layout = Layout.of(cards, size)
    assert layout.columns * layout.cell[0] <= 1_280
    assert abs(layout.panel[0] / layout.panel[1] - size[0] / size[1]) < 0.02
