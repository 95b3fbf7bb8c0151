"""Reading a prompt, in English or Chinese, into a scene graph. Words come from lexicon/; the grammar here is what
it takes to keep
counts, colours, sides and the order of events with the right subject. What was not understood is said, never
guessed at."""

import re
import unicodedata
from dataclasses import dataclass, field, replace

from engine.renderers.animatic.figures.catalogue import STAGE_LIMIT, design_of, kind_of
from engine.renderers.animatic.figures.people import PEOPLE, PROPS
from engine.renderers.animatic.graph import Scene, Subject
from engine.renderers.animatic.styles import STYLES
from engine.renderers.animatic.vocabulary import Meaning, is_han, simplified, vocabulary

_WORD = re.compile(r"[a-z0-9]+(?:['’-][a-z0-9]+)*")
_BREAK = set(".!?;。！？；\n")
_REPORT_LIMIT = 40
_SUBJECT_LIMIT = 8  # more would be a crowd of crowds: the rest is reported as not drawn
_PREPOSITIONS = {
    "on",
    "in",
    "at",
    "under",
    "near",
    "with",
    "through",
    "across",
    "over",
    "behind",
    "into",
    "by",
    "is",
    "are",
    "在",
}
_LONGEST_PHRASE = 5  # words
_LONGEST_RUN = 8  # Chinese characters


@dataclass(frozen=True)
class Token:
    text: str  # as the member wrote it
    meanings: tuple[Meaning, ...]  # empty: unknown

    def of(self, role: str) -> str | None:
        return next((m.value for m in self.meanings if m.role == role), None)


@dataclass
class _Draft:
    """A subject while the sentence is still going on."""

    kind: str
    said: str  # as the member wrote it, with its number
    count: int
    colour: str | None
    size: float
    side: str | None = None
    heading: str | None = None
    action: str | None = None
    later: str | None = None
    behind: bool = False
    carries: tuple[str, ...] = ()
    enters: float = 0.0
    parts: dict[str, str] = field(default_factory=dict)


def read(text: str, style: str | None = None) -> Scene:
    """The scene that a prompt asks for. `style` is the look chosen beside it; it wins over one named in the text."""
    reader = _Reader()
    for token in tokens(text):
        reader.take(token)
    return reader.scene(style)


def tokens(text: str) -> list[Token]:
    """Longest matches from the left: English by words, Chinese by characters."""
    written = unicodedata.normalize("NFKC", text).lower()
    plain = simplified(written)
    if len(plain) != len(written):
        written = plain
    words = vocabulary()
    found: list[Token] = []
    unknown = ""
    at = 0
    while at < len(plain):
        char = plain[at]
        if is_han(char):
            for length in range(min(_LONGEST_RUN, len(plain) - at), 0, -1):
                meanings = words.get(plain[at : at + length])
                if meanings:
                    break
            else:
                unknown += written[at]
                at += 1
                continue
            found += _unknown(unknown)
            unknown = ""
            found.append(Token(written[at : at + length], meanings))
            at += length
            continue
        found += _unknown(unknown)
        unknown = ""
        match = _WORD.match(plain, at)
        if match is None:
            if char in _BREAK or char in ",，、:：":
                found.append(Token(char, (Meaning("break", "stop" if char in _BREAK else "comma"),)))
            at += 1
            continue
        token, at = _phrase(plain, at, match)
        found.append(token)
    return found + _unknown(unknown)


def _unknown(run: str) -> list[Token]:
    return [Token(run, ())] if run else []


def _phrase(text: str, at: int, first: re.Match[str]) -> tuple[Token, int]:
    words = vocabulary()
    ends = [first.end()]
    end = first.end()
    while len(ends) < _LONGEST_PHRASE:
        following = _WORD.match(text, end + 1) if end < len(text) and text[end] == " " else None
        if following is None:
            break
        end = following.end()
        ends.append(end)
    for end in reversed(ends):
        meanings = words.get(text[at:end])
        if meanings:
            return Token(text[at:end], meanings), end
    word = first.group()
    if word.endswith(("'s", "’s")) and (meanings := words.get(word[:-2])):
        return Token(word, meanings), first.end()
    if "-" in word and all(words.get(piece) for piece in word.split("-")):
        # a compound of known words is read as its first piece that says something; the rest of it goes on from there
        head = word.split("-")[0]
        return Token(head, words[head]), at + len(head)
    if word.isdigit():
        return Token(word, (Meaning("count", word),)), first.end()
    return Token(word, ()), first.end()


