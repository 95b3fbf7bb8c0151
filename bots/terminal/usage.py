"""Help and usage errors in the member's language: typer speaks English, and knows nothing of our keys."""

import re
from typing import Any, Final

import typer
from typer import rich_utils

from bots.wording import say

# What kinora --help shows together, in this order; what is not named here comes last.
_PANELS: Final = {
    "making": (
        *("create", "animate", "storyboard", "remix", "recut", "extend", "blend", "loop", "views", "finish"),
        *("cancel", "queue", "jobs", "show", "check", "verify"),
    ),
    "mine": ("library", "search", "rename", "favourite", "folder", "trash", "preset", "usage"),
    "together": ("explore", "rights", "tree", "chain", "party"),
    "account": (
        "credits",
        "plans",
        "pot",
        "link",
        "member",
        "community",
        "privacy",
        "export",
        "import",
        "standing",
        "appeal",
        "doubt",
    ),
    "studio": (
        "run",
        "worker",
        "doctor",
        "desk",
        "audit",
        "keys",
        "backup",
        "restore",
        "gallery",
        "models",
        "bank",
        "policy",
        "eval",
    ),
}


def translate(command: Any) -> None:
    """Put sentences where the keys stand, in this command and all below it; the outermost one's in panels."""
    _translate(command)
    order = [(panel, name) for panel, names in _PANELS.items() for name in names if name in command.commands]
    for panel, name in order:
        command.commands[name].rich_help_panel = say(f"help.panel.{panel}")
    rest = [name for name in command.commands if all(name != known for _, known in order)]
    command.commands = {name: command.commands[name] for name in [*(name for _, name in order), *rest]}


def _translate(command: Any) -> None:
    rich_utils.DEFAULT_STRING = say("help.default", value="{}")
    rich_utils.REQUIRED_LONG_STRING = say("help.required")
    usage_in_english = command.get_usage
    command.get_usage = lambda context: usage_in_english(context).replace("Usage:", say("help.usage"), 1)
    command.help = say(command.help) if command.help else None
    command.epilog = _examples(command.epilog)
    command.rich_help_panel = say("help.commands")
    if command.add_help_option:
        context = typer.Context(command)
        option = command.get_help_option(context)
        if option is not None:
            option.help = "help.help"
            _translate_parameter(option)
    for parameter in command.params:
        _translate_parameter(parameter)
    for below in getattr(command, "commands", {}).values():
        _translate(below)


def _translate_parameter(parameter: Any) -> None:
    if parameter.help:
        parameter.help = _breakable(say(parameter.help))
    is_option = parameter.param_type_name == "option"
    if not is_option or getattr(parameter, "is_flag", False):
        parameter.display_type_rich = lambda ctx: None  # "<bool>" says nothing to a member
    parameter.rich_help_panel = say("help.options" if is_option else "help.arguments")


def _breakable(sentence: str) -> str:
    """rich breaks lines at spaces only, and Chinese has none: after its marks, half empty, one hardly shows."""
    return re.sub(r"(?<=[，。：；、）])(?=[^\s，。：；、）])", " ", sentence)


def _examples(key: str | None) -> str | None:
    return say(key).strip() if key else None


def explain(error: typer.TyperException) -> str:
    """What was wrong with what was typed, in one sentence. typer's own kinds of error are not public, so by name."""
    context = getattr(error, "ctx", None)
    parameter = getattr(error, "param", None)
    name = parameter.get_error_hint() if parameter is not None else ""
    option = str(getattr(error, "option_name", "") or "")
    match type(error).__name__:
        case "NoSuchOption" if close := getattr(error, "possibilities", None):
            sentence = say("usage.no_such_option_but", option=option, close=say("list.separator").join(sorted(close)))
        case "NoSuchOption":
            sentence = say("usage.no_such_option", option=option)
        case "MissingParameter":
            sentence = say("usage.missing", name=name)
        case "BadParameter":
            sentence = say("usage.bad_value", name=name)
        case "BadOptionUsage":
            sentence = say("usage.needs_value", option=option)
        case _ if getattr(getattr(context, "command", None), "commands", None):
            sentence = say("usage.no_such_command")
        case _:
            sentence = say("usage.too_much")
    command = getattr(context, "command_path", "kinora")
    return f"{sentence} {say('usage.try_help', command=f'{command} --help')}"
