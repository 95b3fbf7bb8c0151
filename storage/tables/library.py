"""The library, Explore, presets and boards."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
)

from storage.tables.base import Json, Moment, metadata

folders = Table(
    "folders",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("member_id", "name"),
)

shelf = Table(
    "shelf",  # what lies in a member's library: each clip once, whether made or bookmarked
    metadata,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("clip_id", ForeignKey("clips.id"), primary_key=True, index=True),
    Column("kind", String(10), nullable=False),  # made, bookmark
    Column("title", String(100)),
    Column("folder_id", ForeignKey("folders.id")),
    Column("favourite_at", Moment),
    Column("added_at", Moment, nullable=False),
    Column("trashed_at", Moment),
)
# Each of these is one page of the library, read in its order and no further than the page is long.
_on_the_shelf = shelf.c.trashed_at.is_(None)
_PAGES_OF_THE_SHELF = {
    "ix_shelf_kind": ((shelf.c.member_id, shelf.c.kind), _on_the_shelf),
    "ix_shelf_favourites": ((shelf.c.member_id,), and_(shelf.c.favourite_at.isnot(None), _on_the_shelf)),
    "ix_shelf_folder": ((shelf.c.folder_id,), and_(shelf.c.folder_id.isnot(None), _on_the_shelf)),
}
for _name, (_columns, _which) in _PAGES_OF_THE_SHELF.items():
    Index(_name, *_columns, shelf.c.added_at, shelf.c.clip_id, sqlite_where=_which, postgresql_where=_which)
for _name, _columns in {"ix_shelf_trash": (shelf.c.member_id,), "ix_shelf_trashed_at": ()}.items():
    _which = shelf.c.trashed_at.isnot(None)
    Index(_name, *_columns, shelf.c.trashed_at, shelf.c.clip_id, sqlite_where=_which, postgresql_where=_which)

explore = Table(
    "explore",  # what was shared on purpose, and nothing else
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("recipe", String(64), nullable=False),  # digest of what was asked for and the seed: no picture twice
    Column("hides_prompt", Boolean, nullable=False),
    Column("wants_across", Boolean, nullable=False),  # its maker's wish
    Column("across_at", Moment),  # since when it is seen from other communities: its community allows it, too
    Column("shared_at", Moment, nullable=False),
    # Counted as they come, since no page of a million clips can be sorted by a count that is taken while one waits.
    Column("bookmarks", Integer, nullable=False),
    Column("remixes", Integer, nullable=False),  # by how many others
    Column("rising", BigInteger, nullable=False),  # see engine/explore.py: an order that does not change by waiting
    Column("picked_at", Moment),
    Column("picked_by", ForeignKey("members.id")),
    UniqueConstraint("community_id", "recipe"),
)
for _name in ("shared_at", "rising", "remixes", "picked_at"):
    _order = (explore.c[_name], explore.c.clip_id)
    _which = explore.c.across_at.isnot(None)
    if _name == "picked_at":
        _picked = explore.c.picked_at.isnot(None)
        Index("ix_explore_picked_at", explore.c.community_id, *_order, sqlite_where=_picked, postgresql_where=_picked)
        _which = and_(_which, _picked)
    else:
        Index(f"ix_explore_{_name}", explore.c.community_id, *_order)
    Index(f"ix_explore_across_{_name}", *_order, sqlite_where=_which, postgresql_where=_which)

words = Table(
    "words",  # what a search finds clips by: a row for each word, newest first within it; see storage/words.py
    metadata,
    Column("scope", String(24), primary_key=True),  # a member's library, a community's Explore, or Explore across
    Column("word", String(40), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("clip_id", String(8), primary_key=True),
    sqlite_with_rowid=False,  # the key is the whole row
)

reports = Table(
    "reports",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("category", String(30), nullable=False),
    Column("note", Text, nullable=False),
    Column("reported_at", Moment, nullable=False),
)

presets = Table(
    "presets",
    metadata,
    Column("id", String(20), primary_key=True),  # the code to share it by, once it is shared
    Column("member_id", ForeignKey("members.id"), nullable=False),  # whose it is, or who saved it for the community
    Column("community_id", ForeignKey("communities.id")),  # None: a member's own
    Column("owner", String(24), nullable=False),  # the member or the community: names are unique for each
    Column("name", String(60), nullable=False),
    Column("content", Json, nullable=False),
    Column("is_shared", Boolean, nullable=False),
    Column("policy_version", String(60), nullable=False),  # the policy by which the text gate let it pass
    Column("saved_at", Moment, nullable=False),
    UniqueConstraint("owner", "name"),
)

boards = Table(
    "boards",  # storyboards that somebody is building
    metadata,
    Column("id", String(20), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("content", Json, nullable=False),  # the look and the cards
    Column("is_open", Boolean, nullable=False),  # others of the community may build, too
    Column("version", Integer, nullable=False),  # raised by each change
    Column("saved_at", Moment, nullable=False),
)

previews = Table(
    "previews",  # signed stills that are shown before there is a clip: of storyboards, and of takes under way
    metadata,
    Column("id", String(20), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("recipe", String(64), nullable=False),  # digest of all that it shows; empty: of a take
    Column("board_id", ForeignKey("boards.id"), index=True),
    Column("take_id", ForeignKey("takes.id"), index=True),
    Column("sha256", String(64), nullable=False),
    Column("content", Json, nullable=False),  # what has to be said beside it
    Column("made_at", Moment, nullable=False, index=True),
    Index(None, "member_id", "recipe"),
)

board_uploads = Table(
    "board_uploads",  # files that a board's cards show, kept as long as it is
    metadata,
    Column("board_id", ForeignKey("boards.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
)
