"""Every sentence that a template says is there, with its placeholders; and templates hold no sentence of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bots.web.rendering import HERE, assets
from bots.web.rooms import making
from bots.wording import LANGUAGES, catalogue
from engine.brief import Operation
from engine.remixing import RemixRight
from safety.desk.people import Action, Queue, Subject
from safety.verdict import Decision, Surface
from storage.explore import Order
from storage.library import View

TEMPLATES = sorted((HERE / "templates").rglob("*.html"))
SAID = re.compile(r"""say\(\s*["']([\w.-]+)["']\s*(~|,|\))([^(){}]*(?:\([^()]*\)[^(){}]*)*)""")
NAMED = re.compile(r"(\w+)=(?!=)")


def said() -> Iterator[tuple[Path, str, str, str]]:
    for file in TEMPLATES:
        for found in SAID.finditer(file.read_text(encoding="utf-8")):
            yield file, found[1], found[2], found[3]


def test_every_sentence_of_a_template_is_there_with_its_placeholders() -> None:
    asked = 0
    for file, key, after, rest in said():
        if after == "~":
            continue
        asked += 1
        assert key in catalogue("en"), f"{file.name}: {key}"
        wanted = set(re.findall(r"{(\w+)", catalogue("en")[key]))
        given = set(NAMED.findall(rest)) if after == "," else set()
        assert wanted <= given, f"{file.name}: {key} needs {wanted}"
    assert asked > 150


def families() -> Iterator[str]:
    """Keys that templates put together."""
    yield from (f"web.make.{name}" for name in {*making.KINDS, *Operation, "reword", "storyboard"})
    yield from (f"web.make.about_{kind}" for kind in making.KINDS if kind != "create")
    yield from (f"web.make.words_{kind}" for kind in ("animate", "remix", "recut", "extend", "views"))
    yield from (f"web.option.{name}" for name in ("turbo", "best"))
    yield from (f"web.library.{view}" for view in View if view is not View.FOLDER)
    yield from (f"web.library.empty_{view}" for view in View)
    yield from (f"discord.explore.{order}" for order in Order)
    yield from (f"web.right.{right}" for right in RemixRight)
    yield from (f"web.queue.{queue}" for queue in Queue)
    yield from (f"web.desk.about.{subject}" for subject in Subject)
    yield from (f"web.desk.do.{action}" for action in Action)
    yield from (f"web.policy.{decision.word}" for decision in Decision)
    yield from (f"web.policy.on.{surface.value}" for surface in Surface)
    yield from (f"web.lights.{light}" for light in ("auto", "light", "dark"))
    yield from (f"web.nav.{name}" for name in ("create", "library", "explore", "verify", "desk", "studio", "account"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_templates_put_together_has_its_words(language: str) -> None:
    assert {key for key in families() if key not in catalogue(language)} == set()


def test_no_page_holds_a_script_a_style_or_a_sentence_of_its_own() -> None:
    for file in TEMPLATES:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b", text), file.name
        assert not re.search(r"<script(?! src=\"{{ asset\()", text), file.name
        bare = re.sub(r"{%.*?%}|{{.*?}}|<!--.*?-->|{#.*?#}", "", text, flags=re.DOTALL)
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", bare), file.name
        words = re.findall(r">[^<]*?([A-Za-z]{4,})[^<]*<", bare)
        assert set(words) <= {"Kinora", "kinora", "healthz", "readyz", "metrics", "turbo"}, (file.name, words)


def test_no_asset_asks_another_host() -> None:
    for one in assets().values():
        addresses = set(re.findall(rb"https?://[^\s\"')]+", one.content))
        assert addresses <= {b"http://www.w3.org/2000/svg"}, one.name
