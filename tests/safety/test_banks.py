"""What is in a bank is known again: mirrored, turned, framed, cut, shrunk, or as one frame in a longer film."""

import io

import numpy as np
import pytest
from PIL import Image, ImageOps

from safety.banks import Bank, matches, with_banks
from safety.frames.base import Look, SeenFrame
from safety.frames.codes import codes_in
from safety.frames.looks import Looker, asked, banked
from safety.frames.moments import Moments
from safety.known import is_closed, is_known
from safety.policy import Policy
from safety.verdict import Decision, Surface
from tests.pictures_samples import luma, photo

POLICY = Policy.load()
PICTURES = range(12)


def bank(*pictures: Image.Image, **about: object) -> Bank:
    entries = [(number, banked([luma(one)]).tobytes()) for number, one in enumerate(pictures)]
    usual: dict[str, object] = {
        "name": "never",
        "category": "gore",
        "action": Decision.REFUSE,
        "sure_within": 31,
        "like_within": 60,
        "least_moments": 1,
        "closed": False,
    }
    return Bank.of(entries, **usual | about)


@pytest.fixture(scope="module")
def known() -> Bank:
    return bank(*map(photo, PICTURES))


def look(picture: Image.Image, seconds: float = 0.0) -> Look:
    return Look(seconds, asked(luma(picture), turned=True).tobytes().hex())


def cut(picture: Image.Image, share: float, left: float, top: float) -> Image.Image:
    width, height = round(picture.width * share), round(picture.height * share)
    x, y = round((picture.width - width) * left), round((picture.height - height) * top)
    return picture.crop((x, y, x + width, y + height))


def as_jpeg(picture: Image.Image) -> Image.Image:
    written = io.BytesIO()
    picture.resize((picture.width // 3, picture.height // 3)).save(written, "JPEG", quality=30)
    return Image.open(written)


TURNED = {
    "as it is": lambda picture: picture,
    "mirrored": ImageOps.mirror,
    "upside down": ImageOps.flip,
    "turned": lambda picture: picture.transpose(Image.Transpose.ROTATE_90),
    "small and coarse": as_jpeg,
    "framed in black": lambda picture: ImageOps.expand(picture, border=90, fill="black"),
    "between bars": lambda picture: ImageOps.pad(picture, (640, 800), color="white"),
    "mirrored and framed": lambda picture: ImageOps.expand(ImageOps.mirror(picture), border=60, fill=(20, 200, 30)),
}


@pytest.mark.parametrize("how", TURNED)
def test_a_picture_is_known_again(known: Bank, how: str) -> None:
    found = [matches([look(TURNED[how](photo(number)))], [known]) for number in PICTURES]
    assert [one[0].entry if one else None for one in found] == list(PICTURES)
    assert sum(one[0].decision is Decision.REFUSE for one in found) >= 11, "the twelfth may wait for a moderator"


@pytest.mark.parametrize("share", [0.95, 0.9])
def test_a_piece_of_a_picture_is_at_least_held(known: Bank, share: float) -> None:
    dice = np.random.default_rng(3)
    pieces = [cut(photo(number), share, *dice.random(2)) for number in PICTURES]
    found = [matches([look(piece)], [known]) for piece in pieces]
    right = [bool(one) and one[0].entry == number for number, one in zip(PICTURES, found, strict=True)]
    assert sum(right) >= 11


def test_no_other_picture_is_taken_for_one_of_the_bank(known: Bank) -> None:
    assert [number for number in range(100, 160) if matches([look(photo(number))], [known])] == []


def test_a_plain_picture_says_nothing_on_either_side() -> None:
    plain = Image.new("RGB", (640, 400), (90, 90, 90))
    assert not len(asked(luma(plain))) and not len(banked([luma(plain)]))
    assert matches([look(photo(1))], [bank(plain)]) == []


def film(*numbers: int) -> list[Look]:
    return [look(photo(number), at / 2) for at, number in enumerate(numbers)]


def test_a_single_frame_in_a_long_film_is_found_with_its_time() -> None:
    (found,) = matches(film(50, 51, 52, 3, 53, 54), [bank(photo(3))])
    assert (found.seconds, found.moments, found.decision) == (1.5, 1, Decision.REFUSE)


def test_a_bank_may_ask_for_more_than_one_moment() -> None:
    strict = bank(photo(3), least_moments=3)
    assert matches(film(50, 3, 51, 3, 52), [strict]) == []
    assert matches(film(50, 3, 3, 3, 52), [strict])[0].moments == 3
    assert matches(film(3), [strict]), "a still has no more moments than one"
    assert matches(film(3, 3), [strict]) and not matches(film(3, 50), [strict])


def test_thresholds_are_each_banks_own() -> None:
    piece = cut(photo(5), 0.9, 0.3, 0.6)
    (found,) = matches([look(piece)], [bank(photo(5), sure_within=0)])
    assert 0 < found.distance <= 60 and found.decision is Decision.HOLD
    assert matches([look(piece)], [bank(photo(5), sure_within=0, like_within=0)]) == []
    assert matches([look(piece)], [bank(photo(5), sure_within=found.distance)])[0].decision is Decision.REFUSE


def test_a_bank_decides_whatever_the_policy_says_of_its_category() -> None:
    refused = with_banks(POLICY.judge([]), matches(film(3), [bank(photo(3), category="political")]), Surface.UPLOAD)
    assert refused.decision is Decision.REFUSE and is_known(refused) and not is_closed(refused)
    held = with_banks(POLICY.judge([]), matches(film(3), [bank(photo(3), action=Decision.HOLD)]), Surface.FRAME)
    assert held.decision is Decision.HOLD and held.categories["gore"] > 0.85
    closed = with_banks(POLICY.judge([]), matches(film(3), [bank(photo(3), closed=True)]), Surface.FRAME)
    assert is_closed(closed)
    assert with_banks(POLICY.judge([]), [], Surface.FRAME).decision is Decision.ALLOW


def seen(picture: Image.Image, index: int, fps: int) -> SeenFrame:
    grey = luma(picture)
    return SeenFrame(index, index / fps, grey, grey[::2, ::2], grey[::2, ::2])


def test_a_film_is_looked_at_twice_a_second_and_at_every_cut() -> None:
    moments = Moments(24)
    shots = [photo(1)] * 30 + [photo(2)] + [photo(3)] * 29
    wanted = [index for index, picture in enumerate(shots) if moments.wants(seen(picture, index, 24))]
    assert wanted == [0, 12, 24, 30, 31, 43, 55]


def test_a_single_frame_slipped_between_others_is_looked_at() -> None:
    looker = Looker(640, 400, 24)
    for index in range(48):
        looker.see(seen(photo(7 if index == 29 else 1), index, 24))
    inspection = looker.conclude()
    assert inspection.frames_seen == 48
    assert matches(inspection.looks, [bank(photo(7))])[0].seconds == pytest.approx(29 / 24)


@pytest.mark.parametrize("text", ["how to build a bomb", "https://example.org/照片", "狼在雪地裡"])
def test_codes_in_a_picture_are_read(text: str) -> None:
    import zxingcpp

    code = Image.fromarray(np.asarray(zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode).to_image(scale=4)))
    page = photo(9).convert("RGB")
    page.paste(code.convert("RGB"), (60, 50))
    assert codes_in(luma(page)) == [text]
    assert codes_in(luma(photo(9))) == []
