"""Which plan somebody has, and what it lets them ask for."""

import asyncio
from pathlib import Path

import pytest

from engine import members
from engine.brief import Brief, Look, Resolution
from engine.errors import StudioError
from engine.members import Role
from engine.membership import Membership
from engine.plans import AT_HOME, BY_OPERATOR, PlanChange, Plans, shipped
from engine.settings import load
from tests.engine.small_studio import small_studio

PLANS = Plans.of(
    {}, default="free", discord_roles={"11": "plus", "22": "pro"}, telegram_groups={"-100": "plus", "-200": "pro"}
)


def brief(resolution: str = "480p", seconds: float = 5, variations: int = 1) -> Brief:
    return Brief(prompt="x", look=Look(resolution=Resolution(resolution), seconds=seconds), variations=variations)


@pytest.mark.parametrize(
    ("plan", "asked", "code"),
    [
        ("free", brief(), None),
        ("free", brief("720p"), "plan.resolution"),
        ("free", brief(seconds=5.1), "plan.seconds"),
        ("free", brief(variations=3), "plan.variations"),
        ("plus", brief("720p", 5, 4), None),
        ("plus", brief("1080p"), "plan.resolution"),
        ("plus", brief(seconds=10), "plan.seconds"),
        ("pro", brief("1080p", 20, 4), None),
        ("pro", brief("1080p", 20.5), "plan.seconds"),
        ("unlimited", brief("1080p", 60, 4), None),
    ],
)
def test_a_plan_allows_up_to_its_limits_and_no_more(plan: str, asked: Brief, code: str | None) -> None:
    if code is None:
        shipped()[plan].check(asked)
        return
    with pytest.raises(StudioError, match=code):
        shipped()[plan].check(asked)


def test_the_shipped_plans_are_those_of_the_product() -> None:
    plus, pro, operators = (shipped()[name] for name in ("plus", "pro", "unlimited"))
    assert (plus.monthly, pro.monthly) == (1_000, 10_000)
    assert pro.at_once == 5 and pro.relaxed and not pro.visible_mark
    assert plus.visible_mark and not plus.relaxed
    assert not operators.charged and operators.resolution is None and operators.at_once is None


@pytest.mark.parametrize(
    ("roles", "plan"),
    [([], None), ([99], None), ([11], "plus"), (["11"], "plus"), ([22, 11], "pro"), ([11, 99, 22], "pro")],
)
def test_the_best_of_somebody_s_roles_counts(roles: list[int | str], plan: str | None) -> None:
    assert PLANS.by_discord_roles(roles) == plan


def test_the_operator_s_word_is_final_and_else_the_best_claim_counts() -> None:
    assert PLANS.resolve({}) == "free"
    assert PLANS.resolve({"discord:1": "plus", "telegram:-200": "pro"}) == "pro"
    assert PLANS.resolve({"discord:1": "pro", BY_OPERATOR: "free"}) == "free"
    assert PLANS.resolve({AT_HOME: "unlimited", BY_OPERATOR: "plus"}) == "plus"
    assert PLANS.resolve({"discord:1": "no more there", BY_OPERATOR: "nor this"}) == "free"


async def test_a_plan_comes_with_a_role_and_goes_with_it(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, asker), database.writing() as tx:
        mei = await members.known_as(tx, "discord", "1", asker.community_id, PLANS)
        assert mei.plan == "free"
        assert await members.note_discord_roles(tx, mei.member_id, 7, [11], PLANS) == "plus"
        assert await members.note_telegram_group(tx, mei.member_id, -200, PLANS, is_in=True) == "pro"
        assert await members.note_telegram_group(tx, mei.member_id, -200, PLANS, is_in=False) == "plus"
        assert await members.note_discord_roles(tx, mei.member_id, 8, [], PLANS) == "plus"  # another server's word
        assert await members.note_discord_roles(tx, mei.member_id, 7, [], PLANS) == "free"
        again = await members.known_as(tx, "discord", "1", asker.community_id, PLANS)
        assert (again.member_id, again.plan) == (mei.member_id, "free")


def test_an_operator_changes_plans_and_adds_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kinora.toml").write_text(
        '[plans]\ndefault = "patron"\ndiscord_roles = {"5" = "plus"}\n'
        '[plans.own.plus]\nmonthly = 7\n[plans.own.patron]\nmonthly = 3\nresolution = "720p"\nrelaxed = true\n'
    )
    plans = load().house_plans
    assert (plans["plus"].monthly, plans["plus"].seconds) == (7, 5)
    assert plans["patron"].relaxed and plans["patron"].charged
    assert plans["a plan that was taken away"].name == plans.resolve({}) == "patron"


@pytest.mark.parametrize(
    "text",
    [
        '[plans]\ndefault = "gold"',
        '[plans]\ndiscord_roles = {"5" = "gold"}',
        "[plans.own.plus]\nmonthly = -1",
        "[plans.own.plus]\nnope = 1",
        '[credits]\nzone = "Mars/Olympus"',
        '[credits]\nzone = "../etc/passwd"',
    ],
)
def test_a_plan_or_a_zone_that_cannot_be_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kinora.toml").write_text(text)
    with pytest.raises(StudioError):
        load()


def test_a_change_names_only_what_it_changes() -> None:
    plans = Plans.of({"pro": PlanChange(visible_mark=True)}, default="free", discord_roles={}, telegram_groups={})
    assert plans["pro"].visible_mark and plans["pro"].at_once == 5


async def test_who_is_known_is_looked_up_while_others_write_and_who_changed_is_written(tmp_path: Path) -> None:
    async with small_studio(tmp_path) as (database, _):
        membership = Membership(database, PLANS, None)
        first = await membership.known_as("telegram", "7", "-100", role=Role.MEMBER)
        async with database.writing():
            assert await asyncio.wait_for(membership.known_as("telegram", "7", "-100", role=Role.MEMBER), 5) == first
            assert await asyncio.wait_for(membership.known_as("telegram", "7", "-100"), 5) == first
        lead = await membership.known_as("telegram", "7", "-100", role=Role.LEAD)
        assert (lead.member_id, lead.role) == (first.member_id, Role.LEAD)
        elsewhere = await membership.known_as("telegram", "7", "-200")
        assert elsewhere.member_id == first.member_id and elsewhere.community_id != first.community_id
