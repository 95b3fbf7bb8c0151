"""What members live through, told once for every platform: a stage knows how they type, press and see there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol


@dataclass(frozen=True)
class Seen:
    """A message as a member sees it, with what the stage needs to press something under it."""

    text: str
    handle: Any


class Stage(Protocol):
    async def makes(self, words: str, *, language: str = "en") -> Seen:
        """Ask for a small clip, and wait until the clip is there."""

    async def asks(self, words: str, *, until: str) -> Seen:
        """Ask for a small clip, and wait until its message says something."""

    async def types(self, command: str, *, until: str) -> Seen:
        """A command of one's own, in a place where its answer may stand."""

    async def presses(self, seen: Seen, label: str, *, until: str = "") -> Seen:
        """The button with this word, and what it leads to: for whoever pressed, wherever that is shown."""

    async def vouches(self, name: str, *, until: str) -> Seen:
        """A moderator says that whoever asked last is who bears this name."""

    async def takes_back(self, name: str, *, until: str) -> Seen:
        """Whoever asks says that they do not want to be known by this name any more."""

    def stands_publicly(self, words: str) -> bool:
        """Whether these words stand in any message that the bot has written for everybody."""


Story = Callable[[Stage], Awaitable[None]]


async def a_clip_is_made_kept_and_found_again(stage: Stage) -> None:
    clip = await stage.makes("a wolf howls at the moon")
    assert "a wolf howls at the moon" in clip.text and "Made with Kinora: a drawn draft" in clip.text
    await stage.presses(clip, "Favourite", until="With a star")
    listed = await stage.types("library", until="Your clips")
    assert "a wolf howls at the moon" in listed.text
    again = await stage.presses(clip, "Again", until="Made with Kinora")
    assert "a wolf howls at the moon" in again.text


async def what_is_refused_is_repeated_to_nobody_else(stage: Stage) -> None:
    refused = await stage.asks("a naked woman on a beach", until="This one is not made")
    assert "naked" not in refused.text and not stage.stands_publicly("naked")
    why = await stage.presses(refused, "Why?", until="naked")
    assert "nudity" in why.text or "sexual" in why.text
    await stage.presses(why, "This was wrong", until="Moderators see what members call wrong")


async def a_clip_is_shared_and_taken_back(stage: Stage) -> None:
    clip = await stage.makes("a lighthouse in the rain")
    await stage.presses(clip, "Share", until="is in Explore")
    await stage.types("explore", until="a lighthouse in the rain")


async def nonsense_is_answered_kindly(stage: Stage) -> None:
    await stage.asks("…", until="The prompt needs some words")


async def chinese_is_spoken_with_chinese_members(stage: Stage) -> None:
    clip = await stage.makes("美麗的白鶴站在小溪中", language="zh-Hant")
    assert "由 Kinora 製作" in clip.text and "白鶴" in clip.text


async def one_has_credits_and_a_queue(stage: Stage) -> None:
    await stage.types("credits", until="credits")
    await stage.types("queue", until="Nothing waits")
    await stage.types("help", until="/create")
    await stage.types("privacy", until="Not stored")


async def who_is_vouched_for_may_be_shown(stage: Stage) -> None:
    words = "Taylor Swift sings on a rooftop in the rain"
    await stage.asks(words, until="This one is not made")
    await stage.vouches("Taylor Swift", until="may ask for clips of themselves here, as “Taylor Swift”")
    await stage.asks(words, until="Made with Kinora")
    await stage.takes_back("Taylor Swift", until="may not ask for clips of “Taylor Swift” any more")
    await stage.asks(words, until="This one is not made")


STORIES: Final[Mapping[str, Story]] = {
    story.__name__: story
    for story in (
        a_clip_is_made_kept_and_found_again,
        what_is_refused_is_repeated_to_nobody_else,
        a_clip_is_shared_and_taken_back,
        nonsense_is_answered_kindly,
        chinese_is_spoken_with_chinese_members,
        one_has_credits_and_a_queue,
        who_is_vouched_for_may_be_shown,
    )
}
