"""What can be typed about what is shared: Explore, the rights to remix, trees of remixes, presets."""

from pathlib import Path
from typing import Annotated

import typer

from bots.terminal.library_commands import After, Clip, Json, Limit, Off, group, texts

Right = Annotated[str, typer.Argument(metavar="anyone|community|nobody", help="help.rights.right")]
PresetName = Annotated[str, typer.Argument(metavar="NAME", help="help.preset.name")]
ForCommunity = Annotated[bool, typer.Option("--community", help="help.preset.for_community")]

explore = group("explore.explore")
rights = group("rights.rights")
preset = group("preset.preset")


def register(app: typer.Typer) -> None:
    app.add_typer(explore, name="explore")
    app.add_typer(rights, name="rights")
    app.command("tree", **texts("rights.tree"))(tree)
    app.add_typer(preset, name="preset")


# -- Explore -------------------------------------------------------------------------------------------------------


@explore.callback()
def show_explore(
    context: typer.Context,
    rising: Annotated[bool, typer.Option("--rising", help="help.explore.rising")] = False,
    remixed: Annotated[bool, typer.Option("--remixed", help="help.explore.remixed")] = False,
    picked: Annotated[bool, typer.Option("--picked", help="help.explore.picked")] = False,
    across: Annotated[bool, typer.Option("--across", help="help.explore.across")] = False,
    grid: Annotated[Path | None, typer.Option("--grid", metavar="FILE.png", help="help.library.grid")] = None,
    after: After = None,
    limit: Limit = 24,
    as_json: Json = False,
) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import exploring

        chosen = [name for name, on in (("rising", rising), ("remixed", remixed), ("picked", picked)) if on]
        exploring.show_page(context, chosen, across=across, grid=grid, after=after, limit=limit, as_json=as_json)


@explore.command("show", **texts("explore.show"))
def show_clip(context: typer.Context, clip: Clip, as_json: Json = False) -> None:
    from bots.terminal import exploring

    exploring.show_clip(context, clip, as_json=as_json)


@explore.command("share", **texts("explore.share"))
def share(
    context: typer.Context,
    clip: Clip,
    across: Annotated[bool, typer.Option("--across", help="help.explore.share_across")] = False,
    hide_prompt: Annotated[bool, typer.Option("--hide-prompt", help="help.explore.hide_prompt")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import exploring

    exploring.share(context, clip, across=across, hides_prompt=hide_prompt, as_json=as_json)


@explore.command("unshare", **texts("explore.unshare"))
def unshare(context: typer.Context, clip: Clip, as_json: Json = False) -> None:
    from bots.terminal import exploring

    exploring.unshare(context, clip, as_json=as_json)


@explore.command("bookmark", **texts("explore.bookmark"))
def bookmark(context: typer.Context, clip: Clip, off: Off = False, as_json: Json = False) -> None:
    from bots.terminal import exploring

    exploring.bookmark(context, clip, on=not off, as_json=as_json)


@explore.command("pick", **texts("explore.pick"))
def pick(context: typer.Context, clip: Clip, off: Off = False, as_json: Json = False) -> None:
    from bots.terminal import exploring

    exploring.pick(context, clip, on=not off, as_json=as_json)


@explore.command("report", **texts("explore.report"))
def report(
    context: typer.Context,
    clip: Clip,
    reason: Annotated[str, typer.Option("--reason", metavar="CATEGORY", help="help.explore.reason")],
    note: Annotated[str, typer.Option("--note", metavar="TEXT", help="help.explore.note")] = "",
    as_json: Json = False,
) -> None:
    from bots.terminal import exploring

    exploring.report(context, clip, reason, note, as_json=as_json)


@explore.command("open", **texts("explore.open"))
def open_to(
    context: typer.Context,
    openness: Annotated[str, typer.Argument(metavar="off|community|across", help="help.explore.openness")],
    as_json: Json = False,
) -> None:
    from bots.terminal import exploring

    exploring.open_to(context, openness, as_json=as_json)


# -- rights --------------------------------------------------------------------------------------------------------


@rights.callback()
def show_rights(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import lineages

        lineages.show_rights(context, as_json=as_json)


@rights.command("default", **texts("rights.default"))
def set_default(context: typer.Context, right: Right, as_json: Json = False) -> None:
    from bots.terminal import lineages

    lineages.set_default(context, right, as_json=as_json)


@rights.command("clip", **texts("rights.clip"))
def clip_right(
    context: typer.Context,
    clip: Clip,
    right: Annotated[
        str | None, typer.Argument(metavar="anyone|community|nobody|default", help="help.rights.right_of_clip")
    ] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import lineages

    lineages.clip_right(context, clip, right, as_json=as_json)


@rights.command("hear", **texts("rights.hear"))
def hear(context: typer.Context, off: Off = False, as_json: Json = False) -> None:
    from bots.terminal import lineages

    lineages.hear(context, on=not off, as_json=as_json)


def tree(
    context: typer.Context,
    clip: Clip,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE.png", help="help.rights.picture")
    ] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import lineages

    lineages.tree(context, clip, output, as_json=as_json)


# -- presets -------------------------------------------------------------------------------------------------------


@preset.callback()
def list_presets(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import presetting

        presetting.list_presets(context, as_json=as_json)


@preset.command("save", **texts("preset.save"))
def save(
    context: typer.Context,
    name: PresetName,
    style: Annotated[str | None, typer.Option("--style", metavar="S", help="help.style")] = None,
    words: Annotated[str | None, typer.Option("--words", metavar="TEXT", help="help.preset.words")] = None,
    aspect: Annotated[str | None, typer.Option("--aspect", metavar="16:9|1:1|9:16", help="help.aspect")] = None,
    resolution: Annotated[
        str | None, typer.Option("--resolution", metavar="480p|720p|1080p", help="help.resolution")
    ] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", metavar="N", help="help.seconds")] = None,
    quality: Annotated[bool, typer.Option("--quality", help="help.quality")] = False,
    for_community: ForCommunity = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import presetting

    typed = {
        "style": style,
        "words": words,
        "aspect": aspect,
        "resolution": resolution,
        "seconds": seconds,
        "quality": "best" if quality else None,
    }
    presetting.save(context, name, typed, for_community=for_community, as_json=as_json)


@preset.command("share", **texts("preset.share"))
def share_preset(context: typer.Context, name: PresetName, off: Off = False, as_json: Json = False) -> None:
    from bots.terminal import presetting

    presetting.share(context, name, on=not off, as_json=as_json)


@preset.command("take", **texts("preset.take"))
def take_preset(
    context: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="help.preset.code")],
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="help.preset.name")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import presetting

    presetting.take(context, code, name, as_json=as_json)


@preset.command("use", **texts("preset.use"))
def use_preset(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="help.preset.use_name")] = None,
    for_community: ForCommunity = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import presetting

    presetting.use(context, name, for_community=for_community, as_json=as_json)


@preset.command("remove", **texts("preset.remove"))
def remove_preset(context: typer.Context, name: PresetName, as_json: Json = False) -> None:
    from bots.terminal import presetting

    presetting.remove(context, name, as_json=as_json)
