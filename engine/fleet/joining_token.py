"""The password of the cluster: a file that every machine of it reads, for its owner's eyes alone.

Ray lets anybody who reaches it run programs. With a token it asks for it at every connection.
"""

import secrets
from pathlib import Path

from engine.errors import StudioError
from storage.files import make_folder, write_once


def ensure_token(path: Path) -> Path:
    """The token's file, made where there is none yet."""
    if not path.exists():
        try:
            make_folder(path.parent)
            write_once(path, secrets.token_hex(32))
        except OSError as error:
            raise StudioError("cluster.token_unusable", file=str(path), cause=error.strerror or "") from error
    return check_token(path)


def check_token(path: Path) -> Path:
    """The token's file as it is; StudioError where there is none, or others may read it."""
    try:
        loose = path.stat().st_mode & 0o077
        empty = not path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise StudioError("cluster.no_token", file=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise StudioError("cluster.token_unusable", file=str(path), cause=str(error)) from error
    if loose:
        raise StudioError("cluster.token_open", file=str(path))
    if empty:
        raise StudioError("cluster.token_unusable", file=str(path), cause="")
    return path
