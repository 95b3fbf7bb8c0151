"""A line that concerns a job carries its id; secrets are blotted out; libraries keep quiet."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest

from engine import logs
from engine.settings import Log, Settings


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs.OURS}
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def lines_of(form: Literal["people", "json"], level: Literal["debug", "info"] = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.start(Settings(log=Log(level=level, format=form)), stream)
    return stream


def test_json_lines_carry_the_job_given_or_being_worked_on() -> None:
    stream = lines_of("json")
    log = logging.getLogger("engine.somewhere")
    log.info("one", extra={"job": "job-00000001"})
    with logs.about("job-00000002"):
        log.warning("two\nlines 影片")
    log.info("three")
    told = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line.get("job") for line in told] == ["job-00000001", "job-00000002", None]
    assert [line["level"] for line in told] == ["info", "warning", "info"]
    assert told[1]["message"] == "two\nlines 影片"


def test_people_get_one_line_a_message_and_the_trace_after_it() -> None:
    stream = lines_of("people")
    log = logging.getLogger("engine.somewhere")
    log.info("one\nINFO forged", extra={"job": "job-00000001"})
    try:
        int("x")
    except ValueError:
        log.exception("two")
    first, second, *trace = stream.getvalue().splitlines()
    assert "[job-00000001] one INFO forged" in first
    assert second.endswith("two")
    assert trace[0].startswith("Traceback")


@pytest.mark.parametrize("form", ["people", "json"])
def test_a_password_in_a_url_is_blotted_out(form: Literal["people", "json"]) -> None:
    stream = lines_of(form)
    url = "postgresql+asyncpg://kinora:hunter2@db.example/kinora"
    try:
        int(f"no way to {url}")
    except ValueError:
        logging.getLogger("storage.database").exception("cannot reach %s", url)
    assert "hunter2" not in stream.getvalue()
    assert "db.example" in stream.getvalue()


def test_levels_are_ours_and_libraries_are_heard_from_warnings_on() -> None:
    stream = lines_of("people")
    logging.getLogger("engine.pipeline").debug("too much")
    logging.getLogger("sqlalchemy.engine").info("INSERT a prompt")
    logging.getLogger("aiosqlite").warning("heard")
    assert [line.split()[-1] for line in stream.getvalue().splitlines()] == ["heard"]
    stream = lines_of("people", "debug")
    logging.getLogger("engine.pipeline").debug("wanted")
    assert stream.getvalue().endswith("wanted\n")
