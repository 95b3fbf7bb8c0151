"""Credentials that uploads come with: told on without what they say of people, and never taken for ours."""

import json
from pathlib import Path
from typing import Any

import c2pa
import pytest

from provenance import brought
from provenance.brought import LeftOut, credentials_of
from provenance.credentials import all_anchors, context
from provenance.facts import Ancestor, Ingredient, Layer, Relation
from provenance.keys import Keyring
from provenance.seal import seal
from provenance.signer import signer_of
from tests.provenance.samples import Shelf, active, facts, flipped, read_as_anybody, write_mp4, write_still

MADE = {
    "label": "c2pa.actions.v2",
    "created": True,
    "data": {
        "actions": [
            {
                "action": "c2pa.created",
                "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
            }
        ]
    },
}
PERSONAL = (
    {"label": "cawg.metadata", "kind": "Json", "data": {"@context": {"dc": "x"}, "dc:creator": ["SECRET NAME"]}},
    {"label": "stds.exif", "kind": "Json", "data": {"@context": {"exif": "x"}, "exif:GPSLatitude": "SECRET PLACE"}},
    {"label": "com.example.notes", "data": {"note": "SECRET NOTE 秘密"}},
)


def by_another_tool(
    plain: Path, signed: Path, stranger: Keyring, *, assertions: tuple[Any, ...] = (), url: str | None = None
) -> Path:
    """As somebody else's camera signs, with keys that nobody here knows."""
    manifest = {
        "claim_generator_info": [{"name": "Foreign Camera", "version": "2"}],
        "assertions": [MADE, *assertions],
    }
    kind = "video/mp4" if plain.suffix == ".mp4" else "image/jpeg"
    with (
        c2pa.Builder(manifest, context(all_anchors(stranger))) as builder,
        signer_of(stranger.signing(), None) as signer,
        plain.open("rb") as source,
        signed.open("x+b") as destination,
    ):
        if url is not None:
            builder.set_no_embed()
            builder.set_remote_url(url)
        builder.sign(signer, kind, source, destination)
    return signed


@pytest.fixture
def photo(tmp_path: Path, other_keyring: Keyring) -> Path:
    plain = write_still(tmp_path / "plain.jpg")
    return by_another_tool(plain, tmp_path / "photo.jpg", other_keyring, assertions=PERSONAL)


def source(shelf: Shelf, file: Path, relation: Relation = Relation.COMPONENT) -> Ingredient:
    """The upload as the engine hands it over: written anew, with what is kept of its credentials."""
    found = credentials_of(file, shelf.keyring)
    assert found is not None and found.archive is not None
    kept = shelf.folder / f"{file.stem}.c2pa"
    kept.write_bytes(found.archive)
    return Ingredient(write_still(shelf.folder / "anew.jpg"), relation, credentials=kept)


@pytest.mark.parametrize("relation", Relation)
def test_a_clip_tells_on_what_its_upload_came_with(
    unsigned: Path, shelf: Shelf, other_keyring: Keyring, photo: Path, relation: Relation
) -> None:
    clip = shelf.seal(unsigned, "kkkkkkkk", source(shelf, photo, relation))
    told = shelf.trace(clip.path)
    (upload,) = told.ancestors
    assert (told.layer, told.tampered, told.lineage) == (Layer.C2PA, False, ())
    assert (upload.relation, upload.clip_id, upload.foreign and upload.foreign.state) == (relation, None, "Valid")
    assert upload.foreign is not None and upload.foreign.generator == "Foreign Camera"
    assert upload.foreign.source_types == ("digitalCapture",)

    whole = read_as_anybody(clip.path, shelf.keyring.anchors)
    assert whole["validation_state"] == "Trusted"
    (ingredient,) = active(whole)["ingredients"]
    theirs = read_as_anybody(photo, None, "image/jpeg")["active_manifest"]
    assert ingredient["active_manifest"] == theirs and theirs in whole["manifests"]
    # Whoever trusts that camera sees it vouched for in our clip.
    assert read_as_anybody(photo, other_keyring.anchors, "image/jpeg")["validation_state"] == "Trusted"


