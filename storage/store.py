"""Files in an S3-compatible store: put, brought, looked for, removed, and linked to.

Keys of three kinds, each under a folder of its own below the studio's prefix. A link is made for `sealed/` alone, so
that no mistake elsewhere can make one for a file that was never released:

- `sealed/`: signed clips and their posters, by their hash;
- `kept/`: whatever else is kept by its hash: uploads, credentials, signed stills;
- `quarantine/`: takes that nobody may see yet.

What was put is read back and hashed before anybody is told that it is there, and what is brought is hashed, too. The
driver is imported here, where a URL asks for it: the base install does without.
"""

import hashlib
import re
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from storage.errors import StorageError

if TYPE_CHECKING:
    from obstore.store import S3Store

SEALED: Final = "sealed/"
KEPT: Final = "kept/"
QUARANTINE: Final = "quarantine/"

PART: Final = 8 * 1024 * 1024  # bytes put or brought at once; the least that S3 takes is 5 MiB
PARTS_AT_ONCE: Final = 3
TRIES: Final = 2  # of a file that does not arrive as it was sent
PATIENCE: Final = timedelta(seconds=6)  # with a store that refuses; whoever can wait longer asks again
_CONNECTS_WITHIN: Final = "5s"
_ANSWERS_WITHIN: Final = "30s"

# Whoever meets these waits and asks again: nothing is wrong with the file, and an operator or time will mend it.
AWAY: Final = frozenset(
    {
        "store.away",
        "store.refused",
        "store.wrong_key",
        "store.no_bucket",
        "store.clock",
        "store.no_credentials",
        "store.unreliable",
    }
)

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/|$))*")
_ENDPOINT: Final = re.compile(r"https?://[^\s?#@]+")
_WORD: Final = re.compile(r"[a-z_-]{1,20}")
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}")
_CODE: Final = re.compile(r"<Code>(\w{1,60})</Code>")
_STATUS: Final = re.compile(r"status code: (\d{3})")
_SKEW: Final = frozenset({"RequestTimeTooSkewed", "RequestExpired"})
_CHANGED: Final = frozenset({"BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"})
_WRONG_KEY: Final = frozenset(
    {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "InvalidSecurity"}
)
_DENIED: Final = frozenset({"401", "403"})


