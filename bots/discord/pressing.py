"""What happens when a button is pressed, a clip chosen or a form sent. Who may is asked anew each time."""

import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import discord

from bots import stories
from bots.discord import cards, forms, replies
from bots.discord.courier import file_of, fitting
from bots.discord.items import Wish, button
from bots.discord.making import brief_of, make, own_clip
from bots.discord.people import asker_of
from bots.discord.watching import Watch
from bots.wording import say
from engine.brief import Brief
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.studio import Studio
from storage.explore import ExploreItem, Order
from storage.library import ShelfItem, View
from storage.paging import Page

PAGE: Final = 9  # clips on one card
VARIED: Final = 4
LISTS: Final = (View.MADE, View.BOOKMARKS, View.FAVOURITES)


@dataclass(frozen=True)
class Pressing:
    studio: Studio
    watch: Watch

    async def press(self, interaction: discord.Interaction, wish: Wish) -> None:
        deed = _DEEDS.get(wish.action)
        if deed is None:
            raise StudioError("discord.outdated")
        await deed(self, interaction, wish)

    async def send(self, interaction: discord.Interaction, wish: Wish, values: Mapping[str, str]) -> None:
        match wish.action:
            case "reword":
                await self._reworded(interaction, wish.about, values.get("prompt", ""))
            case "report":
                await self._reported(interaction, wish.about, values)
            case "appeal":
                await self._appealed(interaction, wish.about, values.get("text", ""))
            case _:
                raise StudioError("discord.outdated")

    # -- jobs ------------------------------------------------------------------------------------------------------

    async def cancel(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.defer()
        await self.studio.cancel(wish.about, await asker_of(self.studio, interaction))

    async def why(self, interaction: discord.Interaction, wish: Wish) -> None:
        await replies.defer(interaction, private=True)
        asker = await asker_of(self.studio, interaction)
        view = await self.studio.job(wish.about)
        if view.job.community_id != asker.community_id:
            raise StudioError("job.unknown", job=wish.about)
        if view.job.member_id != asker.member_id and not at_least(asker.role, Role.MODERATOR):
            raise StudioError("job.not_yours", job=wish.about)
        found = await self.studio.desk.statements(view.id, asker)
        by_people = [one for one in found if not one.automated]
        can_appeal = any(one.can_appeal for one in found)
        card = cards.statements(by_people) if by_people else cards.reasons(view, can_appeal=can_appeal)
        await replies.answer(interaction, card)

    async def appeal(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.send_modal(forms.appeal(wish.about))

    async def _appealed(self, interaction: discord.Interaction, job_id: str, text: str) -> None:
        asker = await self._privately(interaction)
        case = await self.studio.desk.appeal(job_id, asker, text)
        await replies.answer(interaction, cards.told(say("appeal.filed", job=job_id, case=case)))

    # -- another one -----------------------------------------------------------------------------------------------

    async def again(self, interaction: discord.Interaction, wish: Wish) -> None:
        await make(self.studio, self.watch, interaction, lambda asker: self._own_brief(asker, wish.about, seed=None))

    async def vary(self, interaction: discord.Interaction, wish: Wish) -> None:
        def varied(asker: Asker) -> Awaitable[Brief]:
            return self._own_brief(asker, wish.about, seed=None, variations=VARIED)

        await make(self.studio, self.watch, interaction, varied)

    async def reword(self, interaction: discord.Interaction, wish: Wish) -> None:
        # A form cannot be put off: it has to be the first answer, with the words already in it.
        brief = await self._own_brief(await asker_of(self.studio, interaction), wish.about)
        await interaction.response.send_modal(forms.reword(wish.about, brief.prompt))

    async def _reworded(self, interaction: discord.Interaction, clip_id: str, prompt: str) -> None:
        async def reworded(asker: Asker) -> Brief:
            brief = await self._own_brief(asker, clip_id)
            look = brief.look
            return stories.read_brief(
                prompt,
                aspect=look.aspect,
                resolution=look.resolution,
                seconds=look.seconds,
                style=look.style,
                quality=brief.quality,
                variations=brief.variations,
                seed=brief.seed,
            )

        await make(self.studio, self.watch, interaction, reworded)

    async def _own_brief(self, asker: Asker, clip_id: str, **changes: Any) -> Brief:
        brief = await brief_of(self.studio, await own_clip(self.studio, asker, clip_id))
        return brief.model_copy(update=changes)

    # -- a clip of one's own ---------------------------------------------------------------------------------------

    async def star(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.library.favourite(asker, wish.about)
        undo = cards.row(button("unstar", wish.about, say("discord.button.unstar")))
        await replies.answer(interaction, cards.card(cards.DONE, say("library.starred", clips=wish.about), undo))

    async def unstar(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.library.favourite(asker, wish.about, on=False)
        await replies.answer(interaction, cards.told(say("library.unstarred", clips=wish.about)))

    async def share(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.explore.share(asker, wish.about)
        undo = cards.row(button("unshare", wish.about, say("discord.button.unshare")))
        await replies.answer(interaction, cards.card(cards.DONE, say("explore.shared", clip=wish.about), undo))

    async def unshare(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.explore.unshare(asker, wish.about)
        await replies.answer(interaction, cards.told(say("explore.unshared", clip=wish.about)))

    async def delete(self, interaction: discord.Interaction, wish: Wish) -> None:
        """Into the trash, and out of the message under which it was pressed."""
        await interaction.response.defer()
        asker = await asker_of(self.studio, interaction)
        await own_clip(self.studio, asker, wish.about)
        await self.studio.library.throw_away(asker, [wish.about])
        await interaction.edit_original_response(view=cards.trashed(wish.about), attachments=[])

    async def untrash(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.defer()
        asker = await asker_of(self.studio, interaction)
        await own_clip(self.studio, asker, wish.about)
        await self.studio.library.take_back(asker, [wish.about])
        await self._show(interaction, asker, wish.about)

    # -- looking ---------------------------------------------------------------------------------------------------

    async def open(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self._show(interaction, asker, wish.about)

    async def show(self, interaction: discord.Interaction, clip_id: str) -> None:
        """A clip brought into the channel for everybody there, by somebody who may see it."""
        await replies.defer(interaction, private=False)
        await self._show(interaction, await asker_of(self.studio, interaction), clip_id)

    async def _show(self, interaction: discord.Interaction, asker: Asker, clip_id: str) -> None:
        await self.studio.remixing.check_seen(asker, clip_id)
        clip = await self.studio.clip(clip_id)
        is_own = clip.member_id == asker.member_id
        prompt = (await brief_of(self.studio, clip)).prompt if is_own else await self._seen_prompt(asker, clip_id)
        shown = fitting(clip, interaction.filesize_limit)
        files = [discord.File(file_of(shown), filename=shown.filename)]
        await replies.answer(interaction, cards.clip(shown, prompt, is_own=is_own), files)

    async def _seen_prompt(self, asker: Asker, clip_id: str) -> str:
        """Somebody else's words: only where they shared them."""
        try:
            item = (await self.studio.explore.show(asker, clip_id)).item
        except StudioError:
            return ""
        return str(item.brief.get("prompt") or "")

    async def library(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        view = View(wish.more) if wish.more in LISTS else View.MADE
        page = await self.studio.library.page(asker, view, after=wish.about or None, limit=PAGE)
        await self._with_sheet(interaction, page, cards.library(page, view))

    async def explore(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        order = Order(wish.more) if wish.more in list(Order) else Order.NEWEST
        page = await self.studio.explore.page(asker, order, after=wish.about or None, limit=PAGE)
        await self._with_sheet(interaction, page, cards.explore(page, order))

    async def _with_sheet(
        self, interaction: discord.Interaction, page: Page[ShelfItem] | Page[ExploreItem], card: discord.ui.LayoutView
    ) -> None:
        if not page.items:
            await replies.answer(interaction, card)
            return
        with tempfile.TemporaryDirectory() as folder:
            sheet = Path(folder) / cards.SHEET
            if isinstance(page.items[0], ShelfItem):
                await self.studio.library.grid([one for one in page.items if isinstance(one, ShelfItem)], sheet)
            else:
                await self.studio.explore.grid([one for one in page.items if isinstance(one, ExploreItem)], sheet)
            await replies.answer(interaction, card, [discord.File(sheet, filename=cards.SHEET)])

    # -- somebody's clip in Explore --------------------------------------------------------------------------------

    async def making(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        found = await self.studio.explore.show(asker, wish.about)
        shown = fitting(await self.studio.clip(wish.about), interaction.filesize_limit)
        maker = await self._name_of(found.item.maker_id, asker)
        files = [discord.File(file_of(shown), filename=shown.filename)]
        await replies.answer(interaction, cards.making(found, shown, maker), files)

    async def _name_of(self, member_id: str, asker: Asker) -> str:
        view = await self.studio.membership.view(member_id, asker)
        here = [one.external_id for one in view.identities if one.platform == "discord"]
        return f"<@{here[0]}>" if here else member_id

    async def mark(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.explore.bookmark(asker, wish.about)
        await replies.answer(interaction, cards.told(say("explore.bookmarked", clip=wish.about)))

    async def unmark(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.explore.bookmark(asker, wish.about, on=False)
        await replies.answer(interaction, cards.told(say("explore.unbookmarked", clip=wish.about)))

    async def report(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.send_modal(forms.report(wish.about))

    async def _reported(self, interaction: discord.Interaction, clip_id: str, values: Mapping[str, str]) -> None:
        asker = await self._privately(interaction)
        reason = values.get("reason", "")
        case = await self.studio.explore.report(asker, clip_id, reason, values.get("note", ""))
        sentence = say("explore.reported", case=case, category=stories.category_names([reason]))
        await replies.answer(interaction, cards.told(sentence))

    async def _privately(self, interaction: discord.Interaction) -> Asker:
        await replies.defer(interaction, private=True)
        return await asker_of(self.studio, interaction)


Deed = Callable[[Pressing, discord.Interaction, Wish], Awaitable[None]]

_DEEDS: Final[Mapping[str, Deed]] = {
    "cancel": Pressing.cancel,
    "why": Pressing.why,
    "appeal": Pressing.appeal,
    "again": Pressing.again,
    "vary": Pressing.vary,
    "reword": Pressing.reword,
    "star": Pressing.star,
    "unstar": Pressing.unstar,
    "share": Pressing.share,
    "unshare": Pressing.unshare,
    "delete": Pressing.delete,
    "untrash": Pressing.untrash,
    "open": Pressing.open,
    "library": Pressing.library,
    "explore": Pressing.explore,
    "making": Pressing.making,
    "mark": Pressing.mark,
    "unmark": Pressing.unmark,
    "report": Pressing.report,
}
