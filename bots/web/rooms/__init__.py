"""The rooms: each a subject with its pages. What they need of a visitor stands with each page."""

from collections.abc import Iterator

from bots.web.visits import Page


def every_page() -> Iterator[Page]:
    from bots.web.rooms import (
        accounts,
        boards,
        clips,
        desk,
        desk_records,
        discord_door,
        door,
        exploring,
        following,
        gatherings,
        jobs,
        library,
        making,
        operating,
        passkey_door,
        policy,
        privacy,
        resolving,
        telegram_door,
        verifying,
    )

    for room in (
        door,
        discord_door,
        telegram_door,
        passkey_door,
        making,
        boards,
        jobs,
        following,
        clips,
        library,
        exploring,
        gatherings,
        verifying,
        resolving,
        accounts,
        privacy,
        desk,
        desk_records,
        policy,
        operating,
    ):
        yield from room.PAGES
