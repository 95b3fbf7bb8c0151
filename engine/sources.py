"""What a brief stands on: which clips and uploads, whether they may be used, and where they lie.

`standing` is the one place that says which sources a member may use. It is asked when the job is asked for, and again
before anything is drawn or signed from them: a source may have been withdrawn meanwhile.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from engine.brief import Brief, ClipSource, Operation, Source
from engine.errors import StudioError
from engine.jobs import Subject, brief_of
from engine.members import Asker, Role, check_unrestricted
from engine.remixing import check_right
from engine.reports import SourceReport, UploadSeen
from safety.desk.people import Action
from safety.submission import SubmittedText, TextRole
from safety.verdict import Decision, Verdict
from storage import cases, clips, gatherings, jobs, members, sources
from storage.clips import Parent
from storage.clock import now
from storage.database import Transaction
from storage.jobs import JobRow
from storage.sources import SourceRow

PARENT: Final = "parentOf"
COMPONENT: Final = "componentOf"
# One clip that is gone on with is the parent of the new one; what is put together are components.
_PARENTS: Final = frozenset({Operation.REMIX, Operation.RECUT, Operation.LOOP, Operation.VIEWS})
MP4: Final = "video/mp4"
DAY_MS: Final = 24 * 3_600_000
# What is read of a lineage: the nearest clips, and no more letters than the gate reads at once.
ANCESTORS_READ: Final = 24
ANCESTORS_WORDS: Final = 3_000
UPLOADS_A_DAY: Final = 100  # of one member: each may have 64 MB and is kept for a day, used or not


@dataclass(frozen=True)
class Standing:
    """A source that the member may use, and what is known of it."""

    source: Source
    sha256: str
    media_type: str
    width: int
    height: int
    seconds: float  # of a still: 0

    @property
    def clip_id(self) -> str | None:
        return self.source.clip_id if isinstance(self.source, ClipSource) else None


def relation_of(operation: Operation) -> str:
    return PARENT if operation in _PARENTS else COMPONENT


async def standing(
    tx: Transaction, made_from: Sequence[Source], asker: Asker, consented: Collection[str] = ()
) -> tuple[Standing, ...]:
    """The sources, in the order given; StudioError for the first that this member may not use.

    What is made from a clip has to be allowed by its maker (`remixing.may_remix`), or agreed on for this very job
    (`storage.gatherings.consented`). An upload has to be one's own.
    """
    return tuple([await _one(tx, source, asker, consented) for source in made_from])


async def check_may_bring(tx: Transaction, asker: Asker) -> None:
    """StudioError when the member may not ask here, or has brought so much that the rest has to wait."""
    await check_unrestricted(tx, asker.member_id, asker.community_id)
    if await sources.count_brought(tx, asker.member_id, now() - DAY_MS) >= UPLOADS_A_DAY:
        raise StudioError("upload.many", limit=UPLOADS_A_DAY)


async def may_use(tx: Transaction, clip_id: str, asker: Asker) -> bool:
    try:
        await check_right(tx, asker, clip_id)
    except StudioError:
        return False
    return True


async def _one(tx: Transaction, source: Source, asker: Asker, consented: Collection[str]) -> Standing:
    if isinstance(source, ClipSource):
        await check_right(tx, asker, source.clip_id, is_agreed=source.clip_id in consented)
        clip = await clips.get(tx, source.clip_id)
        assert clip is not None
        found = Standing(source, clip.sha256, MP4, clip.width, clip.height, clip.seconds)
    else:
        upload = await sources.brought(tx, asker.member_id, source.sha256)
        if upload is None:
            raise StudioError("upload.unknown")
        found = Standing(source, upload.sha256, upload.media_type, upload.width, upload.height, upload.seconds)
    if found.seconds and source.start >= found.seconds:
        raise StudioError("brief.window_beyond", start=f"{source.start:g}", seconds=f"{found.seconds:g}")
    return found


def rows_of(job_id: str, brief: Brief, found: Sequence[Standing]) -> list[SourceRow]:
    """What is written down with the job: each clip and upload once, however often the brief names it."""
    relation = relation_of(brief.operation)
    named = dict.fromkeys((one.clip_id, None if one.clip_id else one.sha256) for one in found)
    return [SourceRow(job_id, position, relation, clip_id, upload) for position, (clip_id, upload) in enumerate(named)]


async def parents_of(tx: Transaction, job_id: str) -> list[Parent]:
    """The lineage of a clip that the job makes."""
    rows = await sources.of_job(tx, job_id)
    return [Parent(row.relation, row.clip_id, row.upload_sha256) for row in rows]


async def for_drawing(tx: Transaction, job: JobRow) -> tuple[SourceReport, ...]:
    """The sources as a worker is told of them, if they may still be used."""
    asker = await asker_of(tx, job.member_id, job.community_id)
    try:
        return await reports_of(tx, brief_of(job), asker, await gatherings.consented(tx, job.id))
    except StudioError as gone:
        raise StudioError("source.gone") from gone


async def reports_of(
    tx: Transaction, brief: Brief, asker: Asker, consented: Collection[str] = ()
) -> tuple[SourceReport, ...]:
    """The sources of a brief as a worker is told of them; StudioError for the first that may not be used."""
    relation = relation_of(brief.operation)
    reports = []
    for one in await standing(tx, brief.made_from, asker, consented):
        film = await clips.film_of(tx, one.clip_id) if one.clip_id else None
        said = await words_of(tx, one.clip_id) if one.clip_id else ""
        upload = None if one.clip_id else await sources.brought(tx, asker.member_id, one.sha256)
        reports.append(
            SourceReport(
                clip_id=one.clip_id,
                sha256=one.sha256,
                media_type=one.media_type,
                seconds=one.seconds,
                relation=relation,
                film=film,
                said=said,
                credentials=upload.credentials_sha256 if upload else None,
            )
        )
    return tuple(reports)


async def words_behind(tx: Transaction, brief: Brief) -> tuple[SubmittedText, ...]:
    """The words of all the clips that the brief names, and of those they were made from, the oldest first.

    A chain of remixes says one thing a step: what it comes to is in all its steps. The nearest come first where there
    are more than the gate reads at once.
    """
    found: list[SubmittedText] = []
    told = {brief.prompt}
    seen: set[str] = set()
    ahead = [one.clip_id for one in brief.made_from if isinstance(one, ClipSource)]
    letters = 0
    while ahead and len(seen) < ANCESTORS_READ:
        clip_id = ahead.pop(0)
        if clip_id in seen:
            continue
        seen.add(clip_id)
        words = await words_of(tx, clip_id)
        letters += len(words)
        if letters > ANCESTORS_WORDS:
            break
        if words not in told | {""}:
            told.add(words)
            settled = await _let_pass_by_a_person(tx, clip_id)
            found.append(SubmittedText(text=words, role=TextRole.BEHIND, settled=settled))
        ahead += [one.parent_clip_id for one in await clips.parents_of(tx, clip_id) if one.parent_clip_id]
    return tuple(reversed(found))


async def _let_pass_by_a_person(tx: Transaction, clip_id: str) -> bool:
    take = await jobs.take(tx, clip_id)
    if take is None:
        return False
    about = ((Subject.BRIEF, take.job_id), (Subject.TAKE, take.id))
    found = [await cases.about(tx, subject, subject_id) for subject, subject_id in about]
    return any(case is not None and case.decision == Action.ALLOW for case in found)


async def words_of(tx: Transaction, clip_id: str) -> str:
    """What a clip was made from: all of it where its renderer kept that, else its own brief's words."""
    film = await clips.film_of(tx, clip_id)
    if film is not None and isinstance(film.get("said"), str):
        return str(film["said"])
    take = await jobs.take(tx, clip_id)
    job = await jobs.get(tx, take.job_id) if take is not None else None
    if job is None:
        return ""
    brief = brief_of(job)
    return ". ".join(text for text in (brief.prompt, *(card.text for card in brief.cards)) if text)


