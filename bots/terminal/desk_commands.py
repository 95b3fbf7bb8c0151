"""What can be typed about the desk: cases, decisions, appeals, standing and the audit."""

from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="help.json")]
CaseId = Annotated[str, typer.Argument(metavar="CASE", help="help.case_id")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="help.note")]
Reason = Annotated[str, typer.Option("--reason", metavar="CODE", help="help.desk.reason")]
Word = Annotated[str, typer.Option("--word", metavar="TEXT", help="help.desk.word")]
Strike = Annotated[bool, typer.Option("--strike", help="help.desk.strike")]
Bank = Annotated[bool, typer.Option("--bank", help="help.desk.bank")]
Days = Annotated[int, typer.Option("--restrict", metavar="DAYS", min=0, max=3650, help="help.desk.restrict")]
Alike = Annotated[bool, typer.Option("--alike", help="help.desk.alike")]


def _texts(key: str) -> dict[str, Any]:
    return {"help": f"help.{key}", "epilog": f"examples.{key}"}


desk = typer.Typer(no_args_is_help=False, invoke_without_command=True, rich_markup_mode="rich", **_texts("desk.desk"))
audit = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", **_texts("desk.audit"))


def register(app: typer.Typer) -> None:
    app.add_typer(desk, name="desk")
    app.add_typer(audit, name="audit")
    app.command("appeal", **_texts("desk.appeal"))(appeal)
    app.command("doubt", **_texts("desk.doubt"))(doubt)
    app.command("standing", **_texts("desk.standing"))(standing)


def _leave(code: int) -> None:
    if code:
        raise typer.Exit(code)


