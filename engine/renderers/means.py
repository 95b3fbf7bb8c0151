"""What the operator gave the renderers to work with: which models, and where; which server. Plain data, light."""

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DiffusionMeans(Section):
    """Trained models on this machine."""

    profiles: tuple[str, ...] = ()  # names or files, the preferred one first; none: there is no such renderer
    models: Path | None = None  # the folder in which they lie; None: models in the data folder


class RemoteMeans(Section):
    """A server that makes videos as OpenAI's does."""

    url: str | None = Field(
        default=None, pattern=r"^https?://[^\s]+$"
    )  # up to and with /v1; None: there is no such renderer
    model: str | None = None  # as the server names it; None: the one that it has
    key: SecretStr | None = None
    title: str = "Remote model"  # what the credentials of a clip say of it
    licence: str = "unknown"
    fields: Literal["openai", "open"] = "open"  # open: with seed, frames and rate, as the open servers take them
    wait_seconds: float = Field(default=1_800.0, ge=10.0)  # for one clip, its queue included


class Means(Section):
    usual: Literal["animatic", "diffusion", "remote"] = "animatic"  # for whoever does not choose
    diffusion: DiffusionMeans = DiffusionMeans()
    remote: RemoteMeans = RemoteMeans()

    def with_secrets(self) -> dict[str, Any]:
        """For a worker, over a pipe that nobody else reads."""
        plain = self.model_dump(mode="json")
        if self.remote.key is not None:
            plain["remote"]["key"] = self.remote.key.get_secret_value()
        if self.diffusion.models is not None:
            plain["diffusion"]["models"] = str(self.diffusion.models.resolve())
        plain["diffusion"]["profiles"] = [_found(name) for name in self.diffusion.profiles]
        return plain


def _found(name: str) -> str:
    """A worker stands elsewhere: a profile in a file is named in full."""
    return str(Path(name).resolve()) if name.endswith(".toml") else name
