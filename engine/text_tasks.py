"""What is asked of the gate in a worker: about words, before anything is drawn."""

from pathlib import Path
from typing import ClassVar

from engine.bank_tasks import AskedBanks
from engine.brief import Brief
from engine.fleet.base import Bench, Lane, Task, TaskCancelled
from engine.models import model_room
from engine.reports import (
    Judged,
    Reading,
    Ready,
    UploadSeen,
)
from engine.uploads import judged_uploads
from safety.evaluation import Evaluation
from safety.policy import Overlay, Policy
from safety.submission import Submission, SubmittedText, TextRole
from safety.verdict import Decision, Surface, Verdict


def submission_of(
    brief: Brief,
    lineage: tuple[Verdict, ...] = (),
    read: tuple[str, ...] = (),
    behind: tuple[SubmittedText, ...] = (),
) -> Submission:
    """Every word of a brief that the gate has to see, what can be read in its uploads, and what was decided about
    the clips it names. `behind`: the words of those clips and of those that they were made from."""
    prompt = [SubmittedText(text=brief.prompt)] if brief.prompt else []
    cards = [SubmittedText(text=card.text, role=TextRole.CARD) for card in brief.cards if card.text]
    style = [SubmittedText(text=brief.look.style, role=TextRole.NAME)] if brief.look.style else []
    told = [SubmittedText(text=text, role=TextRole.NAME) for text in read]
    return Submission(texts=(*prompt, *cards, *style, *told, *behind), lineage=lineage)


class CheckText(Task[Judged]):
    """Ask the text gate."""

    patience: ClassVar[float | None] = 20.0

    submission: Submission
    overlay: Overlay = Overlay()  # the community's
    looks: tuple[tuple[float, str], ...] = ()  # of the uploads that it names
    banks: AskedBanks | None = None
    uploads: tuple[UploadSeen, ...] = ()

    def do(self, bench: Bench) -> Judged:
        from safety.gate import check_text

        policy = Policy.load(bench.policy).tightened(self.overlay)
        verdict = check_text(self.submission, policy, models=model_room(bench))
        if self.banks is not None and self.looks:
            from safety.banks import with_banks

            verdict = with_banks(verdict, self.banks.matches(self.looks), Surface.UPLOAD)
        # What is to be held is held with its take; what is refused need not be made first.
        refused = [one for one in judged_uploads(self.uploads, policy) if one.decision is Decision.REFUSE]
        verdict = verdict.joined(refused) if refused else verdict
        return Judged(verdict=verdict, policy=policy.model_dump(mode="json"))


class AskGuard(Task[Judged]):
    """Ask the guard models about the words, while the clip is made."""

    lane: ClassVar[Lane] = Lane.GUARD

    submission: Submission
    overlay: Overlay = Overlay()

    def time_limit(self) -> float:
        """To load a model of 8 GB from a slow disk, and to think."""
        return 900.0

    def do(self, bench: Bench) -> Judged:
        from safety.gate import guard_text

        policy = Policy.load(bench.policy).tightened(self.overlay)
        verdict = guard_text(self.submission, policy, model_room(bench))
        return Judged(verdict=verdict, policy=policy.model_dump(mode="json"))


class ReadText(Task[Reading]):
    """How the gate reads a text: its view in plain letters, and each view in which it saw something."""

    text: str
    views: tuple[str, ...]

    def do(self, bench: Bench) -> Reading:
        from safety.text.views import views

        found: dict[str, str] = {}
        for view in views(self.text):
            if view.name == "raw" or view.name in self.views:
                found.setdefault(view.name, view.text)
        if found.get("raw") == self.text.lower():
            del found["raw"]
        return Reading(views=found)


class EvaluateText(Task[Evaluation]):
    """How the gate does on a labelled file. Ordinary patience: it says after every row that it is alive."""

    file: Path

    def do(self, bench: Bench) -> Evaluation:
        from safety.evaluation import evaluate
        from safety.gate import check_text
        from safety.policy import Policy

        policy, room = Policy.load(bench.policy), model_room(bench)

        def judge(text: str) -> Verdict:
            if bench.cancelled():
                raise TaskCancelled
            return check_text(Submission(texts=(SubmittedText(text=text),)), policy, models=room)

        return evaluate(self.file, judge, lambda done: bench.report(done=done))


class GetReadyToCheck(Task[Ready]):
    """Load what checking needs, so that the first member does not wait for it."""

    def do(self, bench: Bench) -> Ready:
        CheckText(submission=Submission(texts=(SubmittedText(text="ready 好了"),))).do(bench)
        return Ready()
