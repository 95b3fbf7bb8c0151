"""The first tables: members, jobs, takes, clips, credits, events, outbox, leases, policies, cases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
        sa.UniqueConstraint("platform", "external_id", name="uq_communities_platform_external_id"),
    )
    op.create_table(
        "files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_files"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=200), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("plan", sa.String(length=30), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
    )
    op.create_table(
        "policies",
        sa.Column("version", sa.String(length=60), nullable=False),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("first_used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policies"),
    )
    op.create_table(
        "identities",
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=100), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_identities_member_id"),
        sa.PrimaryKeyConstraint("platform", "external_id", name="pk_identities"),
    )
    op.create_index("ix_identities_member_id", "identities", ["member_id"], unique=False)
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("brief", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("origin", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("lease_holder", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("cancel_requested_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price >= 0", name="ck_jobs_price"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_jobs_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_jobs_member_id"),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("ix_jobs_member_id_created_at", "jobs", ["member_id", "created_at"], unique=False)
    op.create_index("ix_jobs_state_lane_created_at", "jobs", ["state", "lane", "created_at"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_memberships_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_memberships_member_id"),
        sa.PrimaryKeyConstraint("community_id", "member_id", name="pk_memberships"),
    )
    op.create_index("ix_memberships_member_id", "memberships", ["member_id"], unique=False)
    op.create_table(
        "cases",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decided_by", sa.String(length=20), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_cases_community_id"),
        sa.ForeignKeyConstraint(["decided_by"], ["members.id"], name="fk_cases_decided_by"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_cases_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_cases"),
        sa.UniqueConstraint("subject", "subject_id", name="uq_cases_subject_subject_id"),
    )
    op.create_index(
        "ix_cases_community_id_decision_opened_at", "cases", ["community_id", "decision", "opened_at"], unique=False
    )
    op.create_index("ix_cases_job_id", "cases", ["job_id"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("take_id", sa.String(length=8), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_events_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_events_job_id_id", "events", ["job_id", "id"], unique=False)
    op.create_table(
        "takes",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("verdict", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("failure", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_takes_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_takes"),
        sa.UniqueConstraint("job_id", "number", name="uq_takes_job_id_number"),
    )
    op.create_table(
        "clips",
        sa.Column("id", sa.String(length=8), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("poster_sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("fps", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("is_draft", sa.Boolean(), nullable=False),
        sa.Column("not_drawn", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_clips_community_id"),
        sa.ForeignKeyConstraint(["id"], ["takes.id"], name="fk_clips_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_clips_job_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_clips_member_id"),
        sa.ForeignKeyConstraint(["poster_sha256"], ["files.sha256"], name="fk_clips_poster_sha256"),
        sa.ForeignKeyConstraint(["sha256"], ["files.sha256"], name="fk_clips_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_clips"),
    )
    op.create_index("ix_clips_community_id_released_at", "clips", ["community_id", "released_at"], unique=False)
    op.create_index("ix_clips_job_id", "clips", ["job_id"], unique=False)
    op.create_index("ix_clips_member_id_released_at", "clips", ["member_id", "released_at"], unique=False)
    op.create_index("ix_clips_poster_sha256", "clips", ["poster_sha256"], unique=False)
    op.create_index("ix_clips_sha256", "clips", ["sha256"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("available", sa.Integer(), nullable=False),
        sa.Column("reserved", sa.Integer(), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=True),
        sa.Column("take_id", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_ledger_job_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_ledger_member_id"),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name="fk_ledger_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("key", name="uq_ledger_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ledger_job_id", "ledger", ["job_id"], unique=False)
    op.create_index("ix_ledger_member_id", "ledger", ["member_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("take_id", sa.String(length=8), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("platform", sa.String(length=20), nullable=False),
        sa.Column("address", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("lease_holder", sa.String(length=200), nullable=True),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_outbox_job_id"),
        sa.ForeignKeyConstraint(["take_id"], ["takes.id"], name="fk_outbox_take_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_job_id", "outbox", ["job_id"], unique=False)
    op.create_index("ix_outbox_state_platform_not_before", "outbox", ["state", "platform", "not_before"], unique=False)
    op.create_table(
        "lineage",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(length=12), nullable=False),
        sa.Column("parent_clip_id", sa.String(length=8), nullable=True),
        sa.Column("upload_sha256", sa.String(length=64), nullable=True),
        sa.CheckConstraint("(parent_clip_id IS NULL) <> (upload_sha256 IS NULL)", name="ck_lineage_one_parent"),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_lineage_clip_id"),
        sa.ForeignKeyConstraint(["parent_clip_id"], ["clips.id"], name="fk_lineage_parent_clip_id"),
        sa.ForeignKeyConstraint(["upload_sha256"], ["files.sha256"], name="fk_lineage_upload_sha256"),
        sa.PrimaryKeyConstraint("clip_id", "position", name="pk_lineage"),
    )
    op.create_index("ix_lineage_parent_clip_id", "lineage", ["parent_clip_id"], unique=False)
    op.create_index("ix_lineage_upload_sha256", "lineage", ["upload_sha256"], unique=False)
    op.create_table(
        "manifests",
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("policy_version", sa.String(length=60), nullable=False),
        sa.Column("renderer", sa.String(length=60), nullable=False),
        sa.Column("renderer_version", sa.String(length=60), nullable=False),
        sa.Column("time_stamped", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_manifests_clip_id"),
        sa.PrimaryKeyConstraint("clip_id", name="pk_manifests"),
    )
