"""The ways a text can be read: as it stands, with disguises taken off, decoded, backwards.

Every view knows for each of its characters where it came from in the raw text, so that a moderator is shown the words
that were typed. A view is made only where it differs from the one before it; an ordinary prompt has three.
All passes are linear in the text, whose length the gate has capped.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import re2  # type: ignore[import-untyped]  # no stubs exist

from safety.text.decoding import decoded_blocks
from safety.text.letters import folded
from storage.han import is_han

DEEPEST = 3  # encodings within encodings that are unwrapped
LONGEST_DECODED = 8_000


@dataclass(frozen=True)
class View:
    name: str
    text: str
    starts: Sequence[int]  # of each character: where in the raw text it begins
    ends: Sequence[int]
    # What ordinary words can look like by chance when read this way (backwards, for one): it may hold, never refuse.
    doubtful: bool = False

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        return min(self.starts[start:end]), max(self.ends[start:end])

    @classmethod
    def raw(cls, text: str) -> "View":
        return cls("raw", text, range(len(text)), range(1, len(text) + 1))


Edit = tuple[int, int, str]  # from, to, what stands there instead


def edited(view: View, name: str, edits: Iterable[Edit]) -> View:
    """The view with stretches replaced; what replaces a stretch points at the whole of it. Itself if there are none."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0

    def keep(to: int) -> None:
        pieces.append(view.text[done:to])
        starts.extend(view.starts[done:to])
        ends.extend(view.ends[done:to])

    for start, end, new in edits:
        keep(start)
        pieces.append(new)
        starts.extend([view.starts[start]] * len(new))
        ends.extend([view.ends[end - 1]] * len(new))
        done = end
    if not done:
        return view
    keep(len(view.text))
    return View(name, "".join(pieces), starts, ends, view.doubtful)


def folded_view(view: View) -> View:
    letters = list(map(folded, view.text))
    plain = "".join(letters)
    if len(plain) == len(view.text) and all(letters):  # character for character: nothing has moved
        return View(view.name, plain, view.starts, view.ends)
    edits = ((n, n + 1, new) for n, (char, new) in enumerate(zip(view.text, letters, strict=True)) if new != char)
    return edited(view, view.name, edits)


_SPACED_LETTERS = re2.compile(r"\b[a-z0-9@$](?:[^a-z0-9\pL]{1,3}[a-z0-9@$]\b){2,}")


_BETWEEN_LETTERS = re.compile(r"([^a-z0-9@$]+)")


def _joined_letters(text: str) -> Iterator[Edit]:
    """'k i l l', 'k.i.l.l' -> kill. A rarer gap than the usual one parts two words: 'a k.i.l.l'."""
    for match in _SPACED_LETTERS.finditer(text):
        parts = _BETWEEN_LETTERS.split(match.group())
        gap = Counter(parts[1::2]).most_common(1)[0][0]
        joined = "".join(part if at % 2 == 0 else "" if part == gap else " " for at, part in enumerate(parts))
        # The article beside a word in spaced letters is a letter like the others: "akills" is meant as "a kills".
        readings = [joined]
        if len(joined) > 3:
            readings += [f"a {joined[1:]}"] * joined.startswith("a") + [f"{joined[:-1]} a"] * joined.endswith("a")
        yield (*match.span(), " ".join(readings))


_STOPS = frozenset("，。！？；：、,.!?;:\n")


def _joined_han(text: str) -> Iterator[Edit]:
    """强 奸, 强*奸 -> 强奸. A comma parts sentences, so it goes only where it parts single characters: 强，奸，杀."""
    if text.isascii():
        return
    last: int | None = None  # the Han character before the gap
    length = 0  # of the unbroken run that ends there
    for index, char in enumerate(text):
        if is_han(char):
            if last is not None and last < index - 1:
                gap = text[last + 1 : index]
                alone = length == 1 and (index + 1 == len(text) or not is_han(text[index + 1]))
                if not any(map(str.isalnum, gap)) and len(gap) <= 3 and (alone or not _STOPS & set(gap)):
                    yield last + 1, index, ""
                length = 0
            length += 1
            last = index


_SIGNS = "@$!€£+|"
_LEET = str.maketrans("01345789@$!€£+|", "oieastbgasielti")
_LEET_WITH_L = {**_LEET, **str.maketrans("1!|", "lll")}
_TOKEN = re.compile(rf"[a-z0-9{re.escape(_SIGNS)}]{{3,}}")  # one class of characters: linear
_MEASURE = re.compile(r"[0-9]+[a-z]{1,3}")  # 35mm, 1080p, 4k


