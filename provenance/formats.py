"""What a file is, told by its first bytes and never by its name."""

from pathlib import Path

MP4 = "video/mp4"
JPEG = "image/jpeg"
PNG = "image/png"
STORE = "application/c2pa"  # manifests without the file that they are about
UNKNOWN = "application/octet-stream"

_HEAD = 16
_PNG_START = b"\x89PNG\r\n\x1a\n"
_JPEG_START = b"\xff\xd8\xff"


def media_type_of(path: Path) -> str:
    """One of the formats that this studio signs, or UNKNOWN. Nothing else is handed to the C2PA parser."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head[4:8] == b"ftyp":
        return MP4
    if head.startswith(_JPEG_START):
        return JPEG
    if head.startswith(_PNG_START):
        return PNG
    return UNKNOWN
