"""Where a request comes from: the socket's other end, or what a proxy that the operator trusts says of it."""

import ipaddress
from collections.abc import Sequence

from aiohttp import web
from pydantic import IPvAnyNetwork

from engine.settings import WebSettings

_AN_IPV6_HOME = 64  # bits: whoever has one address of IPv6 has all of these


def address_of(request: web.Request, settings: WebSettings) -> str:
    """The address that counts for how often somebody may try: a network's, where IPv6 gives everybody a whole one."""
    peer = request.remote or "?"
    told = ",".join(request.headers.getall("X-Forwarded-For", ()))
    return _counted(real_address(peer, told, settings.trusted_proxies))


def real_address(peer: str, forwarded_for: str, trusted: Sequence[IPvAnyNetwork]) -> str:
    """Each proxy wrote down at the right whom it heard; whatever stands left of the first one that nobody trusts was
    written by that one, and may be anything."""
    heard = [one.strip() for one in forwarded_for.split(",") if one.strip()]
    while heard and _is_among(peer, trusted):
        said = _address_in(heard.pop())
        if said is None:
            break
        peer = said
    return peer


def _is_among(address: str, networks: Sequence[IPvAnyNetwork]) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return any((mapped or found) in network for network in networks)


def _address_in(said: str) -> str | None:
    """`1.2.3.4`, `1.2.3.4:5678`, `2001:db8::1`, `[2001:db8::1]:5678`."""
    bare = said[1:].partition("]")[0] if said.startswith("[") else said
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        return None


def _counted(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is None:
        return str(ipaddress.ip_network((found, _AN_IPV6_HOME), strict=False))
    return address