async def asker_of(tx: Transaction, member_id: str, community_id: str) -> Asker:
    """Who asked for something some time ago. Two members may have become one meanwhile."""
    member_id = await members.current_id(tx, member_id)
    role = await members.role(tx, community_id, member_id)
    member = await members.member(tx, member_id)
    assert member is not None
    return Asker(member_id, community_id, member.plan, role or Role.MEMBER)


async def verdicts_on(tx: Transaction, brief: Brief) -> tuple[Verdict, ...]:
    """What was decided about the clips that the brief names: what they raised stays with what is made from them.

    They were released, so a moderator who let them pass is not asked the same again.
    """
    found: list[Verdict] = []
    for clip_id in dict.fromkeys(one.clip_id for one in brief.made_from if isinstance(one, ClipSource)):
        take = await jobs.take(tx, clip_id)
        job = await jobs.get(tx, take.job_id) if take is not None else None
        stored = [one.verdict for one in (job, take) if one is not None and one.verdict is not None]
        verdicts = [Verdict.model_validate(one) for one in stored]
        found += [one.model_copy(update={"decision": Decision.ALLOW}) for one in verdicts if one.signals]
    return tuple(found)


async def credentials_brought(tx: Transaction, member_id: str, brief: Brief) -> list[str]:
    """Names of sentences: what became of the credentials that the uploads of the brief came with."""
    seen = await seen_in_uploads(tx, member_id, brief)
    left_out = [one.credentials.left_out for one in seen if one.credentials is not None]
    return list(dict.fromkeys("credentials_kept" if reason is None else f"credentials_{reason}" for reason in left_out))


