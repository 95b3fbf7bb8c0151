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
        jobs,
        library,
        making,
        operating,
        policy,
        resolving,
        verifying,
    )

    for room in (
        door,
        discord_door,
        making,
        boards,
        jobs,
        following,
        clips,
        library,
        exploring,
        verifying,
        resolving,
        accounts,
        desk,
        desk_records,
        policy,
        operating,
    ):
        yield from room.PAGES
