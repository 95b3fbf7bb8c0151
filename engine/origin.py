"""Where a job was asked for, and so where its answer goes. The platform's own folder knows what the address means."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Origin(BaseModel):
    model_config = ConfigDict(frozen=True)

    platform: str
    address: dict[str, Any] = {}
