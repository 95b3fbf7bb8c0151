"""The library, Explore, presets and reports; and what was made before finds its place on its maker's shelf."""

import sqlalchemy as sa
from alembic import op

# Not frozen here as the tables are: what a search looks for tomorrow is cut into words by the same function.
from storage.cutting import words_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_tables()
    op.execute(
        "INSERT INTO shelf (member_id, clip_id, kind, added_at) SELECT member_id, id, 'made', released_at FROM clips"
    )
    _index_prompts()


def _index_prompts() -> None:
    clips = sa.table("clips", *map(sa.column, ("id", "job_id", "member_id", "released_at")))
    jobs = sa.table("jobs", sa.column("id"), sa.column("brief", sa.JSON))
    words = sa.table("words", *map(sa.column, ("scope", "word", "at", "clip_id")))
    connection = op.get_bind()
    made = sa.select(clips, jobs.c.brief).join_from(clips, jobs, clips.c.job_id == jobs.c.id)
    for clip in connection.execute(made).fetchall():
        brief = clip.brief or {}
        style = brief.get("look", {}).get("style") or ""
        texts = [brief.get("prompt", ""), *(card.get("text", "") for card in brief.get("cards", ())), style]
        key = {"scope": f"m:{clip.member_id}", "at": clip.released_at, "clip_id": clip.id}
        if rows := [key | {"word": word} for word in words_of(*texts)]:
            connection.execute(words.insert(), rows)


def _make_tables() -> None:
    op.create_table(
        "words",
        sa.Column("scope", sa.String(length=24), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.PrimaryKeyConstraint("scope", "word", "at", "clip_id", name="pk_words"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "folders",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_folders_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_folders"),
        sa.UniqueConstraint("member_id", "name", name="uq_folders_member_id_name"),
    )
    op.create_table(
        "presets",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=True),
        sa.Column("owner", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("policy_version", sa.String(length=60), nullable=False),
        sa.Column("saved_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_presets_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_presets_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_presets"),
        sa.UniqueConstraint("owner", "name", name="uq_presets_owner_name"),
    )
    op.create_table(
        "explore",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("recipe", sa.String(length=64), nullable=False),
        sa.Column("hides_prompt", sa.Boolean(), nullable=False),
        sa.Column("wants_across", sa.Boolean(), nullable=False),
        sa.Column("across_at", sa.BigInteger(), nullable=True),
        sa.Column("shared_at", sa.BigInteger(), nullable=False),
        sa.Column("bookmarks", sa.Integer(), nullable=False),
        sa.Column("remixes", sa.Integer(), nullable=False),
        sa.Column("rising", sa.BigInteger(), nullable=False),
        sa.Column("picked_at", sa.BigInteger(), nullable=True),
        sa.Column("picked_by", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_explore_clip_id"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_explore_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_explore_member_id"),
        sa.ForeignKeyConstraint(["picked_by"], ["members.id"], name="fk_explore_picked_by"),
        sa.PrimaryKeyConstraint("clip_id", name="pk_explore"),
        sa.UniqueConstraint("community_id", "recipe", name="uq_explore_community_id_recipe"),
    )
    op.create_index(
        "ix_explore_across_picked_at",
        "explore",
        ["picked_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("across_at IS NOT NULL AND picked_at IS NOT NULL"),
        postgresql_where=sa.text("across_at IS NOT NULL AND picked_at IS NOT NULL"),
    )
    op.create_index(
        "ix_explore_across_remixes",
        "explore",
        ["remixes", "clip_id"],
        unique=False,
        sqlite_where=sa.text("across_at IS NOT NULL"),
        postgresql_where=sa.text("across_at IS NOT NULL"),
    )
    op.create_index(
        "ix_explore_across_rising",
        "explore",
        ["rising", "clip_id"],
        unique=False,
        sqlite_where=sa.text("across_at IS NOT NULL"),
        postgresql_where=sa.text("across_at IS NOT NULL"),
    )
    op.create_index(
        "ix_explore_across_shared_at",
        "explore",
        ["shared_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("across_at IS NOT NULL"),
        postgresql_where=sa.text("across_at IS NOT NULL"),
    )
    op.create_index("ix_explore_member_id", "explore", ["member_id"], unique=False)
    op.create_index(
        "ix_explore_picked_at",
        "explore",
        ["community_id", "picked_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("picked_at IS NOT NULL"),
        postgresql_where=sa.text("picked_at IS NOT NULL"),
    )
    op.create_index("ix_explore_remixes", "explore", ["community_id", "remixes", "clip_id"], unique=False)
    op.create_index("ix_explore_rising", "explore", ["community_id", "rising", "clip_id"], unique=False)
    op.create_index("ix_explore_shared_at", "explore", ["community_id", "shared_at", "clip_id"], unique=False)
    op.create_table(
        "reports",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=20), nullable=False),
        sa.Column("category", sa.String(length=30), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_reports_case_id"),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_reports_clip_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_reports_member_id"),
        sa.PrimaryKeyConstraint("clip_id", "member_id", name="pk_reports"),
    )
    op.create_index("ix_reports_case_id", "reports", ["case_id"], unique=False)
    op.create_table(
        "shelf",
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=True),
        sa.Column("folder_id", sa.String(length=20), nullable=True),
        sa.Column("favourite_at", sa.BigInteger(), nullable=True),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("trashed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_shelf_clip_id"),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name="fk_shelf_folder_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_shelf_member_id"),
        sa.PrimaryKeyConstraint("member_id", "clip_id", name="pk_shelf"),
    )
    op.create_index("ix_shelf_clip_id", "shelf", ["clip_id"], unique=False)
    op.create_index(
        "ix_shelf_favourites",
        "shelf",
        ["member_id", "added_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("favourite_at IS NOT NULL AND trashed_at IS NULL"),
        postgresql_where=sa.text("favourite_at IS NOT NULL AND trashed_at IS NULL"),
    )
    op.create_index(
        "ix_shelf_folder",
        "shelf",
        ["folder_id", "added_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("folder_id IS NOT NULL AND trashed_at IS NULL"),
        postgresql_where=sa.text("folder_id IS NOT NULL AND trashed_at IS NULL"),
    )
    op.create_index(
        "ix_shelf_kind",
        "shelf",
        ["member_id", "kind", "added_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("trashed_at IS NULL"),
        postgresql_where=sa.text("trashed_at IS NULL"),
    )
    op.create_index(
        "ix_shelf_trash",
        "shelf",
        ["member_id", "trashed_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("trashed_at IS NOT NULL"),
        postgresql_where=sa.text("trashed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_shelf_trashed_at",
        "shelf",
        ["trashed_at", "clip_id"],
        unique=False,
        sqlite_where=sa.text("trashed_at IS NOT NULL"),
        postgresql_where=sa.text("trashed_at IS NOT NULL"),
    )
    op.add_column("clips", sa.Column("remix_right", sa.String(length=10), nullable=True))
    op.add_column("clips", sa.Column("erased_at", sa.BigInteger(), nullable=True))
    op.add_column("clips", sa.Column("sealed_here", sa.Boolean(), server_default=sa.true(), nullable=False))
