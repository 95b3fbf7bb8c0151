"""A first look at a take while the rest of it is drawn: one of its frames as a Preview, once the gates allowed it.

Short takes are done sooner than anybody looks: only what takes longer than `after` seconds pays for one.
"""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict

from engine.bank_tasks import AskedBanks
from engine.signed_stills import inspectors_of, judged, marked_and_signed
from safety.verdict import Decision

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.fleet.base import Bench
    from engine.footage import Footage, Pixels
    from provenance.facts import ClipFacts
    from provenance.keys import Keyring
    from safety.policy import Policy
    from storage.blobs import Blobs

log = logging.getLogger(__name__)

_LEAST_OF_IT: Final = 1 / 8  # of the take, but not more than a second: by then the scene has begun


class FirstLook(BaseModel):
    """That a take is to have one, and what has to be known for it. No part of the take itself."""

    model_config = ConfigDict(frozen=True)

    after: float  # seconds
    job_id: str
    studio_version: str
    made_at: datetime
    training: str | None = None
    banks: AskedBanks | None = None


def with_first_look(
    footage: "Footage",
    wanted: FirstLook,
    began: float,
    *,
    bench: "Bench",
    policy: "Policy",
    trained: bool,
    blobs: "Blobs",
    keyring: "Keyring",
    facts: "Callable[[], ClipFacts]",
) -> "Footage":
    """The same footage; on the way one of its frames is shown to the inspectors by itself, marked, signed and told of.

    `began`: when the take was begun, by the monotonic clock.
    """

    def look(pixels: "Pixels") -> None:
        import numpy as np
        from PIL import Image

        from engine.darkroom import inspect
        from provenance.seal import seal_still
        from storage.media import Converter

        converter = Converter()
        planes = converter.planes(np.ascontiguousarray(pixels), footage.layout)
        inspectors = inspectors_of(bench, policy, footage.width, footage.height, 1)
        count, inspections = inspect([planes], 1, inspectors, most=1)
        verdict = judged(inspections, count, policy, wanted.banks, trained=trained)
        if verdict.decision is not Decision.ALLOW:
            return
        picture = Image.fromarray(converter.pixels(planes), "RGB")
        bench.report(still=marked_and_signed(picture, facts(), keyring, blobs, seal_still))

    def frames() -> "Iterator[Pixels]":
        has_looked, first = False, min(footage.count * _LEAST_OF_IT, footage.fps)
        for number, pixels in enumerate(footage.frames):
            if not has_looked and number >= first and time.monotonic() - began >= wanted.after:
                has_looked = True
                try:
                    look(pixels)
                except Exception:  # whatever it was, the take itself goes on
                    log.exception("no first look at %s", wanted.job_id)
            yield pixels

    return replace(footage, frames=frames())
