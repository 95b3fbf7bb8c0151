"""Sealing: a destination that is Trusted and whole, or no destination and an error that says why."""

import json
import os
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import c2pa
import pytest

from provenance import errors
from provenance import seal as sealing
from provenance.facts import ClipFacts, Ingredient, Layer, Relation
from provenance.keys import Keyring
from provenance.manifest import ASSERTION
from provenance.seal import restore, seal, seal_still
from storage.files import sha256_of
from tests.provenance.samples import (
    EMAIL,
    Shelf,
    active,
    boxes,
    brought_pair,
    facts,
    flipped,
    keyring_whose_leaf_ends_in,
    public_authority,
    read_as_anybody,
    write_mp4,
    write_still,
    write_webm,
)


def assertion(manifest: dict[str, Any], label: str) -> Any:
    (data,) = [one["data"] for one in manifest["assertions"] if one["label"] == label]
    return data


def test_a_sealed_clip_is_trusted_under_our_anchor_and_only_valid_without(
    unsigned: Path, keyring: Keyring, other_keyring: Keyring, tmp_path: Path
) -> None:
    sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert read_as_anybody(sealed.path, keyring.anchors)["validation_state"] == "Trusted"
    for anchors in (None, other_keyring.anchors):
        told = read_as_anybody(sealed.path, anchors)
        assert told["validation_state"] == "Valid"
        assert [one["code"] for one in told["validation_results"]["activeManifest"]["failure"]] == [
            "signingCredential.untrusted"
        ]
    assert (sealed.sha256, sealed.size) == (sha256_of(sealed.path), sealed.path.stat().st_size)
    assert sealed.manifest_label == told["active_manifest"] and not sealed.time_stamped
    assert list(tmp_path.iterdir()) == [sealed.path]


