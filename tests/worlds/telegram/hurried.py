"""`kinora` with every pace that Telegram sets it, and every pace at which it shows something, so many times as fast.

    python -m tests.worlds.telegram.hurried TIMES ARGUMENTS OF KINORA

For tests whose world counts its floods on a clock that is as fast (`World.hurry`): the bounds are the same ones, of
shorter seconds. What is measured in real seconds, such as how soon a press is answered, stays as it is.
"""

import sys
from types import ModuleType
from typing import Final

from bots.main import main
from bots.telegram import budget, desk, gathering_watch, missed_payments, watching

PACES: Final[tuple[tuple[ModuleType, tuple[str, ...]], ...]] = (
    (budget, ("IN_A_CHAT", "MINUTE", "SECOND")),
    (watching, ("LOOK_EVERY", "EDIT_EVERY")),
    (desk, ("LOOK_EVERY",)),
    (gathering_watch, ("EDIT_EVERY", "EDIT_EVERY_IF_BUSY")),
    (missed_payments, ("TOLD_WITHIN",)),
)
LEAST: Final = 0.25  # seconds: what looks and shows more often than this only keeps the machine busy
_SHOWN: Final = frozenset({"LOOK_EVERY", "EDIT_EVERY"})


def hurry(times: float) -> None:
    if times == 1.0:
        return
    for module, names in PACES:
        for name in names:
            pace = getattr(module, name) / times
            setattr(module, name, max(LEAST, pace) if name in _SHOWN else pace)


if __name__ == "__main__":
    hurry(float(sys.argv[1]))
    main(sys.argv[2:])