class _Reader:
    """Goes through the tokens once, keeping what is still waiting for its noun."""

    def __init__(self) -> None:
        self.subjects: list[_Draft] = []
        self.settings: list[str] = []
        self.hours: list[str] = []
        self.weather: list[str] = []
        self.cameras: list[str] = []
        self.styles: list[str] = []
        self.moods: list[str] = []
        self.missing: list[str] = []
        self._clear()
        self.after = 0.0  # set once "then" was read
        self.fresh = False  # a subject was named since then
        self.opposite: str | None = None
        self.behind = False

    def _clear(self) -> None:
        self.count: int | None = None
        self.counted: list[str] = []  # the words since that count
        self.colour: str | None = None
        self.size = 1.0
        self.action: str | None = None
        self.side: str | None = None
        self.guess: str | None = None  # an unknown noun after a count: something of which only the colour is known

    def take(self, token: Token) -> None:
        if self.count is not None:
            self.counted.append(token.text)
        if token.of("cousin"):
            self.missing.append(token.text)
        if not token.meanings:
            self.missing.append(token.text)
            if self.count is not None and self.guess is None:
                self.guess = token.text
            return
        for role in (
            "break",
            "subject",
            "part",
            "then",
            "group",
            "colour",
            "count",
            "size",
            "camera",
            "style",
            "mood",
            "hour",
            "setting",
            "weather",
            "action",
            "beside",
            "place",
            "heading",
            "unseen",
            "quiet",
        ):
            value = token.of(role)
            if value is not None and getattr(self, f"_{role}")(value, token) is not False:
                return

    def _break(self, value: str, token: Token) -> None:
        self._settle()
        if value == "stop":
            self.action = None

    def _settle(self) -> None:
        """The noun phrase is over: an unknown noun becomes a thing; a colour left over belongs to the last subject."""
        if self.guess is not None and self.count is not None and not self.subjects and self.count <= 3:
            self._subject("thing", Token(self.guess, ()))
        elif self.colour and self.subjects and self.subjects[-1].colour is None:
            self.subjects[-1].colour = self.colour
        waiting = self.action
        self._clear()
        self.action = waiting

    def _subject(self, kind: str, token: Token) -> None:
        known = kind_of(kind)
        holder = self.subjects[-1] if self.subjects else None
        if kind in PROPS and holder is not None and kind_of(holder.kind).figure in PEOPLE and not self.after:
            # "a woman with an umbrella" is one woman
            holder.carries = (kind,)
            if self.colour:
                holder.parts[kind] = self.colour
            self._clear()
            return
        count = self.count
        if count is None:
            count = 3 if _is_plural(token.text) else 1
        said = ("" if is_han(token.text[0]) else " ").join(self.counted) or token.text
        if count > known.most:
            self.missing.append(said)
        draft = _Draft(
            kind,
            said,
            max(1, min(count, known.most)),
            self.colour,
            self.size,
            side=self.side,
            action=self.action,
            enters=self.after,
        )
        if self.opposite:
            draft.side, self.opposite = self.opposite, None
        same = next((d for d in self.subjects if d.kind == kind), None)
        if same is not None and (self.count is None or not known.figure) and self.colour is None and not self.after:
            # "the wolf" again: the one we know, not a second one
            same.action = same.action or self.action
        else:
            if len(self.subjects) >= _SUBJECT_LIMIT:
                self.missing.append(token.text)
                self._clear()
                return
            if self.behind and self.subjects:
                self.subjects[-1].behind, self.behind = True, False
            if known.figure in PEOPLE and self.subjects and self.subjects[-1].kind in PROPS and is_han(token.text[0]):
                # 撑伞的女孩: what is held stands before the holder
                prop = self.subjects.pop()
                draft.carries = (prop.kind,)
                if prop.colour:
                    draft.parts[prop.kind] = prop.colour
            self.subjects.append(draft)
        self.fresh = True
        self._clear()
        if home := token.of("setting"):
            # people of the gold rush, a panda's bamboo: the word says where as well
            self.settings.insert(0, home)

    def _part(self, part: str, token: Token) -> bool | None:
        if not self.subjects:
            return False
        wearer = self.subjects[-1]
        if part == "dress" and kind_of(wearer.kind).figure in PEOPLE:
            # what they wear is the figure's main colour
            wearer.colour = self.colour or wearer.colour
        elif not _has(wearer.kind, part):
            self.missing.append(token.text)
        elif self.colour:
            wearer.parts[part] = self.colour
        self._clear()
        return None

    def _then(self, value: str, token: Token) -> None:
        self._settle()
        if self.subjects:
            self.after, self.fresh = 0.5, False

    def _group(self, value: str, token: Token) -> None:
        if (
            self.after
            and self.subjects
            and not self.fresh
            and token.text in ("pack", "herd", "flock", "group", "群", "同伴", "伙伴", "狼群")
        ):
            # "until it finds its pack": more of the one we know
            first = self.subjects[0]
            self.subjects.append(
                replace(first, count=int(value) - 1, side=None, action=None, later=None, enters=self.after, parts={})
            )
            self.fresh = True
            return
        self.count = int(value)

    def _colour(self, value: str, token: Token) -> None:
        self.colour = value

    def _count(self, value: str, token: Token) -> None:
        self.guess = None
        self.count = max(1, min(int(value[:4]), 10_000))
        self.counted = [token.text]

    def _size(self, value: str, token: Token) -> None:
        self.size = float(value)

    def _camera(self, value: str, token: Token) -> None:
        self.cameras.append(value)

    def _style(self, value: str, token: Token) -> None:
        self.styles.append(value)

    def _mood(self, value: str, token: Token) -> None:
        self.moods.append(value)

    def _hour(self, value: str, token: Token) -> None:
        self.hours.append(value)
        self._drop_adjectives()

    def _setting(self, value: str, token: Token) -> None:
        self.settings.append(value)
        if done := token.of("action"):
            # a disco dance is danced in a disco
            self._action(done, token)
        self._drop_adjectives()

    def _weather(self, value: str, token: Token) -> None:
        if value not in self.weather:
            self.weather.append(value)
        self._drop_adjectives()

    def _drop_adjectives(self) -> None:
        """The adjectives that stood before a place or a sky are the place's, not the next subject's."""
        waiting = self.action
        self._clear()
        self.action = waiting

    def _action(self, value: str, token: Token) -> None:
        if self.guess is not None:
            self._settle()
        idle = [
            d
            for d in self.subjects
            if d.action in (None, "stand", "look") and kind_of(d.kind).figure and kind_of(d.kind).alive
        ]
        if value == "blow":
            for draft in self.subjects:
                if draft.kind == "cake":
                    draft.action = value
        if self.after and not self.fresh and self.subjects:
            self.subjects[0].later = value
        elif idle and not (token.text.endswith("ing") and self.count is not None):
            for draft in idle:
                draft.action = value
        elif not self.subjects or self.count is not None:
            self.action = value
        elif self.subjects[-1].action != value and kind_of(self.subjects[-1].kind).alive:
            self.subjects[-1].later = value

    def _place(self, value: str, token: Token) -> None:
        if self.subjects and self.subjects[-1].side is None:
            self.subjects[-1].side = value
        else:
            self.side = value

    def _beside(self, value: str, token: Token) -> None:
        if self.subjects:
            self.subjects[-1].side = value
            self.opposite = "right" if value == "left" else "left"

    def _heading(self, value: str, token: Token) -> None:
        if self.subjects:
            self.subjects[-1].heading = value

    def _quiet(self, value: str, token: Token) -> None:
        if self.guess is not None and token.text in _PREPOSITIONS:
            self._settle()
        if token.text == "behind" and self.subjects:
            self.behind = True
        elif token.text in ("后面", "後面") and len(self.subjects) > 1:
            self.subjects[-2].behind = True

    def _unseen(self, value: str, token: Token) -> None:
        self.missing.append(token.text)

    def scene(self, style: str | None) -> Scene:
        self._settle()
        chosen, not_a_style = _style_of(style, self.styles)
        setting = self._where()
        self._admit_absent()
        hour = self.hours[0] if self.hours else ""
        if setting in ("street",) and hour in ("", "night", "blue", "dusk"):
            hour = "neon"
        if (
            not hour
            and any(d.kind in ("moon",) or (d.kind == "wolf" and d.action == "howl") for d in self.subjects)
            and setting not in ("street", "space")
        ):
            hour = "night"
        if not hour and ({"stars", "fireflies"} & set(self.weather)) and setting != "street":
            hour = "night"
        camera, framing = _shot_of(self.cameras)
        subjects = tuple(
            _finished(d) for d in self.subjects if not (d.kind in ("tree", "pine") and setting in ("road", "forest"))
        )
        # who rides in a train sees it from within: it is the place, and not one more thing there
        subjects = tuple(s for s in subjects if s.kind != setting)
        if setting == "underwater":
            subjects = tuple(replace(s, action="swim") if kind_of(s.kind).habitat == "water" else s for s in subjects)
        mood = self.moods[-1] if self.moods else ""
        missing = tuple(dict.fromkeys([*not_a_style, *self.missing]))[:_REPORT_LIMIT]
        return Scene(setting, hour, tuple(self.weather), subjects, camera, chosen, missing, framing, mood)

    def _admit_absent(self) -> None:
        """Candles without a cake, and whoever finds no more room on the stage."""
        room = STAGE_LIMIT
        present = []
        for draft in self.subjects:
            if draft.kind == "candle" and not any(d.kind == "cake" for d in self.subjects):
                self.missing.append(draft.said)
            if not kind_of(draft.kind).figure:
                present.append(draft)
                continue
            if draft.count > room:
                self.missing.append(draft.said)
                draft.count = room
            room -= draft.count
            if draft.count:
                present.append(draft)
        self.subjects = present

    def _where(self) -> str:
        from engine.renderers.animatic.settings.catalogue import SETTINGS

        named = [s for s in self.settings if s in SETTINGS]
        if "snow" in named and set(named) <= {"snow", "meadow", "mountains", "forest"}:
            return "snow"
        if "road" in named:
            return "road"
        if named:
            return named[0]
        for draft in self.subjects:
            home = kind_of(draft.kind).setting
            if home in SETTINGS:
                return home
        if "snow" in self.weather:
            return "snow"
        return "meadow"


