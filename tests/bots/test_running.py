"""The real `kinora` processes beside each other: the service, its clients, signals and sudden deaths."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

KINORA = (sys.executable, "-m", "bots.main")
PATIENCE = 60.0  # seconds; nothing here takes more than a few
SHORT = ("--seconds", "1", "--json")


class Processes:
    """Starts `kinora` in a folder of its own and ends whatever is left of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [*KINORA, "--data", "data", *arguments],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "KINORA_DEFAULTS__SECONDS": "1"},
        )
        self.started.append(process)
        return process

    def end_all(self) -> None:
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    started = Processes(tmp_path)
    yield started
    started.end_all()


def answer_of(process: "subprocess.Popen[str]") -> tuple[int, Any, str]:
    out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in err
    return process.returncode, json.loads(out) if out.startswith("{") else out, err


def read_until(process: "subprocess.Popen[str]", wanted: str) -> str:
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if wanted in line:
            return said
    raise AssertionError(said)


def jobs_in(folder: Path) -> dict[str, str]:
    """The states of all jobs, read beside whoever writes them: starting another `kinora` each time would take long."""
    try:
        with closing(sqlite3.connect(f"file:{folder}/data/kinora.db?mode=ro", uri=True)) as database:
            return dict(database.execute("SELECT id, state FROM jobs"))
    except sqlite3.OperationalError:
        return {}  # no database yet, or no tables in it


def wait_for_state(folder: Path, states: set[str]) -> str:
    """The job that came to one of these states."""
    until = time.monotonic() + PATIENCE
    while True:
        found = [job for job, state in jobs_in(folder).items() if state in states]
        if found:
            return found[0]
        assert time.monotonic() < until, jobs_in(folder)
        time.sleep(0.05)


def test_the_service_makes_a_first_clip_serves_others_and_closes_on_sigterm(
    processes: Processes, tmp_path: Path
) -> None:
    service = processes.start("run", "--first-clip")
    said = read_until(service, "waits for jobs")
    first = next(tmp_path.glob("kinora-*.mp4"))
    assert str(first) in said
    assert "docs/connecting.md" in said

    code, _, err = answer_of(processes.start("run"))
    assert (code, "already" in err) == (1, True)

    code, made, _ = answer_of(processes.start("create", "snow on a forest", *SHORT, "-o", "snow.mp4"))
    assert (code, made["clips"][0]["file"]) == (0, str(tmp_path / "snow.mp4"))

    service.send_signal(signal.SIGTERM)
    _, err = service.communicate(timeout=10)
    assert service.returncode == 0
    assert "a wolf howls" not in err  # no prompt in the log

    again = processes.start("run", "--first-clip")
    read_until(again, "waits for jobs")
    assert len(list(tmp_path.glob("kinora-*.mp4"))) == 1
    again.send_signal(signal.SIGINT)
    again.communicate(timeout=10)
    assert again.returncode == 0


def test_several_at_once_all_get_their_clips(processes: Processes, tmp_path: Path) -> None:
    clients = [processes.start("create", f"a red balloon number {n}", *SHORT) for n in range(2)]
    answers = [answer_of(client) for client in clients]
    assert [code for code, _, _ in answers] == [0, 0]
    files = {made["clips"][0]["file"] for _, made, _ in answers}
    assert files == {str(file) for file in tmp_path.glob("kinora-*.mp4")}
    assert len(files) == 2


def test_ctrl_c_calls_the_job_off(processes: Processes, tmp_path: Path) -> None:
    client = processes.start("create", "a red balloon", "--seconds", "60", "--json")
    wait_for_state(tmp_path, {"rendering"})
    client.send_signal(signal.SIGINT)
    code, made, _ = answer_of(client)
    assert (code, made["state"], made["clips"]) == (1, "cancelled", [])
    assert list(tmp_path.glob("*.mp4")) == []


def test_what_a_killed_client_asked_for_is_delivered_by_whoever_runs_next(processes: Processes, tmp_path: Path) -> None:
    client = processes.start("create", "a red balloon", "--seconds", "2", "-o", "balloon.mp4")
    wait_for_state(tmp_path, {"queued", "rendering", "inspecting", "sealing"})
    client.kill()
    service = processes.start("run")
    wait_for_state(tmp_path, {"delivered"})
    assert [file.name for file in tmp_path.glob("*.mp4")] == ["balloon.mp4"]
    service.send_signal(signal.SIGTERM)
    service.communicate(timeout=10)


def test_a_killed_client_s_job_can_be_cancelled_with_nobody_running(processes: Processes, tmp_path: Path) -> None:
    """Also while the dead process has not been buried by its parent, as here."""
    client = processes.start("create", "a red balloon", "--seconds", "60")
    job = wait_for_state(tmp_path, {"rendering"})
    client.kill()
    code, ended, _ = answer_of(processes.start("cancel", job, "--json"))
    assert (code, ended["state"]) == (0, "cancelled")
