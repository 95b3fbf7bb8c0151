"""Encodings that hide a text from a reader: base64, hex, binary, URL, HTML entities, escapes, tag characters.

A block that looks like one of them but opens into nothing readable is not proof of anything, so it holds.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import re2  # type: ignore[import-untyped]  # no stubs exist

Edit = tuple[int, int, str]

_BASE64 = re2.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re2.compile(r"(?i)(?:0x|\\x)?[0-9a-f]{2}(?:[\s:,-]?(?:0x|\\x)?[0-9a-f]{2}){4,}")
_BINARY = re2.compile(r"[01]{8}(?:\s?[01]{8}){2,}")
_URL = re2.compile(r"[A-Za-z0-9+._~-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9+._~-]*){2,}")
_ENTITY = re2.compile(r"(?:&#?[A-Za-z0-9]{1,8};\s?){1,}")
_ESCAPE = re2.compile(r"(?:\\u\{?[0-9A-Fa-f]{4,6}\}?|\\U[0-9A-Fa-f]{8}){1,}")
_ONE_ESCAPE = re.compile(r"\\[uU]\{?([0-9A-Fa-f]{4,8})\}?")
_TAGS = re2.compile(r"[\x{E0020}-\x{E007E}]{3,}")
# A key, a token, a packed text: long, of many different characters, capitals and digits mixed.
_LONGEST_WORD = 40


def _readable(raw: bytes) -> str | None:
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return None
    letters = sum(char.isalnum() or char.isspace() or char in ",.!?'-:;\"()%&#=+/\\" for char in text)
    return text if len(text) >= 3 and text.isprintable() is not None and letters >= 0.9 * len(text) else None


def _from_base64(block: str) -> str | None:
    plain = block.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None
    return _readable(raw)


def _from_hex(block: str) -> str | None:
    digits = re.sub(r"(?i)0x|\\x|[^0-9a-f]", "", block)
    return _readable(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _from_binary(block: str) -> str | None:
    digits = re.sub(r"\s", "", block)
    return _readable(bytes(int(digits[n : n + 8], 2) for n in range(0, len(digits), 8)))


def _from_url(block: str) -> str | None:
    return _readable(unquote_to_bytes(block.replace("+", " ")))


def _from_entities(block: str) -> str | None:
    plain = html.unescape(block)
    return plain if plain != block else None


def _from_escapes(block: str) -> str | None:
    codes = [int(code, 16) for code in _ONE_ESCAPE.findall(block)]
    # Two escapes may be the halves of one character beyond the basic plane.
    return "".join(chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)


def _from_tags(block: str) -> str | None:
    return " " + "".join(chr(ord(char) - 0xE0000) for char in block) + " "


_DECODERS = (
    ("base64", _BASE64, _from_base64),
    ("hex", _HEX, _from_hex),
    ("binary", _BINARY, _from_binary),
    ("url", _URL, _from_url),
    ("entities", _ENTITY, _from_entities),
    ("escapes", _ESCAPE, _from_escapes),
    ("tags", _TAGS, _from_tags),
)


def decoded_blocks(text: str) -> Iterator[tuple[str, list[Edit]]]:
    """For each encoding that something in the text is written in: what to put in its place."""
    for kind, pattern, decode in _DECODERS:
        edits = [(*match.span(), plain) for match in pattern.finditer(text) if (plain := decode(match.group()))]
        if edits:
            yield kind, edits


def undecodable_blocks(text: str) -> Iterator[tuple[int, int]]:
    """Stretches that nobody would type and that none of the decoders opens."""
    for match in _BASE64.finditer(text):
        block = match.group()
        mixed = sum((any(map(str.isdigit, block)), any(map(str.islower, block)), any(map(str.isupper, block))))
        packed = len(block) >= _LONGEST_WORD and mixed >= 2 and len(set(block)) >= 12
        if packed and not _from_base64(block) and not (_HEX.fullmatch(block) and _from_hex(block)):
            yield match.span()
