""" "Was this made here?": the layer that proved it, tampering told, and a clean answer to any file at all."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import av
import c2pa
import pytest

from provenance.credentials import all_anchors, context
from provenance.facts import Ingredient, Layer, Relation, Trace
from provenance.keys import Keyring
from provenance.manifest import Medium, definition, ingredient_definition
from provenance.seal import seal, seal_still
from provenance.signer_certificate import signer_certificate
from provenance.trace import NO_TRACE, trace
from storage.files import sha256_of
from tests.provenance.samples import (
    Remembered,
    Shelf,
    boxes,
    brought_pair,
    facts,
    flipped,
    keyring_whose_leaf_ends_in,
    public_authority,
    write_mp4,
    write_still,
    write_webm,
)

C2PA_UUID = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def is_untraced(told: Trace) -> bool:
    """No trace of this studio, whatever credentials of others were found."""
    return replace(told, foreign=None) == NO_TRACE


def test_our_own_clip_is_told_by_its_manifest(unsigned: Path, shelf: Shelf) -> None:
    sealed = shelf.seal(unsigned, "7k3m9x2a")
    told = shelf.trace(sealed.path)
    assert (told.made_here, told.layer, told.tampered, told.clip_id) == (True, Layer.C2PA, False, "7k3m9x2a")


@pytest.mark.parametrize("box", ["mdat", "moov"])
@pytest.mark.parametrize("bit", [0, 7])
def test_one_flipped_bit_in_the_media_is_tampering(unsigned: Path, shelf: Shelf, box: str, bit: int) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    start, end = boxes(data)[box]
    for at in (start + 8, start + 11, (start + end) // 2, end - 1):
        told = shelf.trace(flipped(data, at, bit))
        assert (told.made_here, told.layer, told.tampered, told.clip_id) == (True, Layer.C2PA, True, "aaaaaaaa"), at


def test_no_flipped_bit_anywhere_passes_for_the_clip_we_sealed(unsigned: Path, shelf: Shelf) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    manifest = boxes(data)["uuid"]
    dice = random.Random(8)
    places = [dice.randrange(len(data)) for _ in range(60)] + [dice.randrange(*manifest) for _ in range(60)]
    for at in places:
        told = shelf.trace(flipped(data, at, dice.randrange(8)))
        assert is_untraced(told) or told.tampered, at
        assert told.clip_id in (None, "aaaaaaaa"), at


def test_words_changed_in_our_assertion_are_not_repeated(unsigned: Path, shelf: Shelf) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    start, end = boxes(data)["uuid"]
    changed = data[:start] + data[start:end].replace(b"aaaaaaaa", b"bbbbbbbb") + data[end:]
    told = shelf.trace(changed)
    assert told.clip_id is None and (is_untraced(told) or told.tampered)


def test_what_c2pa_does_not_bind_is_caught_by_the_stored_bytes(unsigned: Path, shelf: Shelf) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    in_brand = boxes(data)["ftyp"][0] + 15
    for changed in (flipped(data, in_brand), data + b"\0\0\0\x10free12345678"):
        told = shelf.trace(changed)
        assert (told.made_here, told.layer, told.tampered, told.clip_id) == (True, Layer.C2PA, True, "aaaaaaaa")
        path = shelf.folder / "asked"
        assert not trace(path, shelf.keyring, Remembered()).tampered  # c2pa alone sees nothing


def test_a_stream_copy_loses_the_manifest_and_leaves_no_trace(unsigned: Path, shelf: Shelf) -> None:
    sealed, copy = shelf.seal(unsigned), shelf.folder / "copy.mp4"
    with av.open(str(sealed.path)) as source, av.open(str(copy), "w") as output:
        stream = output.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                output.mux(packet)
    assert shelf.trace(copy) == NO_TRACE


def test_bytes_we_delivered_are_known_without_a_manifest(unsigned: Path, shelf: Shelf) -> None:
    sealed = shelf.seal(unsigned)
    told = trace(unsigned, shelf.keyring, Remembered({"dddddddd": sha256_of(unsigned)}))
    assert (told.made_here, told.layer, told.clip_id) == (True, Layer.BYTES, "dddddddd")
    remembered = Remembered({"dddddddd": sealed.sha256})
    assert trace(sealed.path, shelf.keyring, remembered).layer is Layer.C2PA


def test_another_studios_clip_is_not_ours(unsigned: Path, shelf: Shelf, other_keyring: Keyring) -> None:
    foreign = seal(unsigned, shelf.folder / "foreign.mp4", facts(other_keyring), other_keyring)
    shelf.by_id["aaaaaaaa"] = "0" * 64  # it even claims an id of ours
    told = shelf.trace(foreign.path)
    assert is_untraced(told) and told.foreign is not None
    # Undamaged, but by a signer that this studio does not know.
    assert (told.foreign.generator, told.foreign.state) == ("Kinora", "Valid")
    assert told.foreign.source_types == ("algorithmicMedia",)


def test_a_stranger_who_remixes_our_clip_proves_nothing(unsigned: Path, shelf: Shelf, other_keyring: Keyring) -> None:
    ours = shelf.seal(unsigned)
    foreign = seal(
        unsigned,
        shelf.folder / "foreign.mp4",
        facts(other_keyring, "ffffffff", Ingredient(ours.path, Relation.PARENT)),
        other_keyring,
    )
    assert is_untraced(shelf.trace(foreign.path))


def test_lineage_is_walked_through_the_ingredients_nearest_first(unsigned: Path, shelf: Shelf) -> None:
    root = shelf.seal(unsigned, "rrrrrrrr")
    left = shelf.seal(unsigned, "mmmmmmmm", Ingredient(root.path, Relation.PARENT, "rrrrrrrr"))
    right = shelf.seal(unsigned, "nnnnnnnn", Ingredient(root.path, Relation.PARENT, "rrrrrrrr"))
    child = shelf.seal(
        unsigned,
        "kkkkkkkk",
        Ingredient(left.path, Relation.COMPONENT, "mmmmmmmm"),
        Ingredient(right.path, Relation.COMPONENT, "nnnnnnnn"),
    )
    for path in (root.path, left.path, right.path):
        path.unlink()  # the child stands alone
    told = shelf.trace(child.path)
    assert told.lineage == ("mmmmmmmm", "nnnnnnnn", "rrrrrrrr") and not told.tampered


def test_an_upload_cannot_smuggle_itself_into_the_lineage(unsigned: Path, shelf: Shelf, other_keyring: Keyring) -> None:
    forged = seal(unsigned, shelf.folder / "upload.mp4", facts(other_keyring, "eeeeeeee"), other_keyring)
    parent = shelf.seal(unsigned, "pppppppp")
    child = shelf.seal(
        unsigned,
        "kkkkkkkk",
        Ingredient(forged.path, Relation.COMPONENT),
        Ingredient(parent.path, Relation.PARENT, "pppppppp"),
    )
    told = shelf.trace(child.path)
    assert told.lineage == ("pppppppp",) and not told.tampered


def test_a_child_that_was_signed_over_a_tampered_parent_is_told(unsigned: Path, shelf: Shelf) -> None:
    """c2pa calls such a child Trusted. Our seal refuses to make one: here it is made without the seal's check."""
    keyring = shelf.keyring
    parent = shelf.seal(unsigned, "pppppppp")
    parent.path.write_bytes(flipped(parent.path.read_bytes(), -50))
    source = Ingredient(parent.path, Relation.PARENT, "pppppppp")
    told_facts = facts(keyring, "kkkkkkkk", source)
    record = {"clip": "pppppppp", "manifest": parent.manifest_label, "relation": "parentOf"}
    manifest = definition(told_facts, Medium.CLIP)
    manifest["assertions"][1]["data"]["made_from"] = [record]
    identity, child = keyring.signing(), shelf.folder / "child.mp4"
    info = c2pa.C2paSignerInfo(identity.algorithm.encode(), identity.chain_pem, identity.key_pem, None)
    with c2pa.Builder(manifest, context(all_anchors(keyring))) as builder, c2pa.Signer.from_info(info) as signer:
        with source.path.open("rb") as file:
            builder.add_ingredient_from_stream(ingredient_definition(told_facts, 0), "video/mp4", file)
        with unsigned.open("rb") as plain, child.open("w+b") as signed:
            builder.sign(signer, "video/mp4", plain, signed)
    told = shelf.trace(child)
    assert told.made_here and told.tampered and told.lineage == ("pppppppp",)


