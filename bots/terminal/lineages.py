"""Who may remix one's clips, and the tree of what was made from what."""

from pathlib import Path
from typing import Any

import typer
from rich.text import Text
from rich.tree import Tree

from bots.terminal import creating, screen
from bots.terminal.session import with_studio
from bots.terminal.shelves import clip_id, done
from bots.wording import knows, say
from engine.errors import StudioError
from engine.members import Asker
from engine.remixing import Branch, RemixRight
from engine.studio import Studio


def show_rights(context: typer.Context, *, as_json: bool) -> None:
    right, hears = with_studio(context, lambda studio, asker: studio.remixing.default(asker))
    if as_json:
        screen.answer({"default": right.value, "hears_of_remixes": hears})
        return
    screen.show(say(f"rights.default_{right}"))
    screen.show(say("rights.hears") if hears else say("rights.hears_not"))
    screen.show(say("rights.how"), "dim")


def set_default(context: typer.Context, typed: str, *, as_json: bool) -> None:
    right = _right(typed)
    with_studio(context, lambda studio, asker: studio.remixing.set_default(asker, right))
    done(say(f"rights.default_{right}"), {"default": right.value}, as_json=as_json)


def clip_right(context: typer.Context, typed_clip: str, typed: str | None, *, as_json: bool) -> None:
    clip = clip_id(typed_clip)

    async def work(studio: Studio, asker: Asker) -> tuple[RemixRight, bool]:
        if typed is not None:
            await studio.remixing.set_right(asker, clip, None if typed == "default" else _right(typed))
        return await studio.remixing.right(asker, clip)

    right, of_its_own = with_studio(context, work)
    sentence = say(f"rights.clip_{right}", clip=clip)
    if not of_its_own:
        sentence += " " + say("rights.by_default")
    done(sentence, {"clip": clip, "right": right.value, "by_default": not of_its_own}, as_json=as_json)


def hear(context: typer.Context, *, on: bool, as_json: bool) -> None:
    with_studio(context, lambda studio, asker: studio.remixing.hear_of_remixes(asker, on=on))
    done(say("rights.hears") if on else say("rights.hears_not"), {"hears_of_remixes": on}, as_json=as_json)


def _right(typed: str) -> RemixRight:
    if typed not in list(RemixRight):
        raise StudioError("remix.right", allowed=", ".join(RemixRight))
    return RemixRight(typed)


# -- the tree ------------------------------------------------------------------------------------------------------


def tree(context: typer.Context, typed: str, output: Path | None, *, as_json: bool) -> None:
    clip = clip_id(typed)
    address = None
    if output is not None:
        address = creating.address_of(output, overwrite=True)
        creating.check_address(address)

    async def work(studio: Studio, asker: Asker) -> tuple[Branch, Path | None]:
        root = await studio.remixing.tree(asker, clip)
        drawn = await studio.remixing.picture(root, clip, address.target(clip, 1)) if address is not None else None
        return root, drawn

    root, drawn = with_studio(context, work)
    if as_json:
        screen.answer({"tree": _of_branch(root), "picture": str(drawn) if drawn else None})
        return
    grown = Tree(_line(root, clip))
    _grow(grown, root, clip)
    screen.OUT.print(grown)
    if drawn is not None:
        screen.show(say("rights.picture", file=str(drawn)))


def _grow(tree: Tree, branch: Branch, asked_for: str) -> None:
    for below in branch.branches:
        _grow(tree.add(_line(below, asked_for)), below, asked_for)
    if branch.more:
        tree.add(Text(say("tree.more", count=branch.more), "dim"))


def _line(branch: Branch, asked_for: str) -> Text:
    line = Text(branch.clip_id, "bold yellow" if branch.clip_id == asked_for else "bold")
    if branch.relation:
        key = f"relation.{branch.relation}"
        line.append("  " + (say(key) if knows(key) else branch.relation), "not bold default")
    if branch.gap:
        line.append("  " + say(f"gap.{branch.gap}"), "not bold dim")
    else:
        line.append("  " + say("tree.by", maker=branch.maker_id or ""), "not bold dim")
    return line


def _of_branch(branch: Branch) -> dict[str, Any]:
    return {
        "id": branch.clip_id,
        "relation": branch.relation,
        "maker": branch.maker_id,
        "gap": branch.gap,
        "more": branch.more,
        "remixes": [_of_branch(below) for below in branch.branches],
    }
