"""Where things lie in the data folder."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Places:
    root: Path

    @property
    def database(self) -> Path:
        return self.root / "kinora.db"

    @property
    def files(self) -> Path:
        """Released clips and uploads, by their hash."""
        return self.root / "files"

    @property
    def cache(self) -> Path:
        """Where the files are in a store: those of them that this machine needed lately."""
        return self.root / "cache"

    @property
    def quarantine(self) -> Path:
        """Takes that nobody may see yet."""
        return self.root / "quarantine"

    @property
    def copies(self) -> Path:
        """Smaller copies of released clips for places that take no larger ones; each can be made again."""
        return self.root / "copies"

    def copy(self, clip_id: str, limit: int) -> Path:
        return self.copies / f"{clip_id}.{limit}.mp4"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def cluster_token(self) -> Path:
        """The password of the cluster that draws for this studio."""
        return self.root / "cluster" / "token"

    @property
    def folder_name(self) -> Path:
        """By what is in it a machine of the cluster sees whether it has the studio's own data folder before it."""
        return self.root / "cluster" / "folder"

    @property
    def models(self) -> Path:
        """Model files, each model in a folder of its own."""
        return self.root / "models"

    @property
    def index(self) -> Path:
        """What is only there for speed: it can be made from the database again."""
        return self.root / "index"

    def take(self, take_id: str) -> Path:
        return self.quarantine / f"{take_id}.mp4"

    def report(self, take_id: str) -> Path:
        """Written after the take it describes: where it lies, the take is whole."""
        return self.quarantine / f"{take_id}.json"
