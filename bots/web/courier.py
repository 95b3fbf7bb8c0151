"""Clips that were asked for on the pages need not be brought anywhere: the pages show what is there."""

from collections.abc import Mapping
from typing import Any, Final

from storage.outbox import Message

PLATFORM: Final = "web"


class WebCourier:
    platform = PLATFORM

    async def deliver(self, message: Message) -> Mapping[str, Any]:
        return {"clip": message.take_id} if message.take_id else {}
