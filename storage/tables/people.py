"""Who there is: communities, members, what they are on each platform, and what they may do."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from storage.tables.base import Json, Moment, Serial, metadata

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
