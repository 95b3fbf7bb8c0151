"""Subjects while a sentence is still being read: who does what, who stands on whom, and what of it can be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.renderers.animatic.figures.beast import Beast
from engine.renderers.animatic.figures.catalogue import Kind, design_of, kind_of, seats_openly
from engine.renderers.animatic.graph import Subject

_ASTRIDE = ("bicycle", "motorcycle", "scooter")
_INTO_RIDING = ("ride", "drive", "sail", "run", "race", "walk", "chase", "hurry", "travel", "fly")


TOGETHER = ("fight", "box", "hug", "kiss", "talk", "dance", "race")  # what is done to somebody who does it, too


@dataclass
class Draft:
    kind: str
    said: str  # as the member wrote it, with its number
    count: int
    colour: str | None
    size: float
    side: str | None = None
    heading: str | None = None
    action: str | None = None
    later: str | None = None
    behind: bool = False
    carries: tuple[str, ...] = ()
    enters: float = 0.0
    parts: dict[str, str] = field(default_factory=dict)
    on: "Draft | None" = None
    told: dict[str, str] = field(default_factory=dict)  # the member's words for its actions

    @property
    def known(self) -> Kind:
        return kind_of(self.kind)

    def can(self, action: str) -> bool:
        return self.known.alive and bool(self.known.figure) and design_of(self.known.figure).does(action)


def idle(drafts: Sequence[Draft]) -> list[Draft]:
    """Those who may still be told what to do."""
    return [d for d in drafts if d.action in (None, "stand", "look") and d.known.figure and d.known.alive]


def relate(relation: str, those: Sequence[Draft], other: Draft) -> None:
    """How each of `those` stands to the other: on it, behind it, after it."""
    if not other.known.figure:
        return
    for draft in those:
        if draft is other or draft.on is not None or other.on is draft:
            continue
        match relation:
            case "on" | "ride":
                draft.on = other
            case "into":  # in a boat is on it; in a box is half behind it
                if other.known.vehicle or other.known.seats or other.kind == "bed":
                    draft.on = other
                elif not other.known.alive:
                    draft.behind = True
            case "behind" | "in":
                draft.behind = True
            case "front" | "under":
                other.behind = True
            case "left" | "right":
                draft.side, other.side = relation, "right" if relation == "left" else "left"
            case _ if relation in TOGETHER:
                if other.action is None and other.can(relation):
                    other.action = relation
            case "chase" if other.action is None and other.can("run"):
                other.action = "run"


# What must be there for it to be seen: the thing, and how they stand to it.
_IMPLIED = {"swing": ("swing", "on"), "play piano": ("piano", "on"), "play drums": ("drum", "behind")}


_AT_TABLE = ("cook", "eat", "drink")
_SEATS = 2  # there are on a log
_A_DISH = 0.2  # of a frame's height: what is no higher may stand on a table


def furnished(drafts: list[Draft], seat: str) -> None:
    """Adds the piano of who plays the piano, the horse of who rides, the table under what is cooked and eaten, a
    `seat` (a chair, a log, or nothing) under people who would else sit on air."""
    if any(draft.known.person and draft.action in _AT_TABLE for draft in drafts):
        dishes = [d for d in drafts if d.known.figure and not d.known.alive and d.known.height <= _A_DISH]
        if dishes and all(other.kind != "table" for other in drafts):
            drafts.append(Draft("table", "table", 1, None, 1.0))
            relate("on", dishes, drafts[-1])
    for draft in list(drafts):
        on_nothing = draft.known.person and draft.action == "ride" and draft.on is None
        if on_nothing and not any(_carries_riders(other) for other in drafts):
            drafts.append(Draft("horse", "horse", draft.count, None, 1.0))
            relate("on", [draft], drafts[-1])
    for draft in list(drafts):
        sits = draft.known.person and draft.action == "sit" and draft.later is None and draft.on is None
        if seat and sits and draft.count <= _SEATS:
            drafts.append(Draft(seat, seat, draft.count if seat == "chair" else 1, None, 1.0))
            relate("on", [draft], drafts[-1])
    for draft in list(drafts):
        kind, relation = _IMPLIED.get(draft.action or "", ("", ""))
        if kind and draft.known.person and draft.on is None and all(other.kind != kind for other in drafts):
            drafts.append(Draft(kind, kind, 1, None, 1.0))
            relate(relation, [draft], drafts[-1])


def _carries_riders(draft: Draft) -> bool:
    known = draft.known
    return (
        known.vehicle or draft.kind in _ASTRIDE or (bool(known.figure) and isinstance(design_of(known.figure), Beast))
    )


def seated(drafts: list[Draft]) -> list[str]:
    """Settles what riders and what they sit on do; answers whom nobody would see, because it is closed."""
    unseen = []
    for draft in list(drafts):
        seat = draft.on
        if seat is None:
            continue
        if seat not in drafts or not seats_openly(seat.known):
            draft.on = None
            if seat in drafts:
                unseen.append(draft.said)
                drafts.remove(draft)
                seat.side = seat.side or draft.side
                seat.heading = seat.heading or draft.heading
            continue
        mount = isinstance(design_of(seat.known.figure), Beast) or seat.kind in _ASTRIDE
        if draft.action in _INTO_RIDING and mount:
            pace = {"race": "run", "run": "run", "chase": "run", "hurry": "run", "fly": "fly"}.get(draft.action, "walk")
            if seat.action is None and isinstance(design_of(seat.known.figure), Beast) and seat.can(pace):
                seat.action = pace
        seat.heading = seat.heading or draft.heading
        seat.side = seat.side or draft.side
        if not draft.known.person:
            draft.action = draft.action if draft.action not in _INTO_RIDING else None
            if draft.action is None and draft.known.habitat == "air" and draft.can("sit"):
                draft.action = "sit"
        elif mount and draft.action in (None, "stand", "sit", *_INTO_RIDING):
            draft.action = "ride"
        elif (seat.known.action in ("drive", "sail") and draft.action in (None, "stand", *_INTO_RIDING)) or (
            draft.action is None and seat.known.seats
        ):
            draft.action = "sit"
        draft.later = None if draft.later in _INTO_RIDING else draft.later
    return unseen


def unable(draft: Draft) -> list[str]:
    """Takes back what it was told and cannot do; answers the member's words for it."""
    words = []
    for name in ("action", "later"):
        action = getattr(draft, name)
        if action and not draft.can(action):
            words.append(draft.told.get(action, action))
            setattr(draft, name, None)
    return words


def finished(drafts: Sequence[Draft]) -> tuple[Subject, ...]:
    return tuple(
        Subject(
            kind=draft.kind,
            count=draft.count,
            colour=draft.colour,
            parts=tuple(sorted(draft.parts.items())),
            size=draft.size,
            carries=draft.carries,
            action=draft.action,
            side=draft.side,
            heading=draft.heading,
            enters=draft.enters,
            later=draft.later,
            behind=draft.behind,
            on=next((i for i, other in enumerate(drafts) if other is draft.on), None),
        )
        for draft in drafts
    )
