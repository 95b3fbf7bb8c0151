"""What can be typed about chains and parties: the same for both, but for what starts them and what they take."""

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bots.terminal.library_commands import Clip, Json, Off, group, texts

Which = Annotated[str | None, typer.Option("--in", metavar="ID", help="help.gathering.which")]
Place = Annotated[str, typer.Option("--place", metavar="NAME", help="help.gathering.place")]
Theme = Annotated[str, typer.Argument(metavar="THEME", help="help.gathering.theme")]
Pace = Annotated[int | None, typer.Option("--pace", metavar="MINUTES", help="help.gathering.pace")]
Most = Annotated[int | None, typer.Option("--most", metavar="N", help="help.gathering.most")]
MostEach = Annotated[int | None, typer.Option("--most-each", metavar="N", help="help.gathering.most_each")]
Sponsor = Annotated[str | None, typer.Option("--pot", metavar="POT", help="help.gathering.pot")]
Budget = Annotated[int | None, typer.Option("--budget", metavar="CREDITS", help="help.gathering.budget")]
Own = Annotated[bool, typer.Option("--own", help="help.gathering.own")]
Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="help.prompt")]
Seconds = Annotated[float | None, typer.Option("--seconds", metavar="N", help="help.seconds")]
Style = Annotated[str | None, typer.Option("--style", metavar="S", help="help.style")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.output")]
OnlyPrice = Annotated[bool, typer.Option("--price", help="help.price")]
HERE = "terminal"


def register(app: typer.Typer) -> None:
    for kind, made, own in (("chain", chain, _of_chain), ("party", party, _of_party)):
        _add_start(made, kind, own)
        _add_shared(made, kind)
        app.add_typer(made, name=kind)


chain = group("gathering.chain")
party = group("gathering.party")


# -- starting: the options of a chain or of a party, then those that both have --------------------------------------


def _of_chain(
    opening: Annotated[str | None, typer.Option("--from", metavar="CLIP", help="help.gathering.opening")] = None,
    turn_minutes: Annotated[
        int | None, typer.Option("--turn", metavar="MINUTES", help="help.gathering.turn_minutes")
    ] = None,
    idle_hours: Annotated[int | None, typer.Option("--idle", metavar="HOURS", help="help.gathering.idle_hours")] = None,
) -> None: ...


def _of_party(
    minutes: Annotated[int | None, typer.Option("--minutes", metavar="N", help="help.gathering.minutes")] = None,
    reel_of: Annotated[int | None, typer.Option("--reel-of", metavar="N", help="help.gathering.reel_of")] = None,
) -> None: ...


def _of_both(
    most: Most = None,
    most_each: MostEach = None,
    pace_minutes: Pace = None,
    pot: Sponsor = None,
    budget: Budget = None,
    place: Place = HERE,
    as_json: Json = False,
) -> None: ...


def _begun(context: typer.Context, theme: Theme) -> None: ...


def _add_start(made: typer.Typer, kind: str, own: Callable[..., None]) -> None:
    def start(**typed: Any) -> None:
        from bots.terminal import gathering

        gathering.start(kind, **typed)

    options = [one for part in (_begun, own, _of_both) for one in inspect.signature(part).parameters.values()]
    start.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
    start.__annotations__ = {one.name: one.annotation for one in options}
    made.command("start", **texts(f"gathering.{kind}_start"))(start)


@chain.command("add", **texts("gathering.chain_add"))
def add_to_chain(
    context: typer.Context,
    prompt: Prompt,
    remix: Annotated[str | None, typer.Option("--remix", metavar="STRENGTH", help="help.gathering.remix")] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", metavar="N", help="help.gathering.seconds")] = None,
    style: Style = None,
    which: Which = None,
    own: Own = False,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    only_price: OnlyPrice = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import gathering

    wish = gathering.wish_of(prompt, remix=remix, seconds=seconds, style=style)
    _leave(
        gathering.add(
            context, "chain", wish, which, own=own, output=output, force=force, only_price=only_price, as_json=as_json
        )
    )


@party.command("add", **texts("gathering.party_add"))
def add_to_party(
    context: typer.Context,
    prompt: Prompt,
    aspect: Annotated[str | None, typer.Option("--aspect", metavar="16:9|1:1|9:16", help="help.aspect")] = None,
    resolution: Annotated[
        str | None, typer.Option("--resolution", metavar="480p|720p|1080p", help="help.resolution")
    ] = None,
    seconds: Seconds = None,
    style: Style = None,
    which: Which = None,
    own: Own = False,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    only_price: OnlyPrice = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import gathering

    wish = gathering.entry_of(prompt, aspect=aspect, resolution=resolution, seconds=seconds, style=style)
    _leave(
        gathering.add(
            context, "party", wish, which, own=own, output=output, force=force, only_price=only_price, as_json=as_json
        )
    )


def _add_shared(made: typer.Typer, kind: str) -> None:
    """What is the same for both."""

    @made.callback()
    def lists(context: typer.Context, as_json: Json = False) -> None:
        if context.invoked_subcommand is None:
            from bots.terminal import gathering

            gathering.show_all(context, kind, as_json=as_json)

    @made.command("show", **texts(f"gathering.{kind}_show"))
    def show(context: typer.Context, which: Which = None, as_json: Json = False) -> None:
        from bots.terminal import gathering

        gathering.show(context, kind, which, as_json=as_json)

    @made.command("like", **texts(f"gathering.{kind}_like"))
    def like(context: typer.Context, clip: Clip, off: Off = False, which: Which = None, as_json: Json = False) -> None:
        from bots.terminal import gathering

        gathering.like(context, kind, which, clip, on=not off, as_json=as_json)

    @made.command("remove", **texts(f"gathering.{kind}_remove"))
    def remove(
        context: typer.Context,
        entry: Annotated[str, typer.Argument(metavar="CLIP|JOB", help="help.gathering.entry")],
        which: Which = None,
        as_json: Json = False,
    ) -> None:
        from bots.terminal import gathering

        gathering.remove(context, kind, which, entry, as_json=as_json)

    @made.command("pause", **texts(f"gathering.{kind}_pause"))
    def pause(context: typer.Context, off: Off = False, which: Which = None, as_json: Json = False) -> None:
        from bots.terminal import gathering

        gathering.pause(context, kind, which, on=not off, as_json=as_json)

    @made.command("close", **texts(f"gathering.{kind}_close"))
    def close(context: typer.Context, which: Which = None, as_json: Json = False) -> None:
        from bots.terminal import gathering

        gathering.close(context, kind, which, as_json=as_json)

    @made.command("reel", **texts(f"gathering.{kind}_reel"))
    def reel(
        context: typer.Context,
        which: Which = None,
        output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.show_output")] = None,
        force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
        as_json: Json = False,
    ) -> None:
        from bots.terminal import gathering

        _leave(gathering.reel(context, kind, which, output, force=force, as_json=as_json))


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)
