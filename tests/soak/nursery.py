"""Forks studios out of a process that has loaded everything, and knows when the last of their workers is gone.

Starting Python and importing the studio takes 0.8 s of a core, which a fork saves. Its workers are started as always.
"""

import asyncio
import ctypes
import logging
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import psutil

_SUBREAPER = 36  # prctl's number: orphans of our children become our own children
WORKERS_GO_WITHIN = 15.0  # seconds


class StillThere(Exception):
    """A worker goes on although its studio is gone."""


def adopt_orphans() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(_SUBREAPER, 1, 0, 0, 0)


def start(program: Callable[[], Coroutine[Any, Any, None]], log: Path) -> int:
    """Run the program in a process of its own; what it says goes to the log. Answers with its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, sys.stdout.fileno())
        os.dup2(handle, sys.stderr.fileno())
        logging.basicConfig(level=logging.WARNING, force=True)
        asyncio.run(program())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def kill(pid: int) -> None:
    """SIGKILL, if it is still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def workers_of(pid: int) -> list[int]:
    try:
        return sorted(child.pid for child in psutil.Process(pid).children())
    except psutil.NoSuchProcess:
        return []


def exit_code(pid: int, patience: float) -> int | None:
    """How the process ended; None when it is still running after so many seconds."""
    until = time.monotonic() + patience
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        if time.monotonic() > until:
            return None
        time.sleep(0.005)


def wait_for_all() -> None:
    """Return when every process below us is gone; StillThere when one does not go."""
    until = time.monotonic() + WORKERS_GO_WITHIN
    while True:
        try:
            ended, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if ended:
            continue
        if time.monotonic() > until:
            left = workers_of(os.getpid())
            for pid in left:
                kill(pid)
            raise StillThere(f"still there after {WORKERS_GO_WITHIN:.0f} s: {left}")
        time.sleep(0.005)
