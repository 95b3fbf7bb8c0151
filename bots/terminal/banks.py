"""`bank`: banks of known-bad media."""

from pathlib import Path
from typing import Any

import typer

from bots import stories
from bots.terminal import screen
from bots.terminal.checking import check_file
from bots.terminal.session import with_studio
from bots.wording import say
from engine.banks import BankView, Wish
from engine.members import Asker
from engine.studio import Studio
from storage.errors import CodedError


def show(context: typer.Context, *, as_json: bool) -> None:
    found = with_studio(context, lambda studio, by: studio.banks.all(by))
    if as_json:
        screen.answer({"banks": [_of(bank) for bank in found]})
    elif not found:
        screen.show(say("bank.none"))
    else:
        headings = ("bank", "category", "decision", "entries", "where")
        screen.table([say(f"table.{name}") for name in headings], map(_cells, found))


def make(context: typer.Context, wish: Wish, *, as_json: bool) -> None:
    made = with_studio(context, lambda studio, by: studio.banks.make(wish, by))
    if as_json:
        screen.answer(_of(made))
    else:
        _done("bank.made", name=wish.name)


def add(context: typer.Context, name: str, files: list[Path], *, as_json: bool) -> int:
    """Every file, those in folders too; one that holds no picture is named, and the next one is added."""
    found = [path for file in files for path in _files_in(file)]

    async def work(studio: Studio, by: Asker) -> list[tuple[Path, int | CodedError]]:
        done: list[tuple[Path, int | CodedError]] = []
        for file in found:
            try:
                done.append((file, await studio.banks.add(name, file.resolve(), by)))
            except CodedError as error:
                if error.code not in ("bank.no_picture", "bank.too_plain"):
                    raise
                done.append((file, error))
        return done

    done = with_studio(context, work)
    added = [(file, serial) for file, serial in done if isinstance(serial, int)]
    left_out = [(file, error) for file, error in done if isinstance(error, CodedError)]
    if as_json:
        screen.answer(
            {
                "added": [{"file": str(file), "entry": serial} for file, serial in added],
                "left_out": [{"file": str(file), "code": error.code} for file, error in left_out],
            }
        )
    else:
        _done("bank.added", name=name, count=len(added))
        for file, _ in left_out:
            screen.tell("  " + say("bank.left_out", file=screen.plain(str(file))), mark="–")
    return 1 if left_out else 0


def _files_in(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.is_file())
    check_file(path)
    return [path]


def take_in(context: typer.Context, name: str, file: Path, *, as_json: bool) -> None:
    check_file(file)
    count = with_studio(context, lambda studio, by: studio.banks.take_in(name, file, by))
    if as_json:
        screen.answer({"bank": name, "new": count})
    else:
        _done("bank.added", name=name, count=count)


def hand_out(context: typer.Context, name: str) -> None:
    async def work(studio: Studio, by: Asker) -> None:
        async for entry in studio.banks.hand_out(name, by):
            screen.answer(entry)

    with_studio(context, work)


def remove(context: typer.Context, name: str, entry: int | None, *, as_json: bool) -> None:
    count = with_studio(context, lambda studio, by: studio.banks.remove(name, by, entry))
    if as_json:
        screen.answer({"bank": name, "removed": count})
    else:
        _done("bank.removed", name=name, count=count)


def check(context: typer.Context, file: Path, *, as_json: bool) -> int:
    check_file(file)
    whole = file.resolve()
    found = with_studio(context, lambda studio, by: studio.banks.ask(whole, by))
    if as_json:
        screen.answer({"file": str(file), "found": [one.model_dump() for one in found]})
    elif not found:
        screen.show(say("bank.unknown_file"))
    else:
        headings = ("bank", "entry", "distance", "moments", "decision")
        rows = [
            (one.bank, str(one.entry), str(one.distance), str(one.moments), _decided(one.decision)) for one in found
        ]
        screen.table([say(f"table.{name}") for name in headings], rows)
    return 3 if found else 0


def _cells(bank: BankView) -> list[str]:
    row = bank.row
    where = say("bank.everywhere") if row.community_id is None else say("bank.here")
    closed = f" {say('bank.closed')}" if row.closed else ""
    return [row.name, stories.category_names([row.category]), _decided(row.action) + closed, str(bank.entries), where]


def _decided(action: str) -> str:
    return say("bank.refuses") if action == "refuse" else say("bank.holds")


def _of(bank: BankView) -> dict[str, Any]:
    row = bank.row
    return {
        "bank": row.name,
        "category": row.category,
        "action": row.action,
        "sure_within": row.sure_within,
        "like_within": row.like_within,
        "least_moments": row.least_moments,
        "closed": row.closed,
        "everywhere": row.community_id is None,
        "entries": bank.entries,
    }


def _done(key: str, **about: object) -> None:
    screen.show(say(key, **about), mark="✓", mark_style="bold green")
