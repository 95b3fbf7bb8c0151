"""The desk as a moderator works it in a terminal: keys alone, commands, and what members are told."""

import asyncio
import io
import json
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bots.main import run
from engine.members import Asker
from storage import members
from storage.database import Database, Transaction
from tests.engine.people import held_brief, released

Result = TypeVar("Result")


@dataclass
class Terminal:
    """People of this machine's community, each with a name to type."""

    data: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def typed(self, who: str, *arguments: str) -> tuple[int, str]:
        code = run(["--data", str(self.data), *(("--as", who) if who else ()), *arguments])
        said = self.capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out + said.err

    def asked(self, who: str, *arguments: str) -> tuple[int, Any]:
        code, said = self.typed(who, *arguments, "--json")
        return code, json.loads(said.splitlines()[0])

    def pressed(self, who: str, keys: str) -> str:
        self.monkeypatch.setattr("sys.stdin", io.StringIO(keys))
        return self.typed(who, "desk", "work")[1]

    def done(self, work: Callable[[Transaction, Asker], Awaitable[Result]]) -> Result:
        """Something in the database, as far as mia is concerned."""

        async def opened() -> Result:
            url = f"sqlite+aiosqlite:///{self.data / 'kinora.db'}"
            async with await Database.connect(url) as database, database.writing() as tx:
                mia = await members.member_known_as(tx, "local", "mia")
                here = await members.community_known_as(tx, "local", "local")
                assert mia is not None and here is not None
                return await work(tx, Asker(mia.id, here.id, "free", "member"))

        return asyncio.run(opened())

    def held(self, *categories: str, prompt: str = "a wolf") -> str:
        return self.done(lambda tx, mia: held_brief(tx, mia, *categories, prompt=prompt))


