"""Whose files are in a store: a studio never writes among another one's, nor starts without its own."""

import asyncio
import json
from typing import Final

from engine.filing import store_at
from engine.members import LOCAL
from engine.names import new_id
from engine.places import Places
from storage import clips, members
from storage.database import Database
from storage.errors import StorageError
from storage.files import publish

NOTE: Final = "kinora.json"  # in the store, and beside the cache


async def check_ours(database: Database, places: Places, files: str) -> None:
    """StorageError unless the store is this studio's. An empty one becomes it, where there is no file to be missed.

    Once that is known it is noted beside the cache, so that a studio starts also while its store is away.
    """
    known = places.cache / NOTE
    studio = await studio_id(database)
    ours = json.dumps({"studio": studio, "store": files}, sort_keys=True)
    if known.is_file() and known.read_text() == ours:
        return
    store = store_at(files)
    written = await asyncio.to_thread(store.note, NOTE)
    if written is None:
        async with database.reading() as tx:
            if await clips.referenced_files(tx):
                raise StorageError("store.not_moved", store=str(store.address))
        await asyncio.to_thread(store.put_note, NOTE, note_of(studio))
    elif whose(written) != studio:
        raise StorageError("store.of_others", store=str(store.address))
    elif is_half_moved(written):
        raise StorageError("store.half_moved", store=str(store.address))
    part = known.with_suffix(".part")
    part.write_text(ours)
    publish(part, known)


async def studio_id(database: Database) -> str:
    """What tells this studio from every other: the id of its local community, made on first use."""
    async with database.reading() as tx:
        if community := await members.community_known_as(tx, LOCAL, LOCAL):
            return community.id
    async with database.writing() as tx:
        community = await members.community_known_as(tx, LOCAL, LOCAL)
        if community is None:
            await members.add_community(tx, new_id(), LOCAL, LOCAL)
            community = await members.community_known_as(tx, LOCAL, LOCAL)
    assert community is not None
    return community.id


def note_of(studio: str, *, moving: bool = False) -> bytes:
    """`moving`: not all of the files are there yet."""
    return json.dumps({"kinora": "files of a studio", "studio": studio, "moving": moving}).encode()


def is_half_moved(note: bytes) -> bool:
    return bool(json.loads(note).get("moving"))


def whose(note: bytes) -> str | None:
    """The studio that the note names; None where it is none of ours."""
    try:
        return str(json.loads(note)["studio"])
    except (ValueError, KeyError, TypeError):
        return None
