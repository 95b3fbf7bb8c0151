"""Who sits at the desk, and what goes over it: plain values and the errors that the desk answers with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from storage.errors import CodedError


class DeskError(CodedError):
    """Something that this moderator may not do with this case, or not any more."""


class Queue(StrEnum):
    GENERAL = "general"
    APPEALS = "appeals"
    CHILD_SAFETY = "child_safety"  # locked: for those named for it, and for nobody else


OPEN_QUEUES: Final = (Queue.GENERAL, Queue.APPEALS)


class Kind(StrEnum):
    """Why a case is at the desk."""

    HELD = "held"  # the classifiers could not decide
    REVIEW = "review"  # its member's requests all pass by the desk for a while
    REPORT = "report"
    FOUND = "found"  # a moderator came upon it
    HASH = "hash"  # it matched a bank
    DESCENDANT = "descendant"  # made from something that was taken down
    APPEAL = "appeal"


class Subject(StrEnum):
    """What a case is about."""

    BRIEF = "brief"
    TAKE = "take"
    CLIP = "clip"
    DECISION = "decision"  # an appeal against it


class Action(StrEnum):
    ALLOW = "allow"
    REFUSE = "refuse"
    TAKE_DOWN = "take_down"
    NOTHING = "nothing"


# What can be decided about what. An appeal is allowed or refused, whatever it is against.
FITTING: Final = {
    Subject.BRIEF: (Action.ALLOW, Action.REFUSE),
    Subject.TAKE: (Action.ALLOW, Action.REFUSE),
    Subject.CLIP: (Action.NOTHING, Action.TAKE_DOWN),
    Subject.DECISION: (Action.ALLOW, Action.REFUSE),
}
ADVERSE: Final = frozenset({Action.REFUSE, Action.TAKE_DOWN})
ROLES: Final = ("moderator", "lead", "operator")  # the least first


@dataclass(frozen=True)
class Moderator:
    """Somebody at the desk of one community."""

    member_id: str
    community_id: str
    role: str
    is_alone: bool = False  # the only member of the local community
    named_for: frozenset[str] = frozenset()  # closed queues

    def ranks(self, least: str) -> bool:
        return self.role in ROLES and ROLES.index(self.role) >= ROLES.index(least)

    @property
    def queues(self) -> tuple[Queue, ...]:
        """What this moderator may look into, the gravest first."""
        closed = (Queue.CHILD_SAFETY,) if Queue.CHILD_SAFETY in self.named_for else ()
        return (*closed, *OPEN_QUEUES)


@dataclass(frozen=True)
class Choice:
    """What a moderator wants to be done. Strike, bank and restriction come on top of a refusal or a takedown."""

    action: Action
    reason: str
    note: str = ""  # for the record
    word: str = ""  # to the member
    strike: bool = False
    bank: bool = False
    restricted_until: int | None = None

    @property
    def adds(self) -> bool:
        return self.strike or self.bank or self.restricted_until is not None
