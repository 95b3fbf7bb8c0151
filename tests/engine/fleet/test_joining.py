"""What a machine needs before it may join a cluster: the extra, a token that is nobody else's, something to offer."""

from importlib.metadata import version
from pathlib import Path

import pytest

from engine.cluster_doctor import check_machine, check_seats
from engine.doctor import Condition
from engine.errors import StudioError
from engine.fleet import cluster
from engine.fleet.joining_token import check_token, ensure_token
from engine.fleet.site import Site

MACHINE = {
    "address": "10.0.0.7",
    "host": "sparrow",
    "kinora": version("kinora"),
    "python": "3.11.7",
    "ray": "2.60.0",
    "data": "/mnt/kinora",
    "sees_the_folder": True,
    "draining": False,
    "round_trip": 0.004,
    "skew": 0.01,
    "resources": {"kinora_draw": 4.0},
}


def test_a_token_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    file = ensure_token(tmp_path / "cluster" / "token")
    first = file.read_text()
    assert len(first) == 64
    assert file.stat().st_mode & 0o777 == 0o600
    assert ensure_token(file).read_text() == first
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (None, 0o600, "cluster.no_token"),
        (b"", 0o600, "cluster.token_unusable"),
        ("密碼".encode(), 0o600, "cluster.token_unusable"),
        (b"abc", 0o640, "cluster.token_open"),
        (b"abc", 0o604, "cluster.token_open"),
    ],
)
def test_a_token_that_is_none_is_refused(tmp_path: Path, content: bytes | None, mode: int, code: str) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    with pytest.raises(StudioError) as refused:
        check_token(file)
    assert refused.value.code == code


def test_without_the_extra_the_studio_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda name: None)
    with pytest.raises(StudioError, match=r"cluster\.not_installed"):
        cluster.check_installed()


def test_only_tasks_of_the_living_keep_a_machine_that_leaves(tmp_path: Path) -> None:
    site = Site(tmp_path)
    site.describe(Path("/mnt/kinora"))
    (tmp_path / "at-work" / str(2**22 + 1)).touch()  # no process has such a number
    with site.at_work():
        assert site.tasks_under_way() == 1
    assert site.tasks_under_way() == 0
    assert site.data == Path("/mnt/kinora")


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({}, ["cluster.machine"]),
        ({"kinora": "0.0.1"}, ["cluster.other_version"]),
        ({"sees_the_folder": False}, ["cluster.other_folder"]),
        ({"draining": True}, ["cluster.leaving"]),
        ({"skew": -1.5}, ["cluster.machine", "cluster.skew"]),
        ({"cause": "no Kinora there"}, ["cluster.silent"]),
    ],
)
def test_the_doctor_says_of_each_machine_whether_it_is_fit(said: dict[str, object], codes: list[str]) -> None:
    assert [finding.code for finding in check_machine(MACHINE | said)] == codes


@pytest.mark.parametrize(
    ("draws", "condition"), [(4, Condition.FINE), (5, Condition.FINE), (3, Condition.ATTENTION)], ids=str
)
def test_seats_that_the_studio_does_not_ask_for_are_mentioned(draws: int, condition: Condition) -> None:
    (finding,) = check_seats([MACHINE], draws=draws, cards=1)
    assert finding.condition is condition
    (finding,) = check_seats([], draws=draws, cards=1)
    assert finding.condition is Condition.BROKEN
