"""Where the answer to somebody on Telegram goes: kept with their job, so that any process can bring it."""

from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict

from engine.origin import Origin

PLATFORM: Final = "telegram"


@dataclass(frozen=True)
class Where:
    """A chat, or a topic of it."""

    chat: int
    thread: int | None = None

    @property
    def is_private(self) -> bool:
        return self.chat > 0

    @classmethod
    def read(cls, written: str) -> "Where":
        chat, _, thread = written.partition(":")
        return cls(int(chat), int(thread) if thread else None)

    def __str__(self) -> str:
        return f"{self.chat}:{self.thread}" if self.thread is not None else str(self.chat)


class Address(BaseModel):
    model_config = ConfigDict(frozen=True)

    chat: int
    thread: int | None
    user: int
    answers: int | None  # the message that was asked with
    language: str
    reel_of: str | None = None  # what it closes: a chain or a party, for which nobody asked just now

    @property
    def where(self) -> Where:
        return Where(self.chat, self.thread)

    def as_origin(self) -> Origin:
        return Origin(platform=PLATFORM, address=self.model_dump())
