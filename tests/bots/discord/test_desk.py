"""Moderators on Discord: a card a case, which follows the case wherever it is decided; and what leads settle."""

import pytest

from engine import settings
from engine.members import Asker, Role
from engine.studio import Studio
from safety.categories import Category
from safety.verdict import Decision, Signal, Surface, Verdict
from tests.bots.discord.conftest import Club, one_button
from tests.worlds.discord.reading import read_message
from tests.worlds.discord.world import MODERATE_MEMBERS, Channel, Interaction, Json

pytestmark = pytest.mark.asyncio(loop_scope="package")

CHANNEL_MENU = "Where moderators are shown what waits (a closed channel)"
ROLE_MENU = "The role that is told of what was passed up"


async def settled(club: Club) -> Channel:
    """The case channel, chosen once for all tests here."""
    if "settings" not in club.made:
        place = club.place
        card = await place.shows(await place.types(club.lead, club.channel, "settings"), "What this server settles")
        open_one = await place.picks(club.lead, club.channel, card, CHANNEL_MENU, [str(club.channel.id)])
        await place.shows(open_one, "Everybody here can read")
        await place.picks(club.lead, club.channel, card, CHANNEL_MENU, [str(club.case_channel.id)])
        await place.until(lambda: f"channel: {club.case_channel.id}" in read_message(card), what="the choice")
        await place.picks(club.lead, club.channel, card, ROLE_MENU, ["4242"])
        await place.until(lambda: "role: 4242" in read_message(card), what="the role")
        club.made["settings"] = card
    return club.case_channel


async def held(club: Club, prompt: str) -> tuple[Interaction, Json, str]:
    """A request that waits for a moderator, the card about it, and the case's id."""
    channel = await settled(club)
    asked = await club.asks(club.mei, prompt)
    await club.place.shows(asked, "A moderator looks at this first.")

    def met() -> Json | None:
        return next((one for one in channel.messages if f"|| {prompt} ||" in read_message(one)), None)

    card = await club.place.until(met, what="a card of the case")
    return asked, card, "case-" + read_message(card).split("case-")[1][:8]


async def test_a_case_gets_a_card_with_its_words_hidden_and_the_policys_words(club: Club) -> None:
    _, card, _ = await held(club, "a street fight")
    shown = read_message(card)
    assert "could not be decided by the check" in shown and "**extreme violence** 0.60" in shown
    assert "held from" in shown and f"<@{club.mei.id}>" in shown and "Waits for a moderator" in shown
    assert not card["attachments"]  # there are no frames of words


async def test_who_is_no_moderator_decides_nothing_and_nobody_their_own(club: Club) -> None:
    place = club.place
    _, card, _ = await held(club, "a fist fight in a bar")
    for user in (club.tom, club.mei):
        for label in ("🖐️ I take it", "✅ Allow"):
            pressed = await place.presses(user, club.case_channel, card, label)
            assert (await place.shows(pressed, "Only moderators may do this"))["flags"] & 64
    assert "Waits for a moderator" in read_message(card)
    club.made["fight"] = card


async def test_claiming_and_allowing_let_the_clip_be_made(club: Club) -> None:
    place = club.place
    asked, card, _ = await held(club, "a fist fight on a ship")
    await place.presses(club.lead, club.case_channel, card, "🖐️ I take it")
    await place.until(lambda: f"On the desk of <@{club.lead.id}>" in read_message(card), what="the claim")
    other = place.world.add_user("bo", permissions=MODERATE_MEMBERS)
    pressed = await place.presses(other, club.case_channel, card, "✅ Allow")
    await place.shows(pressed, "else")
    await place.presses(club.lead, club.case_channel, card, "✅ Allow")
    await place.until(lambda: "Decided: allowed." in read_message(card), what="the decision on the card")
    assert f"By <@{club.lead.id}>" in read_message(card)
    await place.shows(asked, "-# Made with Kinora")


async def test_refusing_says_why_and_can_be_taken_back(club: Club) -> None:
    place = club.place
    asked, card, _ = await held(club, "a street fight in the rain")
    form = await place.answered(await place.presses(club.lead, club.case_channel, card, "⛔ Refuse…"))
    filled = {"The rule that it breaks": "violence", "A word to the member": "not here", "A note for the record": "hm"}
    await place.sends(form, filled)
    await place.until(lambda: "Decided: refused." in read_message(card), what="the decision on the card")
    await place.presses(club.lead, club.case_channel, card, "↩️ Take it back")
    await place.until(lambda: "Waits for a moderator" in read_message(card), what="the case to wait again")
    await place.shows(asked, "A moderator looks at this first.")