async def seen_in_uploads(tx: Transaction, member_id: str, brief: Brief) -> list[UploadSeen]:
    """What was found in the uploads that the brief names, when they were taken in."""
    return list((await seen_by_hash(tx, member_id, brief)).values())


async def seen_by_hash(tx: Transaction, member_id: str, brief: Brief) -> dict[str, UploadSeen]:
    """The same by the hash of each upload; one of which nothing is known is left out."""
    found = {}
    member_id = await members.current_id(tx, member_id)
    for sha256 in dict.fromkeys(one.sha256 for one in brief.made_from if not isinstance(one, ClipSource)):
        upload = await sources.brought(tx, member_id, sha256)
        if upload is not None and upload.seen is not None:
            found[sha256] = UploadSeen.model_validate(upload.seen)
    return found


async def clips_with_uploads(tx: Transaction, brief: Brief) -> frozenset[str]:
    """Of the clips that the brief names, those that a person has to look at again, since they show what somebody
    brought and something new is said over it."""
    if not await shows_foreign_pixels(tx, brief):
        return frozenset()
    named = dict.fromkeys(one.clip_id for one in brief.made_from if isinstance(one, ClipSource))
    return frozenset([clip_id for clip_id in named if await clips.shows_uploads(tx, clip_id)])


async def judged_by_themselves(tx: Transaction, member_id: str, brief: Brief) -> tuple[UploadSeen, ...]:
    """What was found in each upload that the brief shows; none where of any of them nothing is known, or where an
    upload comes in by way of a clip."""
    uploads = {one.sha256 for one in brief.made_from if not isinstance(one, ClipSource)}
    seen = await seen_in_uploads(tx, member_id, brief)
    by_clip = [one.clip_id for one in brief.made_from if isinstance(one, ClipSource)]
    if len(seen) < len(uploads) or any([await clips.shows_uploads(tx, clip_id) for clip_id in by_clip]):
        return ()
    return tuple(seen)


async def shows_foreign_pixels(tx: Transaction, brief: Brief) -> bool:
    """Whether a person has to look at what is made: it shows an upload, or says something new over one's pixels.

    A released clip that shows an upload was looked at. With other words it may come to mean something else.
    """
    named = brief.made_from
    if any(not isinstance(one, ClipSource) for one in named):
        return True
    has_words = bool(brief.prompt) or any(card.text for card in brief.cards)
    several = len({one.clip_id for one in named if isinstance(one, ClipSource)}) > 1
    if not (has_words or several):
        return False
    return any([await clips.shows_uploads(tx, one.clip_id) for one in named if isinstance(one, ClipSource)])
