"""C2PA's Soft Binding Resolution API: other tools ask here for the manifest of a mark. Off unless it is set."""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import web

from bots.web.visits import Access, Handler, Visit, get, post
from bots.wording import say_error
from engine.errors import StudioError
from engine.resolving import ALGORITHMS
from storage.errors import CodedError

AT: Final = "/c2pa/v1"
_MOST: Final = 10
_LABEL: Final = re.compile(r"urn:[!-~]{1,190}")
_LONGEST_VALUE: Final = 400
# Pages of other sites may ask as well: there is nothing in an answer that not everybody may have.
_FOR_ALL: Final = {"Access-Control-Allow-Origin": "*"}


def answering(handler: Handler) -> Handler:
    """Tools are told in JSON what was wrong, and that there is nothing where the operator did not open it."""

    async def answer(visit: Visit) -> web.StreamResponse:
        if not visit.site.settings.resolves_marks:
            raise StudioError("web.not_here")
        try:
            response = await handler(visit)
        except CodedError as error:
            sentence = say_error(error.code, error.params)
            status = 404 if error.code == "resolution.unknown" else 400
            response = visit.json({"error": error.code, "sentence": sentence}, status=status)
        response.headers.update(_FOR_ALL)
        return response

    return answer


async def by_binding(visit: Visit) -> web.StreamResponse:
    query = visit.request.query
    return await _matches(visit, query)


async def by_large_binding(visit: Visit) -> web.StreamResponse:
    """The same for values that are too long for an address."""
    return await _matches(visit, dict(visit.form.fields))


async def _matches(visit: Visit, asked: Mapping[str, str]) -> web.StreamResponse:
    _check_most(visit.request.query.get("maxResults"))
    labels = await visit.studio.resolving.manifests_with(asked.get("alg", ""), _value(asked.get("value", "")))
    return visit.json({"matches": [{"manifestId": label, "similarityScore": 100} for label in labels]})


def _check_most(typed: str | None) -> None:
    """There is never more than one: an id names one clip. But a mistake is told."""
    if typed is not None and not re.fullmatch(r"0*[1-9][0-9]{0,5}", typed):
        raise StudioError("resolution.most", usual=_MOST)


def _value(encoded: str) -> str:
    """What a mark says, out of base64 in either alphabet, with its padding or without."""
    plain = encoded.rstrip("=").translate(str.maketrans("-_ ", "+/+"))
    if not 0 < len(plain) <= _LONGEST_VALUE:
        raise StudioError("resolution.value")
    try:
        return b64decode(plain + "=" * (-len(plain) % 4), validate=True).decode("utf-8")
    except ValueError:
        raise StudioError("resolution.value") from None


async def manifest(visit: Visit) -> web.StreamResponse:
    label, alone = visit.request.match_info["label"], visit.request.query.get("returnActiveManifest", "false")
    if not _LABEL.fullmatch(label):
        raise StudioError("resolution.manifest_id")
    if alone not in ("true", "false"):
        raise StudioError("resolution.true_or_false")
    store = await visit.studio.resolving.store(label, alone=alone == "true")
    return web.Response(body=store, content_type="application/c2pa")


async def algorithms(visit: Visit) -> web.StreamResponse:
    told: dict[str, Any] = {"watermarks": [{"alg": name} for name in ALGORITHMS], "fingerprints": []}
    return visit.json(told)


PAGES = (
    get(f"{AT}/matches/byBinding", answering(by_binding), Access.ANYBODY),
    post(f"{AT}/matches/byBinding", answering(by_large_binding), Access.ANYBODY, only_looks=True),
    get(f"{AT}/manifests/{{label}}", answering(manifest), Access.ANYBODY),
    get(f"{AT}/services/supportedAlgorithms", answering(algorithms), Access.ANYBODY),
)
