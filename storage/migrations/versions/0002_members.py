"""Plans, pots, lots of credits, turns, speeds; linking and merging members; restrictions; making together."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("who", sa.String(length=130), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attempts_what_who_at", "attempts", ["what", "who", "at"])

    op.create_table(
        "speeds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("work_ms", sa.BigInteger(), nullable=False),
        sa.Column("clip_ms", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_speeds"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_speeds_kind_id", "speeds", ["kind", "id"])

    op.create_table(
        "turns",
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("turn", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("lane", "community_id", name="pk_turns"),
    )
    op.create_table(
        "link_codes",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_link_codes_member_id"),
        sa.PrimaryKeyConstraint("digest", name="pk_link_codes"),
    )
    op.create_index("ix_link_codes_member_id", "link_codes", ["member_id"])

    op.create_table(
        "plan_claims",
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=120), nullable=False),
        sa.Column("plan", sa.String(length=30), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_plan_claims_member_id"),
        sa.PrimaryKeyConstraint("member_id", "source", name="pk_plan_claims"),
    )
    op.create_table(
        "pots",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("most_each", sa.Integer(), nullable=True),
        sa.Column("opened_by", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_pots_community_id"),
        sa.ForeignKeyConstraint(["opened_by"], ["members.id"], name="fk_pots_opened_by"),
        sa.PrimaryKeyConstraint("id", name="pk_pots"),
    )
    op.create_index("ix_pots_community_id", "pots", ["community_id"])

    op.create_table(
        "restrictions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_by", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_restrictions_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_restrictions_member_id"),
        sa.ForeignKeyConstraint(["set_by"], ["members.id"], name="fk_restrictions_set_by"),
        sa.PrimaryKeyConstraint("id", name="pk_restrictions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_restrictions_member_id", "restrictions", ["member_id"])

    op.create_table(
        "gatherings",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=100), nullable=False),
        sa.Column("theme", sa.Text(), nullable=False),
        sa.Column("pot_id", sa.String(length=20), nullable=True),
        sa.Column("rules", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("started_by", sa.String(length=20), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_gatherings_community_id"),
        sa.ForeignKeyConstraint(["pot_id"], ["pots.id"], name="fk_gatherings_pot_id"),
        sa.ForeignKeyConstraint(["started_by"], ["members.id"], name="fk_gatherings_started_by"),
        sa.PrimaryKeyConstraint("id", name="pk_gatherings"),
    )
    op.create_index(
        "ix_gatherings_community_id_channel_ended_at", "gatherings", ["community_id", "channel", "ended_at"]
    )

    op.create_table(
        "cheers",
        sa.Column("gathering_id", sa.String(length=20), nullable=False),
        sa.Column("clip_id", sa.String(length=8), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["clip_id"], ["clips.id"], name="fk_cheers_clip_id"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gatherings.id"], name="fk_cheers_gathering_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_cheers_member_id"),
        sa.PrimaryKeyConstraint("gathering_id", "clip_id", "member_id", name="pk_cheers"),
    )
    op.create_table(
        "gathered",
        sa.Column("gathering_id", sa.String(length=20), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("follows", sa.String(length=8), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["follows"], ["clips.id"], name="fk_gathered_follows"),
        sa.ForeignKeyConstraint(["gathering_id"], ["gatherings.id"], name="fk_gathered_gathering_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_gathered_job_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_gathered_member_id"),
        sa.PrimaryKeyConstraint("gathering_id", "job_id", name="pk_gathered"),
    )
    op.create_index("ix_gathered_job_id", "gathered", ["job_id"])

    op.add_column(
        "members",
        sa.Column("merged_into", sa.String(20), sa.ForeignKey("members.id", name="fk_members_merged_into")),
        inline_references=True,
    )
    op.create_index("ix_members_merged_into", "members", ["merged_into"])

    op.add_column("jobs", sa.Column("round", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column("jobs", sa.Column("visible_mark", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column(
        "jobs",
        sa.Column("pot_id", sa.String(20), sa.ForeignKey("pots.id", name="fk_jobs_pot_id")),
        inline_references=True,
    )
    op.drop_index("ix_jobs_state_lane_created_at", "jobs")
    op.create_index(
        "ix_jobs_state_lane_community_id_round_created_at_id_member_id",
        "jobs",
        ["state", "lane", "community_id", "round", "created_at", "id", "member_id"],
    )
    op.create_index("ix_jobs_member_id_state", "jobs", ["member_id", "state"])
    op.create_index("ix_jobs_community_id_member_id_lane_round", "jobs", ["community_id", "member_id", "lane", "round"])

    with op.batch_alter_table(
        "ledger",
        table_args=(sa.CheckConstraint("(member_id IS NULL) <> (pot_id IS NULL)", name="ck_ledger_one_owner"),),
        table_kwargs={"sqlite_autoincrement": True},
    ) as ledger:
        ledger.drop_index("ix_ledger_member_id")
        ledger.alter_column("member_id", existing_type=sa.String(20), nullable=True)
        ledger.add_column(sa.Column("pot_id", sa.String(20)))
        ledger.add_column(sa.Column("lot", sa.String(80), nullable=False, server_default=sa.text("'kept'")))
        ledger.add_column(sa.Column("expires_at", sa.BigInteger()))
        ledger.add_column(sa.Column("by_id", sa.String(20)))
        ledger.create_foreign_key("fk_ledger_pot_id", "pots", ["pot_id"], ["id"])
        ledger.create_foreign_key("fk_ledger_by_id", "members", ["by_id"], ["id"])
        for owner in ("member_id", "pot_id"):
            columns = [owner, "lot", "expires_at", "available", "reserved"]
            ledger.create_index(f"ix_ledger_{'_'.join(columns)}", columns)
    if op.get_bind().dialect.name != "sqlite":  # there the table was not made anew
        op.create_check_constraint("ck_ledger_one_owner", "ledger", "(member_id IS NULL) <> (pot_id IS NULL)")
    _forbid_changes_of_the_ledger()


def _forbid_changes_of_the_ledger() -> None:
    """Rows of the ledger are added, never changed: the database itself sees to that."""
    if op.get_bind().dialect.name == "sqlite":
        for act in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_no_{act.lower()} BEFORE {act} ON ledger "
                "BEGIN SELECT RAISE(ABORT, 'the ledger is only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the ledger is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE ON ledger "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
