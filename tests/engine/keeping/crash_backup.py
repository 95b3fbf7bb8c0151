"""Backs up or restores in a process that kills itself with SIGKILL right before its Nth change of the file system.

    python -m tests.engine.keeping.crash_backup backup|restore DATA FOLDER FIRST EVERY

A process forks once for each moment, so that the imports are paid for once: moment N works on copies, DATA-N and
FOLDER-N. Prints the moments at which a child died, and the first at which one came to its end.
"""

import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from engine import settings
from engine.backup import back_up
from engine.restore import restore

_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "ctypes.dlsym", "sqlite3.connect"}


def die_before_change(number: int) -> None:
    left = number

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal left
        is_writing = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in _CHANGES or is_writing:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def do(what: str, data: Path, folder: Path) -> None:
    given = settings.load(data=data)
    if what == "backup":
        back_up(given, folder, with_keys=True)
    else:
        restore(given, folder, force=True)


def main(what: str, data: Path, folder: Path, first: int, every: int) -> None:
    died = []
    moment = first
    while True:
        own_data, own_folder = data.with_name(f"{data.name}-{moment}"), folder.with_name(f"{folder.name}-{moment}")
        shutil.copytree(data, own_data)
        shutil.copytree(folder, own_folder, symlinks=True)
        child = os.fork()
        if child == 0:
            die_before_change(moment)
            do(what, own_data, own_folder)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            died.append(moment)
            moment += every
            continue
        assert status == 0, status
        print(json.dumps({"died": died, "ended": moment}))
        return


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))
