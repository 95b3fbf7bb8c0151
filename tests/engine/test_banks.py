"""Banks as the studio uses them: kept by leads, filled by the desk, asked about every upload and every take."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageOps

from engine import jobs
from engine.banks import AskedBanks, Banks, Wish, asked_banks
from engine.desk import Desk
from engine.members import Asker
from engine.reports import InspectionReport, UploadReport
from engine.take_tasks import JudgeTake
from engine.text_tasks import CheckText
from engine.uploads import TakeIn
from safety.desk.people import Action, Choice, Queue
from safety.frames.looks import asked
from safety.policy import Policy
from safety.submission import Submission
from safety.verdict import Decision
from storage import audit as audit_rows
from storage import cases
from storage import jobs as ledger
from storage.database import Database
from storage.errors import CodedError
from tests.engine.people import held_take, person
from tests.engine.shared_studio import Bench, FleetHere
from tests.engine.small_studio import ask, claimed, small_studio, url
from tests.pictures_samples import luma, photo

REFUSE = Choice(Action.REFUSE, "gore", bank=True)


@dataclass
class Room:
    folder: Path
    database: Database
    banks: Banks
    desk: Desk
    operator: Asker
    lead: Asker
    moderator: Asker
    member: Asker

    def file(self, number: int) -> Path:
        path = self.folder / f"{number}.png"
        photo(number).save(path)
        return path

    async def asked(self) -> AskedBanks | None:
        async with self.database.reading() as tx:
            return await asked_banks(tx, url(self.folder), self.lead.community_id)

    async def bring(self, number: int, *, mirrored: bool = False) -> UploadReport:
        path = self.folder / "brought.png"
        (ImageOps.mirror(photo(number)) if mirrored else photo(number)).save(path)
        return TakeIn(file=path, banks=await self.asked()).do(Bench(self.folder))

    async def judged(self, *numbers: int) -> Decision:
        """The verdict on a take that shows these pictures, half a second each."""
        order = JudgeTake(frames=24, inspections=seen(*numbers), banks=await self.asked())
        return order.do(Bench(self.folder)).verdict.decision


def seen(*numbers: int) -> tuple[InspectionReport, ...]:
    looks = tuple((at / 2, asked(luma(photo(number))).tobytes().hex()) for at, number in enumerate(numbers))
    return tuple(
        InspectionReport(inspector=name, frames_seen=24, looks=looks if name == "banks" else ())
        for name in Policy.load().required.frames
    )


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with small_studio(tmp_path) as (database, operator):
        async with database.writing() as tx:
            here = operator.community_id
            roles = (("lea", "lead"), ("mo", "moderator"), ("mia", "member"))
            people = [await person(tx, here, name, role) for name, role in roles]
        yield Room(
            tmp_path, database, Banks(database, url(tmp_path), FleetHere(tmp_path)), Desk(database), operator, *people
        )


async def refused(attempt: Any) -> str:
    with pytest.raises(CodedError) as caught:
        await attempt
    return caught.value.code


async def test_a_known_upload_is_refused_and_nothing_of_it_is_kept(room: Room) -> None:
    await room.banks.make(Wish("never", "gore"), room.lead)
    await room.banks.add("never", room.file(3), room.lead)
    assert await refused(room.bring(3, mirrored=True)) == "upload.known"
    assert not list((room.folder / "files").rglob("*.jpg"))
    report = await room.bring(4)
    assert len(report.seen.looks) == 1


async def test_what_came_before_the_bank_knew_it_is_refused_when_it_is_used(room: Room) -> None:
    report = await room.bring(3)
    order = CheckText(submission=Submission(), looks=report.seen.looks)
    assert order.do(Bench(room.folder)).verdict.decision is Decision.ALLOW
    await room.banks.make(Wish("never", "gore"), room.lead)
    await room.banks.add("never", room.file(3), room.lead)
    order = order.model_copy(update={"banks": await room.asked()})
    assert order.do(Bench(room.folder)).verdict.decision is Decision.REFUSE


async def test_one_known_frame_refuses_a_whole_take(room: Room) -> None:
    assert await room.judged(1, 2, 3) is Decision.ALLOW
    await room.banks.make(Wish("never", "gore"), room.lead)
    await room.banks.add("never", room.file(2), room.lead)
    assert await room.judged(1, 2, 3) is Decision.REFUSE
    assert await room.judged(1, 4, 3) is Decision.ALLOW


async def test_a_take_that_was_not_looked_at_is_held(room: Room) -> None:
    without = tuple(one for one in seen(1) if one.inspector != "banks")
    assert JudgeTake(frames=24, inspections=without).do(Bench(room.folder)).verdict.decision is Decision.HOLD


async def test_banks_that_cannot_be_read_allow_nothing(room: Room) -> None:
    broken = AskedBanks(database=url(room.folder / "elsewhere"), community_id="x")
    with pytest.raises(CodedError):
        JudgeTake(frames=24, inspections=seen(1), banks=broken).do(Bench(room.folder))


async def test_who_may_keep_which_bank(room: Room) -> None:
    assert await refused(room.banks.all(room.moderator)) == "bank.leads_only"
    assert await refused(room.banks.make(Wish("never", "gore", everywhere=True), room.lead)) == "bank.operators_only"
    await room.banks.make(Wish("everywhere", "minors", everywhere=True, closed=True), room.operator)
    assert await refused(room.banks.add("everywhere", room.file(1), room.lead)) == "bank.operators_only"
    stranger = replace(room.lead, community_id="elsewhere")
    await room.banks.make(Wish("ours", "gore"), room.lead)
    assert await refused(room.banks.remove("ours", stranger)) == "bank.unknown"
    assert [bank.row.name for bank in await room.banks.all(room.lead)] == ["everywhere", "ours"]
    async with room.database.reading() as tx:
        assert await audit_rows.count(tx, "lea", "bank_made", within_ms=60_000) == 1


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("", "gore"), "bank.name"),
        (Wish("a b", "gore"), "bank.name"),
        (Wish("x" * 41, "gore"), "bank.name"),
        (Wish("a", "nothing"), "bank.category"),
        (Wish("a", "gore", action="allow"), "bank.action"),
        (Wish("a", "gore", sure_within=81), "bank.distance"),
        (Wish("a", "gore", least_moments=0), "bank.moments"),
    ],
)
async def test_a_bank_that_makes_no_sense_is_not_made(room: Room, wish: Wish, code: str) -> None:
    assert await refused(room.banks.make(wish, room.operator)) == code


async def test_an_export_fills_another_bank_and_importing_twice_adds_nothing(room: Room, tmp_path: Path) -> None:
    await room.banks.make(Wish("one", "gore"), room.lead)
    await room.banks.make(Wish("two", "gore"), room.lead)
    for number in (5, 6):
        await room.banks.add("one", room.file(number), room.lead)
    exported = tmp_path / "one.jsonl"
    exported.write_text("".join([json.dumps(row) + "\n" async for row in room.banks.hand_out("one", room.lead)]))
    assert await room.banks.take_in("two", exported, room.lead) == 2
    assert await room.banks.take_in("two", exported, room.lead) == 0
    await room.banks.remove("one", room.lead)
    assert {found.bank for found in await room.banks.ask(room.file(5), room.lead)} == {"two"}
    (first, _) = [row async for row in room.banks.hand_out("two", room.lead)]
    assert await room.banks.remove("two", room.lead, entry=first["entry"]) == 1
    assert await room.banks.ask(room.file(5), room.lead) == []
    assert await refused(room.banks.remove("two", room.lead, entry=first["entry"])) == "bank.no_entry"


async def test_lists_of_others_are_read(room: Room, tmp_path: Path) -> None:
    await room.banks.make(Wish("listed", "minors", closed=True), room.lead)
    one, two, three, poor = (asked(luma(photo(number)))[0].tobytes().hex() for number in range(20, 24))
    listed = tmp_path / "hashes.txt"
    listed.write_text(
        f"hash,quality\n# a comment\n{one}\n{two.upper()},100,frame 3\n\n"
        f'{{"hash": "{three}", "quality": 88}}\n{{"pdq": "{poor}", "quality": 12}}\n'
    )
    assert await room.banks.take_in("listed", listed, room.lead) == 3
    assert [len(await room.banks.ask(room.file(number), room.lead)) for number in range(20, 24)] == [1, 1, 1, 0]


@pytest.mark.parametrize("line", ["xyz", "00" * 31, '{"hash": 3}', '{"hashes": ["00"]}', "{", '{"label": "x"}'])
async def test_a_list_with_one_bad_line_is_not_half_imported(room: Room, tmp_path: Path, line: str) -> None:
    await room.banks.make(Wish("listed", "gore"), room.lead)
    listed = tmp_path / "hashes.txt"
    listed.write_text("ab" * 32 + "\n" + line + "\n")
    assert await refused(room.banks.take_in("listed", listed, room.lead)) == "bank.malformed"
    assert (await room.banks.all(room.lead))[0].entries == 0


async def test_a_file_without_a_picture_is_named(room: Room, tmp_path: Path) -> None:
    await room.banks.make(Wish("never", "gore"), room.lead)
    plain, words = tmp_path / "plain.png", tmp_path / "words.png"
    Image.new("RGB", (200, 200), "white").save(plain)
    words.write_text("no picture")
    assert await refused(room.banks.add("never", plain, room.lead)) == "bank.too_plain"
    assert await refused(room.banks.add("never", words, room.lead)) == "bank.no_picture"


# -- the desk ------------------------------------------------------------------------------------------------------


async def held(room: Room, *numbers: int) -> tuple[str, str]:
    """A held take that shows these pictures, and its case."""
    async with room.database.writing() as tx:
        job, case_id = await held_take(tx, room.member)
        (take,) = await ledger.takes_of(tx, job.id)
        inspections = [one.model_dump(mode="json") for one in seen(*numbers)]
        await ledger.set_report(tx, take.id, {"inspections": inspections})
    return take.id, case_id


async def test_what_the_desk_banks_is_held_when_it_comes_again_and_forgotten_when_it_is_undone(room: Room) -> None:
    _, case_id = await held(room, 8, 9, 10)
    await room.desk.decide(case_id, REFUSE, room.moderator)
    assert await room.judged(30, 8, 9, 31) is Decision.HOLD
    assert await room.judged(30, 8, 31) is Decision.ALLOW, "one frame in common is not enough for the desk's own bank"
    await room.desk.undo(case_id, room.moderator)
    assert await room.judged(30, 8, 9, 31) is Decision.ALLOW


async def test_a_refusal_without_the_bank_is_not_remembered(room: Room) -> None:
    _, case_id = await held(room, 8, 9)
    await room.desk.decide(case_id, replace(REFUSE, bank=False), room.moderator)
    assert await room.judged(8, 9) is Decision.ALLOW


async def test_what_a_closed_bank_knows_goes_to_the_closed_queue(room: Room) -> None:
    await room.banks.make(Wish("closed", "gore", action="hold", closed=True), room.lead)
    await room.banks.add("closed", room.file(12), room.lead)
    order = JudgeTake(frames=24, inspections=seen(12), banks=await room.asked())
    verdict = order.do(Bench(room.folder)).verdict
    assert verdict.decision is Decision.HOLD
    async with room.database.writing() as tx:
        job = await claimed(tx, (await ask(tx, room.member, price=0)).id)
        await jobs.queue(tx, job, Policy.load().judge([]))
        (take,) = await ledger.takes_of(tx, job.id)
        await jobs.keep_take(tx, job, take, {})
        await jobs.judge_take(tx, job, take, verdict)
        (case,) = await cases.undecided(tx, job_id=job.id)
    assert (case.queue, case.kind) == (Queue.CHILD_SAFETY, "hash")
    assert await room.desk.queue(room.moderator) == []
    assert await refused(room.desk.claim(case.id, room.moderator)) == "case.named_only"
