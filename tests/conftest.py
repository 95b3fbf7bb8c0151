"""Which tests several workers keep together: those that share a running studio, which each worker would start anew."""

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadScopeScheduling
from xdist.scheduler.protocol import Scheduling

from tests import databases

if TYPE_CHECKING:
    from tests.worlds.s3 import S3World

BOTS = PurePosixPath("tests/bots")
SHARED_BY_A_FOLDER = (BOTS / "discord", BOTS / "telegram", BOTS / "web")
A_CLUSTER = PurePosixPath("tests/engine/fleet/test_cluster.py")  # takes seconds to start
LONG = PurePosixPath("tests/soak")  # what is many comes first, so that no long test is the last to begin


ON_S3 = {"test_store.py", "test_on_a_store.py", "test_moving.py"}  # they share a server that takes seconds to start


class Together(LoadScopeScheduling):
    def _split_scope(self, nodeid: str) -> str:
        """What stays with one worker: a folder, a file of the bots, or the one test."""
        file = PurePosixPath(nodeid.partition("::")[0])
        if file.parent in (*SHARED_BY_A_FOLDER, LONG):
            return str(file.parent)
        if file.name in ON_S3:
            return "S3"
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


@pytest.fixture(scope="session")
def s3() -> Iterator["S3World"]:
    """An S3-compatible store for all tests that want one."""
    from tests.worlds.s3 import s3_world

    with s3_world() as world:
        yield world


def pytest_report_header() -> str | None:
    return None if databases.can_serve() else f"!! {databases.MISSING}"