def test_the_media_are_untouched_and_moov_stays_first(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    before, after = unsigned.read_bytes(), sealed.path.read_bytes()
    assert boxes(after)["moov"][0] < boxes(after)["mdat"][0]
    assert before[slice(*boxes(before)["mdat"])] == after[slice(*boxes(after)["mdat"])]
    with av.open(str(sealed.path)) as clip, av.open(str(unsigned)) as plain:
        for marked, original in zip(clip.decode(video=0), plain.decode(video=0), strict=True):
            assert (marked.to_ndarray() == original.to_ndarray()).all()


@pytest.mark.parametrize("trained", [False, True])
def test_the_manifest_says_how_it_was_made_and_nothing_of_who_asked(
    unsigned: Path, keyring: Keyring, tmp_path: Path, trained: bool
) -> None:
    told_facts = facts(keyring, "7k3m9x2a", trained=trained, prompt="a very secret prompt")
    sealed = seal(unsigned, tmp_path / "member-name.mp4", told_facts, keyring)
    manifest = active(read_as_anybody(sealed.path, keyring.anchors))
    (created,) = assertion(manifest, "c2pa.actions.v2")["actions"]
    source = "trainedAlgorithmicMedia" if trained else "algorithmicMedia"
    assert created["action"] == "c2pa.created" and created["digitalSourceType"].endswith(f"/{source}")
    record = assertion(manifest, ASSERTION)
    assert record == {
        "clip": "7k3m9x2a",
        "medium": "clip",
        "job": "job-00000001",
        "studio": "0.1.0",
        "renderer": {"name": "diffusion" if trained else "animatic", "version": "3"},
        **({"model": {"name": "wan", "version": "2.1", "licence": "Apache-2.0"}} if trained else {}),
        "seed": 2**32 - 1,
        "policy": "base-1",
        "brief": keyring.digest("a very secret prompt"),
        "made_at": "2026-11-21T09:00:00Z",
        "made_from": [],
    }
    raw = sealed.path.read_bytes()
    assert b"secret prompt" not in raw and b"member-name" not in raw and b"unsigned.mp4" not in raw
    assert manifest["claim_generator_info"][0]["name"] == "Kinora" and "thumbnail" not in manifest


def test_a_parent_is_opened_and_components_are_placed(unsigned: Path, shelf: Shelf, keyring: Keyring) -> None:
    parent, part = shelf.seal(unsigned, "pppppppp"), shelf.seal(unsigned, "cccccccc")
    upload = write_still(shelf.folder / "a-members-holiday.jpg")
    child = shelf.seal(
        unsigned,
        "kkkkkkkk",
        Ingredient(part.path, Relation.COMPONENT, "cccccccc"),
        Ingredient(parent.path, Relation.PARENT, "pppppppp"),
        Ingredient(upload, Relation.COMPONENT),
    )
    told = read_as_anybody(child.path, keyring.anchors)
    manifest = active(told)
    assert told["validation_state"] == "Trusted"
    kinds = [one["action"] for one in assertion(manifest, "c2pa.actions.v2")["actions"]]
    assert kinds == ["c2pa.opened", "c2pa.edited", "c2pa.placed"]
    placed = assertion(manifest, "c2pa.actions.v2")["actions"][2]["parameters"]["ingredients"]
    assert len(placed) == 2
    named = {(one["title"], one["relationship"], one.get("active_manifest")) for one in manifest["ingredients"]}
    assert named == {
        ("cccccccc", "componentOf", part.manifest_label),
        ("pppppppp", "parentOf", parent.manifest_label),
        ("upload", "componentOf", None),
    }
    assert b"holiday" not in child.path.read_bytes()


@pytest.mark.parametrize("suffix", ["webm", "jpg", "txt"])
def test_an_upload_of_any_format_may_be_a_parent(unsigned: Path, shelf: Shelf, suffix: str) -> None:
    upload = shelf.folder / f"upload.{suffix}"
    match suffix:
        case "webm":
            write_webm(upload)
        case "jpg":
            write_still(upload)
        case _:
            upload.write_text("狐狸 🦊")
    child = shelf.seal(unsigned, "kkkkkkkk", Ingredient(upload, Relation.PARENT))
    assert shelf.trace(child.path).lineage == ()


def _bad_source(kind: str, shelf: Shelf, unsigned: Path, keyring: Keyring, other: Keyring) -> Ingredient:
    parent = shelf.seal(unsigned, "pppppppp")
    path = shelf.folder / "source.mp4"
    data = parent.path.read_bytes()
    match kind:
        case "media altered":
            path.write_bytes(flipped(data, len(data) - 50))
        case "index altered":
            path.write_bytes(flipped(data, boxes(data)["moov"][0] + 40))
        case "manifest altered":
            path.write_bytes(flipped(data, data.index(b"base-1")))
        case "manifest gone" | "missing":
            if kind != "missing":
                shutil.copy(unsigned, path)
        case "another clip":
            shutil.copy(shelf.seal(unsigned, "qqqqqqqq").path, path)
        case "another studio":
            seal(unsigned, path, facts(other, "pppppppp"), other)
    return Ingredient(path, Relation.PARENT, "pppppppp")


@pytest.mark.parametrize(
    "kind",
    [
        "media altered",
        "index altered",
        "manifest altered",
        "manifest gone",
        "another clip",
        "another studio",
        "missing",
    ],
)
def test_a_source_that_is_not_the_clip_it_claims_to_be_stops_the_seal(
    unsigned: Path, shelf: Shelf, keyring: Keyring, other_keyring: Keyring, kind: str
) -> None:
    source = _bad_source(kind, shelf, unsigned, keyring, other_keyring)
    error = errors.MissingIngredientError if kind == "missing" else errors.TamperedIngredientError
    with pytest.raises(error) as caught:
        shelf.seal(unsigned, "kkkkkkkk", source)
    assert caught.value.params["clip"] == "pppppppp"
    assert not [path for path in shelf.folder.iterdir() if "kkkkkkkk" in path.name]


def test_two_parents_are_refused(unsigned: Path, shelf: Shelf) -> None:
    parents = [Ingredient(shelf.seal(unsigned, clip).path, Relation.PARENT, clip) for clip in ("pppppppp", "qqqqqqqq")]
    with pytest.raises(errors.SeveralParentsError):
        shelf.seal(unsigned, "kkkkkkkk", *parents)


def _unsealable(kind: str, folder: Path) -> Path:
    path = folder / "in.mp4"
    match kind:
        case "empty":
            path.touch()
        case "text":
            path.write_text("not a film")
        case "webm":
            write_webm(path)
        case "still":
            write_still(folder / "in.png").rename(path)
        case "folder":
            path.mkdir()
        case "head only":
            path.write_bytes(b"\0\0\0\x20ftypisom")
        case "huge box":
            path.write_bytes(write_mp4(folder / "x.mp4", frames=2).read_bytes() + b"\xff\xff\xff\xf0free")
    return path


@pytest.mark.parametrize("kind", ["missing", "empty", "text", "webm", "still", "folder", "head only", "huge box"])
def test_what_cannot_be_sealed_leaves_nothing_behind(keyring: Keyring, tmp_path: Path, kind: str) -> None:
    unsigned = _unsealable(kind, tmp_path)
    (tmp_path / "out").mkdir()
    with pytest.raises(errors.SealError):
        seal(unsigned, tmp_path / "out" / "clip.mp4", facts(keyring), keyring)
    assert not list((tmp_path / "out").iterdir())


def test_a_folder_that_is_missing_or_in_the_way_is_an_error_of_ours(
    unsigned: Path, keyring: Keyring, tmp_path: Path
) -> None:
    with pytest.raises(errors.SigningError):
        seal(unsigned, tmp_path / "nowhere" / "clip.mp4", facts(keyring), keyring)
    (tmp_path / "clip.mp4").mkdir()  # a folder in the file's place: the rename, the last step, fails
    with pytest.raises(errors.SigningError):
        seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_sealing_again_replaces_the_file_in_one_step(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    first = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    second = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert first.sha256 != second.sha256 == sha256_of(second.path)


def test_what_a_killed_worker_left_is_swept_and_a_running_one_is_not(
    unsigned: Path, keyring: Keyring, tmp_path: Path
) -> None:
    old, running, other = (
        tmp_path / name for name in (".a[1].mp4.1.sealing", ".a[1].mp4.2.sealing", ".b.mp4.1.sealing")
    )
    for path in (old, running, other):
        path.write_bytes(b"half")
    for path in (old, other):
        os.utime(path, (0, 0))
    seal(unsigned, tmp_path / "a[1].mp4", facts(keyring), keyring)
    assert {path.name for path in tmp_path.iterdir()} == {"a[1].mp4", running.name, other.name}


_SEALER = """
import os, signal, sys
from pathlib import Path
from provenance import seal
from provenance.keys import Keyring
from tests.provenance.samples import facts
keyring = Keyring.open(Path(sys.argv[1]))
setattr(seal, sys.argv[4], lambda *_: os.kill(os.getpid(), signal.SIGKILL))
seal.seal(Path(sys.argv[2]), Path(sys.argv[3]), facts(keyring), keyring)
"""


@pytest.mark.parametrize("step", ["_read_back", "sha256_of"])
def test_a_kill_midway_leaves_no_destination_and_the_next_attempt_seals(
    unsigned: Path, keyring: Keyring, tmp_path: Path, step: str
) -> None:
    clip = tmp_path / "clip.mp4"
    command = [sys.executable, "-c", _SEALER, str(keyring.folder), str(unsigned), str(clip), step]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert not clip.exists() and list(tmp_path.glob(".clip.mp4.*.sealing"))
    assert seal(unsigned, clip, facts(keyring), keyring).path.exists()


def test_an_expired_leaf_seals_nothing(unsigned: Path, tmp_path: Path) -> None:
    keyring = keyring_whose_leaf_ends_in(-60, tmp_path / "keys")
    with pytest.raises(errors.SigningError):
        seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_a_still_is_sealed_as_a_clip_is(keyring: Keyring, tmp_path: Path, suffix: str) -> None:
    unsigned = write_still(tmp_path / f"still.{suffix}")
    sealed = seal_still(unsigned, tmp_path / f"sealed.{suffix}", facts(keyring), keyring)
    told = read_as_anybody(sealed.path, keyring.anchors, f"image/{suffix.replace('jpg', 'jpeg')}")
    assert told["validation_state"] == "Trusted" and assertion(active(told), ASSERTION)["medium"] == "still"


def test_a_clip_is_no_still(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    with pytest.raises(errors.UnsealableFileError):
        seal_still(unsigned, tmp_path / "sealed.mp4", facts(keyring), keyring)


@pytest.mark.parametrize("hard", ["", "x" * 5000, "\"'\n\0</script>", "一隻狐狸🦊‮"])
def test_hard_words_in_the_facts_come_back_as_they_went_in(
    unsigned: Path, keyring: Keyring, tmp_path: Path, hard: str
) -> None:
    told_facts = facts(keyring)
    told_facts = ClipFacts(**{**vars(told_facts), "policy_version": hard})
    sealed = seal(unsigned, tmp_path / "clip.mp4", told_facts, keyring)
    assert assertion(active(read_as_anybody(sealed.path, keyring.anchors)), ASSERTION)["policy"] == hard


@pytest.mark.parametrize("with_email", [False, True])
def test_an_operators_certificate_seals_clips(unsigned: Path, tmp_path: Path, with_email: bool) -> None:
    authority = public_authority()
    own = brought_pair(tmp_path / "own", authority, **({"usages": (EMAIL,)} if with_email else {}))
    keyring = Keyring.open(tmp_path / "keys", own)
    sealed = seal(unsigned, tmp_path / "clip.mp4", facts(keyring), keyring)
    assert active(read_as_anybody(sealed.path, None))["signature_info"]["common_name"] == "An operator"


def test_the_manifest_names_the_mark_in_the_frames(unsigned: Path, keyring: Keyring, tmp_path: Path) -> None:
    for marked in (True, False):
        told = replace(facts(keyring, "7k3m9x2a"), marked=marked)
        sealed = seal(unsigned, tmp_path / f"{marked}.mp4", told, keyring)
        with c2pa.Reader(str(sealed.path)) as reader:
            store = json.loads(reader.json())
        assertions = {one["label"]: one["data"] for one in store["manifests"][store["active_manifest"]]["assertions"]}
        binding = assertions.get("c2pa.soft-binding")
        assert (binding is not None) == marked
        if binding is not None:
            assert binding["alg"] == "studio.kinora.mark.1" and binding["blocks"][0]["value"] == "7k3m9x2a"


def test_a_copy_gets_credentials_that_say_what_happened_and_no_more(unsigned: Path, shelf: Shelf) -> None:
    clip = shelf.seal(unsigned, "rrrrrrrr")
    copy = restore(unsigned, shelf.folder / "copy.mp4", clip.path, "0.2.0", shelf.keyring)
    told = shelf.trace(copy.path)
    assert (told.layer, told.copy, told.tampered, told.clip_id) == (Layer.C2PA, True, False, "rrrrrrrr")
    assert told.lineage == ()  # not its own parent
    manifest = active(read_as_anybody(copy.path, shelf.keyring.anchor))
    assert [one["action"] for one in assertion(manifest, "c2pa.actions.v2")["actions"]] == [
        "c2pa.opened",
        "c2pa.unknown",
    ]
    with pytest.raises(errors.UnsealableFileError):
        restore(write_webm(shelf.folder / "a.webm"), shelf.folder / "b.mp4", clip.path, "1", shelf.keyring)
    with pytest.raises(errors.TamperedIngredientError):
        restore(unsigned, shelf.folder / "c.mp4", unsigned, "1", shelf.keyring)
    assert not (shelf.folder / "b.mp4").exists() and not (shelf.folder / "c.mp4").exists()


@pytest.mark.parametrize(
    ("trained", "upload", "kind"),
    [
        (False, False, "algorithmicMedia"),
        (True, False, "trainedAlgorithmicMedia"),
        (False, True, "compositeSynthetic"),
        (True, True, "compositeWithTrainedAlgorithmicMedia"),
    ],
)
def test_the_source_type_is_told_truly(unsigned: Path, shelf: Shelf, trained: bool, upload: bool, kind: str) -> None:
    sources = [Ingredient(write_still(shelf.folder / "upload.jpg"), Relation.COMPONENT)] if upload else []
    told = facts(shelf.keyring, "kkkkkkkk", *sources, trained=trained)
    sealed = seal(unsigned, shelf.folder / "k.mp4", told, shelf.keyring)
    made = assertion(active(read_as_anybody(sealed.path, shelf.keyring.anchor)), "c2pa.actions.v2")["actions"][0]
    assert made["digitalSourceType"].rsplit("/", 1)[-1] == kind


@pytest.mark.parametrize("training", [None, "notAllowed", "allowed", "constrained"])
def test_the_manifest_says_of_training_what_the_operator_configured(
    unsigned: Path, shelf: Shelf, training: str | None
) -> None:
    told = replace(facts(shelf.keyring), training=training)
    sealed = seal(unsigned, shelf.folder / "a.mp4", told, shelf.keyring)
    manifest = active(read_as_anybody(sealed.path, shelf.keyring.anchor))
    said = [one["data"]["entries"] for one in manifest["assertions"] if one["label"] == "cawg.training-mining"]
    assert [{entry["use"] for entry in entries.values()} for entries in said] == ([{training}] if training else [])


def test_a_clip_of_a_former_root_may_be_a_parent_and_one_of_a_strangers_may_not(
    unsigned: Path, shelf: Shelf, other_keyring: Keyring
) -> None:
    parent = seal(unsigned, shelf.folder / "p.mp4", facts(other_keyring, "pppppppp"), other_keyring)
    bare = Keyring.open(shelf.folder / "keys")
    child = facts(bare, "kkkkkkkk", Ingredient(parent.path, Relation.PARENT, "pppppppp"))
    with pytest.raises(errors.TamperedIngredientError):
        seal(unsigned, shelf.folder / "k.mp4", child, bare)
    bare.trust_former([other_keyring.anchor, bare.anchor])
    sealed = seal(unsigned, shelf.folder / "k.mp4", child, bare)
    shelf.keyring = bare
    assert shelf.trace(sealed.path).lineage == ("pppppppp",)


def test_a_long_line_is_summed_up_and_every_ancestor_is_still_named(
    unsigned: Path, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "_MANIFESTS_LIMIT", 4)
    line = [shelf.seal(unsigned, "00000000")]
    for number in range(1, 7):
        parent = Ingredient(line[-1].path, Relation.PARENT, f"{number - 1:08}")
        line.append(shelf.seal(unsigned, f"{number:08}", parent))
    assert line[4].size < line[1].size < line[3].size  # with the fifth, the line of manifests begins anew
    for number in range(1, 7):
        told = shelf.trace(line[number].path)
        assert (told.layer, told.tampered) == (Layer.C2PA, False)
        assert told.lineage == tuple(f"{one:08}" for one in reversed(range(number)))
        assert read_as_anybody(line[number].path, shelf.keyring.anchors)["validation_state"] == "Trusted"
    manifest = active(read_as_anybody(line[4].path, shelf.keyring.anchors))
    assert [one["title"] for one in manifest["ingredients"]] == ["00000003"]
    assert [one["action"] for one in assertion(manifest, "c2pa.actions.v2")["actions"]] == [
        "c2pa.opened",
        "c2pa.edited",
    ]
