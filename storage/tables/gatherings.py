"""What members make together: chains and parties."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text, text

from storage.tables.base import Json, Moment, metadata

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
