"""The review desk: queues, clocks and claims of cases; decisions, appeals, strikes; the audit and its head."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

A_DAY_MS = 86_400_000


def upgrade() -> None:
    _widen_cases()
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "decisions",
        sa.Column("id", serial, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=20), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=10), nullable=False),
        sa.Column("subject_id", sa.String(length=20), nullable=False),
        sa.Column("job_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("action", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("policy_version", sa.String(length=60), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("strike", sa.Boolean(), nullable=False),
        sa.Column("bank", sa.Boolean(), nullable=False),
        sa.Column("restricted_until", sa.BigInteger(), nullable=True),
        sa.Column("by_id", sa.String(length=20), nullable=True),
        sa.Column("automated", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("effects", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("overturned_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name="fk_decisions_by_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_decisions_case_id"),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_decisions_community_id"),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name="fk_decisions_job_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    op.create_index("ix_decisions_job_id", "decisions", ["job_id"])
    op.create_index("ix_decisions_community_id_at", "decisions", ["community_id", "at"])
    op.create_index("ix_decisions_community_id_bank_id", "decisions", ["community_id", "bank", "id"])
    op.create_table(
        "appeals",
        sa.Column("decision_id", serial, nullable=False),
        sa.Column("case_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("judged_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_appeals_case_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_appeals_decision_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_appeals_member_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_appeals"),
        sa.UniqueConstraint("case_id", name="uq_appeals_case_id"),
    )
    op.create_table(
        "strikes",
        sa.Column("decision_id", serial, nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_strikes_community_id"),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_strikes_decision_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_strikes_member_id"),
        sa.PrimaryKeyConstraint("decision_id", name="pk_strikes"),
    )
    op.create_index(
        "ix_strikes_member_id_community_id_expires_at", "strikes", ["member_id", "community_id", "expires_at"]
    )
    op.create_table(
        "case_skips",
        sa.Column("case_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_skips_case_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_case_skips_member_id"),
        sa.PrimaryKeyConstraint("case_id", "member_id", name="pk_case_skips"),
    )
    op.create_table(
        "moderators",
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("member_id", sa.String(length=20), nullable=False),
        sa.Column("queues", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_moderators_community_id"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_moderators_member_id"),
        sa.PrimaryKeyConstraint("community_id", "member_id", name="pk_moderators"),
    )
    _make_audit()


def _widen_cases() -> None:
    for column in (
        sa.Column("kind", sa.String(length=12), nullable=False, server_default=sa.text("'held'")),
        sa.Column("queue", sa.String(length=20), nullable=False, server_default=sa.text("'general'")),
        sa.Column("severity", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("escalations", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("due_at", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("least_role", sa.String(length=20), nullable=False, server_default=sa.text("'moderator'")),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False, server_default=sa.text("0")),
    ):
        op.add_column("cases", column)
    for name in ("opened_by", "claimed_by", "passed_to"):
        person = sa.Column(name, sa.String(length=20), sa.ForeignKey("members.id", name=f"fk_cases_{name}"))
        op.add_column("cases", person, inline_references=True)
    op.execute(sa.text("UPDATE cases SET due_at = opened_at + :day").bindparams(day=A_DAY_MS))
    op.create_index("ix_cases_community_id_decision_due_at", "cases", ["community_id", "decision", "due_at"])


def _make_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=20), nullable=True),
        sa.Column("action", sa.String(length=30), nullable=False),
        sa.Column("community_id", sa.String(length=20), nullable=False),
        sa.Column("case_id", sa.String(length=20), nullable=True),
        sa.Column("data", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_audit"),
    )
    op.create_index("ix_audit_case_id", "audit", ["case_id"])
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_index("ix_audit_actor_action_at", "audit", ["actor", "action", "at"])
    op.create_table(
        "audit_heads",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audit_heads"),
    )
    # The database itself keeps our own mistakes out; against whoever can write to its file there is the chain.
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_keeps_every_row_{what.lower()} BEFORE {what} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER audit_keeps_every_row BEFORE UPDATE OR DELETE ON audit "
            "FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()"
        )
