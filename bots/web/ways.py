"""The ways in that this studio has, for this browser at this address."""

from dataclasses import dataclass

from bots.web import passkeys, passwords
from bots.web.passkeys import Place
from bots.web.visits import Visit


@dataclass(frozen=True)
class Ways:
    passwords: bool
    passkeys: bool
    discord: bool
    telegram: bool


async def ways_in(visit: Visit) -> Ways:
    settings = visit.site.settings
    return Ways(
        passwords=await passwords.anybody_has(visit.studio),
        passkeys=place_of(visit) is not None and await passkeys.anybody_has(visit.studio),
        discord=settings.discord_client_id is not None and settings.discord_client_secret is not None,
        telegram=settings.telegram_client_secret is not None and visit.studio.settings.telegram.token is not None,
    )


def place_of(visit: Visit) -> Place | None:
    """Where this browser is, if a passkey can be bound to that: browsers have them for names, and without HTTPS for
    this very machine alone."""
    host = visit.request.url.host or ""
    if host == "localhost":
        return Place(host, f"http://{visit.request.host}")
    if not visit.site.is_secure or ":" in host or host.replace(".", "").isdecimal():
        return None
    return Place(host, f"https://{visit.request.host}")
