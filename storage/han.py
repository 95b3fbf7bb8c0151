"""Chinese characters, and the simpler form that a traditional one has."""

from functools import cache
from importlib.resources import files


def is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


@cache
def simpler_forms() -> dict[str, str]:
    """OpenCC's own table, letter by letter: its converter knows phrases, too, but takes 50 times as long to load."""
    table = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8")
    pairs = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {traditional: forms.split()[0] for traditional, forms in pairs if len(traditional) == 1}
