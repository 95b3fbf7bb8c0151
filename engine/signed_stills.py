"""How a preview that is no clip's comes to be: a few frames before the inspectors, then both marks and a signature."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from engine.bank_tasks import AskedBanks
from engine.fleet.base import Bench
from engine.models import model_room
from safety.policy import Policy
from safety.verdict import Surface, Verdict

if TYPE_CHECKING:  # heavy, and only needed in the worker
    from PIL.Image import Image

    from provenance.facts import ClipFacts, Sealed
    from provenance.keys import Keyring
    from safety.frames.base import Inspection, Inspector
    from storage.blobs import Blobs

_QUALITY: Final = 88


def inspectors_of(bench: Bench, policy: Policy, width: int, height: int, fps: int) -> "tuple[Inspector, ...]":
    from safety.gate import frame_inspectors

    return frame_inspectors(policy, width=width, height=height, fps=fps, models=model_room(bench))


def judged(
    inspections: "Sequence[Inspection]",
    frames: int,
    policy: Policy,
    banks: AskedBanks | None,
    *,
    trained: bool = False,
) -> Verdict:
    """What the policy makes of the few frames of a preview, banks of known-bad media included."""
    from safety.banks import with_banks
    from safety.gate import judge_frames

    verdict = judge_frames(inspections, frames, policy, trained=trained)
    if banks is None:
        return verdict
    looks = [(look.seconds, look.hashes) for one in inspections for look in one.looks]
    return with_banks(verdict, banks.matches(looks), Surface.FRAME)


def marked_and_signed(
    picture: "Image",
    facts: "ClipFacts",
    keyring: "Keyring",
    blobs: "Blobs",
    seal: "Callable[[Path, Path, ClipFacts, Keyring], Sealed]",
) -> str:
    """Put both marks on a picture, sign it, read it back, and store it; the hash of its file. Its sides are even."""
    import numpy as np
    from PIL import Image

    from provenance.invisible import InvisibleMark
    from provenance.visible import VisibleMark
    from storage.media import Converter

    converter = Converter()
    planes = converter.planes(np.asarray(picture.convert("RGB")), "rgb24")
    secret = keyring.mark_keys()[0].secret
    for mark in (
        VisibleMark(*picture.size),
        InvisibleMark(*picture.size, facts.clip_id, secret),
    ):
        mark.stamp(planes.luma, planes.cb, planes.cr)
    unsigned, signed = blobs.temporary(".jpg"), blobs.temporary(".jpg")
    try:
        Image.fromarray(converter.pixels(planes), "RGB").save(unsigned, quality=_QUALITY)
        sealed = seal(unsigned, signed, facts, keyring)
        blobs.adopt(sealed.path, sealed.sha256)
    finally:
        unsigned.unlink(missing_ok=True)
        signed.unlink(missing_ok=True)
    return sealed.sha256
