"""The commands that make a clip from clips, images and cards. What they do stands in `operating`."""

from pathlib import Path
from typing import Annotated, Any

import typer

Aspect = Annotated[str | None, typer.Option("--aspect", metavar="16:9|1:1|9:16", help="help.operations.aspect")]
Resolution = Annotated[
    str | None, typer.Option("--resolution", metavar="480p|720p|1080p", help="help.operations.resolution")
]
Seconds = Annotated[float | None, typer.Option("--seconds", metavar="N", help="help.operations.seconds")]
Style = Annotated[str | None, typer.Option("--style", metavar="S", help="help.style")]
Seed = Annotated[int | None, typer.Option("--seed", metavar="N", help="help.seed")]
Variations = Annotated[int, typer.Option("--variations", metavar="N", help="help.variations")]
Output = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.output")]
Force = Annotated[bool, typer.Option("--force", help="help.force")]
Quality = Annotated[bool, typer.Option("--quality", help="help.quality")]
Relaxed = Annotated[bool, typer.Option("--relaxed", help="help.relaxed")]
Pot = Annotated[str | None, typer.Option("--pot", metavar="POT", help="help.from_pot")]
Price = Annotated[bool, typer.Option("--price", help="help.price")]
Json = Annotated[bool, typer.Option("--json", help="help.json")]
Clip = Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.clip")]
Start = Annotated[float, typer.Option("--start", metavar="N", help="help.operations.start")]
End = Annotated[float | None, typer.Option("--end", metavar="N", help="help.operations.end")]
Before = Annotated[float, typer.Option("--before", metavar="N", help="help.operations.before")]
After = Annotated[float, typer.Option("--after", metavar="N", help="help.operations.after")]


def _texts(key: str) -> dict[str, Any]:
    return {"help": f"help.operations.{key}", "epilog": f"examples.operations.{key}"}


def add_to(app: typer.Typer) -> None:
    for name, command in (
        ("animate", animate),
        ("storyboard", storyboard),
        ("remix", remix),
        ("recut", recut),
        ("extend", extend),
        ("blend", blend),
        ("loop", loop),
        ("views", views),
    ):
        app.command(name, **_texts(name))(command)


def animate(
    context: typer.Context,
    image: Annotated[str, typer.Argument(metavar="IMAGE", help="help.operations.image")],
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.animate_prompt")] = "",
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    variations: Variations = 1,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "animate",
        sources=(image,),
        prompt=prompt,
        variations=variations,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def storyboard(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="help.operations.board")] = None,
    card: Annotated[list[str] | None, typer.Option("--card", metavar="CARD", help="help.operations.card")] = None,
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    variations: Variations = 1,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.cards import read_board
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "storyboard",
        cards=read_board(file, card or ()),
        variations=variations,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def remix(
    context: typer.Context,
    clip: Clip,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="help.operations.remix_text")],
    strength: Annotated[
        str | None,
        typer.Option("--strength", metavar="subtle|mild|strong|1-8", help="help.operations.strength"),
    ] = None,
    start: Start = 0.0,
    end: End = None,
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    variations: Variations = 1,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "remix",
        sources=(clip,),
        window=(start, end),
        prompt=text,
        strength=strength,
        variations=variations,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def recut(
    context: typer.Context,
    clip: Clip,
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.recut_prompt")] = "",
    start: Start = 0.0,
    end: End = None,
    before: Before = 0.0,
    after: After = 0.0,
    aspect: Aspect = None,
    resolution: Resolution = None,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "recut",
        sources=(clip,),
        window=(start, end),
        prompt=prompt,
        before=before,
        after=after,
        frame=Frame(aspect, resolution, None, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def extend(
    context: typer.Context,
    clip: Clip,
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.recut_prompt")] = "",
    before: Before = 0.0,
    after: Annotated[float | None, typer.Option("--after", metavar="N", help="help.operations.extend_after")] = None,
    resolution: Resolution = None,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import EXTEND_BY, Frame, Wish, operate

    wish = Wish(
        "recut",
        sources=(clip,),
        prompt=prompt,
        before=before,
        after=after if after is not None else 0.0 if before else EXTEND_BY,
        frame=Frame(None, resolution, None, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def blend(
    context: typer.Context,
    first: Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.first")],
    second: Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.second")],
    mode: Annotated[
        str | None, typer.Option("--mode", metavar="transition|mix|sample", help="help.operations.mode")
    ] = None,
    curve: Annotated[str | None, typer.Option("--curve", metavar="POINTS", help="help.operations.curve")] = None,
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "blend",
        sources=(first, second),
        mode=mode,
        curve=curve,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def loop(
    context: typer.Context,
    clip: Clip,
    join: Annotated[
        str | None, typer.Option("--join", metavar="short|normal|long", help="help.operations.join")
    ] = None,
    start: Start = 0.0,
    end: End = None,
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "loop",
        sources=(clip,),
        window=(start, end),
        join=join,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)


def views(
    context: typer.Context,
    subject: Annotated[str, typer.Argument(metavar="CLIP|PROMPT", help="help.operations.clip_or_prompt")],
    number: Annotated[int, typer.Option("--number", "-n", metavar="N", help="help.operations.number")] = 3,
    aspect: Aspect = None,
    resolution: Resolution = None,
    seconds: Seconds = None,
    style: Style = None,
    seed: Seed = None,
    output: Output = None,
    force: Force = False,
    quality: Quality = False,
    relaxed: Relaxed = False,
    pot: Pot = None,
    only_price: Price = False,
    as_json: Json = False,
) -> None:
    from bots.terminal.operating import Frame, Wish, operate

    wish = Wish(
        "views",
        subject=subject,
        views=number,
        frame=Frame(aspect, resolution, seconds, style, seed, output, force, quality, relaxed, pot, only_price),
    )
    operate(context, wish, as_json=as_json)
