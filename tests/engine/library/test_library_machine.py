"""The library against a small model of it, whatever is done in whatever order, by two members at once."""

import asyncio
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from engine import releases
from engine.members import Asker
from storage import clips
from storage.cutting import words_asked_for, words_of
from storage.errors import CodedError
from storage.library import View
from tests.engine.shared_studio import shared_studio

T = TypeVar("T")
WORDS = ("wolf", "moon", "白鶴", "小溪", "neon")
PROMPTS = ("a wolf under the moon", "美麗的白鶴站在小溪中", "neon moon", "wolf 白鶴")
TITLES = ("", "Wolf", "白鶴", "neon neon", "🐺")
FOLDERS = ("🎬 分鏡", "b", "c")
WHO = st.sampled_from(["ann", "bob"])


@dataclass
class Kept:
    """What the model knows of a clip on a member's shelf."""

    is_made: bool
    title: str = ""
    folder: str | None = None
    starred: bool = False
    in_trash: bool = False


@dataclass
class Model:
    prompts: dict[str, str] = field(default_factory=dict)
    makers: dict[str, str] = field(default_factory=dict)
    shared: set[str] = field(default_factory=set)
    hidden: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    shelves: dict[str, dict[str, Kept]] = field(default_factory=lambda: {"ann": {}, "bob": {}})
    folders: dict[str, set[str]] = field(default_factory=lambda: {"ann": set(), "bob": set()})

    def seen(self, who: str) -> dict[str, Kept]:
        shelf = self.shelves[who].items()
        return {clip: kept for clip, kept in shelf if clip not in self.gone and (kept.is_made or clip in self.shared)}


