"""`keys`: what signs and marks, new ones, and the certificate that others need to verify."""

from pathlib import Path
from typing import Any

import typer

from bots.terminal import screen
from bots.terminal.session import settings_of
from bots.wording import say
from engine import keyroom
from engine.errors import StudioError
from engine.keyroom import KeysShown


def show(context: typer.Context, *, as_json: bool) -> None:
    _tell(keyroom.show(settings_of(context)), as_json=as_json)


def rotate(context: typer.Context, *, as_json: bool) -> None:
    shown = keyroom.rotate(settings_of(context))
    if not as_json:
        screen.show(say("keys.rotated"), "bold", mark="✓", mark_style="bold green")
    _tell(shown, as_json=as_json)


def take_in(context: typer.Context, chain: Path, key: Path, *, as_json: bool) -> None:
    shown = keyroom.take_in(settings_of(context), chain, key)
    if not as_json:
        screen.show(say("keys.taken_in"), "bold", mark="✓", mark_style="bold green")
    _tell(shown, as_json=as_json)


def revoke(context: typer.Context, name: str, *, as_json: bool) -> None:
    shown = keyroom.revoke(settings_of(context), name)
    if not as_json:
        screen.show(say("keys.revoked", name=screen.plain(name)), "bold", mark="✓", mark_style="bold green")
    _tell(shown, as_json=as_json)


def export_anchor(context: typer.Context, output: Path | None, *, force: bool) -> None:
    anchor = keyroom.anchor(settings_of(context))
    if output is None:
        typer.echo(anchor, nl=False)
        return
    try:
        with output.open("w" if force else "x", encoding="ascii") as file:
            file.write(anchor)
    except FileExistsError:
        raise StudioError("file.exists", file=str(output)) from None
    except OSError as error:
        raise StudioError("file.unwritable", file=str(output), cause=error.strerror) from None
    screen.show(say("keys.exported", file=screen.plain(str(output))), mark="✓", mark_style="bold green")


def _tell(shown: KeysShown, *, as_json: bool) -> None:
    if as_json:
        screen.answer(_as_json(shown))
        return
    until = f"{shown.signer_until:%Y-%m-%d}"
    screen.show(say("keys.brought" if shown.brought else "keys.signer", serial=shown.signer, until=until))
    screen.show(say("keys.root", serial=shown.root, until=f"{shown.root_until:%Y-%m-%d}"))
    screen.show("  " + say("keys.root_here" if shown.root_key_present else "keys.root_away"))
    if shown.older_signers:
        screen.show(say("keys.older", count=shown.older_signers))
    screen.show(say("keys.marks", name=shown.mark_keys[0], older=len(shown.mark_keys) - 1))
    if shown.revoked:
        screen.show(say("keys.believed_no_more", names=say("list.separator").join(shown.revoked)))


def _as_json(shown: KeysShown) -> dict[str, Any]:
    told = dict(vars(shown))
    return told | {key: told[key].isoformat() for key in ("signer_until", "root_until")}