def test_names_places_and_notes_in_them_stay_behind_and_the_rest_holds(
    unsigned: Path, shelf: Shelf, photo: Path
) -> None:
    assert photo.read_bytes().count(b"SECRET") == 3
    clip = shelf.seal(unsigned, "kkkkkkkk", source(shelf, photo))
    child = shelf.seal(unsigned, "mmmmmmmm", Ingredient(clip.path, Relation.PARENT, "kkkkkkkk"))
    for path in (clip.path, child.path):
        assert b"SECRET" not in path.read_bytes()
        assert read_as_anybody(path, shelf.keyring.anchors)["validation_state"] == "Trusted"
    actions = [one for one in active(read_as_anybody(clip.path, None))["assertions"] if "actions" in one["label"]]
    assert [one["action"] for one in actions[0]["data"]["actions"]].count("c2pa.redacted") == 3
    (parent,) = shelf.trace(child.path).ancestors
    assert parent.clip_id == "kkkkkkkk" and parent.ancestors[0].foreign is not None
    assert parent.ancestors[0].foreign.state == "Valid"


def test_an_upload_in_a_line_that_is_summed_up_goes_with_its_clip(
    unsigned: Path, shelf: Shelf, photo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("provenance.seal._MANIFESTS_LIMIT", 2)
    clip = shelf.seal(unsigned, "kkkkkkkk", source(shelf, photo))
    child = shelf.seal(unsigned, "mmmmmmmm", Ingredient(clip.path, Relation.PARENT, "kkkkkkkk"))
    assert shelf.trace(child.path).ancestors == (Ancestor(Relation.PARENT, "kkkkkkkk"),)


def test_the_same_upload_twice_and_beside_a_clip_made_from_it_is_told_of(
    unsigned: Path, shelf: Shelf, photo: Path
) -> None:
    upload = source(shelf, photo)
    clip = shelf.seal(unsigned, "kkkkkkkk", upload)
    of_it = Ingredient(clip.path, Relation.COMPONENT, "kkkkkkkk")
    for sources in ((upload, of_it), (of_it, upload)):
        both = shelf.seal(unsigned, "mmmmmmmm", *sources)
        told = shelf.trace(both.path)
        assert (told.tampered, told.lineage) == (False, ("kkkkkkkk",))
        assert sorted((one.clip_id or "upload") for one in told.ancestors) == ["kkkkkkkk", "upload"]
        assert all(one.foreign is None or one.foreign.state == "Valid" for one in told.ancestors)
        assert b"SECRET" not in both.path.read_bytes()


def test_a_film_of_another_tool_and_an_upload_without_credentials_stand_side_by_side(
    unsigned: Path, shelf: Shelf, other_keyring: Keyring
) -> None:
    film = by_another_tool(unsigned, shelf.folder / "film.mp4", other_keyring)
    bare = Ingredient(write_still(shelf.folder / "bare.jpg"), Relation.COMPONENT)
    assert credentials_of(bare.path, shelf.keyring) is None
    clip = shelf.seal(unsigned, "kkkkkkkk", source(shelf, film, Relation.PARENT), bare)
    assert sorted(one.foreign is None for one in shelf.trace(clip.path).ancestors) == [False, True]


def test_credentials_that_lie_are_left_out(shelf: Shelf, other_keyring: Keyring, photo: Path) -> None:
    """Of other pictures, or changed; nothing of them is kept."""
    data = photo.read_bytes()
    changed = shelf.folder / "changed.jpg"
    for lie in (flipped(data, -40), data.replace(b"Foreign Camera", b"Famous Camera ")):
        changed.write_bytes(lie)
        found = credentials_of(changed, shelf.keyring)
        assert found is not None and found.archive is None
        assert found.left_out in (LeftOut.ALTERED, LeftOut.UNREADABLE)


def test_a_clip_of_another_kinora_is_an_upload_like_any_other(
    unsigned: Path, shelf: Shelf, other_keyring: Keyring
) -> None:
    theirs = seal(unsigned, shelf.folder / "theirs.mp4", facts(other_keyring, "eeeeeeee"), other_keyring)
    clip = shelf.seal(unsigned, "kkkkkkkk", source(shelf, theirs.path))
    (upload,) = shelf.trace(clip.path).ancestors
    assert (upload.clip_id, upload.foreign and upload.foreign.state) == (None, "Valid")
    assert shelf.trace(clip.path).lineage == ()


def test_what_is_too_large_or_too_many_is_left_out(shelf: Shelf, photo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "STORE_LIMIT", 3_000)
    assert credentials_of(photo, shelf.keyring) == brought.Brought(None, left_out=LeftOut.LARGE)
    monkeypatch.undo()
    monkeypatch.setattr(brought, "MANIFESTS_LIMIT", 0)
    found = credentials_of(photo, shelf.keyring)
    assert found is not None and (found.archive, found.left_out) == (None, LeftOut.LARGE)


def test_credentials_that_lie_elsewhere_are_not_fetched(unsigned: Path, shelf: Shelf, other_keyring: Keyring) -> None:
    lure = by_another_tool(unsigned, shelf.folder / "lure.mp4", other_keyring, url="http://127.0.0.1:9/manifest.c2pa")
    assert credentials_of(lure, shelf.keyring) == brought.Brought(None, left_out=LeftOut.ELSEWHERE)


def test_a_makers_name_is_in_the_clip_and_in_nothing_that_others_make_from_it(unsigned: Path, shelf: Shelf) -> None:
    from dataclasses import replace

    named = replace(facts(shelf.keyring, "kkkkkkkk"), maker="王小明 🦊")
    clip = seal(unsigned, shelf.folder / "kkkkkkkk.mp4", named, shelf.keyring)
    shelf.by_id["kkkkkkkk"] = clip.sha256
    told = shelf.trace(clip.path)
    assert (told.maker, told.tampered) == ("王小明 🦊", False)
    (assertion,) = [
        one for one in active(read_as_anybody(clip.path, None))["assertions"] if one["label"] == "cawg.metadata"
    ]
    assert assertion["data"]["dc:creator"] == ["王小明 🦊"]

    child = shelf.seal(unsigned, "mmmmmmmm", Ingredient(clip.path, Relation.PARENT, "kkkkkkkk"))
    grandchild = shelf.seal(unsigned, "nnnnnnnn", Ingredient(child.path, Relation.PARENT, "mmmmmmmm"))
    for path, lineage in ((child.path, ("kkkkkkkk",)), (grandchild.path, ("mmmmmmmm", "kkkkkkkk"))):
        told = shelf.trace(path)
        assert (told.maker, told.tampered, told.lineage) == (None, False, lineage)
        assert "王小明".encode() not in path.read_bytes()
    changed = clip.path.read_bytes().replace("王小明".encode(), "李小華".encode())
    told = shelf.trace(changed)
    assert told.tampered and told.maker is None


def test_a_restored_copy_keeps_its_makers_name(unsigned: Path, shelf: Shelf) -> None:
    from dataclasses import replace

    from provenance.seal import restore

    clip = seal(unsigned, shelf.folder / "k.mp4", replace(facts(shelf.keyring), maker="Ann"), shelf.keyring)
    copy = restore(write_mp4(shelf.folder / "bare.mp4"), shelf.folder / "copy.mp4", clip.path, "1", shelf.keyring)
    assert (shelf.trace(copy.path).maker, shelf.trace(copy.path).copy) == ("Ann", True)
    assert json.dumps(read_as_anybody(copy.path, None)).count("Ann") == 1
