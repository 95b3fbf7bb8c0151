"""What can be typed about the gate: models, banks of known-bad media, the policy.

Help texts are keys here, as in `commands`; what a command does is imported when it is called.
"""

from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="help.json")]
ModelName = Annotated[str, typer.Argument(metavar="NAME", help="help.models.name")]


def _texts(key: str) -> dict[str, Any]:
    return {"help": f"help.{key}", "epilog": f"examples.{key}"}


def _group(name: str) -> typer.Typer:
    return typer.Typer(name=name, no_args_is_help=True, rich_markup_mode="rich", **_texts(f"{name}.group"))


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)


def register(app: typer.Typer) -> None:
    app.add_typer(models)


# -- models --------------------------------------------------------------------------------------------------------

models = _group("models")


@models.command("list", **_texts("models.list"))
def models_list(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import models as on_shelf

    on_shelf.show(context, as_json=as_json)


@models.command("pull", **_texts("models.pull"))
def models_pull(
    context: typer.Context,
    name: ModelName,
    yes: Annotated[bool, typer.Option("--yes", help="help.models.yes")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import models as on_shelf

    _leave(on_shelf.pull(context, name, agreed=yes, as_json=as_json))


@models.command("check", **_texts("models.check"))
def models_check(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="NAME", help="help.models.name")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import models as on_shelf

    _leave(on_shelf.check(context, name, as_json=as_json))


@models.command("remove", **_texts("models.remove"))
def models_remove(context: typer.Context, name: ModelName, as_json: Json = False) -> None:
    from bots.terminal import models as on_shelf

    on_shelf.remove(context, name, as_json=as_json)
