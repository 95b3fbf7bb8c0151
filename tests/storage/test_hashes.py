"""The index of binary hashes: nothing near is missed, nothing far is named, and a damaged file costs only time."""

from pathlib import Path

import numpy as np

from storage.hashes import NEAR, Hashes, HashIndex


def random_hashes(count: int, seed: int = 1) -> Hashes:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), dtype=np.uint8)


def altered(one: Hashes, bits: int, seed: int) -> Hashes:
    plain = np.unpackbits(one)
    plain[np.random.default_rng(seed).choice(256, bits, replace=False)] ^= 1
    return np.packbits(plain)


def sorted_index(hashes: Hashes) -> HashIndex:
    index = HashIndex.empty().with_more(hashes, np.arange(len(hashes), dtype=np.int64))
    assert index.sorted_count == len(hashes)
    return index


def test_everything_up_to_the_limit_is_found_and_nothing_beyond() -> None:
    hashes = random_hashes(30_000)
    index = sorted_index(hashes)
    for bits in (0, 1, 16, NEAR, NEAR + 1):
        asked = np.stack([altered(hashes[label], bits, label) for label in range(0, 3000, 100)])
        found = [(near.asked * 100, near.label, near.distance) for near in index.search(asked)]
        assert found == ([(label, label, bits) for label in range(0, 3000, 100)] if bits <= NEAR else [])


def test_a_quick_search_misses_nothing_up_to_fifteen_bits() -> None:
    hashes = random_hashes(30_000)
    asked = np.stack([altered(hashes[label], 15, label) for label in range(200)])
    assert {near.label for near in sorted_index(hashes).search(asked, thorough=False)} == set(range(200))


def test_what_was_added_last_is_found_at_once() -> None:
    index = sorted_index(random_hashes(30_000)).with_more(random_hashes(5, seed=2), np.arange(90_000, 90_005))
    assert index.sorted_count == 30_000 and len(index) == 30_005
    assert [near.label for near in index.search(random_hashes(5, seed=2))] == list(range(90_000, 90_005))


def test_an_index_is_read_from_its_folder_again(tmp_path: Path) -> None:
    hashes = random_hashes(25_000)
    sorted_index(hashes).save(tmp_path / "index")
    sorted_index(hashes).save(tmp_path / "index")  # over the first
    assert [near.label for near in HashIndex.load(tmp_path / "index").search(hashes[7:8])] == [7]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index"]


def test_a_damaged_or_missing_folder_is_an_empty_index(tmp_path: Path) -> None:
    sorted_index(random_hashes(25_000)).save(tmp_path / "index")
    for name in ("hashes.npy", "order-03.npy"):
        whole = (tmp_path / "index" / name).read_bytes()
        (tmp_path / "index" / name).write_bytes(whole[:100])
        assert len(HashIndex.load(tmp_path / "index")) == 0
        (tmp_path / "index" / name).write_bytes(whole)
    assert len(HashIndex.load(tmp_path / "nowhere")) == 0
    assert HashIndex.empty().search(random_hashes(2)) == []
