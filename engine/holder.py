"""Who holds a lease: a name that says machine, boot and process, so that a dead holder is known to be dead at once.

Without that, a studio that was killed would have to wait for its own lease to run out before it could go on.
"""

import os
import platform
import socket
from functools import cache
from pathlib import Path

import psutil

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@cache
def _this_machine() -> str:
    boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else str(int(psutil.boot_time()))
    return f"{socket.gethostname() or platform.node()}/{boot}"


def this_process() -> str:
    started = psutil.Process().create_time()
    return f"{_this_machine()}/{os.getpid()}/{started:.2f}"


def is_dead(holder: str) -> bool:
    """True when the holder was a process of this machine that runs no longer. Of other machines nothing is known."""
    machine, _, process = holder.rpartition("/")[0].rpartition("/")
    started = holder.rpartition("/")[2]
    if machine != _this_machine():
        return False
    try:
        found = psutil.Process(int(process))
        # One that was killed and that its parent has not buried yet still has its id and its time of birth.
        return f"{found.create_time():.2f}" != started or found.status() == psutil.STATUS_ZOMBIE
    except (psutil.NoSuchProcess, ValueError):
        return True