def test_clips_outlive_the_leaf_that_signed_them(unsigned: Path, tmp_path: Path) -> None:
    """c2pa calls a clip of an expired leaf Invalid and its child merely Valid; both are ours, and guarded."""
    early = keyring_whose_leaf_ends_in(2.5, tmp_path / "keys")
    old = Shelf(tmp_path, early)
    first = old.seal(unsigned, "pppppppp")
    still = seal_still(write_still(tmp_path / "s.jpg"), tmp_path / "still.jpg", facts(early, "ssssssss"), early)
    image = seal_still(write_still(tmp_path / "s.png"), tmp_path / "still.png", facts(early, "ssssssss"), early)
    shelf = Shelf(tmp_path, Keyring.open(tmp_path / "keys"))
    assert shelf.keyring.signing().serial != early.signing().serial
    shelf.by_id |= old.by_id
    child = shelf.seal(unsigned, "kkkkkkkk", Ingredient(first.path, Relation.PARENT, "pppppppp"))
    stranger = keyring_whose_leaf_ends_in(2.5, tmp_path / "stranger")
    foreign = seal(unsigned, tmp_path / "foreign.mp4", facts(stranger), stranger)
    time.sleep(3.6)
    assert shelf.trace(first.path).clip_id == "pppppppp" and not shelf.trace(first.path).tampered
    assert shelf.trace(child.path).lineage == ("pppppppp",) and not shelf.trace(child.path).tampered
    assert shelf.trace(still.path).clip_id == shelf.trace(image.path).clip_id == "ssssssss"
    later = shelf.seal(unsigned, "gggggggg", Ingredient(first.path, Relation.PARENT, "pppppppp"))
    assert shelf.trace(later.path).lineage == ("pppppppp",) and not shelf.trace(later.path).tampered
    assert shelf.trace(flipped(first.path.read_bytes(), -50)).tampered
    assert is_untraced(shelf.trace(foreign.path))


