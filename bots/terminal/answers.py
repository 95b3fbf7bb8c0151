"""The stable JSON of the terminal: docs/json.md describes it, tests hold it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bots import stories
from bots.terminal.screen import iso
from bots.wording import say_error
from engine.credits import AccountView
from engine.handed import Clip, Preview
from engine.jobs import JobState
from engine.membership import MemberView
from engine.pots import Pot
from engine.reports import TraceReport
from engine.viewing import JobView
from safety.verdict import Verdict
from storage.cases import CaseRow
from storage.clock import now
from storage.errors import CodedError
from storage.jobs import JobRow
from storage.paging import Place
from storage.purchases import PurchaseRow

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
    return report.model_dump(mode="json")


def of_preview(preview: Preview, file: Path) -> dict[str, Any]:
    return {
        "preview": preview.clip_id,
        "file": str(file),
        "covered": list(preview.covered),
        "not_drawn": list(preview.not_drawn),
    }


def of_case(case: CaseRow, prompt: str) -> dict[str, Any]:
    verdict = Verdict.model_validate(case.verdict)
    return {
        "case": case.id,
        "subject": case.subject,
        "job": case.job_id,
        "prompt": prompt,
        "categories": verdict.categories,
        "reasons": stories.reasons(verdict),
        "kind": case.kind,
        "queue": case.queue,
        "severity": case.severity,
        "due_at": iso(case.due_at),
        "claimed": case.is_claimed(now()),
        "opened_at": iso(case.opened_at),
        "decision": case.decision,
    }


def of_account(account: AccountView) -> dict[str, Any]:
    return {
        "plan": account.plan.name,
        "available": account.balance.available,
        "reserved": account.balance.reserved,
        "next_grant": iso(account.next_grant) if account.next_grant is not None else None,
        "lots": [
            {"available": lot.available, "expires_at": iso(lot.expires_at) if lot.expires_at is not None else None}
            for lot in account.lots
        ],
        "entries": [
            {
                "kind": entry.kind,
                "available": entry.available,
                "reserved": entry.reserved,
                "job": entry.job_id,
                "take": entry.take_id,
                "reason": entry.reason,
                "at": iso(entry.created_at),
            }
            for entry in account.entries
        ],
    }


def of_purchase(row: PurchaseRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "credits": row.credits,
        "price": row.price,
        "currency": row.currency,
        "platform": row.platform,
        "state": row.state,
        "reason": row.reason,
        "bought_at": iso(row.bought_at),
        "refunded_at": iso(row.refunded_at) if row.refunded_at is not None else None,
    }


def of_turn(view: JobView) -> dict[str, Any]:
    """Where a job stands in the queue, and in how many seconds it will be done, where something was measured."""
    estimate = view.estimate
    return {
        "place": view.place,
        "done_in": {"soonest": round(estimate.soonest, 1), "latest": round(estimate.latest, 1)} if estimate else None,
    }


def of_member(view: MemberView) -> dict[str, Any]:
    return {
        "member": view.id,
        "role": view.role,
        "plan": view.plan.name,
        "available": view.balance.available,
        "reserved": view.balance.reserved,
        "known_as": [{"platform": one.platform, "name": one.external_id} for one in view.identities],
        "restrictions": [
            {
                "reason": one.reason,
                "everywhere": one.community_id is None,
                "until": iso(one.until) if one.until is not None else None,
                "lifted": one.lifted_at is not None,
            }
            for one in view.restrictions
        ],
    }


def of_pot(pot: Pot) -> dict[str, Any]:
    return {
        "pot": pot.row.id,
        "name": pot.row.name,
        "available": pot.balance.available,
        "reserved": pot.balance.reserved,
        "most_each": pot.row.most_each,
    }


def of_place(after: Place | None) -> str | None:
    """Where the next page of a list begins."""
    return None if after is None else str(after)


def of_error(error: CodedError) -> dict[str, Any]:
    return {"error": {"code": error.code, "message": say_error(error.code, error.params)}}