@pytest.fixture
def at(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal(tmp_path / "data", capsys, monkeypatch)
    for name in ("mia", "ann", "ben"):
        assert terminal.typed("", "member", "add", name)[0] == 0
    for name in ("ann", "ben"):
        assert terminal.typed("", "member", "role", name, "moderator")[0] == 0
    return terminal


def test_a_shift_at_the_desk_by_keys_alone(at: Terminal) -> None:
    grave = at.held("gore", prompt="a duel in the snow")
    plain, mild = at.held("violence"), at.held("suggestive")
    said = at.pressed("ann", "scgore\nwno wounds, please\nrukaeq")
    #                         ^strike, reason, word, refuse; undo; skip the second; allow the first; raise the third
    assert f"{grave}: refused." in said and f"{grave} waits again." in said and f"{grave}: allowed." in said
    assert "“a duel in the snow”" in said and "no wounds, please" in said
    assert said.index(grave) < said.index(plain) < said.index(mild)
    assert f"{mild} waits for a lead." in said
    assert "t take down" not in said  # nobody takes a prompt down
    assert [one["case"] for one in at.asked("", "desk")[1]["cases"]] == [plain, mild]
    assert at.asked("mia", "standing")[1]["step"] == "good"  # undone, and its strike with it
    assert f"{plain} was passed on." in at.pressed("ben", "pann\nq")
    assert at.asked("ben", "desk", "allow", plain)[1]["error"]["code"] == "case.passed_on"


def test_a_reported_clip_is_taken_down_and_its_maker_told_why(at: Terminal) -> None:
    clip = at.done(released)
    code, told = at.asked("ben", "explore", "report", clip, "--reason", "gore", "--note", "a wound")
    assert code == 0
    case = told["case"]
    assert at.asked("ben", "desk", "takedown", case)[1]["error"]["code"] == "case.own_report"
    dossier = at.asked("ann", "desk", "show", case)[1]
    assert (dossier["kind"], dossier["reports"]) == ("report", [{"category": "gore", "note": "a wound"}])
    assert dossier["actions"] == ["nothing", "take_down"]
    assert at.asked("ann", "desk", "takedown", clip, "--reason", "gore", "--word", "too much")[1]["final"] is True
    assert at.asked("mia", "show", clip)[1]["error"]["code"] == "clip.taken_down"
    assert at.asked("mia", "library")[1]["clips"] == []
    (told,) = at.asked("mia", "show", dossier["job"])[1]["statements"]
    assert (told["decision"], told["reason"], told["automated"], told["word"]) == (
        "take_down",
        "gore",
        False,
        "too much",
    )
    assert told["can_appeal"] and not told["doubted"]
    assert at.asked("mia", "doubt", dossier["job"]) == (0, {"job": dossier["job"], "doubted": True})
    assert at.asked("ann", "doubt", dossier["job"])[1]["error"]["code"] == "job.unknown"
    assert at.asked("mia", "show", dossier["job"])[1]["statements"][0]["doubted"]
    (doubted,) = at.asked("ann", "desk", "doubted")[1]["doubted"]
    assert (doubted["job_id"], doubted["reason"], doubted["stands"]) == (dossier["job"], "gore", True)
    assert "it stands" in at.typed("ben", "desk", "doubted")[1]
    assert at.asked("mia", "desk", "doubted")[1]["error"]["code"] == "desk.moderators_only"
    appeal = at.asked("mia", "appeal", dossier["job"], "it was jam")[1]["case"]
    assert at.asked("ann", "desk", "allow", appeal)[1]["error"]["code"] == "case.own_decision"
    assert at.asked("ben", "desk", "allow", appeal)[0] == 0
    assert [one["id"] for one in at.asked("mia", "library")[1]["clips"]] == [clip]


def test_members_have_no_desk_and_moderators_no_closed_queue(at: Terminal) -> None:
    case = at.held("minors")
    for arguments in (("desk",), ("desk", "show", case), ("desk", "refuse", case), ("desk", "settings")):
        code, told = at.asked("mia", *arguments)
        assert (code, told["error"]["code"].split(".")[0] in ("desk", "case")) == (1, True)
    assert at.asked("ann", "desk")[1]["cases"] == []
    assert at.asked("ann", "show", case)[1]["error"]["code"] == "case.named_only"
    assert "kinora desk name" in at.typed("", "desk", "list")[1]
    assert at.asked("ann", "desk", "name", "ben")[1]["error"]["code"] == "desk.operator_only"
    assert at.asked("", "desk", "name", "ann")[0] == 0
    assert [one["case"] for one in at.asked("ann", "desk")[1]["cases"]] == [case]
    assert at.asked("ann", "desk", "show", case, "-o", "x.png")[1]["error"]["code"] == "case.never_shown"
    assert at.asked("ann", "desk", "settings", "--pause-after", "3")[1]["pause_after"] == 3


def test_the_record_is_verified_exported_and_told_as_a_page(at: Terminal, tmp_path: Path) -> None:
    case = at.held("gore", prompt="鬼 <b>&")
    at.asked("ann", "desk", "refuse", case, "--bank")
    code, whole = at.asked("", "audit", "verify")
    assert (code, whole["whole"]) == (0, True)
    lines = at.typed("", "audit", "export")[1].splitlines()
    assert [json.loads(line)["action"] for line in lines] == ["decided"]
    assert "Only the operator" in at.typed("ann", "audit", "export")[1]
    told = at.asked("ann", "audit", "report", "-o", "report.html")[1]
    assert (told["decisions"], told["automated_share"], sum(told["waits"].values())) == (1, 0.0, 1)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3 and "<script" not in page
    row = json.loads(at.typed("", "desk", "labels")[1])
    assert row == {"text": "鬼 <b>&", "label": "refuse", "category": "gore"}

    with sqlite3.connect(at.data / "kinora.db") as database, pytest.raises(sqlite3.DatabaseError, match="append-only"):
        database.execute("UPDATE audit SET actor = 'nobody'")
    with sqlite3.connect(at.data / "kinora.db") as database:
        database.execute("DROP TRIGGER audit_keeps_every_row_update")
        database.execute("UPDATE audit SET actor = 'nobody' WHERE number = 1")
    code, broken = at.asked("", "audit", "verify")
    assert (code, broken["broken"], broken["at"]) == (1, "altered", 1)
