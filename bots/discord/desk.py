"""Deciding cases on Discord. Who may is asked of the desk at every press, whoever can see the card."""

import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, Protocol

import discord

from bots import stories
from bots.discord import cards, desk_cards, forms, replies
from bots.discord.address import PLATFORM
from bots.discord.desk_watch import CaseWatch
from bots.discord.forms import Filled
from bots.discord.items import Wish
from bots.discord.people import asker_of, name_of, names_of
from bots.wording import say
from engine.errors import StudioError
from engine.explore import REASONS
from engine.members import Asker, Role, at_least
from engine.studio import Studio
from safety.desk.decisions import Decided
from safety.desk.people import Action, Choice, Queue
from safety.policy import Policy
from storage.clock import now
from storage.errors import CodedError

DAY_MS: Final = 86_400_000
SUMMARY_DAYS: Final = 30
NAME_TYPED: Final = 200  # what is too long for a name is told in words
RESTRICTIONS: Final = (0, 1, 7, 30)  # days


class Bench(Protocol):
    @property
    def studio(self) -> Studio: ...

    @property
    def cases(self) -> CaseWatch: ...


# -- one case ------------------------------------------------------------------------------------------------------


async def claim(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await _do(bench, interaction, wish.about, lambda asker: bench.studio.desk.claim(wish.about, asker))


async def release(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await _do(bench, interaction, wish.about, lambda asker: bench.studio.desk.release(wish.about, asker))


async def escalate(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await _do(bench, interaction, wish.about, lambda asker: bench.studio.desk.escalate(wish.about, asker))


async def undo(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await _do(bench, interaction, wish.about, lambda asker: bench.studio.desk.undo(wish.about, asker))


async def allow(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    async def decide(asker: Asker) -> Decided:
        case = await bench.studio.case(wish.about)
        action = Action.NOTHING if case.subject == "clip" else Action.ALLOW
        return await bench.studio.desk.decide(wish.about, Choice(action, ""), asker)

    await _do(bench, interaction, wish.about, decide)


async def refuse(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(form_to_refuse(wish.about, wish.more or Action.REFUSE))


async def send_refuse(bench: Bench, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    """A case by its id, or a clip that nobody has reported yet."""
    days = filled.text("days")
    choice = Choice(
        Action(wish.more or Action.REFUSE),
        filled.text("reason"),
        note=filled.text("note"),
        word=filled.text("word"),
        strike=filled.text("strike") == "yes",
        restricted_until=now() + int(days) * DAY_MS if days.isdecimal() and int(days) else None,
    )
    if wish.about.startswith("case-"):
        await _do(bench, interaction, wish.about, lambda asker: bench.studio.desk.decide(wish.about, choice, asker))
        return
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    decided = await bench.studio.desk.take_down(wish.about, choice, asker)
    await bench.cases.show(decided.case.id)
    await replies.answer(interaction, cards.told(_told(decided)))


async def pass_on(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await interaction.response.send_modal(form_to_pass_on(wish.about))


async def send_pass_on(bench: Bench, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
    async def act(asker: Asker) -> object:
        user, queue = filled.text("to"), filled.text("queue")
        if not user and not queue:
            raise StudioError("discord.pass_where")
        to = await bench.studio.membership.find(f"{PLATFORM}:{user}", asker) if user else None
        return await bench.studio.desk.pass_on(wish.about, asker, to=to, queue=Queue(queue) if queue else None)

    await _do(bench, interaction, wish.about, act)


async def _do(
    bench: Bench, interaction: discord.Interaction, case_id: str, act: Callable[[Asker], Awaitable[object]]
) -> None:
    """Do it, and have every card of the case say so. What cannot be done is told to whoever pressed."""
    await interaction.response.defer()
    asker = await asker_of(bench.studio, interaction)
    try:
        done = await act(asker)
    except CodedError:
        await bench.cases.show(case_id)  # it may have been decided elsewhere a moment ago
        raise
    await bench.cases.show(case_id)
    if interaction.message is not None and interaction.message.flags.ephemeral:
        await _show_privately(bench, interaction, case_id, asker)
    if isinstance(done, Decided) and not done.is_final:
        await interaction.followup.send(view=cards.told(_told(done)), ephemeral=True)


def _told(done: Decided) -> str:
    if not done.is_final:
        return say("desk.first_opinion", case=done.case.id)
    return say("desk.decided", case=done.case.id, decision=say(f"decision.{done.decision.action}"))


async def details(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    sheet = await bench.studio.dossier(_open(await bench.studio.desk.sheet(wish.about), wish.about), asker)
    names = await names_of(bench.studio, desk_cards.people_in(sheet))
    await replies.answer(interaction, desk_cards.details(sheet, names))


async def page(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    """Unblurred frames never go to Discord: the studio's own pages show them, to whoever may look."""
    from bots.web.passes import link_for

    await replies.defer(interaction, private=True)
    asker = _moderator(await asker_of(bench.studio, interaction))
    pages = bench.studio.settings.web.public_url
    if pages is None:
        raise StudioError("discord.outdated")
    enter = f"{pages}/enter?key={await link_for(bench.studio.database, asker)}"
    await replies.answer(interaction, desk_cards.page(wish.about, enter, f"{pages}/desk/{wish.about}"))


# -- the desk ------------------------------------------------------------------------------------------------------


async def desk(bench: Bench, interaction: discord.Interaction) -> None:
    """What waits for this moderator, of the open queues: nothing of the closed one is told on a platform."""
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    found = [case for case in await bench.studio.desk.queue(asker) if case.queue != Queue.CHILD_SAFETY]
    await replies.answer(interaction, desk_cards.queue(found, await bench.studio.desk.unwatched(asker)))


async def case(bench: Bench, interaction: discord.Interaction, wish: Wish) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    await _show_privately(bench, interaction, wish.about, asker)


async def _show_privately(bench: Bench, interaction: discord.Interaction, case_id: str, asker: Asker) -> None:
    studio = bench.studio
    sheet = await studio.dossier(_open(await studio.desk.sheet(case_id), case_id), asker)
    names = await names_of(studio, desk_cards.people_in(sheet))
    maker = await name_of(studio, (await studio.job(sheet.case.job_id)).job.member_id)
    can_undo = sheet.case.decided_by == asker.member_id
    with tempfile.TemporaryDirectory() as folder:
        files = []
        if sheet.may_look and sheet.case.decision is None:
            exhibit = await studio.exhibit(case_id, Path(folder) / desk_cards.EXHIBIT, asker)
            files = [discord.File(exhibit.file, filename=desk_cards.EXHIBIT)]
        has_pages = studio.settings.web.public_url is not None
        card = desk_cards.case(sheet, names, maker=maker, exhibit=bool(files), can_undo=can_undo, has_pages=has_pages)
        await replies.answer(interaction, card, files)


def _open(sheet: object, case_id: str) -> str:
    if sheet is None:
        raise StudioError("case.never_shown", case=case_id)
    return case_id


async def strikes(bench: Bench, interaction: discord.Interaction, user: discord.abc.User) -> None:
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    member_id = await bench.studio.membership.find(f"{PLATFORM}:{user.id}", asker)
    found = await bench.studio.desk.standing_of(member_id, asker)
    await replies.answer(interaction, desk_cards.standing(found, f"<@{user.id}>"))


async def vouch(
    bench: Bench, interaction: discord.Interaction, user: discord.abc.User, name: str, *, withdrawn: bool
) -> None:
    """That a member is who bears this name, or no longer. Seen by whoever says so alone."""
    await replies.defer(interaction, private=True)
    asker = await asker_of(bench.studio, interaction)
    member_id = await bench.studio.membership.find(f"{PLATFORM}:{user.id}", asker)
    await bench.studio.membership.vouch(member_id, name, asker, withdrawn=withdrawn)
    key = "member.not_vouched" if withdrawn else "member.vouched"
    said = say(key, who=f"<@{user.id}>", name=cards.quoted(name))
    await replies.answer(interaction, cards.told(f"🪪 {said}"))


async def policy(bench: Bench, interaction: discord.Interaction) -> None:
    await replies.defer(interaction, private=True)
    asker = _moderator(await asker_of(bench.studio, interaction))
    shipped = Policy.load(bench.studio.settings.safety.policy)
    here = shipped.tightened((await bench.studio.membership.community(asker)).overlay)
    await replies.answer(interaction, desk_cards.policy(shipped, here))


async def summary(bench: Bench, interaction: discord.Interaction, days: int) -> None:
    await replies.defer(interaction, private=True)
    asker = _moderator(await asker_of(bench.studio, interaction))
    report = await bench.studio.desk.transparency(asker, now() - days * DAY_MS, now())
    await replies.answer(interaction, desk_cards.summary(report, days))


def _moderator(asker: Asker) -> Asker:
    if not at_least(asker.role, Role.MODERATOR):
        raise StudioError("desk.moderators_only")
    return asker


# -- forms ---------------------------------------------------------------------------------------------------------


def form_to_refuse(about: str, action: str) -> discord.ui.Modal:
    reasons = [(str(reason), stories.category_names([reason])) for reason in REASONS]
    reasons.append(("other", say("reason_code.other")))
    days = [(str(one), say("discord.desk.days", count=one) if one else say("discord.no")) for one in RESTRICTIONS]
    return forms.form(
        "caserefuse",
        about,
        say(f"discord.desk.title_{action}"),
        forms.choice("reason", say("discord.desk.reason"), reasons),
        forms.words("word", say("discord.desk.word"), longest=500, needed=False),
        forms.words("note", say("discord.desk.note"), longest=500, needed=False),
        forms.yes_or_no("strike", say("discord.desk.strike")),
        forms.choice("days", say("discord.desk.restrict"), days, usual="0"),
        more=action,
    )


def form_to_pass_on(case_id: str) -> discord.ui.Modal:
    user: discord.ui.UserSelect[Any] = discord.ui.UserSelect(custom_id="to", required=False)
    queues = [(str(one), say(f"discord.desk.queue_{one}")) for one in (Queue.GENERAL, Queue.APPEALS)]
    return forms.form(
        "casepass",
        case_id,
        say("discord.desk.title_pass"),
        discord.ui.Label(text=say("discord.desk.to"), component=user),
        forms.choice("queue", say("discord.desk.queue"), queues, needed=False),
    )