def _plain_leet(text: str, alphabet: Mapping[int, int]) -> Iterator[Edit]:
    for match in _TOKEN.finditer(text):
        word = match.group().rstrip("!|+")  # a shout is not an i
        if len(word) > 2 and not word.isalpha() and not _MEASURE.fullmatch(word) and _LETTER.search(word):
            yield match.start(), match.start() + len(word), word.translate(alphabet)


_MASKED = re.compile(r"[a-z]{1,20}\*{1,3}[a-z]{0,20}")


def _unmasked(text: str) -> Iterator[Edit]:
    """f*ck, n*de: stars stand for a vowel, whichever it is."""
    for match in _MASKED.finditer(text):
        yield (*match.span(), " ".join(re.sub(r"\*+", vowel, match.group()) for vowel in "aeiou"))


# A word with one letter three times or more. Linear: each word is tried from its beginning, and re2 has no
# back-references. Chinese doubles characters by right (看看), so there too it takes three.
_REPEATED = re.compile(r"([a-z㐀-鿿])\1{2,}")


def _squeezed(text: str) -> Iterator[Edit]:
    """nuuude -> nude, boooobs -> boobs: both spellings, one after the other."""
    for match in _LONG_WORD.finditer(text):
        word = match.group()
        if _REPEATED.search(word):
            once, twice = _REPEATED.sub(r"\1", word), _REPEATED.sub(r"\1\1", word)
            yield (*match.span(), f"{twice} {once}")


_LETTER = re.compile(r"[a-z]")
_LONG_WORD = re.compile(r"[a-z]{3,}|[㐀-鿿]{3,}")


# Characters written as the parts they are made of. Only those that disallowed words are made of.
_PARTS = {
    "弓虽": "强", "女干": "奸", "木又": "权", "米青": "精", "月工": "肛", "衤果": "裸", "礻果": "裸", "女乃":
    "奶", "月匈": "胸", "孚乚": "乳", "忄生": "性", "火乍": "炸", "弓单": "弹", "木仓": "枪", "火暴": "爆",
    "贝者": "赌", "尸求": "屎", "女昌": "娼", "女支": "妓", "女票": "嫖", "犭句": "狗", "黑犬": "默", "亻牛":
    "件", "女马": "妈", "扌丁": "打", "车仑": "轮", "歹匕": "死", "石欠": "砍", "米分": "粉", "石肖": "硝",
    "氵肖": "消", "阝月": "阴", "月支": "肢", "尸古": "居", "身寸": "射", "衤库": "裤", "氵毒": "毒",
}  # fmt: skip
_PART_PAIRS = re2.compile("|".join(map(re2.escape, _PARTS)))


def _reassembled(text: str) -> Iterator[Edit]:
    for match in _PART_PAIRS.finditer(text):
        yield (*match.span(), _PARTS[match.group()])


_ROT13 = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")

# In the order in which they uncover: letters that were apart may then show that they are repeated.
_PASSES: tuple[Callable[[str], Iterable[Edit]], ...] = (
    _joined_letters,
    _joined_han,
    _reassembled,
    _squeezed,
    _unmasked,
)


def _undisguised(view: View) -> Iterator[View]:
    """The view; what it says with every disguise taken off, if it has one; and then with digits read as letters."""
    yield view
    plain = view
    for uncover in _PASSES:
        plain = edited(plain, _named(view, "plain"), uncover(plain.text))
    if plain is not view:
        yield plain
    leet = edited(plain, _named(view, "leet"), _plain_leet(plain.text, _LEET))
    if leet is not plain:
        yield leet
        if _ONES.search(plain.text):
            yield edited(plain, _named(view, "leet"), _plain_leet(plain.text, _LEET_WITH_L))


_ONES = re.compile(r"[1!|]\w")


def _named(view: View, name: str) -> str:
    return name if view.name == "raw" else f"{view.name}+{name}"


def _backwards(view: View) -> View:
    return View(_named(view, "reversed"), view.text[::-1], view.starts[::-1], view.ends[::-1], doubtful=True)


def _rot13(view: View) -> View:
    return View(_named(view, "rot13"), view.text.translate(_ROT13), view.starts, view.ends, doubtful=True)


def views(text: str) -> Iterator[View]:
    """Every view of a text, the raw one (folded to plain letters) first."""
    level = [View.raw(text)]
    for depth in range(DEEPEST + 1):
        deeper: list[View] = []
        for typed in level:
            plain = folded_view(typed)
            yield from _undisguised(plain)
            if depth == 0:
                yield _backwards(plain)
                if any("a" <= char <= "z" for char in plain.text):
                    yield _rot13(plain)
            for kind, edits in decoded_blocks(typed.text):
                opened = edited(typed, _named(typed, kind), edits)
                if len(opened.text) <= LONGEST_DECODED:
                    deeper.append(opened)
        level = deeper[:6]  # nested encodings multiply; nobody honest nests two
