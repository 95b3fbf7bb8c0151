from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.engine.gatherings.guests import Clock, movable_clock
from tests.engine.shared_studio import SharedStudio, shared_studio


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[SharedStudio]:
    async with shared_studio(tmp_path) as opened:
        yield opened


@pytest.fixture
def clock() -> Iterator[Clock]:
    with movable_clock() as moved:
        yield moved
