"""A studio that kills itself with SIGKILL at a chosen point, or sees its one job through: the program of test_crash.

    python -m tests.engine.crash_studio FOLDER PROMPT [LABEL before|after]

Every writing transaction has labels: the kinds of the events it adds and the names of the ledger's functions it calls.
"before" dies with the transaction still open, "after" right behind its commit.

Two prompts end otherwise: UNSEALABLE meets a certificate that is none, CALLED_OFF is cancelled as soon as it is drawn.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bots.terminal.courier import TerminalCourier
from engine import settings
from engine.brief import Aspect, Brief, Look
from engine.jobs import JobState
from engine.members import Asker
from engine.origin import Origin
from engine.studio import Studio
from safety.verdict import Decision
from storage import events, jobs, leases, outbox, policies
from storage.database import Database, Transaction

GRANTED = 1_000
VARIATIONS = 2
UNSEALABLE = "a lighthouse in the rain"
CALLED_OFF = "three sailboats on a calm sea"

_labels: set[str] = set()


def _labelled(module: Any, name: str, label: Callable[..., str]) -> None:
    original: Callable[..., Awaitable[Any]] = getattr(module, name)

    async def replacement(*args: Any, **kwargs: Any) -> Any:
        _labels.add(label(*args, **kwargs))
        return await original(*args, **kwargs)

    setattr(module, name, replacement)


def _event_label(tx: Transaction, job_id: str, kind: str, **data: Any) -> str:
    return f"take-{data['state']}" if kind == "take" else kind


def die_at(label: str, when: str) -> None:
    _labelled(events, "add", _event_label)
    for module, name in (
        (jobs, "claim"),
        (jobs, "let_go"),
        (leases, "put"),
        (outbox, "claim_next"),
        (outbox, "settle"),
        (policies, "remember"),
    ):
        _labelled(module, name, lambda *_, name=name, **__: name)
    original = Database.writing

    @asynccontextmanager
    async def writing(self: Database) -> AsyncIterator[Transaction]:
        async with original(self) as tx:
            _labels.clear()  # there is one writer at a time, so the labels are this transaction's
            yield tx
            met = label in _labels
            if met and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if met and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    Database.writing = writing  # type: ignore[method-assign]


def _broken_certificate(folder: Path) -> dict[str, Path]:
    names = ("chain", "private_key")
    for name in names:
        (folder / name).write_text("no certificate")
        (folder / name).chmod(0o600)
    return {name: folder / name for name in names}


async def _call_off(studio: Studio, job_id: str, me: Asker) -> None:
    """Cancel once a take is in the making; a job that has ended meanwhile stays as it is."""
    while (view := await studio.job(job_id)).state in (JobState.ASKED, JobState.QUEUED):
        await asyncio.sleep(0.02)
    if not view.rests:
        await studio.cancel(job_id, me)


async def main(folder: Path, prompt: str) -> None:
    given = settings.load(
        data=folder / "data",
        credits={"local": GRANTED},
        certificate=_broken_certificate(folder) if prompt == UNSEALABLE else {},
    )
    async with Studio.open(given) as studio:
        me = await studio.at_home()
        known = await studio.latest_jobs(me)
        if known:
            job_id = known[0].id
        else:
            brief = Brief(prompt=prompt, look=Look(aspect=Aspect.SQUARE, seconds=1.0), variations=VARIATIONS, seed=7)
            address = {"file": None, "folder": str(folder / "out"), "of": VARIATIONS, "overwrite": True}
            job_id = await studio.ask(brief, me, Origin(platform="terminal", address=address))
        calling_off = asyncio.create_task(_call_off(studio, job_id, me)) if prompt == CALLED_OFF else None
        await studio.finish(job_id, [TerminalCourier(studio)])
        if calling_off is not None:
            await calling_off
        for case in await studio.open_cases(me):
            await studio.decide(case.id, Decision.ALLOW, me)
            await studio.finish(job_id, [TerminalCourier(studio)])
        view = await studio.job(job_id)
        entries = await studio.ledger_entries(me)
        balance = await studio.balance(me)
        print(
            json.dumps(
                {
                    "jobs": len(await studio.latest_jobs(me)),
                    "state": view.state,
                    "takes": {take.id: take.state for take in view.takes},
                    "price": view.job.price,
                    "clips": {clip.id: clip.file.name for clip in view.clips},
                    "kinds": [entry.kind for entry in entries],
                    "available": balance.available,
                    "reserved": balance.reserved,
                }
            )
        )


if __name__ == "__main__":
    if len(sys.argv) > 3:
        die_at(sys.argv[3], sys.argv[4])
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
