"""Pages by key: a page begins where the one before it ended, however long the list and whatever was added meanwhile."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Generic, Self, TypeVar

from sqlalchemy import Column, ColumnElement, and_, or_

from storage.errors import StorageError

Item = TypeVar("Item", covariant=True)
_TYPED: Final = re.compile(r"(-?[0-9a-f]{1,15})\.([0-9a-z]{1,20})")


@dataclass(frozen=True)
class Place:
    """Where a page ended: what the list is ordered by, and the clip's id."""

    value: int
    clip_id: str

    def __str__(self) -> str:
        return f"{self.value:x}.{self.clip_id}"

    @classmethod
    def read(cls, typed: str | None) -> Self | None:
        if typed is None:
            return None
        found = _TYPED.fullmatch(typed.strip())
        if found is None:
            raise StorageError("page.malformed", typed=typed[:40])
        return cls(int(found[1], 16), found[2])


@dataclass(frozen=True)
class Page(Generic[Item]):
    items: Sequence[Item]
    after: Place | None  # where the next page begins; None: this is the last


def beyond(value: Column[int], clip_id: Column[str], after: Place | None) -> ColumnElement[bool] | None:
    """What comes after the place in a list that is ordered by both, the highest first."""
    if after is None:
        return None
    # The first term alone is what an index is entered by; the second sorts out those of the same value.
    return and_(value <= after.value, or_(value < after.value, clip_id < after.clip_id))
