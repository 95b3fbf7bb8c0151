"""Which tests several workers keep together: those that share a running studio, which each worker would start anew."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

from tests import databases

BOTS = PurePosixPath("tests/bots")
SHARED_BY_A_FOLDER = (BOTS / "discord", BOTS / "telegram", BOTS / "web")
A_CLUSTER = PurePosixPath("tests/engine/fleet/test_cluster.py")  # takes seconds to start
LONG = PurePosixPath("tests/soak")  # what is many comes first, so that no long test is the last to begin


class Together(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        """What stays with one worker: a folder, a file of the bots, or the one test."""
        file = PurePosixPath(nodeid.partition("::")[0])
        if file.parent in (*SHARED_BY_A_FOLDER, LONG):
            return str(file.parent)
        return str(file) if file.is_relative_to(BOTS) or file == A_CLUSTER else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Scheduling:
    return Together(config, log)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def database_kind(request: pytest.FixtureRequest) -> Iterator[str]:
    """On which kind of database this test's studio stands: see tests/databases.py."""
    kind = getattr(request, "param", databases.USUAL)
    with databases.of_kind(kind):
        yield kind


def pytest_report_header() -> str | None:
    return None if databases.can_serve() else f"!! {databases.MISSING}"
