"""What QR and bar codes in a picture say: words that a gate for words has to read."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

MOST: Final = 20  # codes of one upload
LONGEST: Final = 4_000  # characters of one


def codes_in(picture: NDArray[np.uint8]) -> list[str]:
    """The texts of the codes in a picture (grey or RGB), each once. What holds bytes and no text is told as such."""
    import zxingcpp

    found = zxingcpp.read_barcodes(np.ascontiguousarray(picture))
    return list(dict.fromkeys(one.text[:LONGEST] for one in found if one.text))[:MOST]
