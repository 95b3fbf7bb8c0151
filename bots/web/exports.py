"""Everything that a member has, packed for taking along: asked for on one page, fetched from it when it is whole.

A library of many gigabytes takes a while, longer than a browser waits. The file lies in `scratch/` under a name of
ours, for an hour; a process that ends takes it along, and the member asks again.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bots.wording import say
from engine.errors import StudioError
from engine.exporting import ExportReport
from engine.members import Asker
from engine.studio import Studio
from storage.errors import CodedError

log = logging.getLogger(__name__)

KEPT_FOR: Final = 3_600.0
AT_ONCE: Final = 4  # being packed, of all members together


@dataclass
class Export:
    """One member's: being packed, ready, or come to nothing."""

    file: Path
    done: int = 0
    of: int | None = None
    report: ExportReport | None = None
    trouble: CodedError | None = None
    task: "asyncio.Task[None] | None" = None

    @property
    def is_under_way(self) -> bool:
        return self.report is None and self.trouble is None


class Exports:
    def __init__(self, studio: Studio, scratch: Path) -> None:
        self._studio = studio
        self._scratch = scratch
        self._by_member: dict[str, Export] = {}

    def of(self, asker: Asker) -> Export | None:
        return self._by_member.get(asker.member_id)

    async def start(self, asker: Asker) -> None:
        """Pack anew; what is being packed already goes on."""
        known = self.of(asker)
        if known is not None and known.is_under_way:
            return
        if sum(one.is_under_way for one in self._by_member.values()) >= AT_ONCE:
            raise StudioError("web.exports_busy")
        await self.forget(asker)
        export = Export((self._scratch / f"{secrets.token_hex(16)}.zip").absolute())
        self._by_member[asker.member_id] = export
        export.task = asyncio.create_task(self._pack(asker, export, say("privacy.readme")))

    async def _pack(self, asker: Asker, export: Export, readme: str) -> None:
        async def tell(progress: dict[str, Any]) -> None:
            export.done, export.of = progress.get("done", 0), progress.get("of")

        try:
            packed = await self._studio.belongings.export(asker, export.file, readme=readme, progress=tell)
        except CodedError as error:
            export.trouble = error
        except Exception as error:
            log.exception("an export failed")
            export.trouble = CodedError("web.failed", cause=type(error).__name__)
        else:
            export.report = packed
        asyncio.get_running_loop().call_later(KEPT_FOR, self._expire, asker.member_id, export)

    def _expire(self, member_id: str, export: Export) -> None:
        if self._by_member.get(member_id) is export:
            del self._by_member[member_id]
        export.file.unlink(missing_ok=True)

    async def forget(self, asker: Asker) -> None:
        """Nothing of it stays, whether it is whole or not."""
        export = self._by_member.pop(asker.member_id, None)
        if export is None:
            return
        if export.task is not None and not export.task.done():
            export.task.cancel()
            await asyncio.gather(export.task, return_exceptions=True)
        await asyncio.to_thread(export.file.unlink, missing_ok=True)
