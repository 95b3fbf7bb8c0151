"""Logs, for people or as JSON lines, with the job's id in every line that concerns a job.

A record says which job it is about with `extra={"job": id}`, or is written inside `about(id)`. Passwords in URLs are
blotted out wherever they appear. Nothing here logs a prompt, and nothing that does belongs above debug.
"""

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final, TextIO

from engine.settings import Settings

OURS: Final = ("bots", "engine", "safety", "provenance", "storage")
_PASSWORD_IN_URL = re.compile(r"(\w[\w+.-]*://[^\s:/@]*:)[^\s@]*@")
_NAMES = {logging.DEBUG: "debug", logging.INFO: "info", logging.WARNING: "warning", logging.ERROR: "error"}

_job: ContextVar[str | None] = ContextVar("job", default=None)


@contextmanager
def about(job_id: str) -> Iterator[None]:
    """Whatever is logged inside concerns this job."""
    token = _job.set(job_id)
    try:
        yield
    finally:
        _job.reset(token)


def start(settings: Settings, stream: TextIO | None = None) -> None:
    """Log from now on as the settings say, to standard error. Libraries are heard from warnings on."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines() if settings.log.format == "json" else ForPeople())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(settings.log.level.upper())


def _job_of(record: logging.LogRecord) -> str | None:
    job = getattr(record, "job", None) or _job.get()
    return str(job) if job else None


def _level(record: logging.LogRecord) -> str:
    return _NAMES.get(record.levelno, record.levelname.lower())


def without_secrets(text: str) -> str:
    return _PASSWORD_IN_URL.sub(r"\1…@", text)


class ForPeople(logging.Formatter):
    """Time, level, the job in brackets, the message; on one line, whatever the message holds."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, tz=UTC).astimezone().strftime("%H:%M:%S")
        job = _job_of(record)
        message = " ".join(record.getMessage().splitlines())
        line = f"{at} {_level(record):<7} {f'[{job}] ' if job else ''}{message}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return without_secrets(line)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": _level(record),
            "from": record.name,
            "message": without_secrets(record.getMessage()),
        }
        if job := _job_of(record):
            line["job"] = job
        if record.exc_info:
            line["error"] = without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)
