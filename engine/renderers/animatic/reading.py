"""Reading a prompt, in English or Chinese, into a scene graph. Words come from lexicon/; the grammar here is what
it takes to keep counts, colours, sides and the order of events with the right subject. What was not understood is
said, never guessed at."""

from dataclasses import replace

from engine.renderers.animatic.concluding import Heard, concluded
from engine.renderers.animatic.drafts import TOGETHER, Draft, idle, relate
from engine.renderers.animatic.figures.beast import Beast
from engine.renderers.animatic.figures.catalogue import design_of, kind_of
from engine.renderers.animatic.figures.clothes import CLOTHES
from engine.renderers.animatic.figures.gestures import gestures
from engine.renderers.animatic.figures.people import WEARABLE
from engine.renderers.animatic.graph import Scene
from engine.renderers.animatic.tokens import Token, tokens
from engine.renderers.animatic.vocabulary import Meaning, as_verb, simplified, vocabulary
from storage.han import is_han

_SUBJECT_LIMIT = 8  # more would be a crowd of crowds: the rest is reported as not drawn
_CANDLES = 9  # there is room for on a cake
_PREPOSITIONS = frozenset(
    ("on", "in", "at", "under", "near", "with", "through", "across", "over", "behind", "into", "by", "is", "are", "在")
)
_DETERMINERS = frozenset(
    (
        "the",
        "his",
        "her",
        "their",
        "its",
        "my",
        "your",
        "our",
        "this",
        "that",
        "these",
        "those",
        "of",
        "with",
        "every",
        "each",
    )
)
_OBJECTS = _DETERMINERS.union(
    ("a", "an", "one", "two", "him", "them", "home", "for", "at", "away", "under", "behind", "goodbye", "from")
)
_ON_THE_WAY = ("to", "toward", "towards", "through", "across", "along", "past", "around", "from", "over", "up", "down")
_PRONOUNS = ("he", "she", "it", "they", "who", "that", "which")
_LIGHT = ("light", "lights", "it")
_AND = ("and", "和", "与", "與", "跟", "及")
_SAME_AGAIN = ("pack", "herd", "flock", "group", "群", "同伴", "伙伴", "狼群")
_OF_PEOPLE = ("er", "or", "ist", "ian", "man", "woman", "men", "women", "ess", "smith")
_UPON = {"broom": "on"}  # what is held although one is on it
_LIFELESS = ("burn", "glow", "explode", "ring", "bloom", "fall", "float", "drift", "roll", "spin", "shake")
_TAKES_AN_OBJECT = {"ride": "ride", "drive": "ride", "sail": "ride", "chase": "chase"} | {
    name: name for name in TOGETHER
}
_ROLES = (
    "break", "split", "subject", "part", "then", "group", "colour", "count", "size", "camera", "style", "mood", "hour",
    "setting", "ground", "weather", "action", "beside", "place", "heading", "relation", "stands", "unseen", "quiet",
)  # fmt: skip


def read(text: str, style: str | None = None) -> Scene:
    """The scene that a prompt asks for. `style` is the look chosen beside it; it wins over one named in the text."""
    reader = _Reader()
    found = tokens(text)
    for index, token in enumerate(found):
        reader.take(token, found[index + 1 : index + 5])
    return reader.scene(style)


