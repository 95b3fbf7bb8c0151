"""A model on the shelf is what was pinned, byte for byte, however the network and the disk behave."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.errors import CodedError
from storage.models import PINNED, Catalogue, Licence, Model, ModelError, ModelFile, Shelf, State
from storage.pulling import Hub as At
from storage.pulling import PullCancelled, ask_hub, pull
from tests.worlds.hub import COMMIT, Hub, hub

WEIGHTS = bytes(range(256)) * 20_000  # 5 MB: several reads
FILES = {"config.json": b'{"a": 1}', "model.safetensors": WEIGHTS, "empty.txt": b"", "deep/down/vocab.txt": b"x\n"}
LICENCE = Licence(name="Apache-2.0", link="https://www.apache.org/licenses/LICENSE-2.0")


def a_model(**about: object) -> Model:
    return Model.model_validate(
        {"name": "small", "kind": "frames", "title": "Small", "source": "somebody/small", "licence": LICENCE} | about
    )


@pytest.fixture
def world() -> Iterator[Hub]:
    with hub(dict(FILES), lfs=("model.safetensors",)) as served:
        yield served


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "models")


def at(world: Hub, **about: object) -> At:
    return At(world.base, pause=0.01, **about)  # type: ignore[arg-type]


def code_of(caught: "pytest.ExceptionInfo[CodedError]") -> str:
    return caught.value.code


def test_a_pull_brings_every_file_whole_and_pins_it(world: Hub, shelf: Shelf) -> None:
    told: list[tuple[str, int, int]] = []
    model = a_model()
    assert shelf.state(model) is State.ABSENT
    known = pull(shelf, model, at(world), lambda path, done, of: told.append((path, done, of)))
    assert known.revision == COMMIT and known.is_pinned
    assert {file.path: file.sha256 for file in known.files} == {
        path: hashlib.sha256(content).hexdigest() for path, content in FILES.items()
    }
    folder = shelf.require(model)
    assert {path: (folder / path).read_bytes() for path in FILES} == FILES
    assert told[-1][1:] == (known.total, known.total) and [one[1] for one in told] == sorted(one[1] for one in told)
    assert shelf.state(model, thorough=True) is State.WHOLE


def test_a_second_pull_fetches_nothing(world: Hub, shelf: Shelf) -> None:
    pull(shelf, a_model(), at(world))
    before = len(world.asked)
    pull(shelf, a_model(), at(world))
    assert len(world.asked) == before


def test_a_broken_connection_is_gone_on_with_from_where_it_broke(world: Hub, shelf: Shelf) -> None:
    world.breaks_off_after, world.breaks = 1_500_000, 3
    pull(shelf, a_model(), at(world))
    ranges = [wanted for path, wanted, _ in world.asked if path.endswith("safetensors")]
    assert ranges == [None, "bytes=1500000-", "bytes=3000000-", "bytes=4500000-"]


def test_a_server_without_ranges_starts_again(world: Hub, shelf: Shelf) -> None:
    world.breaks_off_after, world.breaks, world.ignores_ranges = 1_500_000, 1, True
    pull(shelf, a_model(), at(world))
    assert shelf.state(a_model(), thorough=True) is State.WHOLE


def test_a_pull_that_is_called_off_goes_on_later(world: Hub, shelf: Shelf) -> None:
    seen = 0

    def after_two_reads() -> bool:
        nonlocal seen
        seen += 1
        return seen > 2

    with pytest.raises(PullCancelled):
        pull(shelf, a_model(wanted=["*.safetensors"]), at(world), cancelled=after_two_reads)
    assert shelf.state(a_model()) is State.PART
    have = shelf.used(a_model())
    assert 0 < have < len(WEIGHTS)
    pull(shelf, a_model(wanted=["*.safetensors"]), at(world))
    assert world.asked[-1][1] == f"bytes={have}-"


def test_a_server_that_never_gets_far_is_given_up(world: Hub, shelf: Shelf) -> None:
    world.status = 503
    with pytest.raises(ModelError) as caught:
        pull(shelf, a_model(), at(world))
    assert code_of(caught) == "model.unreachable"
    world.status = None
    known = ask_hub(a_model(), at(world))
    world.status = 503
    asked = len(world.asked)
    with pytest.raises(ModelError) as caught:
        pull(shelf, known, at(world))
    assert code_of(caught) == "model.unreachable" and len(world.asked) - asked == 5


@pytest.mark.parametrize(("path", "other"), [("model.safetensors", WEIGHTS[:-1] + b"!"), ("config.json", b'{"a": 2}')])
def test_other_bytes_than_stated_are_thrown_away(world: Hub, shelf: Shelf, path: str, other: bytes) -> None:
    known = ask_hub(a_model(), at(world))
    world.files[path] = other
    with pytest.raises(ModelError) as caught:
        pull(shelf, known, at(world))
    assert code_of(caught) == "model.mismatch"
    assert not (shelf.folder(known) / path).exists()
    assert shelf.state(a_model()) is not State.WHOLE


def test_more_bytes_than_stated_are_not_even_read(world: Hub, shelf: Shelf) -> None:
    known = ask_hub(a_model(), at(world))
    world.files = dict(FILES) | {"config.json": b"x" * 10_000_000}
    with pytest.raises(ModelError, match="mismatch"):
        pull(shelf, known, at(world))
    assert shelf.used(known) < 100


def test_a_catalogues_own_pin_wins_over_what_lies_on_the_shelf(world: Hub, shelf: Shelf) -> None:
    pull(shelf, a_model(), at(world))
    other = ModelFile(path="config.json", size=8, sha256="0" * 64)
    assert shelf.state(a_model(files=[other]), thorough=True) is State.DAMAGED


@pytest.mark.parametrize("harm", ["cut", "changed", "gone"])
def test_damage_is_noticed_before_anything_is_loaded(world: Hub, shelf: Shelf, harm: str) -> None:
    pull(shelf, a_model(), at(world))
    file = shelf.folder(a_model()) / "model.safetensors"
    if harm == "cut":
        file.write_bytes(WEIGHTS[:-1])
    elif harm == "changed":
        file.write_bytes(b"!" + WEIGHTS[1:])
    else:
        file.unlink()
    assert shelf.damaged(a_model()) == ["model.safetensors"]
    with pytest.raises(ModelError, match="model.damaged"):
        shelf.require(a_model())
    pull(shelf, a_model(), at(world))  # mends it, and fetches nothing else
    assert shelf.require(a_model())
    assert world.asked[-1][0].endswith("model.safetensors")


def test_the_token_is_told_to_the_hub_and_not_to_where_it_sends_us(world: Hub, shelf: Shelf) -> None:
    with hub(dict(FILES)) as elsewhere:
        world.token, world.sends_elsewhere = "hf_secret", elsewhere.base
        with pytest.raises(ModelError) as caught:
            pull(shelf, a_model(), at(world))
        assert code_of(caught) == "model.needs_token"
        pull(shelf, a_model(), at(world, token="hf_secret"))
        assert [authorization for _, _, authorization in elsewhere.asked] == [None] * len(elsewhere.asked)
        assert elsewhere.asked
    assert "hf_secret" not in (shelf.folder(a_model()) / PINNED).read_text()


def test_a_hub_that_sends_us_to_a_file_of_this_machine_is_not_followed(world: Hub, shelf: Shelf) -> None:
    known = ask_hub(a_model(), at(world))
    world.sends_elsewhere = "file:///etc"
    with pytest.raises(ModelError, match="unreachable"):
        pull(shelf, known, at(world))


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b'{"sha": "x"}',
        b'{"sha": "x", "siblings": [{"rfilename": "../../out", "size": 1, "blobId": "0"}]}',
        b'{"sha": "x", "siblings": [{"rfilename": "a", "size": -1, "blobId": "0"}]}',
        b'{"sha": "../x y", "siblings": [{"rfilename": "a", "size": 1, "blobId": "0"}]}',
    ],
)
def test_a_hub_that_talks_nonsense(world: Hub, shelf: Shelf, told: bytes) -> None:
    world.answers_list_with = told
    with pytest.raises(ModelError, match="hub_confused"):
        pull(shelf, a_model(), at(world))
    assert not shelf.root.exists() or not list(shelf.root.iterdir())


def test_pickles_are_never_taken_on_the_hubs_word(world: Hub, shelf: Shelf) -> None:
    world.files["pytorch_model.bin"] = b"cos\nsystem\n"
    with pytest.raises(ModelError, match=r"model\.pickle"):
        pull(shelf, a_model(), at(world))
    pull(shelf, a_model(wanted=["*.safetensors", "*.json"]), at(world))
    assert sorted(path.name for path in shelf.folder(a_model()).iterdir()) == sorted(
        ["config.json", "model.safetensors", PINNED]
    )


def test_a_file_from_anywhere_needs_its_hash(world: Hub, shelf: Shelf) -> None:
    url = f"{world.base}/model.safetensors"
    bare = {"path": "w.safetensors", "size": len(WEIGHTS), "url": url}
    model = a_model(source=None, files=[bare])
    with pytest.raises(ModelError, match="mismatch"):
        pull(shelf, model, at(world))
    pinned = a_model(source=None, files=[bare | {"sha256": hashlib.sha256(WEIGHTS).hexdigest()}])
    pull(shelf, pinned, At("http://127.0.0.1:1"))
    assert shelf.require(pinned)


def test_removing_frees_all_of_it(world: Hub, shelf: Shelf) -> None:
    pull(shelf, a_model(), at(world))
    assert shelf.remove(a_model()) > len(WEIGHTS)
    assert shelf.state(a_model()) is State.ABSENT
    with pytest.raises(ModelError, match=r"model\.missing"):
        shelf.remove(a_model())


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../../x", "a\\b", "C:x", PINNED, "x" * 201, "./a", "a\0b"]
)
def test_no_file_lies_outside_its_models_folder(path: str) -> None:
    with pytest.raises(ValueError):
        ModelFile(path=path, size=1)


def test_a_catalogue_that_is_wrong_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "models.toml"
    for written in ("[models", "[models.a]\ntitle = 1", "[other]\na = 1", "[models.'../x']\n", "models = 3"):
        file.write_text(written)
        with pytest.raises(ModelError) as caught:
            Catalogue.load([file])
        assert code_of(caught) == "model.catalogue" and caught.value.params["file"] == str(file)
    with pytest.raises(ModelError, match=r"model\.unknown"):
        Catalogue([a_model()]).get("none")