@dataclass(frozen=True)
class StoreAddress:
    """`s3://bucket/prefix?endpoint=https://…&region=…&links=yes`. It never holds a secret."""

    bucket: str
    prefix: str = ""  # without slashes around it
    endpoint: str | None = None  # None: Amazon's own
    region: str | None = None  # None: as the environment says
    links: bool = False  # whether members' browsers reach the store, so that downloads may be links to it

    @classmethod
    def parsed(cls, url: str) -> "StoreAddress":
        """StorageError where it is none; it may hold what somebody took for the place of a password: not repeated."""
        try:
            parts = urlsplit(url)
            asked = parse_qs(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            raise StorageError("store.url") from None
        if "@" in parts.netloc:
            raise StorageError("store.url_secret")
        prefix = parts.path.strip("/")
        whole = parts.scheme == "s3" and _BUCKET.fullmatch(parts.netloc) and _PREFIX.fullmatch(prefix)
        if not whole or parts.fragment or "//" in parts.path:
            raise StorageError("store.url")
        known = {"endpoint": _ENDPOINT, "region": _REGION, "links": re.compile("yes|no")}
        for key, values in asked.items():
            if key not in known:
                raise StorageError("store.url_key", key=key if _WORD.fullmatch(key) else "…", known=", ".join(known))
            if len(values) != 1 or not known[key].fullmatch(values[0]):
                raise StorageError("store.url_value", key=key)
        return cls(
            bucket=parts.netloc,
            prefix=prefix,
            endpoint=asked["endpoint"][0].rstrip("/") if "endpoint" in asked else None,
            region=asked["region"][0] if "region" in asked else None,
            links=asked.get("links") == ["yes"],
        )

    def __str__(self) -> str:
        """As people are told of it."""
        place = "/".join(filter(None, (self.bucket, self.prefix)))
        return f"s3://{place}" + (f" ({self.endpoint})" if self.endpoint else "")


@dataclass(frozen=True)
class Listed:
    key: str
    size: int
    changed_at: float  # seconds, by the store's clock


class Store:
    """One bucket, or the part of it under a prefix. Safe to use from several threads."""

    def __init__(self, address: StoreAddress, *, patience: timedelta = PATIENCE) -> None:
        self.address = address
        self._inner = _opened(address, patience)

    @classmethod
    def at(cls, url: str) -> "Store":
        return cls(StoreAddress.parsed(url))

    def put(self, key: str, file: Path, sha256: str, *, name: str | None = None) -> None:
        """Put the file under this key, in parts where it is large, and read it back. Doing it again does no harm.

        Until the last byte is there the key shows nothing, or what it showed before. `name`: of the file for whoever
        downloads it.
        """
        import obstore

        about = {"Content-Type": _MEDIA_TYPES.get(file.suffix, "application/octet-stream"), "sha256": sha256}
        if name is not None:
            about["Content-Disposition"] = f'attachment; filename="{name}"'
        trouble = StorageError("store.unreliable", store=str(self.address))
        for _ in range(TRIES):
            try:
                with self._explained():
                    obstore.put(
                        self._inner,
                        key,
                        file,
                        attributes=about,
                        use_multipart=file.stat().st_size > PART,
                        chunk_size=PART,
                        max_concurrency=PARTS_AT_ONCE,
                    )
            except StorageError as error:
                if error.code != trouble.code:
                    raise
            else:
                if self._hash_of(key) == sha256:
                    return
                self.remove([key])
        raise trouble

    def put_note(self, key: str, content: bytes) -> None:
        """A few bytes, as they are."""
        import obstore

        with self._explained():
            obstore.put(self._inner, key, content, use_multipart=False)

    def note(self, key: str) -> bytes | None:
        import obstore

        try:
            with self._explained():
                return bytes(obstore.get(self._inner, key).bytes())
        except FileNotFoundError:
            return None

    def bring(self, key: str, part: Path, sha256: str | None = None) -> bool:
        """Write what lies under the key into the file `part`; False where nothing does.

        It is as it was put, or `part` is not there: StorageError when the store hands out something else.
        """
        for _ in range(TRIES):
            try:
                with self._explained():
                    size, noted = self._about(key)
                    found = self._pour(key, size, part)
            except FileNotFoundError:
                part.unlink(missing_ok=True)
                return False
            except BaseException:
                part.unlink(missing_ok=True)
                raise
            if found == (sha256 or noted):
                return True
        part.unlink(missing_ok=True)
        raise StorageError("store.damaged", store=str(self.address), key=key)

    def find(self, key: str) -> Listed | None:
        import obstore

        try:
            with self._explained():
                found = obstore.head(self._inner, key)
        except FileNotFoundError:
            return None
        return Listed(found["path"], found["size"], found["last_modified"].timestamp())

    def listed(self, folder: str) -> Iterator[Listed]:
        """Everything under the folder, in the order of the keys."""
        import obstore

        with self._explained():
            for some in obstore.list(self._inner, folder):
                for one in some:
                    yield Listed(one["path"], one["size"], one["last_modified"].timestamp())

    def remove(self, keys: Sequence[str]) -> None:
        """What is not there is gone already."""
        import obstore

        with self._explained():
            obstore.delete(self._inner, list(keys))

    def link(self, key: str, lasts: timedelta) -> str:
        """An address from which anybody can fetch this one file until it ends. Whoever asks has checked the right."""
        import obstore

        if not key.startswith(SEALED):
            raise ValueError(f"no link is ever made for {key}")
        with self._explained():
            return str(obstore.sign(self._inner, "GET", key, expires_in=lasts))

    def is_open_to_all(self, key: str) -> bool:
        """Whether anybody at all may fetch what lies under this key, without a key or a link."""
        import obstore

        with self._explained():
            address = obstore.sign(self._inner, "GET", key, expires_in=timedelta(minutes=1)).partition("?")[0]
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - signed for our own store
                return bool(answer.status == 200)
        except OSError:
            return False

    def _about(self, key: str) -> tuple[int, str | None]:
        """Its size, and the hash that it was put with."""
        import obstore

        found = obstore.get(self._inner, key, options={"head": True})
        return found.meta["size"], found.attributes.get("sha256")

    def _hash_of(self, key: str) -> str | None:
        try:
            with self._explained():
                return self._pour(key, self._about(key)[0], None)
        except FileNotFoundError:
            return None

    def _pour(self, key: str, size: int, part: Path | None) -> str:
        """Read all of it, a part at a time: whatever is cut is asked for again from there. Answers with the hash."""
        import obstore

        found = hashlib.sha256()
        out = part.open("wb") if part is not None else None
        try:
            for start in range(0, size, PART):
                with self._explained():
                    some = obstore.get_range(self._inner, key, start=start, end=min(start + PART, size))
                found.update(some)
                if out is not None:
                    out.write(some)
        finally:
            if out is not None:
                out.close()
        return found.hexdigest()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """The store's trouble as an error with a code. What it said is looked at and not repeated: it names keys."""
        from obstore.exceptions import BaseError

        try:
            yield
        except FileNotFoundError as error:
            if "NoSuchBucket" in _CODE.findall(str(error)):
                raise StorageError("store.no_bucket", bucket=self.address.bucket, store=str(self.address)) from None
            raise FileNotFoundError from None
        except (BaseError, PermissionError) as error:
            raise self._trouble(str(error)) from None

    def _trouble(self, said: str) -> StorageError:
        where = str(self.address)
        status = next(iter(_STATUS.findall(said)), "")
        code = next(iter(_CODE.findall(said)), "")
        if "169.254.169.254" in said or "169.254.170.2" in said or "credential" in said.lower():
            return StorageError("store.no_credentials", store=where)
        if code in _CHANGED:
            return StorageError("store.unreliable", store=where)
        if code in _SKEW:
            return StorageError("store.clock", store=where, now=time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))
        if code == "NoSuchBucket":
            return StorageError("store.no_bucket", bucket=self.address.bucket, store=where)
        if code in _WRONG_KEY:
            return StorageError("store.wrong_key", store=where, answer=code)
        if status in _DENIED:
            return StorageError("store.refused", store=where, answer=code or status)
        return StorageError("store.away", store=where, cause=code or status or "no connection")


_MEDIA_TYPES: Final = {".mp4": "video/mp4", ".jpg": "image/jpeg", ".png": "image/png", ".json": "application/json"}


def _opened(address: StoreAddress, patience: timedelta) -> "S3Store":
    try:
        from obstore.store import S3Store
    except ImportError:
        raise StorageError("store.no_extra") from None
    given: dict[str, Any] = {}
    if address.endpoint is not None:
        given["endpoint"] = address.endpoint
        given["client_options"] = {"allow_http": address.endpoint.startswith("http://")}
    if address.region is not None:
        given["region"] = address.region
    given["client_options"] = given.get("client_options", {}) | {
        "connect_timeout": _CONNECTS_WITHIN,
        "timeout": _ANSWERS_WITHIN,
    }
    with _as_url_trouble():
        return S3Store(
            address.bucket,
            prefix=address.prefix or None,
            checksum_algorithm="SHA256",
            retry_config={"max_retries": 5, "retry_timeout": patience},
            **given,
        )


@contextmanager
def _as_url_trouble() -> Iterator[None]:
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, ValueError):
        raise StorageError("store.url") from None
