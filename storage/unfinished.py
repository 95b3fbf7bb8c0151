"""Uploads that were begun in parts and never finished: whoever sent them was killed. A store keeps and bills what came.

The driver can neither list nor end them, so these two requests are signed here (AWS Signature Version 4). The keys come
from the environment; where a machine has them in another way, a rule of the bucket has to do it (docs/servers.md).
"""

import hashlib
import hmac
import os
import re
import time
import urllib.error
import urllib.request
from datetime import datetime
from typing import Final
from urllib.parse import quote, urlsplit

from storage.errors import StorageError
from storage.store import StoreAddress

_ANSWERS_WITHIN: Final = 30.0
_UPLOAD: Final = re.compile(rb"<Upload>(.*?)</Upload>", re.DOTALL)
_NOTHING: Final = hashlib.sha256(b"").hexdigest()


def end_unfinished(address: StoreAddress, older_than_seconds: float) -> list[str]:
    """End those that were begun so long ago; answers with the keys that they were for."""
    if not os.environ.get("AWS_ACCESS_KEY_ID") or not os.environ.get("AWS_SECRET_ACCESS_KEY"):
        return []
    begun_before, folder = time.time() - older_than_seconds, f"{address.prefix}/" if address.prefix else ""
    ended = []
    found = _ask(address, "GET", "", {"uploads": "", "prefix": folder})
    for upload in _UPLOAD.findall(found):
        key, number, begun = (_part(name, upload) for name in ("Key", "UploadId", "Initiated"))
        if key.startswith(folder) and datetime.fromisoformat(begun).timestamp() < begun_before:
            _ask(address, "DELETE", key, {"uploadId": number})
            ended.append(key.removeprefix(folder))
    return ended


def _part(name: str, upload: bytes) -> str:
    found = re.search(rb"<%b>([^<&]*)</%b>" % (name.encode(), name.encode()), upload)
    return found[1].decode() if found else ""


def _ask(address: StoreAddress, method: str, key: str, query: dict[str, str]) -> bytes:
    region = address.region or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    endpoint = address.endpoint or f"https://s3.{region}.amazonaws.com"
    path = quote("/".join(filter(None, (urlsplit(endpoint).path.strip("/"), address.bucket, key))))
    asked = "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in sorted(query.items()))
    headers = _signed(method, urlsplit(endpoint).netloc, f"/{path}", asked, region)
    origin = "://".join(urlsplit(endpoint)[:2])
    request = urllib.request.Request(f"{origin}/{path}?{asked}", method=method, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_ANSWERS_WITHIN) as answer:  # noqa: S310 - our own store's address
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 404 and method == "DELETE":
                return b""  # somebody else was quicker
            raise StorageError("store.away", store=str(address), cause=str(error.code)) from None
    except OSError:
        raise StorageError("store.away", store=str(address), cause="no connection") from None


def _signed(method: str, host: str, path: str, query: str, region: str) -> dict[str, str]:
    at = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    headers = {"host": host, "x-amz-content-sha256": _NOTHING, "x-amz-date": at}
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        headers["x-amz-security-token"] = token
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    canonical = "\n".join((method, path, query, lines, names, _NOTHING))
    scope = (at[:8], region, "s3", "aws4_request")
    key = b"AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"].encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    said = hmac.new(key, "\n".join(("AWS4-HMAC-SHA256", at, "/".join(scope), hashed)).encode(), "sha256").hexdigest()
    credential = "/".join((os.environ["AWS_ACCESS_KEY_ID"], *scope))
    headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={said}"
    return headers
