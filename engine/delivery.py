"""Bringing clips and notices home: messages go from the outbox to the platforms' couriers, and back comes a receipt."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from engine import jobs
from engine.errors import StudioError
from storage import events, outbox
from storage.clock import now
from storage.database import Database
from storage.errors import CodedError, StorageError
from storage.outbox import Message
from storage.store import AWAY

log = logging.getLogger(__name__)

LEASE_MS: Final = 60_000
ATTEMPTS: Final = 5
FIRST_PAUSE_MS: Final = 1_000  # doubled with every attempt
LONGEST_PAUSE_MS: Final = 60_000


class PlatformAway(Exception):
    """The platform cannot be reached just now: the message waits for it, however long that takes."""


class PlaceClosed(StudioError):
    """Whoever the message is for has shut us out: a moment later they still have, and their next clip waits meanwhile.
    What was made stays in the library."""


class Courier(Protocol):
    """Speaks one platform. Delivering the same message twice must leave one message there."""

    @property
    def platform(self) -> str: ...

    async def deliver(self, message: Message) -> Mapping[str, Any]:
        """Deliver, and answer with what identifies the message on the platform."""


@dataclass(frozen=True)
class Delivery:
    database: Database
    couriers: Mapping[str, Courier]
    holder: str

    async def deliver_next(self, *, job_id: str | None = None) -> bool:
        """Deliver the oldest message that is due; False when there is none."""
        if not self.couriers:
            return False
        async with self.database.reading() as tx:
            if not await outbox.is_due(tx, list(self.couriers), job_id=job_id):
                return False
        async with self.database.writing() as tx:
            message = await outbox.claim_next(tx, list(self.couriers), self.holder, LEASE_MS, job_id=job_id)
        if message is None:
            return False
        try:
            receipt = await self.couriers[message.platform].deliver(message)
        except PlatformAway as away:
            await self._wait_for_platform(message, away)
        except StorageError as trouble:
            if trouble.code in AWAY:  # the clip's file is in a store that cannot be reached just now
                await self._wait_for_platform(message, trouble)
            else:
                await self._failed(message, trouble)
        except Exception as error:
            await self._failed(message, error)
        else:
            await self._delivered(message, receipt)
        return True

    async def _delivered(self, message: Message, receipt: Mapping[str, Any]) -> None:
        async with self.database.writing() as tx:
            if await outbox.settle(tx, message, "sent", receipt=receipt) and message.take_id:
                await jobs.delivered(tx, message.job_id, message.take_id)

    async def _wait_for_platform(self, message: Message, away: PlatformAway | StorageError) -> None:
        log.warning("message %s waits for %s: %s", message.key, message.platform, away, extra={"job": message.job_id})
        waits = _waits(message) + 1
        pause = min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** min(waits - 1, 10))
        async with self.database.writing() as tx:
            await outbox.settle(tx, message, "waiting", receipt={"waits": waits}, not_before=now() + pause)

    async def _failed(self, message: Message, error: Exception) -> None:
        known = isinstance(error, CodedError)
        log.warning(
            "message %s could not be delivered (attempt %s): %s",
            message.key,
            message.attempts,
            error,
            exc_info=not known,
            extra={"job": message.job_id},
        )
        failure = jobs.failure_of(error) if isinstance(error, CodedError) else _unknown(error)
        failures = message.attempts - _waits(message)  # how often it waited for the platform is nobody's fault
        async with self.database.writing() as tx:
            if failures < ATTEMPTS and not isinstance(error, PlaceClosed):
                pause = FIRST_PAUSE_MS * 2 ** (failures - 1)
                receipt = {**failure, "waits": _waits(message)}
                await outbox.settle(tx, message, "waiting", receipt=receipt, not_before=now() + pause)
            elif await outbox.settle(tx, message, "failed", receipt=failure):
                await events.add(tx, message.job_id, "undelivered", take_id=message.take_id, **failure)
                if message.take_id:
                    await jobs.undeliverable(tx, message.job_id, message.take_id, failure)


def _waits(message: Message) -> int:
    """How many of its attempts met a platform that could not be reached."""
    return int((message.receipt or {}).get("waits", 0))


def _unknown(error: Exception) -> dict[str, Any]:
    return {"code": "delivery.failed", "params": {"cause": f"{type(error).__name__}: {error}"}}
