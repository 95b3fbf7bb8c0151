"""The commands that make a clip from clips, images and cards: each says what is wished for; `operating` makes it."""

import inspect
from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

if TYPE_CHECKING:  # loads the studio
    from bots.terminal.operating import Wish

Variations = Annotated[int, typer.Option("--variations", metavar="N", help="help.variations")]
Clip = Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.clip")]
Start = Annotated[float, typer.Option("--start", metavar="N", help="help.operations.start")]
End = Annotated[float | None, typer.Option("--end", metavar="N", help="help.operations.end")]
Before = Annotated[float, typer.Option("--before", metavar="N", help="help.operations.before")]
After = Annotated[float, typer.Option("--after", metavar="N", help="help.operations.after")]


def _option(name: str, kind: Any, default: object, option: typer.models.OptionInfo) -> inspect.Parameter:
    annotation = Annotated[kind, option]
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)


_SHAPES: Final = "16:9|1:1|9:16"
_SIZES: Final = "480p|720p|1080p"
# What all of these commands can be told: the fields of operating.Frame.
_FRAME: Final = (
    _option("aspect", str | None, None, typer.Option("--aspect", metavar=_SHAPES, help="help.operations.aspect")),
    _option(
        "resolution", str | None, None, typer.Option("--resolution", metavar=_SIZES, help="help.operations.resolution")
    ),
    _option("seconds", float | None, None, typer.Option("--seconds", metavar="N", help="help.operations.seconds")),
    _option("style", str | None, None, typer.Option("--style", metavar="S", help="help.style")),
    _option("seed", int | None, None, typer.Option("--seed", metavar="N", help="help.seed")),
    _option("output", Path | None, None, typer.Option("--output", "-o", metavar="FILE", help="help.output")),
    _option("force", bool, False, typer.Option("--force", help="help.force")),
    _option("best", bool, False, typer.Option("--quality", help="help.quality")),
    _option("renderer", str | None, None, typer.Option("--renderer", metavar="NAME", help="help.renderer")),
    _option("relaxed", bool, False, typer.Option("--relaxed", help="help.relaxed")),
    _option("pot", str | None, None, typer.Option("--pot", metavar="POT", help="help.from_pot")),
    _option("only_price", bool, False, typer.Option("--price", help="help.price")),
)
_CONTEXT: Final = inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
_JSON: Final = _option("as_json", bool, False, typer.Option("--json", help="help.json"))


def add_to(app: typer.Typer) -> None:
    for name, wished in (
        ("animate", animate),
        ("storyboard", storyboard),
        ("remix", remix),
        ("recut", recut),
        ("extend", extend),
        ("blend", blend),
        ("loop", loop),
        ("views", views),
        ("finish", finish),
    ):
        texts = {"help": f"help.operations.{name}", "epilog": f"examples.operations.{name}"}
        app.command(name, **texts)(_command(wished, without=_WITHOUT.get(name, ())))  # type: ignore[arg-type]


def _command(wished: Callable[..., "Wish"], *, without: Collection[str]) -> Callable[..., None]:
    """A command with the arguments of `wished`, and after them those of every frame."""
    shared = [option for option in _FRAME if option.name not in without]

    def command(**typed: Any) -> None:
        from bots.terminal.operating import Frame, operate

        context, as_json = typed.pop("context"), typed.pop("as_json")
        frame = Frame(**{option.name: typed.pop(option.name) for option in shared})
        operate(context, replace(wished(**typed), frame=frame), as_json=as_json)

    own = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in inspect.signature(wished).parameters.values()]
    command.__signature__ = inspect.Signature([_CONTEXT, *own, *shared, _JSON])  # type: ignore[attr-defined]
    return command


# What a command's clip settles by itself.
_WITHOUT: Final = {
    "recut": ("seconds",),
    "extend": ("aspect", "seconds"),
    "finish": ("aspect", "resolution", "seconds"),
}


def animate(
    image: Annotated[str, typer.Argument(metavar="IMAGE", help="help.operations.image")],
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.animate_prompt")] = "",
    variations: Variations = 1,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("animate", sources=(image,), prompt=prompt, variations=variations)


def storyboard(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="help.operations.board")] = None,
    card: Annotated[list[str] | None, typer.Option("--card", metavar="CARD", help="help.operations.card")] = None,
    variations: Variations = 1,
    preview: Annotated[Path | None, typer.Option("--preview", metavar="FILE", help="help.operations.preview")] = None,
) -> "Wish":
    from bots.terminal.cards import read_board
    from bots.terminal.operating import Wish

    return Wish("storyboard", cards=read_board(file, card or ()), variations=variations, preview=preview)


def remix(
    clip: Clip,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="help.operations.remix_text")],
    strength: Annotated[
        str | None,
        typer.Option("--strength", metavar="subtle|mild|strong|1-8", help="help.operations.strength"),
    ] = None,
    start: Start = 0.0,
    end: End = None,
    variations: Variations = 1,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("remix", sources=(clip,), window=(start, end), prompt=text, strength=strength, variations=variations)


def recut(
    clip: Clip,
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.recut_prompt")] = "",
    start: Start = 0.0,
    end: End = None,
    before: Before = 0.0,
    after: After = 0.0,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("recut", sources=(clip,), window=(start, end), prompt=prompt, before=before, after=after)


def extend(
    clip: Clip,
    prompt: Annotated[str, typer.Argument(metavar="[PROMPT]", help="help.operations.recut_prompt")] = "",
    before: Before = 0.0,
    after: Annotated[float | None, typer.Option("--after", metavar="N", help="help.operations.extend_after")] = None,
) -> "Wish":
    from bots.stories import EXTEND_BY
    from bots.terminal.operating import Wish

    after = after if after is not None else 0.0 if before else EXTEND_BY
    return Wish("recut", sources=(clip,), prompt=prompt, before=before, after=after)


def blend(
    first: Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.first")],
    second: Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.second")],
    mode: Annotated[
        str | None, typer.Option("--mode", metavar="transition|mix|sample", help="help.operations.mode")
    ] = None,
    curve: Annotated[str | None, typer.Option("--curve", metavar="POINTS", help="help.operations.curve")] = None,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("blend", sources=(first, second), mode=mode, curve=curve)


def loop(
    clip: Clip,
    join: Annotated[
        str | None, typer.Option("--join", metavar="short|normal|long", help="help.operations.join")
    ] = None,
    start: Start = 0.0,
    end: End = None,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("loop", sources=(clip,), window=(start, end), join=join)


def views(
    subject: Annotated[str, typer.Argument(metavar="CLIP|PROMPT", help="help.operations.clip_or_prompt")],
    number: Annotated[int, typer.Option("--number", "-n", metavar="N", help="help.operations.number")] = 3,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("views", subject=subject, views=number)


def finish(
    draft: Annotated[str, typer.Argument(metavar="CLIP", help="help.operations.draft")],
    strength: Annotated[
        str | None,
        typer.Option("--strength", metavar="subtle|mild|strong|1-8", help="help.operations.finish_strength"),
    ] = None,
    variations: Variations = 1,
) -> "Wish":
    from bots.terminal.operating import Wish

    return Wish("finish", sources=(draft,), strength=strength, variations=variations)
