"""A lease's holder is dead only when this machine knows it."""

import os
import subprocess
import sys

from engine.holder import is_dead, this_process

_WHO = "from engine.holder import this_process; print(this_process())"


def test_this_process_lives() -> None:
    assert not is_dead(this_process())
    assert str(os.getpid()) in this_process()


def test_a_process_that_ended_is_dead() -> None:
    ended = subprocess.run([sys.executable, "-c", _WHO], capture_output=True, text=True, check=True).stdout.strip()
    assert is_dead(ended)


def test_the_same_number_at_another_time_is_another_process() -> None:
    machine, _, _ = this_process().rsplit("/", 2)
    assert is_dead(f"{machine}/{os.getpid()}/1.00")


def test_nothing_is_known_of_another_machine() -> None:
    assert not is_dead("elsewhere/boot/1/1.00")


def test_a_name_that_makes_no_sense_is_not_taken_for_dead() -> None:
    assert not is_dead("")
    assert not is_dead("nonsense")
