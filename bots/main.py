"""`kinora`: the way in from a terminal, and the only place where errors become sentences and exit codes."""

import logging
import os
import sys
from collections.abc import Sequence
from enum import IntEnum
from typing import Any

import typer

from bots.terminal import commands, screen, usage
from bots.wording import LANGUAGES, UnknownLanguage, knows, language, say, say_error, speaking
from storage.errors import CodedError
from storage.store import AWAY

log = logging.getLogger(__name__)


class ExitCode(IntEnum):
    DONE = 0
    FAILED = 1
    USAGE = 2
    REFUSED = 3
    HELD = 4


# What was typed cannot be done as it stands; everything else that goes wrong is a failure.
_USAGE_CODES = frozenset(
    {"id.malformed", "file.missing", "file.unreadable", "file.folder", "file.exists", "file.no_folder"}
    | {"source.unknown", "source.which", "gathering.rule", "gathering.which", "chain.remix_keeps_length"}
)
_KEEPING_CODES = frozenset(
    {"backup.keys_undecided", "backup.keys_both", "backup.inside", "backup.not_ours", "backup.other_studio"}
    | {"restore.no_backup", "restore.occupied", "restore.no_keys", "restore.database_elsewhere"}
)
_USAGE_PREFIXES = ("prompt.", "brief.", "settings.", "check.", "upload.")
_INTERRUPTED = 130  # what typer answers for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> None:
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Do what was typed; answers with the exit code and never raises."""
    try:
        spoken = language()
    except UnknownLanguage as error:
        with speaking(LANGUAGES[0]):
            return _report(error, as_json=False)
    with speaking(spoken):
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    as_json = "--json" in arguments
    command: Any = typer.main.get_command(commands.app)
    usage.translate(command)
    try:
        code = command.main(args=list(arguments), prog_name="kinora", standalone_mode=False)
    except BrokenPipeError:
        _forget_output()
        return ExitCode.FAILED
    except typer.TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError":
            return ExitCode.USAGE  # the help has been shown
        return _say_wrong(usage.explain(error), ExitCode.USAGE)
    except Exception as error:
        return _report(_innermost(error), as_json=as_json)
    if code == _INTERRUPTED:
        return _say_wrong(say("interrupted"), ExitCode.FAILED)
    return int(code or 0)


def _innermost(error: BaseException) -> BaseException:
    """The first error of a group: several tasks of ours often fail of the same thing."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _report(error: BaseException, *, as_json: bool) -> int:
    if not isinstance(error, CodedError):
        log.error("an error that nobody expected", exc_info=error)
        error = CodedError("studio.crashed", cause=f"{type(error).__name__}: {error}")
    if as_json:
        from bots.terminal import answers

        screen.answer(answers.of_error(error))
    is_usage = error.code in _USAGE_CODES | _KEEPING_CODES or error.code.startswith(_USAGE_PREFIXES)
    told = f"doctor.{error.code}"  # where the store is, and why it is closed, is the operator's to know
    sentence = say(told, **error.params) if error.code in AWAY and knows(told) else say_error(error.code, error.params)
    return _say_wrong(sentence, ExitCode.USAGE if is_usage else ExitCode.FAILED)


def _say_wrong(sentence: str, code: ExitCode) -> int:
    screen.tell(screen.plain(sentence), mark="✗", mark_style="bold red")
    return code


def _forget_output() -> None:
    """Whoever read our output has gone (`| head`): nothing more can be said there, not even at the end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


if __name__ == "__main__":
    main()