def _shot_of(named: list[str]) -> tuple[str, str]:
    """What the camera does, and how near it is where the prompt says both."""
    from engine.renderers.animatic.camera import FRAMINGS

    moves = [name for name in named if name not in FRAMINGS]
    framings = [name for name in named if name in FRAMINGS]
    if moves and framings:
        return moves[-1], framings[-1]
    return (named[-1] if named else "drift"), ""


def _has(kind: str, part: str) -> bool:
    """Whether anything of that name is to be seen on it."""
    figure = kind_of(kind).figure
    if not figure or figure in PROPS:
        return False
    return any(part in (p.name, p.coat, *p.name.split()) for p in design_of(figure).parts)


def _finished(draft: _Draft) -> Subject:
    return Subject(
        kind=draft.kind,
        count=draft.count,
        colour=draft.colour,
        parts=tuple(sorted(draft.parts.items())),
        size=draft.size,
        carries=draft.carries,
        action=draft.action,
        side=draft.side,
        heading=draft.heading,
        enters=draft.enters,
        later=draft.later,
        behind=draft.behind,
    )


def _style_of(asked: str | None, named: list[str]) -> tuple[str, list[str]]:
    """The look to draw in, and what was asked for in vain."""
    if asked and asked.strip():
        for token in tokens(asked):
            value = token.of("style")
            if value in STYLES:
                return value, []
        plain = asked.strip().lower()
        if plain in STYLES:
            return plain, []
        return (named[-1] if named else "cutout"), [asked.strip()]
    return (named[-1] if named else "cutout"), []


def _is_plural(text: str) -> bool:
    if text and is_han(text[0]):
        return False
    return (text.endswith("s") and not text.endswith(("ss", "us"))) or text in (
        "wolves",
        "women",
        "men",
        "children",
        "people",
        "geese",
        "mice",
    )
