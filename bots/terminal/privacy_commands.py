"""What can be typed about what is kept of one: told, taken along, taken in again, deleted."""

from pathlib import Path
from typing import Annotated

import typer

from bots.terminal.library_commands import Json, group, texts

privacy = group("privacy.privacy")


def register(app: typer.Typer) -> None:
    app.command("export", **texts("privacy.export"))(export)
    app.command("import", **texts("privacy.import"))(take_in)
    app.add_typer(privacy, name="privacy")


def export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE.zip", help="help.privacy.file")] = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import belongings

    belongings.export(context, file, force=force, as_json=as_json)


def take_in(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.zip", help="help.privacy.import_file")],
    as_json: Json = False,
) -> None:
    from bots.terminal import belongings

    belongings.take_in(context, file, as_json=as_json)


@privacy.callback()
def show_privacy(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import belongings

        belongings.show(context, as_json=as_json)


@privacy.command("name", **texts("privacy.name"))
def name(
    context: typer.Context,
    chosen: Annotated[str | None, typer.Argument(metavar="NAME", help="help.privacy.name_arg")] = None,
    off: Annotated[bool, typer.Option("--off", help="help.privacy.name_off")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import belongings

    belongings.name(context, "" if off else chosen, as_json=as_json)


@privacy.command("delete", **texts("privacy.delete"))
def delete(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="help.privacy.yes")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import belongings

    belongings.forget(context, sure=yes, as_json=as_json)
