"""Every table, in one place. Times are whole milliseconds since 1970 (UTC); JSON columns hold what pydantic wrote.

What can be derived is not stored: a member's balance is a sum over the ledger, a place in the queue is a count.
"""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts up only in a column of the exact type INTEGER; PostgreSQL needs the wide one.
Serial = BigInteger().with_variant(Integer(), "sqlite")
Moment = BigInteger
Json = JSON(none_as_null=True)

# -- who -----------------------------------------------------------------------------------------------------------

communities = Table(
    "communities",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("platform", String(20), nullable=False),
    Column("external_id", String(100), nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("platform", "external_id"),
)

members = Table(
    "members",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("plan", String(30), nullable=False),
    Column("settings", Json, nullable=False),
    Column("created_at", Moment, nullable=False),  # the member's own month begins on this day
    Column("merged_into", ForeignKey("members.id"), index=True),  # found to be the same person: all is theirs now
)

identities = Table(
    "identities",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("external_id", String(100), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
)

memberships = Table(
    "memberships",
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True, index=True),
    Column("role", String(20), nullable=False),
)

# Why a member has a plan: a role on Discord, a group on Telegram, the operator's word. The best one counts.
plan_claims = Table(
    "plan_claims",
    metadata,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("source", String(120), primary_key=True),
    Column("plan", String(30), nullable=False),
    Column("seen_at", Moment, nullable=False),
)

restrictions = Table(
    "restrictions",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id")),  # empty: everywhere
    Column("until", Moment),  # empty: until it is lifted
    Column("reason", Text, nullable=False),
    Column("set_by", ForeignKey("members.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("lifted_at", Moment),
    sqlite_autoincrement=True,
)

link_codes = Table(
    "link_codes",
    metadata,
    Column("digest", String(64), primary_key=True),  # the code itself is kept nowhere
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
)

# What lets somebody into the pages: a link that is good once, a browser's session, an operator's password or passkey.
passes = Table(
    "passes",
    metadata,
    Column("digest", String(64), primary_key=True),  # the secret itself is kept nowhere
    Column("kind", String(10), nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("details", Json, nullable=False),  # of a password its salted hash, of a passkey its public key
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, index=True),  # empty: until it is taken back
    Column("used_at", Moment),
)

# What may be tried only so often in a while, by whom.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("what", String(20), nullable=False),
    Column("who", String(130), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "what", "who", "at"),
    sqlite_autoincrement=True,
)

# Credits that a community sponsors its members' clips with. What is in it stands in the ledger.
pots = Table(
    "pots",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False, index=True),
    Column("name", String(60), nullable=False),
    Column("most_each", Integer),  # what one member may use of it; empty: no bound
    Column("opened_by", ForeignKey("members.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
)

# -- what was asked, and how far it is -----------------------------------------------------------------------------

jobs = Table(
    "jobs",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("brief", Json, nullable=False),
    Column("state", String(12), nullable=False),
    Column("lane", String(10), nullable=False),
    Column(
        "round", Integer, nullable=False, server_default=text("0")
    ),  # of its community's rounds, the one in which its turn comes
    Column("price", Integer, nullable=False),
    Column("pot_id", ForeignKey("pots.id")),  # who pays, when it is not the member
    Column("visible_mark", Boolean, nullable=False, server_default=true()),
    Column("origin", Json, nullable=False),  # where the answer goes: platform and address
    Column("verdict", Json),
    Column("failure", Json),  # code and parameters
    Column("not_before", Moment, nullable=False),
    Column("lease_holder", String(200)),
    Column("lease_until", Moment),
    Column("fence", Integer, nullable=False),
    Column("cancel_requested_at", Moment),
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("ended_at", Moment),
    CheckConstraint("price >= 0", name="price"),
    Index(None, "state", "lane", "community_id", "round", "created_at", "id", "member_id"),
    Index(None, "member_id", "created_at"),
    Index(None, "member_id", "state"),
    Index(None, "community_id", "member_id", "lane", "round"),
)

takes = Table(
    "takes",
    metadata,
    Column("id", String(8), primary_key=True),  # allotted before rendering; the clip's id when it is released
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("seed", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("price", Integer, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("report", Json),  # what the darkroom developed: size, length, hash, inspections, words not drawn
    Column("verdict", Json),
    Column("failure", Json),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("job_id", "number"),
)

# What a job's brief stands on, in the brief's order: clips of the studio, and uploads.
sources = Table(
    "sources",
    metadata,
    Column("job_id", ForeignKey("jobs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("relation", String(12), nullable=False),
    Column("clip_id", ForeignKey("clips.id"), index=True),
    Column("upload_sha256", ForeignKey("files.sha256"), index=True),
    CheckConstraint("(clip_id IS NULL) <> (upload_sha256 IS NULL)", name="one_source"),
)

# How far the turns have come: of each lane (its community_id is empty) and of each community within it.
turns = Table(
    "turns",
    metadata,
    Column("lane", String(10), primary_key=True),
    Column("community_id", String(20), primary_key=True),
    Column("turn", BigInteger, nullable=False),  # when it comes next, counted in turns given
    Column("round", Integer, nullable=False),  # which of its rounds is under way
)

# How long it took to make a take, of the latest ones of each kind.
speeds = Table(
    "speeds",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", String(60), nullable=False),
    Column("work_ms", BigInteger, nullable=False),
    Column("clip_ms", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "kind", "id"),
    sqlite_autoincrement=True,
)

# -- what was made -------------------------------------------------------------------------------------------------

files = Table(
    "files",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(60), nullable=False),
    Column("created_at", Moment, nullable=False),
)

clips = Table(
    "clips",
    metadata,
    Column("id", ForeignKey("takes.id"), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
    Column("poster_sha256", ForeignKey("files.sha256"), nullable=False, index=True),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("fps", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("is_draft", Boolean, nullable=False),
    Column("not_drawn", Json, nullable=False),
    Column("notes", Json),  # how its sources were used: names of sentences; none for clips of before there were any
    Column("released_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("remix_right", String(10)),  # who may remix it; None: as its maker's default is
    Column("erased_at", Moment),  # its file and its words are gone, only the row stays: see docs/privacy.md
    Column(
        "sealed_here", Boolean, nullable=False, server_default=true()
    ),  # False: came with an import, signed elsewhere
    Index(None, "member_id", "released_at"),
    Index(None, "community_id", "released_at"),
)

lineage = Table(
    "lineage",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("relation", String(12), nullable=False),
    Column("parent_clip_id", ForeignKey("clips.id"), index=True),
    Column("upload_sha256", ForeignKey("files.sha256"), index=True),
    CheckConstraint("(parent_clip_id IS NULL) <> (upload_sha256 IS NULL)", name="one_parent"),
)

# How a clip was drawn, as its renderer keeps it: what is made from the clip is drawn from this, not from its pixels.
films = Table(
    "films",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("renderer", String(60), nullable=False),
    Column("document", Json, nullable=False),  # versioned by the renderer
)

# What members brought: checked by decoding, written anew without what else was in the file.
uploads = Table(
    "uploads",
    metadata,
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("sha256", ForeignKey("files.sha256"), primary_key=True, index=True),
    Column("media_type", String(60), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("seconds", Float, nullable=False),  # of a still: 0
    Column("brought_at", Moment, nullable=False),
    Column("seen", Json),  # when it was taken in: its looks, the words in it; none for uploads of before they were kept
)

manifests = Table(
    "manifests",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("label", String(200), nullable=False),
    Column("policy_version", String(60), nullable=False),
    Column("renderer", String(60), nullable=False),
    Column("renderer_version", String(60), nullable=False),
    Column("time_stamped", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# What a clip is recognised by when its manifest is gone. Serials tell an index on the disk what it has not seen yet.

manifest_stores = Table(
    "manifest_stores",
    metadata,
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("sha256", ForeignKey("files.sha256"), nullable=False, index=True),
)

marks = Table(
    "marks",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("clip_id", ForeignKey("clips.id"), nullable=False, unique=True),
    Column("key_name", String(20), nullable=False),
    Column("message", String(16), nullable=False),  # id and keyed tag, in hexadecimal
    sqlite_autoincrement=True,
)

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("clip_id", ForeignKey("clips.id"), nullable=False, unique=True),
    Column("hashes", LargeBinary, nullable=False),  # 32 bytes each
    sqlite_autoincrement=True,
)

anchors = Table(
    "anchors",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("pem", Text, nullable=False),  # a root that this studio signed with: public, so that it outlives the keys
    Column("added_at", Moment, nullable=False),
)

# -- the library, Explore and presets --------------------------------------------------------------------------------

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

board_uploads = Table(
    "board_uploads",  # files that a board's cards show, kept as long as it is
    metadata,
    Column("board_id", ForeignKey("boards.id"), primary_key=True),
    Column("sha256", String(64), primary_key=True),
)

# -- credits -------------------------------------------------------------------------------------------------------

ledger = Table(
    "ledger",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),  # the same entry cannot be written twice
    Column("member_id", ForeignKey("members.id")),  # whose credits: a member's, or a pot's
    Column("pot_id", ForeignKey("pots.id")),
    Column("kind", String(10), nullable=False),
    Column("available", Integer, nullable=False),  # what the entry adds to what can be spent
    Column("reserved", Integer, nullable=False),  # what it adds to what is set aside for running jobs
    Column(
        "lot", String(80), nullable=False, server_default=text("'kept'")
    ),  # credits that were given together, and expire together
    Column("expires_at", Moment),
    Column("job_id", ForeignKey("jobs.id"), index=True),
    Column("take_id", ForeignKey("takes.id")),
    Column("reason", Text, nullable=False),
    Column("by_id", ForeignKey("members.id")),  # who wrote it by hand
    Column("created_at", Moment, nullable=False),
    CheckConstraint("(member_id IS NULL) <> (pot_id IS NULL)", name="one_owner"),
    Index(None, "member_id", "lot", "expires_at", "available", "reserved"),
    Index(None, "pot_id", "lot", "expires_at", "available", "reserved"),
    sqlite_autoincrement=True,
)

# -- making together -----------------------------------------------------------------------------------------------

# A remix chain or a themed party in a channel.
gatherings = Table(
    "gatherings",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("kind", String(10), nullable=False),  # chain, party
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("channel", String(100), nullable=False),
    Column("theme", Text, nullable=False),
    Column("pot_id", ForeignKey("pots.id")),
    Column("rules", Json, nullable=False),
    Column("started_by", ForeignKey("members.id"), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ends_at", Moment),
    Column("ended_at", Moment),  # nothing is taken any more; what is being made still comes in
    Column("origin", Json, nullable=False, server_default=text("'{}'")),  # where the card and the reel go
    Column("opening_clip_id", ForeignKey("clips.id")),  # of a chain that begins with a clip there was before
    Column("paused_at", Moment),
    Column("ending", String(10)),  # why it ended: see engine/gatherings/states.py
    Column("ended_by", ForeignKey("members.id")),  # empty: its clock, or its length
    Column("settled_at", Moment),  # all is done: the reel is made, or cannot be
    Column("reel_job_id", ForeignKey("jobs.id"), index=True),
    Column("reels_tried", Integer, nullable=False, server_default=text("0")),
    Column("card", Json),  # where a platform has pinned it
    Column("shown", String(64)),  # digest of what that card says
    Index(None, "community_id", "channel", "ended_at"),
    Index(None, "settled_at", "community_id"),
)

gathered = Table(
    "gathered",
    metadata,
    Column("gathering_id", ForeignKey("gatherings.id"), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), primary_key=True, index=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("follows", ForeignKey("clips.id")),  # in a chain: the clip that this one continues
    Column("at", Moment, nullable=False),
    Column("lapsed_at", Moment),  # it took too long: others went on without it
    Column("removed_at", Moment),
    Column("removed_by", ForeignKey("members.id")),
    Index(None, "member_id", "at"),
)

cheers = Table(
    "cheers",  # who likes which clip of a gathering
    metadata,
    Column("gathering_id", ForeignKey("gatherings.id"), primary_key=True),
    Column("clip_id", ForeignKey("clips.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("at", Moment, nullable=False),
)

# -- what is told, and to whom -------------------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False),
    Column("take_id", String(8)),
    Column("kind", String(20), nullable=False),
    Column("data", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "job_id", "id"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", String(80), nullable=False, unique=True),  # the same message cannot be written twice
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("take_id", ForeignKey("takes.id")),
    Column("kind", String(10), nullable=False),  # post, edit, notice, direct
    Column("platform", String(20), nullable=False),
    Column("address", Json, nullable=False),
    Column("content", Json, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, sent, failed
    Column("attempts", Integer, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("lease_holder", String(200)),
    Column("lease_until", Moment),
    Column("receipt", Json),  # what the platform answered, or why it could not be delivered
    Column("created_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Index(None, "state", "platform", "not_before"),
    sqlite_autoincrement=True,
)

leases = Table(
    "leases",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("holder", String(200), nullable=False),
    Column("fence", Integer, nullable=False),
    Column("expires_at", Moment, nullable=False),
)

# -- what people decide --------------------------------------------------------------------------------------------

policies = Table(
    "policies",
    metadata,
    Column("version", String(60), primary_key=True),
    Column("document", Json, nullable=False),
    Column("first_used_at", Moment, nullable=False),
)

# Known-bad media: hashes of what is refused or held wherever it shows up again.
banks = Table(
    "banks",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("name", String(60), nullable=False, unique=True),
    Column("community_id", ForeignKey("communities.id")),  # empty: asked in every community
    Column("category", String(30), nullable=False),
    Column("action", String(10), nullable=False),
    Column("sure_within", Integer, nullable=False),  # bits of 256
    Column("like_within", Integer, nullable=False),
    Column("least_moments", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("made_by", ForeignKey("members.id"), nullable=False),
    Column("made_at", Moment, nullable=False),
)

bank_entries = Table(
    "bank_entries",
    metadata,
    Column("serial", Serial, primary_key=True, autoincrement=True),
    Column("bank_id", ForeignKey("banks.id"), nullable=False),
    Column("label", String(100), nullable=False),
    Column("hashes", LargeBinary, nullable=False),  # 32 bytes each
    Column("decision_id", ForeignKey("decisions.id")),
    Column("added_by", ForeignKey("members.id")),
    Column("added_at", Moment, nullable=False),
    Index(None, "bank_id", "serial"),
    sqlite_autoincrement=True,
)

# Decisions are added and never changed, but for the moment at which one was undone or overturned.
decisions = Table(
    "decisions",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("case_id", ForeignKey("cases.id"), index=True),  # empty: the classifiers decided, nobody was asked
    Column("round", Integer, nullable=False),  # of the case: an undone decision opens the next one
    Column("subject", String(10), nullable=False),
    Column("subject_id", String(20), nullable=False),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("stage", String(10), nullable=False),  # opinion: a second person has to agree; final
    Column("action", String(12), nullable=False),
    Column("reason", String(40), nullable=False),  # a code of the policy of that version
    Column("policy_version", String(60), nullable=False),
    Column("note", Text, nullable=False),  # for the record
    Column("word", Text, nullable=False),  # to the member
    Column("strike", Boolean, nullable=False),
    Column("bank", Boolean, nullable=False),
    Column("restricted_until", Moment),
    Column("by_id", ForeignKey("members.id")),
    Column("automated", Boolean, nullable=False),
    Column("own", Boolean, nullable=False),  # about a request of whoever decided
    Column("effects", Json, nullable=False),
    Column("at", Moment, nullable=False),
    Column("undone_at", Moment),
    Column("overturned_at", Moment),
    Index(None, "community_id", "at"),
    Index(None, "community_id", "bank", "id"),
    sqlite_autoincrement=True,
)

appeals = Table(
    "appeals",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),  # one appeal a decision
    Column("case_id", ForeignKey("cases.id"), nullable=False, unique=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("text", Text, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("outcome", String(12)),  # upheld, overturned
    Column("judged_at", Moment),
)

strikes = Table(
    "strikes",
    metadata,
    Column("decision_id", ForeignKey("decisions.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), nullable=False),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("reason", String(40), nullable=False),
    Column("at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("lifted_at", Moment),
    Index(None, "member_id", "community_id", "expires_at"),
)

case_skips = Table(
    "case_skips",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("until", Moment, nullable=False),
)

case_cards = Table(
    "case_cards",  # where a case is shown to a community's moderators, and what is said of it there
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("platform", String(20), primary_key=True),
    Column("address", Json, nullable=False),
    Column("round", Integer, nullable=False),  # a case that is opened again gets a new card
    Column("shown", String(64), nullable=False),  # a digest
    Column("pinged", Integer, nullable=False),  # how many escalations the leads were told of
    Column("is_final", Boolean, nullable=False),  # nothing of it changes any more
)

moderators = Table(
    "moderators",  # what a moderator has settled for their own desk, and which closed queues they are named for
    metadata,
    Column("community_id", ForeignKey("communities.id"), primary_key=True),
    Column("member_id", ForeignKey("members.id"), primary_key=True),
    Column("queues", Json, nullable=False),
    Column("settings", Json, nullable=False),
)

# Updates of a platform that hands each of them over until it is confirmed: kept until they were acted on, and their
# numbers for some days more, so that none is acted on twice.
heard = Table(
    "heard",
    metadata,
    Column("source", String(40), primary_key=True),  # telegram:ID of the bot
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("content", Json),  # empty: acted on
    Column("heard_at", Moment, nullable=False),
    Index(None, "heard_at"),
)

# Which message of a chat shows what: the progress of a job, a clip, a question that waits for its answer, a board.
posted = Table(
    "posted",
    metadata,
    Column("platform", String(20), primary_key=True),
    Column("place", String(40), primary_key=True),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(20), nullable=False),
    Column("about", String(40), nullable=False),
    Column("member_id", ForeignKey("members.id"), index=True),  # whose words the content holds
    Column("content", Json, nullable=False),
    Column("posted_at", Moment, nullable=False),
    Index(None, "platform", "kind", "about"),
)

# What was asked for under a name of the asker's own, so that asking twice makes one job.
asked_once = Table(
    "asked_once",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
)

# What was done at the desk, and what was looked at. Each row holds the hash of the one before it; the head knows the
# last one, so that a tail that is cut off is missed. No foreign keys: the record outlives what it is about.
audit = Table(
    "audit",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", String(20)),  # empty: the studio itself
    Column("action", String(30), nullable=False),
    Column("community_id", String(20), nullable=False),
    Column("case_id", String(20), index=True),
    Column("data", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "at"),
    Index(None, "actor", "action", "at"),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("name", String(20), primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", String(20), primary_key=True),
    Column("subject", String(10), nullable=False),  # brief, take, clip, decision (an appeal against it)
    Column("subject_id", String(20), nullable=False),
    Column("job_id", ForeignKey("jobs.id"), nullable=False, index=True),
    Column("community_id", ForeignKey("communities.id"), nullable=False),
    Column("kind", String(12), nullable=False, server_default=text("'held'")),  # why it is here
    Column("queue", String(20), nullable=False, server_default=text("'general'")),
    Column("severity", Integer, nullable=False, server_default=text("1")),
    Column("escalations", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Moment, nullable=False, server_default=text("0")),
    Column("least_role", String(20), nullable=False, server_default=text("'moderator'")),
    Column("opened_by", ForeignKey("members.id")),  # who reported or appealed
    Column("claimed_by", ForeignKey("members.id")),
    Column("claimed_until", Moment),
    Column("passed_to", ForeignKey("members.id")),
    Column("round", Integer, nullable=False, server_default=text("0")),
    Column("verdict", Json, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("decision", String(10)),  # what was decided in the end; cancelled: nothing was left to decide
    Column("decided_by", ForeignKey("members.id")),
    Column("decided_at", Moment),
    Column("note", Text, nullable=False),
    UniqueConstraint("subject", "subject_id"),
    Index(None, "community_id", "decision", "opened_at"),
    Index(None, "community_id", "decision", "due_at"),
)
