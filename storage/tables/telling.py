"""What is told, to whom, and where it is shown."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from storage.tables.base import Json, Moment, Serial, metadata

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
