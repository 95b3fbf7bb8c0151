"""Commands of moderators and leads, and those by which a member asks for a second look."""

import discord
from discord import app_commands
from discord.app_commands import Choice, Range

from bots.discord import desk, settings
from bots.discord.items import Wish
from bots.discord.naming import IN_SERVERS, Named, command
from bots.discord.operating_commands import in_time, offering_clips, recognised
from bots.discord.operations import read_clip
from bots.discord.pressing import Pressing
from engine.errors import StudioError
from engine.jobs import JobState
from engine.names import read_id
from safety.desk.people import Action

# Who sees the commands; what anybody may do is asked of the studio each time.
_MODERATORS = discord.Permissions(moderate_members=True)
_LEADS = discord.Permissions(manage_guild=True)


def governing_commands(pressing: Pressing) -> list[Named]:
    made = [one(pressing) for one in (_desk, _takedown, _strikes, _vouch, _unvouch, _policy, _summary, _settings)]
    for one in made:
        one.allowed_contexts = IN_SERVERS
    return [*made, _presets(pressing), _appeal(pressing)]


def _desk(pressing: Pressing) -> Named:
    async def show(interaction: discord.Interaction) -> None:
        await desk.desk(pressing, interaction)

    return command("desk", show, only_for=_MODERATORS)


def _takedown(pressing: Pressing) -> Named:
    @app_commands.autocomplete(clip=offering_clips(pressing.studio))
    async def takedown(interaction: discord.Interaction, clip: Range[str, 1, 40]) -> None:
        form = desk.form_to_refuse(read_clip(clip), Action.TAKE_DOWN)
        await interaction.response.send_modal(form)

    return command("takedown", takedown, only_for=_MODERATORS)


def _strikes(pressing: Pressing) -> Named:
    async def strikes(interaction: discord.Interaction, member: discord.User) -> None:
        await desk.strikes(pressing, interaction, member)

    return command("strikes", strikes, only_for=_MODERATORS)


def _vouch(pressing: Pressing) -> Named:
    async def vouch(
        interaction: discord.Interaction, member: discord.User, name: Range[str, 1, desk.NAME_TYPED]
    ) -> None:
        await desk.vouch(pressing, interaction, member, name, withdrawn=False)

    return command("vouch", vouch, only_for=_MODERATORS)


def _unvouch(pressing: Pressing) -> Named:
    """Everybody's: whoever was vouched for may take it back, too."""

    async def unvouch(
        interaction: discord.Interaction, name: Range[str, 1, desk.NAME_TYPED], member: discord.User | None = None
    ) -> None:
        await desk.vouch(pressing, interaction, member or interaction.user, name, withdrawn=True)

    return command("unvouch", unvouch)


def _policy(pressing: Pressing) -> Named:
    async def policy(interaction: discord.Interaction) -> None:
        await desk.policy(pressing, interaction)

    return command("policy", policy, only_for=_MODERATORS)


def _summary(pressing: Pressing) -> Named:
    async def summary(interaction: discord.Interaction, days: Range[int, 1, 366] | None = None) -> None:
        await desk.summary(pressing, interaction, days or desk.SUMMARY_DAYS)

    return command("report_summary", summary, only_for=_MODERATORS)


def _settings(pressing: Pressing) -> Named:
    async def show(interaction: discord.Interaction) -> None:
        await settings.show(pressing, interaction)

    return command("settings", show, only_for=_LEADS)


def _presets(pressing: Pressing) -> Named:
    async def presets(interaction: discord.Interaction) -> None:
        await settings.presets(pressing, interaction)

    return command("presets", presets)


def _appeal(pressing: Pressing) -> Named:
    studio = pressing.studio

    async def offered(interaction: discord.Interaction, typed: str) -> list[Choice[str]]:
        asker = await recognised(studio, interaction)
        jobs = await studio.latest_jobs(asker, limit=50) if asker is not None else []
        refused = [job.id for job in jobs if job.state == JobState.REFUSED and typed.strip().lower() in job.id]
        return [Choice(name=one, value=one) for one in refused[:25]]

    @app_commands.autocomplete(request=in_time(offered))
    async def appeal(interaction: discord.Interaction, request: Range[str, 1, 40]) -> None:
        identity = read_id(request)
        if identity is None or identity.startswith("case-"):
            raise StudioError("id.malformed", typed=request)
        job_id = identity if identity.startswith("job-") else f"job-{identity}"
        await pressing.why(interaction, Wish("why", job_id))

    return command("appeal", appeal)