class LibraryMachine(RuleBasedStateMachine):
    all_clips = Bundle("all_clips")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.folder = tempfile.TemporaryDirectory()
        self.model = Model()

    def do(self, work: Awaitable[T]) -> T:
        async def wrapped() -> T:
            return await work

        return self.runner.run(wrapped())

    def tried(self, work: Awaitable[object]) -> bool:
        """Whether it was done; a refusal must have a code."""
        try:
            self.do(work)
        except CodedError:
            return False
        return True

    def who(self, name: str) -> Asker:
        found: Asker = getattr(self.studio, name)
        return found

    @initialize()
    def open(self) -> None:
        self.studio = self.do(self.stack.enter_async_context(shared_studio(Path(self.folder.name))))

    def teardown(self) -> None:
        self.do(self.stack.aclose())
        self.runner.close()
        self.folder.cleanup()

    # -- what may happen -------------------------------------------------------------------------------------------

    @rule(target=all_clips, who=WHO, prompt=st.sampled_from(PROMPTS))
    def make(self, who: str, prompt: str) -> str:
        clip = self.do(self.studio.clip(self.who(who), prompt, seed=len(self.model.prompts)))
        self.model.prompts[clip], self.model.makers[clip] = prompt, who
        self.model.shelves[who][clip] = Kept(is_made=True)
        return clip

    @rule(clip=all_clips, who=WHO, hides=st.booleans())
    def share(self, clip: str, who: str, hides: bool) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and kept.is_made and not kept.in_trash and clip not in self.model.gone
        assert self.tried(self.studio.explore.share(self.who(who), clip, hides_prompt=hides)) == may
        if may:
            self.model.shared.add(clip)
            (self.model.hidden.add if hides else self.model.hidden.discard)(clip)

    @rule(clip=all_clips, who=WHO)
    def unshare(self, clip: str, who: str) -> None:
        may = self.model.makers[clip] == who and clip in self.model.shared
        assert self.tried(self.studio.explore.unshare(self.who(who), clip)) == may
        if may:
            self.model.shared.discard(clip)

    @rule(clip=all_clips, who=WHO, on=st.booleans())
    def bookmark(self, clip: str, who: str, on: bool) -> None:
        shelf = self.model.shelves[who]
        may = self.model.makers[clip] != who and (not on or clip in self.model.shared)
        done = self.tried(self.studio.explore.bookmark(self.who(who), clip, on=on))
        if self.model.makers[clip] != who:
            assert done == may
        if done and on and (clip not in shelf or shelf[clip].in_trash):
            shelf[clip] = Kept(is_made=False)
        elif done and not on:
            shelf.pop(clip, None)

    @rule(clip=all_clips, who=WHO, title=st.sampled_from(TITLES))
    def rename(self, clip: str, who: str, title: str) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and not kept.in_trash and clip not in self.model.gone
        assert self.tried(self.studio.library.rename(self.who(who), clip, title)) == may
        if may and kept is not None:
            kept.title = title

    @rule(clip=all_clips, who=WHO, on=st.booleans())
    def star(self, clip: str, who: str, on: bool) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and not kept.in_trash and clip not in self.model.gone
        assert self.tried(self.studio.library.favourite(self.who(who), clip, on=on)) == may
        if may and kept is not None:
            kept.starred = on

    @rule(who=WHO, name=st.sampled_from(FOLDERS))
    def make_folder(self, who: str, name: str) -> None:
        may = name not in self.model.folders[who]
        assert self.tried(self.studio.library.make_folder(self.who(who), name)) == may
        self.model.folders[who].add(name)

    @rule(who=WHO, name=st.sampled_from(FOLDERS), new=st.sampled_from(FOLDERS))
    def rename_folder(self, who: str, name: str, new: str) -> None:
        mine = self.model.folders[who]
        may = name in mine and (new == name or new not in mine)
        assert self.tried(self.studio.library.rename_folder(self.who(who), name, new)) == may
        if may:
            mine.discard(name)
            mine.add(new)
            for kept in self.model.shelves[who].values():
                kept.folder = new if kept.folder == name else kept.folder

    @rule(who=WHO, name=st.sampled_from(FOLDERS))
    def remove_folder(self, who: str, name: str) -> None:
        may = name in self.model.folders[who]
        assert self.tried(self.studio.library.remove_folder(self.who(who), name)) == may
        self.model.folders[who].discard(name)
        for kept in self.model.shelves[who].values():
            kept.folder = None if kept.folder == name else kept.folder

    @rule(clip=all_clips, who=WHO, name=st.sampled_from((None, *FOLDERS)))
    def put(self, clip: str, who: str, name: str | None) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and not kept.in_trash and clip not in self.model.gone
        may = may and (name is None or name in self.model.folders[who])
        assert self.tried(self.studio.library.put(self.who(who), [clip], name)) == may
        if may and kept is not None:
            kept.folder = name

    @rule(clip=all_clips, who=WHO)
    def throw_away(self, clip: str, who: str) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and not kept.in_trash and clip not in self.model.gone
        assert self.tried(self.studio.library.throw_away(self.who(who), [clip])) == may
        if may and kept is not None:
            kept.in_trash = True
            if kept.is_made:
                self.model.shared.discard(clip)

    @rule(clip=all_clips, who=WHO)
    def take_back(self, clip: str, who: str) -> None:
        kept = self.model.shelves[who].get(clip)
        may = kept is not None and kept.in_trash and clip not in self.model.gone
        assert self.tried(self.studio.library.take_back(self.who(who), [clip])) == may
        if may and kept is not None:
            kept.in_trash = False

    @rule(who=WHO)
    def empty_trash(self, who: str) -> None:
        self.do(self.studio.library.empty_trash(self.who(who)))
        for clip, kept in list(self.model.shelves[who].items()):
            if kept.in_trash:
                del self.model.shelves[who][clip]
                if kept.is_made:
                    self._gone(clip)

    @rule(clip=consumes(all_clips))
    def take_down(self, clip: str) -> None:
        async def work() -> None:
            async with self.studio.database.writing() as tx:
                row = await clips.get(tx, clip)
                assert row is not None
                if row.withdrawn_at is None:
                    await releases.take_down(tx, row)

        self.do(work())
        self._gone(clip)

    def _gone(self, clip: str) -> None:
        self.model.gone.add(clip)
        self.model.shared.discard(clip)
        for shelf in self.model.shelves.values():
            if clip in shelf and not shelf[clip].is_made:
                del shelf[clip]

    # -- what is always so -----------------------------------------------------------------------------------------

    @invariant()
    def every_list_shows_what_the_model_has(self) -> None:
        for who in ("ann", "bob"):
            seen = self.model.seen(who)
            kept = {clip: one for clip, one in seen.items() if not one.in_trash}
            assert self.listed(who, View.MADE) == {clip for clip, one in kept.items() if one.is_made}
            assert self.listed(who, View.BOOKMARKS) == {clip for clip, one in kept.items() if not one.is_made}
            assert self.listed(who, View.FAVOURITES) == {clip for clip, one in kept.items() if one.starred}
            assert self.listed(who, View.TRASH) == {clip for clip, one in seen.items() if one.in_trash}
            folders = {folder.name: inside for folder, inside in self.do(self.studio.library.folders(self.who(who)))}
            assert folders == {
                name: sum(one.folder == name for one in kept.values()) for name in self.model.folders[who]
            }

    def listed(self, who: str, view: View) -> set[str]:
        """Read in pages of two: no clip is missed, none comes twice."""
        found: list[str] = []
        after = None
        while True:
            page = self.do(self.studio.library.page(self.who(who), view, after=after, limit=2))
            for item in page.items:
                assert (item.title or "") == self.model.shelves[who][item.clip_id].title
                assert item.folder == self.model.shelves[who][item.clip_id].folder
            found += [item.clip_id for item in page.items]
            if page.after is None:
                assert len(found) == len(set(found))
                return set(found)
            after = str(page.after)

    @invariant()
    def every_search_finds_what_has_the_words(self) -> None:
        for who in ("ann", "bob"):
            kept = {clip: one for clip, one in self.model.seen(who).items() if not one.in_trash}
            for word in WORDS:
                page = self.do(self.studio.library.search(self.who(who), word, limit=200))
                assert {item.clip_id for item in page.items} <= set(kept)
                sure = {clip for clip, one in kept.items() if self._says(clip, one.title, word, one.is_made)}
                assert {item.clip_id for item in page.items} >= {c for c in sure if kept[c].is_made}
                for item in page.items:
                    assert self._says(item.clip_id, kept[item.clip_id].title, word, True)

    @invariant()
    def explore_shows_what_is_shared_and_nothing_else(self) -> None:
        shown = {item.clip_id: item for item in self.do(self.studio.explore.page(self.studio.mod, limit=200)).items}
        assert set(shown) == self.model.shared
        for clip, item in shown.items():
            assert bool(item.brief["prompt"]) == (clip not in self.model.hidden)
            marks = [shelf.get(clip) for shelf in self.model.shelves.values()]
            assert item.bookmarks == sum(one is not None and not one.is_made and not one.in_trash for one in marks)
        for word in WORDS:
            found = {item.clip_id for item in self.do(self.studio.explore.search(self.studio.mod, word)).items}
            titles = {clip: self.model.shelves[self.model.makers[clip]][clip].title for clip in shown}
            assert found == {
                clip for clip in shown if self._says(clip, titles[clip], word, clip not in self.model.hidden)
            }

    def _says(self, clip: str, title: str, word: str, with_prompt: bool) -> bool:
        texts = (title, self.model.prompts[clip]) if with_prompt else (title,)
        return set(words_asked_for(word)) <= set(words_of(*texts))


def run_machine(examples: int, steps: int, *, always_the_same: bool) -> None:
    run_state_machine_as_test(
        LibraryMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=always_the_same,
            phases=tuple(set(Phase) - {Phase.explain}),
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_the_library_is_what_the_model_says_whatever_is_done() -> None:
    run_machine(examples=3, steps=25, always_the_same=True)


@pytest.mark.soak
def test_the_library_is_what_the_model_says_whatever_is_done_for_long() -> None:
    run_machine(examples=150, steps=60, always_the_same=False)
