"""`ray start`, for `kinora worker`: on the loopback where that is asked for, and never longer than whoever began it.

Standard input ends with the process that began this one, however it ended; then the node goes too.
"""

import os
import signal
import sys
import threading

from engine.fleet.loopback import LOOPBACK, mean_loopback


def _end_with_whoever_began_this() -> None:
    while os.read(0, 4096):  # not sys.stdin: its lock could not be taken while Python ends
        pass
    os.kill(os.getpid(), signal.SIGTERM)  # Ray ends everything that it started


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for `kinora worker`, which lets running takes end first
    threading.Thread(target=_end_with_whoever_began_this, daemon=True).start()
    if f"--node-ip-address={LOOPBACK}" in sys.argv:
        mean_loopback()
    from ray.scripts.scripts import main as ray

    sys.argv[0] = "ray"
    ray()


if __name__ == "__main__":
    main()
