"""A moderator vouches for whoever is a real person of that name; nobody for themselves, and it can be taken back."""

from pathlib import Path

import pytest
from sqlalchemy import select

from engine import likeness, questions
from engine.brief import Brief
from engine.members import Asker
from storage.database import Database
from storage.errors import CodedError
from storage.tables import audit
from tests.engine.people import person
from tests.engine.small_studio import small_studio


async def names(database: Database, member: Asker) -> tuple[str, ...]:
    """What the gate is told of them."""
    async with database.reading() as tx:
        brief = Brief(prompt="a wolf")
        asked = await questions.question(tx, "", brief, member.member_id, member.community_id)
    return asked.submission.own_names


async def test_a_moderator_vouches_and_either_takes_it_back(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, operator):
        async with database.writing() as tx:
            mia = await person(tx, operator.community_id, "mia", "member")
            ann = await person(tx, operator.community_id, "ann", "moderator")
            await likeness.vouch(tx, mia.member_id, "  Mei  Ling 美玲 ", ann)
            await likeness.vouch(tx, mia.member_id, "Mei Ling 美玲", ann)  # said twice
        assert await names(database, mia) == ("Mei Ling 美玲",)
        assert await names(database, ann) == ()
        async with database.writing() as tx:
            for name in "BCDE":
                await likeness.vouch(tx, mia.member_id, f"Name {name}", ann)
            with pytest.raises(CodedError, match="likeness.many"):
                await likeness.vouch(tx, mia.member_id, "Name F", ann)
            await likeness.withdraw(tx, mia.member_id, "Mei Ling 美玲", mia)
            await likeness.withdraw(tx, mia.member_id, "Name B", ann)
            with pytest.raises(CodedError, match="likeness.unknown"):
                await likeness.withdraw(tx, mia.member_id, "Name B", ann)
            done = [str(action) for action in (await tx.execute(select(audit.c.action))).scalars()]
        assert await names(database, mia) == ("Name C", "Name D", "Name E")
        assert (done.count("vouched"), done.count("unvouched")) == (5, 2)


async def test_nobody_vouches_for_themselves_and_members_for_nobody(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, operator):
        async with database.writing() as tx:
            mia = await person(tx, operator.community_id, "mia", "member")
            ann = await person(tx, operator.community_id, "ann", "moderator")
            with pytest.raises(CodedError, match="likeness.oneself"):
                await likeness.vouch(tx, ann.member_id, "Ann Other", ann)
            with pytest.raises(CodedError, match="desk.moderators_only"):
                await likeness.vouch(tx, ann.member_id, "Ann Other", mia)
            with pytest.raises(CodedError, match="name"):
                await likeness.vouch(tx, mia.member_id, " ", ann)
            with pytest.raises(CodedError, match="name.long"):
                await likeness.vouch(tx, mia.member_id, "x" * (likeness.LONGEST + 1), ann)
            await likeness.vouch(tx, mia.member_id, "x" * likeness.LONGEST, ann)
            with pytest.raises(CodedError, match="member.not_yours"):
                await likeness.withdraw(tx, ann.member_id, "Ann Other", mia)
            elsewhere = Asker(mia.member_id, "another", "", mia.role)
        async with database.reading() as tx:
            assert await likeness.of(tx, elsewhere.member_id, "another") == ()  # each community knows its own people
