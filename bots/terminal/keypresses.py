"""One key at a time, from a terminal or from a pipe."""

import contextlib
import sys
from collections.abc import Iterator
from typing import Final

END: Final = ""  # nothing comes any more


def is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


@contextlib.contextmanager
def single_keys() -> Iterator[None]:
    """Each key arrives when it is pressed, without Enter, and is not shown. Ctrl-C still stops."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def read_key() -> str:
    """The next key; END when the pipe has ended. From a pipe, line ends are no keys."""
    while True:
        key = sys.stdin.read(1)
        if key not in ("\r", "\n") or sys.stdin.isatty():
            return key


def read_line(prompt: str) -> str:
    """A line of text, shown while it is typed."""
    sys.stdout.write(prompt)
    sys.stdout.flush()
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    import termios

    raw = termios.tcgetattr(sys.stdin)
    cooked = termios.tcgetattr(sys.stdin)
    cooked[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(sys.stdin, termios.TCSADRAIN, cooked)
    try:
        return sys.stdin.readline().strip()
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, raw)
