"""What happens when a button is pressed, a clip chosen or a form sent. Who may is asked anew each time."""

import asyncio
import contextlib
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import discord

from bots import stories
from bots.discord import boards, cards, clip_cards, desk, forms, gatherings, operations, replies, settings
from bots.discord.courier import fitting, uploads
from bots.discord.desk_watch import CaseWatch
from bots.discord.forms import Filled
from bots.discord.items import Wish, button
from bots.discord.making import brief_of, make, own_clip
from bots.discord.messages import sources_drawn
from bots.discord.people import asker_of, makers_of, name_of
from bots.discord.watching import Watch
from bots.wording import say
from engine.brief import Brief, Operation
from engine.errors import StudioError
from engine.members import Asker, Role, at_least
from engine.remixing import Branch
from engine.studio import Studio
from storage.explore import ExploreItem, Order
from storage.library import ShelfItem, View
from storage.paging import Page

PAGE: Final = 9  # clips on one card
VARIED: Final = 4
WORDS_WITHIN: Final = 1.5  # seconds, of the three that Discord waits
LISTS: Final = (View.MADE, View.BOOKMARKS, View.FAVOURITES)


@dataclass(frozen=True)
class Pressing:
    studio: Studio
    watch: Watch
    cases: CaseWatch

    async def press(self, interaction: discord.Interaction, wish: Wish) -> None:
        deed = _DEEDS.get(wish.action)
        if deed is None:
            raise StudioError("discord.outdated")
        await deed(self, interaction, wish)

    async def send(self, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
        sent = _SENT.get(wish.action)
        if sent is None:
            raise StudioError("discord.outdated")
        await sent(self, interaction, wish, filled)

    async def more(self, interaction: discord.Interaction, wish: Wish) -> None:
        """A deed that was chosen from a clip's menu."""
        await self.press(interaction, Wish(wish.more, wish.about))

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
        found = await self.studio.desk.statements(asker, view.id)
        by_people = [one for one in found if not one.automated]
        card = cards.statements(by_people) if by_people else cards.reasons(view, found)
        await replies.answer(interaction, card)

    async def appeal(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.send_modal(forms.appeal(wish.about))

    async def send_appeal(self, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
        asker = await self._privately(interaction)
        case = await self.studio.desk.appeal(wish.about, asker, filled.text("text"))
        await replies.answer(interaction, cards.told(say("appeal.filed", job=wish.about, case=case)))

    async def doubt(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.desk.doubt(wish.about, asker)
        await replies.answer(interaction, cards.told(say("doubt.noted")))

    # -- another one -----------------------------------------------------------------------------------------------

    async def again(self, interaction: discord.Interaction, wish: Wish) -> None:
        await make(self, interaction, lambda asker: self._own_brief(asker, wish.about, seed=None))

    async def vary(self, interaction: discord.Interaction, wish: Wish) -> None:
        def varied(asker: Asker) -> Awaitable[Brief]:
            return self._own_brief(asker, wish.about, seed=None, variations=VARIED)

        await make(self, interaction, varied)

    async def reword(self, interaction: discord.Interaction, wish: Wish) -> None:
        # A form cannot be put off: it has to be the first answer, with the words already in it.
        # Where everybody presses at once and the words cannot be had in time, they are typed anew.
        prompt = ""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WORDS_WITHIN):
                asker = await asker_of(self.studio, interaction)
                prompt = (await self._own_brief(asker, wish.about)).prompt
        await interaction.response.send_modal(forms.reword(wish.about, prompt))

    async def send_reword(self, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
        async def reworded(asker: Asker) -> Brief:
            brief = await self._own_brief(asker, wish.about)
            look = brief.look
            if brief.operation is not Operation.CREATE:
                return stories.brief_of(brief.model_dump() | {"prompt": filled.text("prompt")})
            return stories.read_brief(
                filled.text("prompt"),
                aspect=look.aspect,
                resolution=look.resolution,
                seconds=look.seconds,
                style=look.style,
                quality=brief.quality,
                variations=brief.variations,
                seed=brief.seed,
            )

        await make(self, interaction, reworded)

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

    async def folder(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await replies.answer(interaction, clip_cards.folders(wish.about, await self.studio.library.folders(asker)))

    async def put_in(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.library.put(asker, [wish.about], wish.more)
        await replies.answer(interaction, clip_cards.done(_kept(wish.about, wish.more)))

    async def new_folder(self, interaction: discord.Interaction, wish: Wish) -> None:
        await interaction.response.send_modal(forms.folder(wish.about))

    async def send_folder(self, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
        asker = await self._privately(interaction)
        name = filled.text("name")
        await self.studio.library.make_folder(asker, name)
        try:
            await self.studio.library.put(asker, [wish.about], name)
        except StudioError:
            await self.studio.library.remove_folder(asker, name)
            raise
        await replies.answer(interaction, clip_cards.done(_kept(wish.about, name)))

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
        shown = await fitting(self.studio, clip, interaction.filesize_limit)
        files = await uploads(self.studio, [shown])
        makers = await makers_of(self.studio, clip.lineage)
        has_pages = self.studio.settings.web.public_url is not None
        card = cards.clip(shown, prompt, is_own=is_own, makers=makers, has_pages=has_pages)
        await replies.answer(interaction, card, files)

    async def whole(self, interaction: discord.Interaction, wish: Wish) -> None:
        """The file that is too large for here, at the studio's own pages."""
        from bots.web.passes import link_for

        asker = await self._privately(interaction)
        await self.studio.remixing.check_seen(asker, wish.about)
        pages = self.studio.settings.web.public_url
        if pages is None:
            raise StudioError("discord.outdated")
        enter = f"{pages}/enter?key={await link_for(self.studio.database, asker)}"
        await replies.answer(interaction, clip_cards.whole(wish.about, enter, f"{pages}/clips/{wish.about}"))

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
        clip = await self.studio.clip(wish.about)
        shown = await fitting(self.studio, clip, interaction.filesize_limit)
        maker = await name_of(self.studio, found.item.maker_id)
        files = await uploads(self.studio, [shown])
        await replies.answer(interaction, cards.making(found, shown, maker), files)

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

    async def send_report(self, interaction: discord.Interaction, wish: Wish, filled: Filled) -> None:
        asker = await self._privately(interaction)
        reason = filled.text("reason")
        case = await self.studio.explore.report(asker, wish.about, reason, filled.text("note"))
        sentence = say("explore.reported", case=case, category=stories.category_names([reason]))
        await replies.answer(interaction, cards.told(sentence))

    # -- where it comes from ---------------------------------------------------------------------------------------

    async def tree(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        found = await self.studio.remixing.tree(asker, wish.about)
        makers = {one: await name_of(self.studio, one) for one in _makers_in(found)}
        with tempfile.TemporaryDirectory() as folder:
            picture = await self.studio.remixing.picture(found, wish.about, Path(folder) / clip_cards.TREE)
            card = clip_cards.tree(found, wish.about, makers)
            await replies.answer(interaction, card, [discord.File(picture, filename=clip_cards.TREE)])

    async def credentials(self, interaction: discord.Interaction, wish: Wish) -> None:
        asker = await self._privately(interaction)
        await self.studio.remixing.check_seen(asker, wish.about)
        clip = await self.studio.clip(wish.about)
        report = await self.studio.verify(clip.file)
        facts = [cards.made_with(clip), say("discord.sha256", sha256=clip.sha256)]
        async with sources_drawn(self.studio, asker, report) as (tree, files):
            await replies.answer(interaction, clip_cards.credentials(clip.id, report, facts, tree), files)

    async def _privately(self, interaction: discord.Interaction) -> Asker:
        await replies.defer(interaction, private=True)
        return await asker_of(self.studio, interaction)


def _kept(clip_id: str, folder: str) -> str:
    return say("discord.folder.kept", clip=clip_id, folder=cards.quoted(folder))


def _makers_in(branch: Branch) -> set[str]:
    own = {branch.maker_id} if branch.maker_id else set()
    return own.union(*map(_makers_in, branch.branches))


Deed = Callable[[Any, discord.Interaction, Wish], Awaitable[None]]
Sent = Callable[[Any, discord.Interaction, Wish, Filled], Awaitable[None]]

_DEEDS: Final[Mapping[str, Deed]] = {
    "cancel": Pressing.cancel,
    "why": Pressing.why,
    "appeal": Pressing.appeal,
    "doubt": Pressing.doubt,
    "again": Pressing.again,
    "vary": Pressing.vary,
    "reword": Pressing.reword,
    "remix": operations.remix,
    "loop": operations.loop,
    "views": operations.views,
    "extend": operations.extend,
    "recut": operations.recut,
    "blend": operations.blend,
    "blendwith": operations.blend_with,
    "blendid": operations.blend_by_id,
    "star": Pressing.star,
    "unstar": Pressing.unstar,
    "folder": Pressing.folder,
    "putin": Pressing.put_in,
    "newfolder": Pressing.new_folder,
    "share": Pressing.share,
    "unshare": Pressing.unshare,
    "delete": Pressing.delete,
    "untrash": Pressing.untrash,
    "more": Pressing.more,
    "open": Pressing.open,
    "whole": Pressing.whole,
    "library": Pressing.library,
    "explore": Pressing.explore,
    "making": Pressing.making,
    "mark": Pressing.mark,
    "unmark": Pressing.unmark,
    "report": Pressing.report,
    "tree": Pressing.tree,
    "credentials": Pressing.credentials,
    "case": desk.case,
    "caseclaim": desk.claim,
    "caserelease": desk.release,
    "caseallow": desk.allow,
    "caserefuse": desk.refuse,
    "casepass": desk.pass_on,
    "caseescalate": desk.escalate,
    "caseundo": desk.undo,
    "casedetails": desk.details,
    "casepage": desk.page,
    "set": settings.change,
    "setdefaults": settings.defaults,
    "setexplore": settings.toggle_explore,
    "boardtext": boards.add_text,
    "boardclip": boards.add_clip,
    "boardfile": boards.add_file,
    "boardcard": boards.open_card,
    "boardlook": boards.open_look,
    "boardopen": boards.open_to_others,
    "boardclose": boards.close_to_others,
    "boardpreview": boards.preview,
    "boardmake": boards.make_it,
    "boarddelete": boards.delete,
    "gatherjoin": gatherings.join,
    "gatherlike": gatherings.like,
    "gatherrules": gatherings.rules,
    "gatherorder": gatherings.order,
    "gatherremove": gatherings.remove,
    "gatherpause": gatherings.pause,
    "gatherclose": gatherings.close,
    "preset": settings.preset,
    "presetdo": settings.preset_deed,
    "presetnew": settings.new_preset,
    "naming": settings.naming,
}
_SENT: Final[Mapping[str, Sent]] = {
    "reword": Pressing.send_reword,
    "remix": operations.send_remix,
    "extend": operations.send_recut,
    "recut": operations.send_recut,
    "blend": operations.send_blend,
    "folder": Pressing.send_folder,
    "report": Pressing.send_report,
    "appeal": Pressing.send_appeal,
    "caserefuse": desk.send_refuse,
    "casepass": desk.send_pass_on,
    "boardtext": boards.send_text,
    "boardclip": boards.send_clip,
    "boardfile": boards.send_file,
    "boardcard": boards.send_card,
    "boardlook": boards.send_look,
    "gatherjoin": gatherings.send_join,
    "setdefaults": settings.send_defaults,
    "presetnew": settings.send_preset,
    "naming": settings.send_naming,
}