@desk.callback()
def list_or_sit(context: typer.Context, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        from bots.terminal import desk as at_desk
        from bots.terminal import desk_live

        if desk_live.is_at_keys() and not as_json:
            desk_live.sit(context)
        else:
            at_desk.list_cases(context, as_json=as_json)


@desk.command("list", **_texts("desk.list"))
def list_cases(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    at_desk.list_cases(context, as_json=as_json)


@desk.command("work", **_texts("desk.work"))
def work(context: typer.Context) -> None:
    from bots.terminal import desk_live

    desk_live.sit(context)


@desk.command("show", **_texts("desk.show"))
def show(
    context: typer.Context,
    case: CaseId,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.sheet")] = None,
    unblurred: Annotated[bool, typer.Option("--unblurred", help="help.unblurred")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk as at_desk

    at_desk.show_case(context, case, output, unblurred=unblurred, as_json=as_json)


@desk.command("allow", **_texts("desk.allow"))
def allow(
    context: typer.Context,
    case: CaseId,
    note: Note = "",
    reason: Reason = "",
    alike: Alike = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk as at_desk

    wish = at_desk.Wish("allow", reason=reason, note=note)
    _leave(at_desk.decide(context, case, wish, alike=alike, as_json=as_json))


@desk.command("refuse", **_texts("desk.refuse"))
def refuse(
    context: typer.Context,
    case: CaseId,
    note: Note = "",
    reason: Reason = "",
    word: Word = "",
    strike: Strike = False,
    bank: Bank = False,
    restrict: Days = 0,
    alike: Alike = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk as at_desk

    wish = at_desk.Wish("refuse", reason=reason, note=note, word=word, strike=strike, bank=bank, days=restrict)
    _leave(at_desk.decide(context, case, wish, alike=alike, as_json=as_json))


@desk.command("nothing", **_texts("desk.nothing"))
def nothing(context: typer.Context, case: CaseId, note: Note = "", as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    _leave(at_desk.decide(context, case, at_desk.Wish("nothing", note=note), as_json=as_json))


@desk.command("takedown", **_texts("desk.takedown"))
def takedown(
    context: typer.Context,
    identity: Annotated[str, typer.Argument(metavar="CASE|CLIP", help="help.desk.case_or_clip")],
    note: Note = "",
    reason: Reason = "",
    word: Word = "",
    strike: Strike = False,
    bank: Bank = False,
    restrict: Days = 0,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk as at_desk

    wish = at_desk.Wish("take_down", reason=reason, note=note, word=word, strike=strike, bank=bank, days=restrict)
    _leave(at_desk.decide(context, identity, wish, as_json=as_json))


@desk.command("undo", **_texts("desk.undo"))
def undo(context: typer.Context, case: CaseId, as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    at_desk.move(context, case, "undo", as_json=as_json)


@desk.command("claim", **_texts("desk.claim"))
def claim(context: typer.Context, case: CaseId, as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    at_desk.move(context, case, "claim", as_json=as_json)


@desk.command("release", **_texts("desk.release"))
def release(context: typer.Context, case: CaseId, as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    at_desk.move(context, case, "release", as_json=as_json)


@desk.command("escalate", **_texts("desk.escalate"))
def escalate(context: typer.Context, case: CaseId, as_json: Json = False) -> None:
    from bots.terminal import desk as at_desk

    at_desk.move(context, case, "escalate", as_json=as_json)


@desk.command("pass", **_texts("desk.pass"))
def pass_on(
    context: typer.Context,
    case: CaseId,
    to: Annotated[str | None, typer.Option("--to", metavar="MEMBER", help="help.desk.to")] = None,
    queue: Annotated[str | None, typer.Option("--queue", metavar="QUEUE", help="help.desk.queue")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk as at_desk

    at_desk.move(context, case, "pass", to=to, queue=queue, as_json=as_json)


@desk.command("settings", **_texts("desk.settings"))
def settings(
    context: typer.Context,
    pause_after: Annotated[
        int | None, typer.Option("--pause-after", metavar="N", min=1, max=1000, help="help.desk.pause_after")
    ] = None,
    text_first: Annotated[bool | None, typer.Option("--text-first/--frames-first", help="help.desk.text_first")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk_settings

    desk_settings.settle(context, pause_after, text_first, as_json=as_json)


@desk.command("name", **_texts("desk.name"))
def name(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="MEMBER", help="help.members.who")],
    remove: Annotated[bool, typer.Option("--remove", help="help.desk.remove")] = False,
    as_json: Json = False,
) -> None:
    from bots.terminal import desk_settings

    desk_settings.name(context, who, remove=remove, as_json=as_json)


@desk.command("labels", **_texts("desk.labels"))
def labels(context: typer.Context) -> None:
    from bots.terminal import desk_settings

    desk_settings.labels(context)


def appeal(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="help.job_id")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="help.desk.appeal_text")],
    as_json: Json = False,
) -> None:
    from bots.terminal import judged

    judged.appeal(context, job, text, as_json=as_json)


def doubt(
    context: typer.Context,
    job: Annotated[str, typer.Argument(metavar="JOB", help="help.job_id")],
    as_json: Json = False,
) -> None:
    from bots.terminal import judged

    judged.doubt(context, job, as_json=as_json)


def standing(context: typer.Context, as_json: Json = False) -> None:
    from bots.terminal import judged

    judged.standing(context, as_json=as_json)


Since = Annotated[str, typer.Option("--from", metavar="DATE", help="help.desk.since")]
Until = Annotated[str, typer.Option("--to", metavar="DATE", help="help.desk.until")]


@desk.command("doubted", **_texts("desk.doubted"))
def doubted(context: typer.Context, since: Since = "", until: Until = "", as_json: Json = False) -> None:
    from bots.terminal import recorded

    recorded.doubted(context, since, until, as_json=as_json)


@audit.command("verify", **_texts("desk.verify"))
def verify(
    context: typer.Context,
    head: Annotated[str | None, typer.Option("--head", metavar="HASH", help="help.desk.head")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import recorded

    _leave(recorded.verify(context, head, as_json=as_json))


@audit.command("export", **_texts("desk.export"))
def export(context: typer.Context, since: Since = "", until: Until = "") -> None:
    from bots.terminal import recorded

    recorded.export(context, since, until)


@audit.command("report", **_texts("desk.transparency"))
def transparency(
    context: typer.Context,
    since: Since = "",
    until: Until = "",
    page: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="help.desk.page")] = None,
    as_json: Json = False,
) -> None:
    from bots.terminal import recorded

    recorded.transparency(context, since, until, page, as_json=as_json)
