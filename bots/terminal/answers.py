"""The stable JSON of the terminal: docs/json.md describes it, tests hold it."""

from collections.abc import Mapping
from typing import Any

from bots import stories
from bots.terminal.screen import iso
from bots.wording import say_error
from engine.handed import Clip
from engine.jobs import JobState
from engine.reports import TraceReport
from engine.studio import JobView
from safety.verdict import Verdict
from storage.cases import CaseRow
from storage.credits import Balance, Entry
from storage.errors import CodedError
from storage.jobs import JobRow

Files = Mapping[str, str]  # where each clip was written, by its id


def of_clip(clip: Clip, files: Files) -> dict[str, Any]:
    return {
        "id": clip.id,
        "file": files.get(clip.id),
        "seconds": clip.seconds,
        "width": clip.width,
        "height": clip.height,
    }


def of_job(view: JobView, files: Files) -> dict[str, Any]:
    """What `create` answers, and `show` for a job."""
    answer: dict[str, Any] = {
        "job": view.id,
        "state": view.state.value,
        "clips": [of_clip(clip, files) for clip in view.clips],
        "not_drawn": list(view.not_drawn),
    }
    if view.notes:
        answer["notes"] = list(view.notes)
    if view.verdict is not None and view.state in (JobState.REFUSED, JobState.HELD):
        answer |= {"categories": view.verdict.categories, "reasons": stories.reasons(view.verdict)}
    if view.case_ids:
        answer["cases"] = list(view.case_ids)
    if view.state is JobState.FAILED:
        answer["failure"] = of_failure(view.job.failure)
    return answer


def of_failure(failure: Mapping[str, Any] | None) -> dict[str, str]:
    return {"code": str((failure or {}).get("code", "unknown")), "message": stories.tell_failure(failure)}


def of_job_row(row: JobRow) -> dict[str, Any]:
    return {
        "job": row.id,
        "state": row.state,
        "prompt": row.brief.get("prompt", ""),
        "variations": row.brief.get("variations", 1),
        "asked_at": iso(row.created_at),
        "ended_at": iso(row.ended_at) if row.ended_at is not None else None,
    }


def of_shown_clip(clip: Clip, file: str | None) -> dict[str, Any]:
    return {
        **of_clip(clip, {clip.id: file} if file else {}),
        "job": clip.job_id,
        "draft": clip.is_draft,
        "not_drawn": list(clip.not_drawn),
        "lineage": list(clip.lineage),
        "sha256": clip.sha256,
        "released_at": iso(clip.released_at),
    }


def of_check(text: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "text": text,
        "verdict": verdict.decision.word,
        "categories": verdict.categories,
        "reasons": stories.reasons(verdict),
    }


def of_trace(report: TraceReport) -> dict[str, Any]:
    return report.model_dump(mode="json", include={"made_here", "layer", "tampered", "clip", "lineage"})


def of_case(case: CaseRow, prompt: str) -> dict[str, Any]:
    verdict = Verdict.model_validate(case.verdict)
    return {
        "case": case.id,
        "subject": case.subject,
        "job": case.job_id,
        "prompt": prompt,
        "categories": verdict.categories,
        "reasons": stories.reasons(verdict),
        "opened_at": iso(case.opened_at),
        "decision": case.decision,
    }


def of_credits(plan: str, balance: Balance, entries: list[Entry]) -> dict[str, Any]:
    return {
        "plan": plan,
        "available": balance.available,
        "reserved": balance.reserved,
        "entries": [
            {
                "kind": entry.kind,
                "available": entry.available,
                "reserved": entry.reserved,
                "job": entry.job_id,
                "take": entry.take_id,
            }
            for entry in entries
        ],
    }


def of_error(error: CodedError) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": say_error(error.code, error.params)}}
