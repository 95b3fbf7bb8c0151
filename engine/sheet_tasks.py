"""Sheets of frames: for a case at the desk, and of several clips side by side."""

from pathlib import Path

from engine.fleet.base import Bench, Task
from engine.reports import SheetReport
from engine.seal_tasks import POSTER_QUALITY


class DrawSheet(Task[SheetReport]):
    """A case sheet: nine frames of a take or a clip with their times; `hidden` makes it the blurred, grey Exhibit."""

    take_id: str
    destination: Path
    hidden: bool = True
    file: Path | None = None  # of a released clip; a take lies in quarantine

    def do(self, bench: Bench) -> SheetReport:
        from engine.filing import blobs_at, quarantine_at
        from engine.stills import contact_sheet, exhibit

        take = blobs_at(bench).bring(self.file) if self.file else quarantine_at(bench).here(self.take_id)
        sheet = exhibit(take) if self.hidden else contact_sheet(take)
        sheet.save(self.destination, format="PNG")
        return SheetReport(path=str(self.destination))


class DrawMontage(Task[SheetReport]):
    """One frame of each clip on one sheet."""

    files: tuple[Path, ...]
    share: float  # of each clip's length: when
    destination: Path

    def do(self, bench: Bench) -> SheetReport:
        from engine.stills import montage

        montage(self.files, self.share).save(self.destination, quality=POSTER_QUALITY)
        return SheetReport(path=str(self.destination))
