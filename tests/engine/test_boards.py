"""Storyboards in the making: whose they are, what is put on them, and that nothing unread is shown or lost."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image

from engine.boards import BOARDS_LIMIT, Boards
from engine.brief import CARD_LIMIT, ClipSource, UploadSource
from engine.errors import StudioError
from storage import clips, sources
from storage.clock import now
from storage.sources import UploadRow
from storage.tables import uploads
from tests.engine.shared_studio import SharedStudio, shared_studio

HASH = "a" * 64


@pytest_asyncio.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


@pytest.fixture
def boards(studio: SharedStudio) -> Boards:
    return Boards(studio.database, studio.blobs, studio.fleet)


async def test_cards_stand_in_the_order_of_their_times_and_become_a_brief(studio: SharedStudio, boards: Boards) -> None:
    board = await boards.start(studio.ann)
    await boards.add_card(studio.ann, board.id, at=5.0, text="它變暗了")
    clip = await studio.clip(studio.bob)
    board = await boards.add_card(studio.ann, board.id, at=0.0, source=ClipSource(clip_id=clip, start=0.5))
    board = await boards.add_card(studio.ann, board.id, at=None, text="the end")
    assert [card.at for card in board.cards] == [0.0, 5.0, 9.0]
    assert board.seconds == 13.0
    fields = board.as_fields()
    assert [card["text"] for card in fields["cards"]] == ["", "它變暗了", "the end"]
    assert fields["cards"][0]["source"]["clip_id"] == clip


async def test_a_card_is_moved_trimmed_reworded_and_taken_away_by_its_own_name(
    studio: SharedStudio, boards: Boards
) -> None:
    board = await boards.start(studio.ann)
    clip = await studio.clip(studio.ann)
    board = await boards.add_card(studio.ann, board.id, at=0.0, source=ClipSource(clip_id=clip))
    board = await boards.add_card(studio.ann, board.id, at=3.0, text="a crane")
    first, second = (card.id for card in board.cards)
    board = await boards.change_card(studio.ann, board.id, first, at=6.0, text="", start=0.1, end=0.9)
    assert [card.id for card in board.cards] == [second, first]
    source = board.card(first).source
    assert source is not None and (source.start, source.end) == (0.1, 0.9)
    with pytest.raises(StudioError, match=r"brief\.window"):
        await boards.change_card(studio.ann, board.id, first, at=6.0, text="", start=0.5, end=0.6)
    with pytest.raises(StudioError, match=r"brief\.card_order"):
        await boards.change_card(studio.ann, board.id, first, at=3.0, text="")
    with pytest.raises(StudioError, match=r"brief\.card_time"):
        await boards.change_card(studio.ann, board.id, first, at=61.0, text="")
    with pytest.raises(StudioError, match=r"board\.empty_card"):
        await boards.change_card(studio.ann, board.id, second, at=3.0, text="…")
    board = await boards.remove_card(studio.ann, board.id, second)
    assert [card.id for card in board.cards] == [first]
    with pytest.raises(StudioError, match=r"board\.no_card"):
        await boards.remove_card(studio.ann, board.id, second)


async def test_others_build_where_its_owner_opened_it_and_bring_no_files(studio: SharedStudio, boards: Boards) -> None:
    board = await boards.start(studio.ann)
    with pytest.raises(StudioError, match=r"board\.not_open"):
        await boards.add_card(studio.bob, board.id, at=0.0, text="a wolf")
    with pytest.raises(StudioError, match=r"board\.not_yours"):
        await boards.open_to_others(studio.bob, board.id, on=True)
    await boards.open_to_others(studio.ann, board.id, on=True)
    board = await boards.add_card(studio.bob, board.id, at=0.0, text="a wolf")
    assert board.cards[0].by == studio.bob.member_id
    await _bring(studio, studio.bob.member_id)
    with pytest.raises(StudioError, match=r"board\.owners_files"):
        await boards.add_card(studio.bob, board.id, at=1.0, source=_upload())
    with pytest.raises(StudioError, match=r"board\.not_yours"):
        await boards.own(studio.bob, board.id)
    with pytest.raises(StudioError, match=r"board\.unknown"):
        await boards.get(studio.eve, board.id)


async def test_a_clip_that_may_not_be_remixed_is_put_on_no_board(studio: SharedStudio, boards: Boards) -> None:
    board = await boards.start(studio.ann)
    with pytest.raises(StudioError, match=r"clip\.unknown"):
        await boards.add_card(studio.ann, board.id, at=0.0, source=ClipSource(clip_id=await studio.clip(studio.eve)))


async def test_refused_words_are_not_kept_and_unsure_ones_are_marked(studio: SharedStudio, boards: Boards) -> None:
    board = await boards.start(studio.ann)
    with pytest.raises(StudioError, match=r"board\.refused"):
        await boards.add_card(studio.ann, board.id, at=0.0, text="a naked woman on a beach")
    board = await boards.add_card(studio.ann, board.id, at=0.0, text="a street fight")
    assert board.cards[0].is_unsure
    board = await boards.change_card(studio.ann, board.id, board.cards[0].id, at=0.0, text="a street at night")
    assert not board.cards[0].is_unsure


async def test_a_file_is_kept_as_long_as_a_board_shows_it(studio: SharedStudio, boards: Boards) -> None:
    await _bring(studio, studio.ann.member_id)
    board = await boards.start(studio.ann)
    board = await boards.add_card(studio.ann, board.id, at=0.0, source=_upload())
    async with studio.database.writing() as tx:  # days later
        await tx.execute(uploads.update().values(brought_at=0))
        assert HASH in await clips.referenced_files(tx)
    await boards.remove_card(studio.ann, board.id, board.cards[0].id)
    async with studio.database.reading() as tx:
        assert HASH not in await clips.referenced_files(tx)


async def test_there_are_only_so_many_cards_and_boards(studio: SharedStudio, boards: Boards) -> None:
    board = await boards.start(studio.ann)
    for number in range(CARD_LIMIT):
        await boards.add_card(studio.ann, board.id, at=float(number), text=f"number {number}")
    with pytest.raises(StudioError, match=r"brief\.many_cards"):
        await boards.add_card(studio.ann, board.id, at=30.0, text="one more")
    for _ in range(BOARDS_LIMIT - 1):
        await boards.start(studio.ann)
    with pytest.raises(StudioError, match=r"board\.too_many"):
        await boards.start(studio.ann)
    await boards.remove(studio.ann, board.id)
    assert len(await boards.of_member(studio.ann)) == BOARDS_LIMIT - 1


async def test_the_timeline_is_a_picture_that_shows_no_file_of_theirs(
    studio: SharedStudio, boards: Boards, tmp_path: Path
) -> None:
    await _bring(studio, studio.ann.member_id)
    board = await boards.start(studio.ann)
    board = await boards.add_card(studio.ann, board.id, at=0.0, text="a crane")
    board = await boards.add_card(studio.ann, board.id, at=2.0, source=_upload())
    for number in range(3, 9):
        board = await boards.add_card(studio.ann, board.id, at=float(number), text=f"number {number}")
    with Image.open(await boards.picture(board, tmp_path / "timeline.png")) as picture:
        assert picture.width > 600 and picture.height > 250  # two rows


def _upload() -> UploadSource:
    return UploadSource(sha256=HASH, media_type="image/jpeg")


async def _bring(studio: SharedStudio, member_id: str) -> None:
    async with studio.database.writing() as tx:
        await clips.add_file(tx, HASH, 10, "image/jpeg")
        await sources.bring(tx, UploadRow(member_id, HASH, "image/jpeg", 320, 180, 0.0, now()))
