"""Ids that people can say aloud and type: Crockford's base 32, no letter that looks or sounds like another.

A clip's id is 40 bits in eight letters; the same 40 bits are the invisible mark's payload.
"""

import re
import secrets
import unicodedata

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
LENGTH = 8
PREFIXES = ("job", "case", "pot", "party", "chain", "buy")
_LOOKALIKES = str.maketrans({"o": "0", "i": "1", "l": "1"})
_ID = re.compile(rf"(?:({'|'.join(PREFIXES)})-)?([{ALPHABET}]{{{LENGTH}}})")


def new_id(prefix: str = "") -> str:
    """A fresh id; `prefix` is empty for takes and clips, one of PREFIXES for what is not a clip."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    return f"{prefix}-{letters}" if prefix else letters


def read_letters(typed: str) -> str | None:
    """Eight letters that somebody typed or dictated, as in a code or a clip's id, with the same forgiveness."""
    found = read_id(typed)
    return found if found is not None and "-" not in found else None


def read_id(typed: str) -> str | None:
    """The id that somebody typed or dictated: capitals, spaces, extra hyphens and o, i, l are forgiven."""
    plain = unicodedata.normalize("NFKC", typed).strip().lower()
    prefix, _, rest = plain.partition("-")
    if prefix not in PREFIXES:
        prefix, rest = "", plain
    letters = re.sub(r"[\s_-]", "", rest).translate(_LOOKALIKES)
    candidate = f"{prefix}-{letters}" if prefix else letters
    return candidate if _ID.fullmatch(candidate) else None
