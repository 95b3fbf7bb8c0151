"""What can be typed about the gate: models, banks of known-bad media, the policy.

Help texts are keys here, as in `commands`; what a command does is imported when it is called.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="help.json")]
BankName = Annotated[str, typer.Argument(metavar="BANK", help="help.bank.name")]
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
    app.add_typer(bank)
    app.add_typer(policy)


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


# -- banks ---------------------------------------------------------------------------------------------------------

bank = _group("bank")


@bank.command("list", **_texts("bank.list"))
def bank_list(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import banks

    banks.show(context, as_json=as_json)


@bank.command("make", **_texts("bank.make"))
def bank_make(
    context: typer.Context,
    name: BankName,
    category: Annotated[str, typer.Option("--category", metavar="NAME", help="help.bank.category")],
    action: Annotated[str, typer.Option("--action", metavar="refuse|hold", help="help.bank.action")] = "refuse",
    sure: Annotated[int, typer.Option("--sure", metavar="BITS", help="help.bank.sure")] = 31,
    like: Annotated[int, typer.Option("--like", metavar="BITS", help="help.bank.like")] = 60,
    moments: Annotated[int, typer.Option("--moments", metavar="N", help="help.bank.moments")] = 1,
    closed: Annotated[bool, typer.Option("--closed", help="help.bank.closed")] = False,
    everywhere: Annotated[bool, typer.Option("--everywhere", help="help.bank.everywhere")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import banks
    from engine.banks import Wish

    wish = Wish(name, category, action, sure, like, moments, closed, everywhere)
    banks.make(context, wish, as_json=as_json)


@bank.command("add", **_texts("bank.add"))
def bank_add(
    context: typer.Context,
    name: BankName,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="help.bank.files")],
    as_json: Json = False,
) -> None:
    from bots.terminal import banks

    _leave(banks.add(context, name, files, as_json=as_json))


@bank.command("import", **_texts("bank.import"))
def bank_import(
    context: typer.Context,
    name: BankName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="help.bank.hashes")],
    as_json: Json = False,
) -> None:
    from bots.terminal import banks

    banks.take_in(context, name, file, as_json=as_json)


@bank.command("export", **_texts("bank.export"))
def bank_export(context: typer.Context, name: BankName) -> None:
    from bots.terminal import banks

    banks.hand_out(context, name)


@bank.command("remove", **_texts("bank.remove"))
def bank_remove(
    context: typer.Context,
    name: BankName,
    entry: Annotated[int | None, typer.Argument(metavar="ENTRY", help="help.bank.entry")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import banks

    banks.remove(context, name, entry, as_json=as_json)


@bank.command("check", **_texts("bank.check"))
def bank_check(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="help.bank.file")],
    as_json: Json = False,
) -> None:
    from bots.terminal import banks

    _leave(banks.check(context, file, as_json=as_json))


# -- the policy ----------------------------------------------------------------------------------------------------

policy = _group("policy")
PolicyFile = Annotated[Path, typer.Argument(metavar="FILE", help="help.policy.file")]


@policy.command("show", **_texts("policy.show"))
def policy_show(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import policies

    policies.show(context, as_json=as_json)


@policy.command("check", **_texts("policy.check"))
def policy_check(context: typer.Context, file: PolicyFile, as_json: Json = False) -> None:
    from bots.terminal import policies

    policies.check(context, file, as_json=as_json)


@policy.command("diff", **_texts("policy.diff"))
def policy_diff(context: typer.Context, file: PolicyFile, as_json: Json = False) -> None:
    from bots.terminal import policies

    policies.diff(context, file, as_json=as_json)


@policy.command("explain", **_texts("policy.explain"))
def policy_explain(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="help.job_id")],
    as_json: Json = False,
) -> None:
    from bots.terminal import policies

    policies.explain(context, job, as_json=as_json)
