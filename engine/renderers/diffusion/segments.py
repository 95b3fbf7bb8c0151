"""A part is made in segments as long as the model can make at once. Each one begins with the last frames of the one
before it, so that the film goes on; a segment that is made after a film, by a model that cannot be shown how it
begins, overlaps the one before it instead, and the two are faded into each other.

Frames are counted at two rates: the clip's, of what is shown, and the model's, of what it makes.
"""

from dataclasses import dataclass
from typing import Final

from engine.renderers.diffusion.profile import Family, Profile
from engine.renderers.diffusion.script import Made, Mix, Stretch

_FADE: Final = 8  # frames of the clip in which overlapping segments go over into each other


@dataclass(frozen=True)
class Segment:
    number: int
    first: int  # of the part's frames that it shows
    shown: int  # frames of the clip
    fade: int  # of these, frames that the segment before shows, too
    lead: int  # frames of the model that are given, and not shown: what comes before
    trail: int  # and what comes after
    frames: int  # that the model makes in all
    fps: int  # of the clip
    model_fps: int

    def made_at(self, shown: int) -> int:
        """Which of the model's frames is seen at a frame of the clip, counted from the segment's first.

        Where something follows, every new frame between here and there has its turn, a little quicker if the model
        makes more than were asked for; elsewhere what is too much is left out.
        """
        own = self.frames - self.lead - self.trail
        at = (2 * shown + 1) * own // (2 * self.shown) if self.trail else shown * self.model_fps // self.fps
        return self.lead + min(at, own - 1)

    def seconds_at(self, frame: int) -> float:
        """When in the part that frame of the model is."""
        return self.first / self.fps + (frame - self.lead) / self.model_fps


def cut(part: Made, profile: Profile, fps: int, *, goes_on: bool) -> list[Segment]:
    """`goes_on`: there is something made before the part that it goes on from."""
    frames = profile.frames
    carries = part.after is None or profile.family is Family.LTX
    starts = goes_on or part.begins_after is not None
    trail = _given(part.ends_before, frames.context)
    before = frames.context if carries else 0
    room = (frames.most - max(before, 0) - trail) * fps // frames.fps
    number = max(1, -(-part.frames // (room - (0 if carries else _FADE))))
    segments = []
    for index in range(number):
        first, end = (part.frames * at // number for at in (index, index + 1))
        fade = _FADE if index and not carries else 0
        lead = before if index and carries else 0
        if not index and starts and carries:
            lead = frames.context if goes_on else _given(part.begins_after, frames.context)
        last = trail if index == number - 1 else 0
        shown = end - first + fade
        needed = lead + max(1, -(-shown * frames.fps // fps)) + last
        segments.append(
            Segment(
                number=index,
                first=first - fade,
                shown=shown,
                fade=fade,
                lead=lead,
                trail=last,
                frames=frames.snapped(needed),
                fps=fps,
                model_fps=frames.fps,
            )
        )
    return segments


def _given(film: Stretch | Mix | None, context: int) -> int:
    """How many frames there are to be shown of a neighbour."""
    if not isinstance(film, Stretch):
        return 0
    return 1 if film.file.is_still else context
