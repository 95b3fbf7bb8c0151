"""Asks about mutated files, one after the other, in a process that a crash of a decoder would take down."""

import random
import sys
import time
from pathlib import Path

from provenance.brought import credentials_of
from provenance.facts import Ingredient, Relation
from provenance.keys import Keyring
from provenance.seal import seal_still
from provenance.trace import trace
from tests.provenance.samples import Remembered, Shelf, boxes, facts, write_mp4, write_still
from tests.provenance.test_brought import PERSONAL, by_another_tool

_SWAPS = (b"\0", b"\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\xff", b"\0\0\0\0", b"uuid", b"moov", b"jumb", b"free")


def main(folder: Path, count: int, longest: float) -> None:
    dice = random.Random(12)
    files = list(_originals(folder))
    asked, memory = folder / "asked", Remembered()
    keyring = Keyring.open(folder / "keys")
    for number in range(count):
        data, suspect = files[number % len(files)]
        asked.write_bytes(_mutated(data, suspect, dice))
        start = time.monotonic()
        trace(asked, keyring, memory)
        if (found := credentials_of(asked, keyring)) is not None:  # as an upload, it is looked through once more
            assert (found.archive is None) is (found.left_out is not None), number
        spent = time.monotonic() - start
        assert spent < longest, (number, spent)
    print(f"{count} answered")


def _originals(folder: Path) -> list[tuple[bytes, tuple[int, int]]]:
    """Signed files, each with the part in which its manifest lies."""
    shelf = Shelf(folder, Keyring.open(folder / "keys"))
    plain = write_mp4(folder / "plain.mp4", size=(64, 64), frames=4)
    parent = shelf.seal(plain, "pppppppp")
    child = shelf.seal(plain, "kkkkkkkk", Ingredient(parent.path, Relation.PARENT, "pppppppp"))
    stills = []
    for suffix in (".jpg", ".png"):
        still = write_still(folder / f"still{suffix}")
        stills.append(seal_still(still, folder / f"signed{suffix}", facts(shelf.keyring), shelf.keyring).path)
    stranger = Keyring.open(folder / "stranger")
    stills.append(by_another_tool(folder / "still.jpg", folder / "photo.jpg", stranger, assertions=PERSONAL))
    found = [(path.read_bytes(), (0, 20_000)) for path in stills]
    for path in (parent.path, child.path):
        data = path.read_bytes()
        found += [(data, boxes(data)["uuid"]), (data, boxes(data)["moov"])]
    return found


def _mutated(data: bytes, suspect: tuple[int, int], dice: random.Random) -> bytes:
    """A few changes, most of them where structure lies: bits, numbers, names, cuts, doubles."""
    changed = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        first, last = suspect if dice.random() < 0.8 else (0, len(changed))
        at = dice.randrange(first, max(first + 1, min(last, len(changed))))
        match dice.randrange(5):
            case 0:
                changed[at : at + 1] = bytes([dice.randrange(256)])
            case 1:
                swap = dice.choice(_SWAPS)
                changed[at : at + len(swap)] = swap
            case 2:
                del changed[at : at + dice.randrange(1, 200)]
            case 3:
                piece = changed[at : at + dice.randrange(1, 400)]
                changed[at:at] = piece * dice.choice((1, 1, 3))
            case _:
                changed[at:at] = dice.randbytes(dice.randrange(1, 60))
        if not changed:
            break
    return bytes(changed[: dice.randrange(len(changed) + 1)] if dice.random() < 0.1 else changed)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
