"""Every sentence that a person reads, in English and in both kinds of written Chinese.

One file a language, the same keys and placeholders in each. Code names a sentence by its key and never holds one.
"""

import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Final

from storage.errors import CodedError

LANGUAGES: Final = ("en", "zh-Hant", "zh-Hans")
VARIABLE: Final = "KINORA_LANGUAGE"
# Where Chinese is written in the traditional way. Any other Chinese locale means the simplified one.
_TRADITIONAL = frozenset({"tw", "hk", "mo", "hant"})

_language: ContextVar[str | None] = ContextVar("language", default=None)


class UnknownLanguage(CodedError):
    """KINORA_LANGUAGE names a language that Kinora does not speak."""

    def __init__(self, code: str = "settings.not_one_of", **params: object) -> None:
        super().__init__(code, **params)


def say(key: str, **params: object) -> str:
    """The sentence of this key, in the language being spoken."""
    return catalogue(language())[key].format(**params)


def knows(key: str) -> bool:
    return key in catalogue(language())


def say_error(code: str, params: Mapping[str, object]) -> str:
    """The sentence for an error's code. One that nobody has written a sentence for is named as it is."""
    sentence = catalogue(language()).get(f"error.{code}")
    if sentence is None:
        return say("error.general", code=code)
    return sentence.format_map(_Forgiving(params))


class _Forgiving(dict[str, object]):
    """An error may have been raised with less than its sentence tells: better a gap than no sentence."""

    def __missing__(self, key: str) -> str:
        return "…"


# -- which language ------------------------------------------------------------------------------------------------


def language() -> str:
    """The language being spoken: the one chosen with `speaking`, else this machine's."""
    return _language.get() or from_environment(os.environ)


@contextmanager
def speaking(chosen: str) -> Iterator[None]:
    token = _language.set(chosen)
    try:
        yield
    finally:
        _language.reset(token)


def from_environment(environ: Mapping[str, str]) -> str:
    """KINORA_LANGUAGE, else the system's locale, else English."""
    if chosen := environ.get(VARIABLE):
        if (known := closest(chosen)) is None:
            raise UnknownLanguage(key=VARIABLE, allowed=", ".join(LANGUAGES))
        return known
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if locale := environ.get(variable):
            return closest(locale) or LANGUAGES[0]
    return LANGUAGES[0]


def closest(name: str) -> str | None:
    """Our language for a locale's or a language's name: zh_TW.UTF-8, zh-Hans-CN, en_GB; None when there is none."""
    main, *more = name.partition(".")[0].partition("@")[0].replace("_", "-").lower().split("-")
    match main:
        case "zh" | "cmn" | "yue":
            return "zh-Hans" if "hans" in more or not _TRADITIONAL & set(more) else "zh-Hant"
        case "en":
            return "en"
        case _:
            return None


# -- the files -----------------------------------------------------------------------------------------------------


@cache
def catalogue(of: str) -> Mapping[str, str]:
    """All sentences of a language, by dotted keys."""
    text = (Path(__file__).parent / f"{of}.toml").read_text(encoding="utf-8")
    return dict(_flat(tomllib.loads(text), ""))


def _flat(table: Mapping[str, Any], parents: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{parents}{name}.")
        else:
            yield f"{parents}{name}", value
