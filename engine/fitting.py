"""A clip made small enough for a place that takes no larger files: encoded again, and sealed again as a copy of itself.

The copy says in its credentials which clip it is a copy of. It is made from what was released, so that nobody has to
look at it once more.
"""

from math import log2
from pathlib import Path
from typing import ClassVar, Final

from engine.errors import StudioError
from engine.fleet.base import Bench, Lane, Task
from engine.reports import FittedCopy

_USUAL_CRF: Final = 20
_WORST_CRF: Final = 34  # beyond this, fewer pixels look better than worse ones
_ATTEMPTS: Final = 3
_ROOM: Final = 0.92  # of the limit: what x264 makes of a quality is only known afterwards
_CREDENTIALS: Final = 16 * 1024  # bytes: sealing a copy was seen to add 9,560, and a time stamp is not small
_LEAST_SIDE: Final = 160


class FitClip(Task[FittedCopy]):
    lane: ClassVar[Lane] = Lane.HEAVY

    sha256: str
    destination: Path
    limit: int  # bytes
    studio_version: str

    def time_limit(self) -> float:
        """A minute of 1080p on a slow machine, three times over."""
        return 600.0

    def do(self, bench: Bench) -> FittedCopy:
        from engine.benchwork import keyring_of
        from engine.filing import blobs_at
        from provenance.seal import restore
        from storage.media import probe

        original = blobs_at(bench).here(self.sha256, ".mp4")
        facts = probe(original)
        room = (self.limit - _CREDENTIALS) * _ROOM
        if room <= 0:
            raise StudioError("clip.cannot_fit", limit=self.limit)
        self.destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        bare = self.destination.with_suffix(".bare.mp4")
        share = room / original.stat().st_size
        try:
            for _ in range(_ATTEMPTS):
                width, height, crf = _plan(facts.width, facts.height, share)
                self._encode(bench, original, bare, (width, height), round(facts.fps), crf)
                if bare.stat().st_size <= room:
                    sealed = restore(bare, self.destination, original, self.studio_version, keyring_of(bench))
                    if sealed.size <= self.limit:
                        return FittedCopy(sha256=sealed.sha256, size=sealed.size, width=width, height=height)
                    self.destination.unlink(missing_ok=True)
                share *= 0.85 * room / max(bare.stat().st_size, room)
        finally:
            bare.unlink(missing_ok=True)
        raise StudioError("clip.cannot_fit", limit=self.limit)

    def _encode(self, bench: Bench, original: Path, bare: Path, size: tuple[int, int], fps: int, crf: int) -> None:
        from av.video.reformatter import VideoReformatter

        from storage.media import Mp4Writer, Planes, read_frames

        reformatter = VideoReformatter()
        with Mp4Writer(bare, *size, fps, crf=crf) as writer:
            for frame in read_frames(original):
                smaller = reformatter.reformat(
                    frame.planes.frame, width=size[0], height=size[1], format="yuv420p", threads=1
                )
                writer.write(Planes.of(smaller))
                bench.report(done=frame.index)


def _plan(width: int, height: int, share: float) -> tuple[int, int, int]:
    """Size and quality for this share of the bytes: six steps of CRF halve them, and half the pixels nearly do."""
    scale = 1.0
    crf = _USUAL_CRF + 1 + 6 * log2(1 / min(1.0, share))
    while crf > _WORST_CRF and min(width, height) * scale > _LEAST_SIDE:
        scale *= 0.75
        crf -= 5
    even = [max(2, round(side * scale / 2) * 2) for side in (width, height)]
    return even[0], even[1], min(45, round(crf))