def test_of_a_brought_authority_only_the_operators_own_leaf_is_ours(unsigned: Path, tmp_path: Path) -> None:
    authority = public_authority()
    keyring = Keyring.open(tmp_path / "keys", brought_pair(tmp_path / "own", authority))
    neighbour = Keyring.open(tmp_path / "next", brought_pair(tmp_path / "other", authority))
    shelf = Shelf(tmp_path, keyring)
    ours = shelf.seal(unsigned)
    theirs = seal(unsigned, tmp_path / "theirs.mp4", facts(neighbour), neighbour)
    assert shelf.trace(ours.path).made_here and is_untraced(shelf.trace(theirs.path))
    shelf.keyring = Keyring.open(tmp_path / "keys")  # back to the studio's own certificate: old clips stay ours
    assert shelf.trace(ours.path).clip_id == "aaaaaaaa" and not shelf.trace(ours.path).tampered
    assert shelf.trace(shelf.seal(unsigned, "bbbbbbbb").path).clip_id == "bbbbbbbb"


def test_a_still_carries_its_clips_id_without_being_called_an_altered_clip(unsigned: Path, shelf: Shelf) -> None:
    shelf.seal(unsigned, "aaaaaaaa")
    still = write_still(shelf.folder / "still.jpg")
    sealed = seal_still(still, shelf.folder / "sealed.jpg", facts(shelf.keyring, "aaaaaaaa"), shelf.keyring)
    assert shelf.trace(sealed.path).clip_id == "aaaaaaaa" and not shelf.trace(sealed.path).tampered


def _box(kind: bytes, content: bytes, size: int | None = None) -> bytes:
    return (size or len(content) + 8).to_bytes(4, "big") + kind + content