class _Reader(Heard):
    """Goes through the tokens once, keeping what is still waiting for its noun."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ""  # the member's word for the last action
        self._clear()
        self.after = 0.0  # set once "then" was read
        self.fresh = False  # a subject was named since then
        self.opposite: str | None = None
        self.clause: list[Draft] = []  # those who do together what is said next
        self.earlier: list[Draft] = []  # the one before: Chinese says afterwards how its subjects stand
        self.joined = False  # "and" was read since the last subject
        self.relation: str | None = None  # of the clause to the next subject
        self.touched = "break"  # the role of the word before, leaving grammar out
        self.ahead: list[Token] = []
        self.before: Token | None = None  # the token before this one
        self.before_wearer: dict[str, tuple[str | None, str]] = {}  # in Chinese: part, its colour and the word
        self.splitting = False  # "of them" in Chinese: the next count is a part of the last one

    def _clear(self) -> None:
        self.count: int | None = None
        self.counted: list[str] = []  # the words since that count
        self.colour: str | None = None
        self.size = 1.0
        self.action: str | None = None
        self.side: str | None = None
        self.guess: str | None = None  # an unknown noun after a count: something of which only the colour is known

    def take(self, token: Token, ahead: list[Token]) -> None:
        self.ahead = ahead
        before, self.before = self.before, token
        if (done := self._does(token, before)) is not None:
            by_somebody = bool(done and before and before.of("subject") and self.subjects)
            token = Token(token.text, (Meaning("action", done) if by_somebody else Meaning("quiet", "words"),))
        if self.count is not None:
            self.counted.append(token.text)
        if token.of("cousin"):
            self.missing.append(token.text)
        if not token.meanings:
            self.missing.append(token.text)
            if self.count is not None and self.guess is None:
                self.guess = token.text
            self.touched = "unknown"
            return
        for role in _ROLES:
            value = token.of(role)
            if value is None or (role == "subject" and not self._is_noun(token)):
                continue
            if getattr(self, f"_{role}")(value, token) is not False:
                if role != "quiet" or token.text in _DETERMINERS:
                    self.touched = role
                return

    def _does(self, token: Token, before: Token | None) -> str | None:
        """What a noun means that is a verb here. Night, snow and silence fall; anything else is done by somebody, to
        something: "a woman leaves the house", and not "tree leaves in the wind"."""
        meant = as_verb(token.text)
        if meant is None or before is None or self.joined or before.of("break"):
            return None
        following = self.ahead[0].text.split()[0] if self.ahead else ""
        if meant == "fall":
            named = any(map(before.of, ("subject", "hour", "weather", "part"))) or not before.meanings
            return meant if named or before.text in _LIGHT else None
        doer = before.of("subject") is not None or before.text in _PRONOUNS
        return meant if doer and following in _OBJECTS else None

    def _is_noun(self, token: Token) -> bool:
        """Orange, rose and gold are colours before a noun; to fly, to fish and to cook come after one."""
        if token.of("colour"):
            for following in self.ahead:
                if following.of("subject") or following.of("setting") or not following.meanings:
                    return False
                if following.text != "的" and not any(map(following.of, ("colour", "size", "part", "unseen"))):
                    break
        if token.of("action") and not is_han(token.text[0]):
            if self.count is not None or self.colour or self.touched in ("relation", "quiet", "size", "colour"):
                return True
            return not idle(self.subjects) and self.touched != "subject"
        return True

    def _break(self, value: str, token: Token) -> None:
        self._settle()
        self.relation = None
        if value == "stop":
            self.action = None
            self.clause = []
            self.splitting = False
        self.joined = value == "comma" and self.touched == "subject"

    def _settle(self, living: bool = False) -> None:
        """The noun phrase is over: an unknown noun becomes a thing; a colour left over belongs to the last subject."""
        if self.guess is not None and self.count is not None and not self.subjects and self.count <= 3:
            person = self.guess.endswith(_OF_PEOPLE)
            self._subject("man" if person else "beast unknown" if living else "thing", Token(self.guess, ()))
        elif self.colour and self.subjects and self.subjects[-1].colour is None:
            self.subjects[-1].colour = self.colour
        waiting = self.action
        self._clear()
        self.action = waiting

    def _subject(self, kind: str, token: Token) -> None:
        known = kind_of(kind)
        holder = self.subjects[-1] if self.subjects else None
        if holder is not None and (self._takes(holder, kind, token) or self._lights(holder, kind, token)):
            self._clear()
            self.joined = False
            return
        self.colour = self.colour or _own_colour(kind, token.text)
        count = self.count
        if count is None:
            count = 3 if token.many else 1
        count = max(count, known.least)
        said = self._said(token)
        if count > known.most:
            self.missing.append(said)
        draft = Draft(
            kind,
            said,
            max(1, min(count, known.most)),
            self.colour,
            self.size,
            side=self.side,
            action=self.action,
            enters=self.after,
        )
        if self.action is not None:
            draft.told[self.action] = self.told
        for part, (worn, said_so) in self.before_wearer.items():
            if not _wears(draft, part, worn):
                self.missing.append(said_so)
        self.before_wearer = {}
        if self.opposite:
            draft.side, self.opposite = self.opposite, None
        same = next((d for d in self.subjects if d.kind == kind), None)
        if same is not None and (self.count is None or not known.figure) and self.colour is None and not self.after:
            # "the wolf" again: the one we know, not a second one
            same.action = same.action or self.action
            draft = same
        elif len(self.subjects) >= _SUBJECT_LIMIT:
            self.missing.append(token.text)
            self._clear()
            return
        else:
            if known.person and holder is not None and holder.known.held and is_han(token.text[:1]) and self._adjoins:
                # 撑伞的女孩: what is held stands before the holder
                self._hand(draft, self.subjects.pop())
            self.subjects.append(draft)
        if self.relation:
            relate(self.relation, self.clause, draft)
        elif not self.joined:
            self.earlier, self.clause = self.clause, [draft]
        elif draft not in self.clause:
            self.clause = [*self.clause, draft]
        self.relation, self.joined, self.fresh = None, False, True
        self._clear()
        if home := token.of("setting"):
            # people of the gold rush, a panda's bamboo: the word says where as well
            self.settings.insert(0, home)

    @property
    def _adjoins(self) -> bool:
        return self.touched == "subject" and not self.joined and not self.relation

    def _said(self, token: Token) -> str:
        return ("" if is_han(token.text[0]) else " ").join(self.counted) or token.text

    def _takes(self, holder: Draft, kind: str, token: Token) -> bool:
        """ "A woman with an umbrella" is one woman; "a woman beside a piano" is two things."""
        known = kind_of(kind)
        if (
            not known.held
            or not holder.known.person
            or self.relation not in (None, _UPON.get(kind))
            or self.after
            or (self.count or 1) > holder.count
        ):
            return False
        if self.joined and not holder.carries:
            return False
        if len(holder.carries) > 1:
            self.missing.append(self._said(token))
            return True
        prop = Draft(kind, token.text, 1, self.colour, 1.0)
        self._hand(holder, prop)
        return True

    def _hand(self, holder: Draft, prop: Draft) -> None:
        holder.carries = (*holder.carries, prop.kind)
        if prop.colour:
            holder.parts[prop.kind] = prop.colour
        if holder.action == "play" and f"play {prop.kind}" in gestures():
            holder.action = f"play {prop.kind}"

    def _lights(self, cake: Draft, kind: str, token: Token) -> bool:
        """Candles on a cake are as many as were asked for."""
        if kind != "candle" or cake.kind != "cake":
            return False
        if self.count is not None:
            cake.carries = ("candle",) * min(self.count, _CANDLES)
            if self.count > _CANDLES:
                self.missing.append(self._said(token))
        if self.colour:
            cake.parts["candle"] = self.colour
        return True

    def _part(self, part: str, token: Token) -> bool | None:
        if not self.subjects:
            if part not in WEARABLE or not is_han(token.text[0]):
                return False
            # 戴着红围巾的狗: what is worn stands before who wears it
            self.before_wearer[part] = (self.colour, token.text)
            self.colour = None
            return None
        wearer = self.subjects[-1]
        if part == "dress" and wearer.known.person:
            # what they wear is the figure's main colour
            wearer.colour = self.colour or wearer.colour
        elif not _wears(wearer, part, self.colour):
            self.missing.append(token.text)
        self._clear()
        return None

    def _then(self, value: str, token: Token) -> None:
        self._settle()
        if self.subjects:
            self.after, self.fresh = 0.5, False

    def _split(self, value: str, token: Token) -> None:
        """ "Three cats, two of them black": a part of the last ones gets looks of its own."""
        if self.count is None:
            self.splitting = True
            return
        self.splitting = False
        whole = self.subjects[-1] if self.subjects else None
        if whole is not None and self.count < whole.count:
            whole.count -= self.count
            self.subjects.append(replace(whole, count=self.count, colour=None, parts={}, told=dict(whole.told)))
        self._clear()

    def _group(self, value: str, token: Token) -> None:
        if self.after and self.subjects and not self.fresh and token.text in _SAME_AGAIN:
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
        if self.guess is not None and not self.subjects:
            self._settle()  # an article begins another noun
        self.guess = None
        self.count = max(1, min(int(value[:4]), 10_000))
        self.counted = [token.text]
        if self.splitting and self.subjects:
            self._split("of", token)

    def _size(self, value: str, token: Token) -> None:
        self.size = float(value)

    def _camera(self, value: str, token: Token) -> bool:
        if token.of("action") and self.subjects:
            return False  # "a man, fly over": it is he who flies
        self.cameras.append(value)
        return True

    def _style(self, value: str, token: Token) -> None:
        self.styles.append(value)

    def _mood(self, value: str, token: Token) -> bool:
        if token.of("action") and self.subjects:
            return False  # a man relaxing
        self.moods.append(value)
        return True

    def _hour(self, value: str, token: Token) -> None:
        self.hours.append(value)
        self._drop_adjectives()

    def _setting(self, value: str, token: Token) -> None:
        self.settings.append(value)
        if (done := token.of("action")) and done != "wave":
            # a disco dance is danced in a disco
            self._action(done, token)
        self._drop_adjectives()

    def _ground(self, value: str, token: Token) -> None:
        self.grounds.append(value)
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
        self.relation = None

    def _action(self, value: str, token: Token) -> None:
        if self.guess is not None:
            self._settle(living=value not in _LIFELESS)
        self.told = token.text
        if value == "blow":
            for draft in self.subjects:
                if draft.kind == "cake":
                    draft.action = value
        able = idle(self.clause) or idle(self.subjects)
        describes = token.text.endswith("ing") and self.count is not None
        describes = describes or bool(self.ahead and self.ahead[0].text == "的" and is_han(token.text[0]))
        if self.after and not self.fresh and self.subjects:
            self._tell(self.subjects[0], value, later=True)
        elif able and not describes:
            for draft in able:
                self._tell(draft, value)
            if value in _TAKES_AN_OBJECT and able:
                self.clause, self.relation = able, _TAKES_AN_OBJECT[value]
        elif not self.subjects or self.count is not None or describes:
            self.action = value
        elif self.subjects[-1].action != value and self.subjects[-1].known.alive:
            self._tell(self.subjects[-1], value, later=True)

    def _tell(self, draft: Draft, action: str, later: bool = False) -> None:
        if action == "play" and draft.carries and f"play {draft.carries[0]}" in gestures():
            action = f"play {draft.carries[0]}"
        elif action == "play" and draft.known.action.startswith("play "):
            action = draft.known.action  # a violinist plays the violin
        draft.told[action] = self.told
        if later:
            draft.later = action
        else:
            draft.action = action

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

    def _relation(self, value: str, token: Token) -> bool | None:
        if self.guess is not None:
            self._settle()
        if not self.clause:
            return False
        self.relation = value
        return None

    def _stands(self, value: str, token: Token) -> bool | None:
        """Chinese says after both how the first stands to the second."""
        if self.touched != "subject" or not self.earlier or not self.subjects:
            return False
        relate(value, self.earlier, self.subjects[-1])
        self.clause = self.earlier
        return None

    def _quiet(self, value: str, token: Token) -> None:
        if self.guess is not None and token.text.partition(" ")[0] in _PREPOSITIONS:
            self._settle()
        if token.text in _AND:
            self.joined = True
        elif token.text in ("in", "into") and self.clause:
            self.relation = "into"
        elif token.text in _ON_THE_WAY and self.relation == "ride":
            self.relation = None  # a knight rides towards a castle, and not on it

    def _unseen(self, value: str, token: Token) -> None:
        self.missing.append(token.text)

    def scene(self, style: str | None) -> Scene:
        self._settle()
        return concluded(self, style)


def _own_colour(kind: str, text: str) -> str | None:
    """ "Red fox" and 黑猫 are phrases of the lexicon, and name a colour all the same."""
    first, _, rest = text.partition(" ")
    if text and is_han(text[0]):
        first, rest = text[0], simplified(text[1:])
    if rest in kind_of(kind).words:
        return next((m.value for m in vocabulary().get(simplified(first), ()) if m.role == "colour"), None)
    return None


def _wears(wearer: Draft, part: str, colour: str | None) -> bool:
    """Gives it that colour where it has the part, or puts the part on; answers whether it can have it at all."""
    if _has(wearer.kind, part):
        if colour:
            wearer.parts[part] = colour
    elif part in WEARABLE and wearer.known.person:
        wearer.parts[part] = colour or "brown"
    elif part in CLOTHES and wearer.known.figure and isinstance(design_of(wearer.known.figure), Beast):
        wearer.parts[part] = colour or CLOTHES[part]
    else:
        return False
    return True


def _has(kind: str, part: str) -> bool:
    """Whether anything of that name is to be seen on it."""
    known = kind_of(kind)
    if not known.figure or known.held:
        return False
    return any(part in (p.name, p.coat, *p.name.split()) for p in design_of(known.figure).parts)
