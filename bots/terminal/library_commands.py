"""What can be typed about one's own clips: the library, folders, stars, titles, searching, the trash."""

from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="help.json")]
After = Annotated[str | None, typer.Option("--after", metavar="PLACE", help="help.library.after")]
Limit = Annotated[int, typer.Option("--limit", metavar="N", min=1, max=200, help="help.library.limit")]
Clip = Annotated[str, typer.Argument(metavar="CLIP", help="help.library.clip")]
Clips = Annotated[list[str], typer.Argument(metavar="CLIP...", help="help.library.clips")]
FolderName = Annotated[str, typer.Argument(metavar="NAME", help="help.library.folder_name")]
Off = Annotated[bool, typer.Option("--off", help="help.library.off")]


def texts(key: str) -> dict[str, Any]:
    return {"help": f"help.{key}", "epilog": f"examples.{key}"}


def group(key: str) -> typer.Typer:
    return typer.Typer(no_args_is_help=False, invoke_without_command=True, rich_markup_mode="rich", **texts(key))


folder = group("library.folder")
trash = group("library.trash")


def register(app: typer.Typer) -> None:
    app.command("library", **texts("library.library"))(show_library)
    app.command("search", **texts("library.search"))(search)
    app.command("rename", **texts("library.rename"))(rename)
    app.command("favourite", **texts("library.favourite"))(favourite)
    app.add_typer(folder, name="folder")
    app.add_typer(trash, name="trash")
    app.command("usage", **texts("library.usage"))(usage)


def show_library(
    context: typer.Context,
    favourites: Annotated[bool, typer.Option("--favourites", help="help.library.favourites")] = False,
    bookmarks: Annotated[bool, typer.Option("--bookmarks", help="help.library.bookmarks")] = False,
    in_folder: Annotated[str | None, typer.Option("--folder", metavar="NAME", help="help.library.in_folder")] = None,
    grid: Annotated[Path | None, typer.Option("--grid", metavar="FILE.png", help="help.library.grid")] = None,
    after: After = None,
    limit: Limit = 24,
    as_json: Json = False,
) -> None:
    from bots.terminal import shelves

    shelves.show_library(
        context,
        favourites=favourites,
        bookmarks=bookmarks,
        folder=in_folder,
        grid=grid,
        after=after,
        limit=limit,
        as_json=as_json,
    )


def search(
    context: typer.Context,
    query: Annotated[str, typer.Argument(metavar="WORDS", help="help.library.query")],
    in_explore: Annotated[bool, typer.Option("--explore", help="help.library.in_explore")] = False,
    across: Annotated[bool, typer.Option("--across", help="help.explore.across")] = False,
    grid: Annotated[Path | None, typer.Option("--grid", metavar="FILE.png", help="help.library.grid")] = None,
    after: After = None,
    limit: Limit = 24,
    as_json: Json = False,
) -> None:
    if in_explore or across:
        from bots.terminal import exploring

        exploring.search(context, query, across=across, grid=grid, after=after, limit=limit, as_json=as_json)
        return
    from bots.terminal import shelves

    shelves.search(context, query, grid=grid, after=after, limit=limit, as_json=as_json)


def rename(
    context: typer.Context,
    clip: Clip,
    title: Annotated[str, typer.Argument(metavar="TITLE", help="help.library.title")],
    as_json: Json = False,
) -> None:
    from bots.terminal import shelves

    shelves.rename(context, clip, title, as_json=as_json)


def favourite(context: typer.Context, clips: Clips, off: Off = False, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.favourite(context, clips, on=not off, as_json=as_json)


def usage(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.usage(context, as_json=as_json)


# -- folders -------------------------------------------------------------------------------------------------------


@folder.callback()
def list_folders(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import shelves

        shelves.list_folders(context, as_json=as_json)


@folder.command("make", **texts("library.folder_make"))
def make_folder(context: typer.Context, name: FolderName, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.make_folder(context, name, as_json=as_json)


@folder.command("rename", **texts("library.folder_rename"))
def rename_folder(
    context: typer.Context,
    name: FolderName,
    new_name: Annotated[str, typer.Argument(metavar="NEW", help="help.library.new_name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import shelves

    shelves.rename_folder(context, name, new_name, as_json=as_json)


@folder.command("remove", **texts("library.folder_remove"))
def remove_folder(context: typer.Context, name: FolderName, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.remove_folder(context, name, as_json=as_json)


@folder.command("put", **texts("library.folder_put"))
def put(context: typer.Context, name: FolderName, clips: Clips, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.put(context, clips, name, as_json=as_json)


@folder.command("out", **texts("library.folder_out"))
def take_out(context: typer.Context, clips: Clips, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.put(context, clips, None, as_json=as_json)


# -- the trash -----------------------------------------------------------------------------------------------------


@trash.callback()
def list_trash(context: typer.Context, after: After = None, limit: Limit = 24, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import shelves

        shelves.list_trash(context, after=after, limit=limit, as_json=as_json)


@trash.command("put", **texts("library.trash_put"))
def throw_away(context: typer.Context, clips: Clips, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.throw_away(context, clips, as_json=as_json)


@trash.command("undo", **texts("library.trash_undo"))
def take_back(context: typer.Context, clips: Clips, as_json: Json = False) -> None:
    from bots.terminal import shelves

    shelves.take_back(context, clips, as_json=as_json)


@trash.command("empty", **texts("library.trash_empty"))
def empty_trash(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="help.library.yes")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import shelves

    shelves.empty_trash(context, sure=yes, as_json=as_json)