HEAD = _box(b"ftyp", b"isom\0\0\0\0isommp42")
STORE = C2PA_UUID + bytes(4) + b"manifest\0" + bytes(8)
HOSTILE = {
    "empty": b"",
    "one byte": b"\0",
    "text": "這不是影片 🦊".encode(),
    "zeros": bytes(2_000_000),
    "head": HEAD,
    "box past the end": HEAD + _box(b"free", b"", 0xFFFFFFF0),
    "box of 4 EiB": HEAD + b"\0\0\0\1uuid" + (1 << 62).to_bytes(8, "big") + STORE,
    "box shorter than its head": HEAD + _box(b"free", b"", 3),
    "store past the end": HEAD + _box(b"uuid", STORE, 0xFFFFFFF0),
    "store claims 4 GB": HEAD + _box(b"uuid", STORE + (0xFFFFFFF0).to_bytes(4, "big") + b"jumb"),
    "store of noise": HEAD + _box(b"uuid", STORE + random.Random(1).randbytes(5000)),
    "many boxes": HEAD + _box(b"free", b"") * 1_000_000,
    "many boxes in moov": HEAD + _box(b"moov", _box(b"free", b"") * 100_000),
    "nested": HEAD + b"".join((8 * (5000 - i)).to_bytes(4, "big") + b"moov" for i in range(5000)),
    "png head": b"\x89PNG\r\n\x1a\n",
    "png of chunks": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\0teXt\0\0\0\0" * 500_000,
    "jpeg head": b"\xff\xd8\xff\xe0",
    "jpeg of comments": b"\xff\xd8" + b"\xff\xfe\0\2" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_gets_a_clean_answer_in_no_time(shelf: Shelf, name: str) -> None:
    before = time.monotonic()
    assert shelf.trace(HOSTILE[name]) == NO_TRACE
    assert (
        time.monotonic() - before < 10
    )  # unguarded, the time grows with the square of the boxes: this is about a hang


def test_a_file_cut_anywhere_gets_a_clean_answer(unsigned: Path, shelf: Shelf) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    store = boxes(data)["uuid"]
    for end in (1, 8, 20, store[0], store[0] + 40, sum(store) // 2, store[1] - 1):
        assert shelf.trace(data[:end]) == NO_TRACE, end
    for end in (store[1], store[1] + 1, len(data) // 2, len(data) - 1):
        told = shelf.trace(data[:end])
        assert told.tampered and told.clip_id == "aaaaaaaa", end


def test_our_clip_blown_up_into_a_bomb_is_tampering_told_in_no_time(unsigned: Path, shelf: Shelf) -> None:
    data = shelf.seal(unsigned).path.read_bytes()
    before = time.monotonic()
    told = shelf.trace(data + _box(b"free", b"") * 100_000)
    assert told.tampered and told.clip_id == "aaaaaaaa"
    assert time.monotonic() - before < 10


def test_other_media_a_folder_and_a_missing_file_leave_no_trace(shelf: Shelf) -> None:
    folder = shelf.folder
    for path in (write_webm(folder / "a.webm"), write_mp4(folder / "b.mp4", frames=2), folder, folder / "gone"):
        assert shelf.trace(path) == NO_TRACE


def test_two_manifest_stores_are_not_believed_after_the_leafs_end(unsigned: Path, shelf: Shelf) -> None:
    sealed = shelf.seal(unsigned)
    data = sealed.path.read_bytes()
    start, end = boxes(data)["uuid"]
    twice = shelf.folder / "twice.mp4"
    twice.write_bytes(data + data[start:end])
    assert signer_certificate(sealed.path, sealed.manifest_label) is not None
    assert signer_certificate(twice, sealed.manifest_label) is None
    assert signer_certificate(sealed.path, "urn:c2pa:another") is None
    told = shelf.trace(twice)
    assert is_untraced(told) or told.tampered


@pytest.fixture
def visitors() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine that notes who comes."""
    came: list[str] = []

    class Notes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", came
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_manifest_that_points_elsewhere_is_never_fetched(
    unsigned: Path, shelf: Shelf, visitors: tuple[str, list[str]]
) -> None:
    url, came = visitors
    identity, lure = shelf.keyring.signing(), shelf.folder / "lure.mp4"
    info = c2pa.C2paSignerInfo(identity.algorithm.encode(), identity.chain_pem, identity.key_pem, None)
    manifest = definition(facts(shelf.keyring), Medium.CLIP)
    with c2pa.Builder(manifest, context(shelf.keyring.anchors)) as builder, c2pa.Signer.from_info(info) as signer:
        builder.set_no_embed()
        builder.set_remote_url(f"{url}/manifest.c2pa")
        with unsigned.open("rb") as plain, lure.open("w+b") as signed:
            builder.sign(signer, "video/mp4", plain, signed)
    assert url.encode() in lure.read_bytes()
    assert shelf.trace(lure) == NO_TRACE
    child = shelf.seal(unsigned, "kkkkkkkk", Ingredient(lure, Relation.PARENT))
    assert shelf.trace(child.path).made_here and not came
    with lure.open("rb") as file, pytest.raises(c2pa.C2paError):
        c2pa.Reader("video/mp4", file, context=c2pa.Context.from_dict({"verify": {"remote_manifest_fetch": True}}))
    assert came == ["/manifest.c2pa"]  # a reader with other settings does go there


def test_a_clip_of_a_revoked_leaf_is_not_believed_and_the_next_one_is(unsigned: Path, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, Keyring.open(tmp_path / "keys"))
    old = shelf.seal(unsigned, "aaaaaaaa")
    shelf.keyring.revoke(shelf.keyring.signing().serial)
    told = trace(old.path, shelf.keyring, Remembered())
    assert is_untraced(told) and told.foreign is not None and told.foreign.state == "Revoked"
    # What was handed out is still known by its bytes.
    assert shelf.trace(old.path).layer is Layer.BYTES
    assert shelf.trace(shelf.seal(unsigned, "bbbbbbbb").path).layer is Layer.C2PA


def test_a_clip_is_told_by_a_root_that_was_written_down_when_its_keys_are_gone(unsigned: Path, tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, Keyring.open(tmp_path / "keys"))
    sealed = shelf.seal(unsigned)
    bare = Keyring.open(tmp_path / "other")
    assert is_untraced(trace(sealed.path, bare, Remembered()))
    bare.trust_former([shelf.keyring.anchor])
    told = trace(sealed.path, bare, Remembered())
    assert (told.layer, told.tampered, told.clip_id) == (Layer.C2PA, False, "aaaaaaaa")