async def test_a_card_follows_what_is_decided_elsewhere_and_leads_hear_of_what_is_passed_up(club: Club) -> None:
    place = club.place
    _, card, case_id = await held(club, "a street fight in winter")
    bo = place.world.add_user("bo 2", permissions=MODERATE_MEMBERS)
    await place.presses(bo, club.case_channel, card, "⏫ Pass up")

    def pinged() -> Json | None:
        return next((one for one in club.case_channel.messages if f"<@&4242>: {case_id}" in read_message(one)), None)

    ping = await place.until(pinged, what="the leads to be told")
    assert [int(one) for one in ping["mention_roles"]] == [4242]
    assert "a lead looks at it" in read_message(card)
    async with Studio.open(settings.load(data=club.folder / "data")) as studio:
        lead = await _lead(studio, club)
        await studio.decide(case_id, Decision.REFUSE, lead)
    await place.until(lambda: "Decided: refused." in read_message(card), what="the card to follow")
    assert len([one for one in club.case_channel.messages if "was passed up" in read_message(one)]) == 1


async def _lead(studio: Studio, club: Club) -> Asker:
    return await studio.membership.known_as("discord", str(club.lead.id), str(club.guild.id), role=Role.LEAD)


async def test_a_case_that_goes_to_the_closed_queue_leaves_nothing_behind(club: Club) -> None:
    from engine.names import new_id
    from safety.desk import cases as at_desk
    from safety.desk.cases import About
    from safety.desk.people import Kind, Subject

    _, card, case_id = await held(club, "a street fight in a village")
    async with Studio.open(settings.load(data=club.folder / "data")) as studio:
        case = await studio.case(case_id)
        signal = Signal(category=Category.MINORS, score=1.0, classifier="test", surface=Surface.TEXT)
        verdict = Verdict.model_validate(case.verdict).model_copy(update={"signals": (signal,)})
        about = About(Kind.REPORT, Subject(case.subject), case.subject_id, case.job_id, case.community_id, verdict)
        async with studio.database.writing() as tx:
            await at_desk.open_or_join(tx, new_id("case"), about)
    await club.place.until(lambda: "closed queue" in read_message(card), what="the card to be emptied")
    assert "village" not in read_message(card)
    listed = await club.place.shows(await club.place.types(club.lead, club.channel, "desk"), "case-")
    assert case_id not in read_message(listed)
    kept = card | one_button(f"k1:casedetails:{case_id}")  # by a client that still shows the old card
    pressed = await club.place.presses_id(club.lead, club.case_channel, kept, f"k1:casedetails:{case_id}")
    assert "village" not in read_message(await club.place.shows(pressed, case_id))


async def test_the_desk_lists_what_waits_and_opens_a_case_for_one_person(club: Club) -> None:
    place = club.place
    await held(club, "a fist fight on the beach")
    listed = await place.shows(await place.types(club.lead, club.channel, "desk"), "case-")
    case_id = "case-" + read_message(listed).split("`case-")[1][:8]
    opened = await place.shows(await place.chooses(club.lead, club.channel, listed, case_id), f"⚖️ {case_id}")
    assert opened["flags"] & 64
    more = await place.presses(club.lead, club.channel, opened, "📄 More about it")
    await place.shows(more, "The member: in good standing")
    stranger = await place.types(club.tom, club.channel, "desk")
    assert (await place.shows(stranger, "oderator"))["flags"] & 64


async def test_standing_policy_and_numbers_are_told_to_moderators_alone(club: Club) -> None:
    place = club.place
    await place.shows(await place.types(club.lead, club.channel, "strikes", member=club.mei), "in good standing")
    await place.shows(await place.types(club.lead, club.channel, "policy"), "The policy in force here")
    await place.shows(await place.types(club.lead, club.channel, "report-summary", days=7), "in the last 7 days")
    for name, options in (("strikes", {"member": club.lead}), ("policy", {}), ("report-summary", {}), ("settings", {})):
        await place.shows(await place.types(club.tom, club.channel, name, **options), "nly ")


async def test_presets_are_kept_and_used(club: Club) -> None:
    place = club.place
    card = await place.shows(await place.types(club.tom, club.channel, "presets"), "No presets yet")
    form = await place.answered(await place.presses(club.tom, club.channel, card, "➕ A new preset…"))
    filled = {"Its name": "night 夜", "Words put after each prompt": "under the moon", "Seconds": "1"}
    await place.sends(form, filled)
    await place.until(lambda: "**night 夜** – under the moon · 1 s" in read_message(card), what="the preset")
    (offered,) = await place.offered(club.tom, club.channel, "create", "preset", "夜")
    assert offered["value"] == "night 夜"


async def test_discord_took_every_request(club: Club) -> None:
    assert club.place.world.refused == []
