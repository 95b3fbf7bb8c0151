"""One letter at a time: what a character looks like to a reader, whatever it is encoded as.

Full-width, mathematical, circled, accented, Cyrillic, Greek and small-capital letters become plain latin; traditional
characters and radicals become simplified characters; what cannot be seen becomes nothing.
"""

import unicodedata
from functools import lru_cache

from storage.han import is_han, simpler_forms

# Letters that pass for latin ones and that NFKD leaves alone: Cyrillic, Greek, Armenian, IPA, small capitals.
_TWINS = {
    "a": "аαɑɐᴀ", "b": "вьъβɓƅʙ", "c": "сϲƈɕᴄ", "d": "ԁđɖɗδᴅժ", "e": "еєεэǝəɛɜᴇ", "f": "ƒꜰ", "g": "ɡɢɠց", "h": "һнħɦʜհ",
    "i": "іιɨıɩɪ", "j": "јϳʝᴊ", "k": "кκƙᴋ", "l": "ӏłɫɭʟ", "m": "мᴍɱ", "n": "пηɲŋɴո", "o": "оοσøɵᴏօ", "p": "рρƥᴘ",
    "q": "ԛզ", "r": "гɾʀɹ", "s": "ѕʂʃꜱ", "t": "тτŧʈᴛ", "u": "υʉʊᴜս", "v": "νʋʌᴠѵ", "w": "ԝωшᴡ", "x": "хχ",
    "y": "уγƴʏү", "z": "ζƶʐʑᴢ", "ae": "æ", "oe": "œ", "th": "þ", "ss": "ß", "3": "зӡ", "4": "ч",
}  # fmt: skip
_LOOKALIKES = {twin: letter for letter, twins in _TWINS.items() for twin in twins}
# Negative circled and squared capitals, which NFKC keeps: 🅐 to 🅩, 🅰 to 🆉; regional indicators, 🇦 to 🇿.
for first in (0x1F150, 0x1F170, 0x1F1E6):
    _LOOKALIKES |= {chr(first + n): chr(ord("a") + n) for n in range(26)}

# Radicals that NFKC does not unify with the character they stand for (the Kangxi block it does).
_RADICALS = dict(
    zip(
        "⺊⺌⺍⺒⺗⺘⺝⺟⺠⺡⺢⺣⺧⺨⺩⺪⺫⺭⺮⺰⻊⻋⻌⻍⻎⻏⻖⻗⻟⻢⻥⻦⻨⻩⻬⻮⻰⻳",
        "卜小小巳心手月母民水水火牛犬玉疋目示竹纟足车辶辶辶邑阜雨食马鱼鸟麦黄齐齿龙龟",
        strict=False,
    )
)

# The handful of emoji that stand for words in a request. Anything else is decoration.
_EMOJI = {
    "🔫": "gun", "🔪": "knife", "🗡": "dagger", "💣": "bomb", "🧨": "bomb", "🩸": "blood", "🔞": "nsfw", "🍆": "penis",
    "🍑": "butt", "🖕": "middle finger", "☠": "dead", "⚰": "coffin", "💊": "pill", "💉": "syringe",
    "🚬": "cigarette", "🍁": "leaf", "👧": "girl", "👦": "boy", "🧒": "child", "👶": "baby", "👙": "bikini",
    "🩲": "underwear",     "👩": "woman", "👨": "man", "☢": "radioactive", "☣": "biohazard",
}  # fmt: skip


@lru_cache(maxsize=1 << 16)
def folded(char: str) -> str:
    """What a reader takes one character for: lower-case latin, simplified Chinese, a space, or nothing at all."""
    if char.isascii():
        return " " if char == "_" or not char.isprintable() else char.lower()
    if char in _EMOJI:
        return f" {_EMOJI[char]} "
    if char in _RADICALS:
        return _RADICALS[char]
    plain = ""
    for part in unicodedata.normalize("NFKD", char).lower():
        kind = unicodedata.category(part)
        if kind in ("Cf", "Mn", "Me", "Cc", "Cn", "Co", "Cs"):
            continue
        if kind in ("Zs", "Zl", "Zp") or part in "\u3164\u2800":  # fillers that show as blanks
            plain += " "
        else:
            plain += simpler_forms().get(part, part) if is_han(part) else _LOOKALIKES.get(part, part)
    # A compatibility form may open into a sentence (﷽): more than any letter needs is not a letter.
    return plain if len(plain) <= 8 else " "


def folded_text(text: str) -> str:
    if text.isascii() and text.isprintable():  # what most words of the packs are
        return text.lower().replace("_", " ")
    return "".join(map(folded, text))
