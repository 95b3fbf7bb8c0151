"""What can be typed: every command with its arguments. What a command does is imported when it is called, so that
`kinora --help` need not wait for a studio it does not use.

Help texts are keys here; `usage.translate` puts the sentences in their place.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from bots.terminal import (
    desk_commands,
    gathering_commands,
    library_commands,
    making,
    member_commands,
    privacy_commands,
    safety_commands,
    sharing_commands,
)
from bots.terminal.session import AS

Json = Annotated[bool, typer.Option("--json", help="help.json")]


def _texts(key: str) -> dict[str, Any]:
    return {"help": f"help.{key}", "epilog": f"examples.{key}"}


app = typer.Typer(
    name="kinora",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    **_texts("kinora"),
)
evaluation = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", **_texts("eval"))

keys = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", **_texts("keys"))


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)


def _show_version(asked: bool) -> None:
    if asked:
        from bots.terminal import looking

        looking.version()
        raise typer.Exit


@app.callback()
def everywhere(
    context: typer.Context,
    data: Annotated[Path | None, typer.Option("--data", metavar="FOLDER", help="help.data")] = None,
    acting_as: Annotated[str | None, typer.Option("--as", metavar="NAME", help="help.as")] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="help.version")
    ] = False,
) -> None:
    context.obj = data
    if acting_as is not None:
        context.meta[AS] = acting_as


# -- making --------------------------------------------------------------------------------------------------------


@app.command(**_texts("create"))
def create(
    context: typer.Context,
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="help.prompt")],
    aspect: Annotated[str | None, typer.Option("--aspect", metavar="16:9|1:1|9:16", help="help.aspect")] = None,
    resolution: Annotated[
        str | None, typer.Option("--resolution", metavar="480p|720p|1080p", help="help.resolution")
    ] = None,
    seconds: Annotated[float | None, typer.Option("--seconds", metavar="N", help="help.seconds")] = None,
    variations: Annotated[int, typer.Option("--variations", metavar="N", help="help.variations")] = 1,
    style: Annotated[str | None, typer.Option("--style", metavar="S", help="help.style")] = None,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", help="help.seed")] = None,
    quality: Annotated[bool, typer.Option("--quality", help="help.quality")] = False,
    renderer: Annotated[str | None, typer.Option("--renderer", metavar="NAME", help="help.renderer")] = None,
    preset: Annotated[str | None, typer.Option("--preset", metavar="NAME", help="help.preset.option")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.output")] = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    relaxed: Annotated[bool, typer.Option("--relaxed", help="help.relaxed")] = False,
    pot: Annotated[str | None, typer.Option("--pot", metavar="POT", help="help.from_pot")] = None,
    only_price: Annotated[bool, typer.Option("--price", help="help.price")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import creating

    wish = creating.Wish(
        prompt=prompt,
        aspect=aspect,
        resolution=resolution,
        seconds=seconds,
        variations=variations,
        style=style,
        seed=seed,
        best=quality,
        renderer=renderer,
        preset=preset,
        output=output,
        force=force,
        relaxed=relaxed,
        pot=pot,
        only_price=only_price,
    )
    _leave(creating.create(context, wish, as_json=as_json))


making.add_to(app)


@app.command(**_texts("cancel"))
def cancel(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="ID", help="help.job_id")],
    as_json: Json = False,
) -> None:
    from bots.terminal import creating

    _leave(creating.cancel(context, job, as_json=as_json))


# -- checking ------------------------------------------------------------------------------------------------------


@app.command(**_texts("check"))
def check(
    context: typer.Context,
    prompt: Annotated[str | None, typer.Argument(metavar="PROMPT", help="help.check_prompt")] = None,
    file: Annotated[Path | None, typer.Option("--file", metavar="PROMPTS.jsonl", help="help.check_file")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import checking

    _leave(checking.check(context, prompt, file, as_json=as_json))


@evaluation.command("text", **_texts("eval_text"))
def eval_text(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="help.eval_files")],
    as_json: Json = False,
) -> None:
    from bots.terminal import evaluating

    _leave(evaluating.text(context, files, as_json=as_json))


app.add_typer(evaluation, name="eval")
safety_commands.register(app)


@app.command(**_texts("verify"))
def verify(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="help.verify_file")],
    restore: Annotated[Path | None, typer.Option("--restore", metavar="OUT", help="help.verify_restore")] = None,
    tree: Annotated[Path | None, typer.Option("--tree", metavar="OUT.png", help="help.verify_tree")] = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import checking

    _leave(checking.verify(context, file, restore, tree, force=force, as_json=as_json))


# -- looking -------------------------------------------------------------------------------------------------------


@app.command(**_texts("jobs"))
def jobs(
    context: typer.Context,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, max=1000, help="help.limit")] = 20,
    as_json: Json = False,
) -> None:
    from bots.terminal import looking

    looking.jobs(context, limit, as_json=as_json)


@app.command(**_texts("show"))
def show(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="ID", help="help.any_id")],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.show_output")] = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import looking

    looking.show(context, identity, output, force=force, as_json=as_json)


app.command("plans", **_texts("plans"))(member_commands.plans)
app.command("queue", **_texts("queue"))(member_commands.queue)
app.command("link", **_texts("link"))(member_commands.link)
for group in (member_commands.credit, member_commands.member, member_commands.community, member_commands.pot):
    app.add_typer(group)


# -- what one has --------------------------------------------------------------------------------------------------

library_commands.register(app)
sharing_commands.register(app)
gathering_commands.register(app)
privacy_commands.register(app)


# -- the desk ------------------------------------------------------------------------------------------------------

desk_commands.register(app)


# -- running -------------------------------------------------------------------------------------------------------


@app.command(**_texts("run"))
def run(
    context: typer.Context,
    first_clip: Annotated[bool, typer.Option("--first-clip", help="help.first_clip")] = False,
) -> None:
    from bots.terminal import running

    _leave(running.run(context, first_clip=first_clip))


@app.command(**_texts("worker"))
def worker(
    context: typer.Context,
    head: Annotated[bool, typer.Option("--head", help="help.worker_head")] = False,
    address: Annotated[str | None, typer.Option("--address", metavar="HOST:PORT", help="help.worker_address")] = None,
    at: Annotated[str | None, typer.Option("--at", metavar="IP", help="help.worker_at")] = None,
    clips: Annotated[
        int | None, typer.Option("--clips", metavar="N", min=0, max=1_000, help="help.worker_clips")
    ] = None,
    gpus: Annotated[int | None, typer.Option("--gpus", metavar="N", min=0, max=64, help="help.worker_gpus")] = None,
    token: Annotated[Path | None, typer.Option("--token-file", metavar="FILE", help="help.worker_token")] = None,
) -> None:
    from bots.terminal import joining

    _leave(joining.worker(context, is_head=head, address=address, at=at, draws=clips, gpus=gpus, token=token))


@app.command(**_texts("web"))
def web(context: typer.Context) -> None:
    from bots.terminal import opening

    opening.web(context)


@app.command(**_texts("doctor"))
def doctor(
    context: typer.Context,
    cluster: Annotated[bool, typer.Option("--cluster", help="help.doctor_cluster")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import health

    _leave(health.doctor(context, cluster=cluster, as_json=as_json))


@app.command("gallery", **_texts("gallery"))
def draw_gallery(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="help.gallery_folder")],
    prompts: Annotated[Path | None, typer.Option("--prompts", metavar="FILE", help="help.gallery_prompts")] = None,
    size: Annotated[str, typer.Option("--resolution", metavar="480p|720p|1080p", help="help.gallery_size")] = "720p",
    as_json: Json = False,
) -> None:
    from bots.terminal import gallery

    _leave(gallery.draw(folder, prompts, size, as_json=as_json))


# -- keys ----------------------------------------------------------------------------------------------------------


@keys.command("show", **_texts("keys_show"))
def keys_show(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import keys as in_keyroom

    in_keyroom.show(context, as_json=as_json)


@keys.command("rotate", **_texts("keys_rotate"))
def keys_rotate(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import keys as in_keyroom

    in_keyroom.rotate(context, as_json=as_json)


@keys.command("import", **_texts("keys_import"))
def keys_import(
    context: typer.Context,
    chain: Annotated[Path, typer.Argument(metavar="CHAIN", help="help.key_chain")],
    key: Annotated[Path, typer.Argument(metavar="KEY", help="help.key_file")],
    as_json: Json = False,
) -> None:
    from bots.terminal import keys as in_keyroom

    in_keyroom.take_in(context, chain, key, as_json=as_json)


@keys.command("revoke", **_texts("keys_revoke"))
def keys_revoke(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="help.key_name")],
    as_json: Json = False,
) -> None:
    from bots.terminal import keys as in_keyroom

    in_keyroom.revoke(context, name, as_json=as_json)


@keys.command("export-anchor", **_texts("keys_export"))
def keys_export(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.anchor_output")] = None,
    force: Annotated[bool, typer.Option("--force", help="help.force")] = False,
) -> None:
    from bots.terminal import keys as in_keyroom

    in_keyroom.export_anchor(context, output, force=force)


app.add_typer(keys, name="keys")


# -- keeping -------------------------------------------------------------------------------------------------------

BackupFolder = Annotated[Path, typer.Argument(metavar="DIR", help="help.keeping.folder")]


@app.command(**_texts("keeping.backup"))
def backup(
    context: typer.Context,
    folder: BackupFolder,
    with_keys: Annotated[bool, typer.Option("--with-keys", help="help.keeping.with_keys")] = False,
    without_keys: Annotated[bool, typer.Option("--without-keys", help="help.keeping.without_keys")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import keeping

    _leave(keeping.backup(context, folder, with_keys=with_keys, without_keys=without_keys, as_json=as_json))


@app.command(**_texts("keeping.move"))
def move(
    context: typer.Context,
    database: Annotated[str | None, typer.Option("--database", metavar="URL", help="help.keeping.database")] = None,
    files: Annotated[str | None, typer.Option("--files", metavar="URL", help="help.keeping.files")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import moving

    _leave(moving.move(context, database=database, files=files, as_json=as_json))


@app.command(**_texts("keeping.restore"))
def restore(
    context: typer.Context,
    folder: BackupFolder,
    keys_from: Annotated[
        Path | None, typer.Option("--keys-from", metavar="FOLDER", help="help.keeping.keys_from")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="help.keeping.force")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import keeping

    _leave(keeping.restore(context, folder, keys_from=keys_from, force=force, as_json=as_json))
