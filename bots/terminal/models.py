"""`models`: which models there are, fetching them, checking and removing them."""

from typing import Any

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from bots.terminal import screen
from bots.terminal.session import settings_of
from bots.wording import say
from engine.models import Models, Standing
from storage.models import Model, State

_MARKS = {State.WHOLE: "✓", State.PART: "…", State.ABSENT: "–", State.DAMAGED: "!"}


def show(context: typer.Context, *, as_json: bool) -> None:
    found = Models(settings_of(context)).all()
    if as_json:
        screen.answer({"models": [_of(standing) for standing in found]})
        return
    headings = ("model", "kind", "size", "licence", "state")
    screen.table([say(f"table.{name}") for name in headings], map(_cells, found))


def pull(context: typer.Context, name: str, *, agreed: bool, as_json: bool) -> int:
    """Says what it is, how large and under which licence; then fetches it, if that is wanted."""
    models = Models(settings_of(context))
    model = models.ask(name)
    screen.tell(model.title, "bold")
    screen.tell("  " + say("models.size", size=_size(model.total), files=len(model.files)))
    screen.tell("  " + say("models.licence", name=model.licence.name, link=model.licence.link))
    if model.licence.text:
        screen.tell("  " + model.licence.text)
    if not agreed and not typer.confirm(say("models.agree"), err=True):
        return 1
    standing = _fetched(models, model)
    if as_json:
        screen.answer(_of(standing))
    else:
        screen.show(say("models.pulled", name=name), "bold", mark="✓", mark_style="bold green")
        if model.kind == "renderer":
            screen.show("  " + say("models.use_renderer", name=name))
        else:
            screen.show("  " + say("models.use", kind=model.kind))
    return 0


def _fetched(models: Models, model: Model) -> Standing:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen.ERR, transient=True) as bar:
        under_way = bar.add_task(model.name, total=model.total or None)

        def told(path: str, done: int, of: int) -> None:
            bar.update(under_way, description=screen.plain(path, 30), completed=done, total=of)

        return models.pull(model, told)


def check(context: typer.Context, name: str | None, *, as_json: bool) -> int:
    models = Models(settings_of(context))
    names = [name] if name else [found.model.name for found in models.all() if found.state is not State.ABSENT]
    checked = [models.check(one) for one in names]
    if as_json:
        screen.answer({"models": [_of(standing) | {"damaged": damaged} for standing, damaged in checked]})
    elif not checked:
        screen.show(say("models.none"))
    else:
        for standing, damaged in checked:
            said = say(f"models.is_{standing.state}", name=standing.model.name)
            screen.show(said, mark=_MARKS[standing.state])
            for path in damaged:
                screen.show("  · " + screen.plain(path))
    return 0 if all(standing.state is State.WHOLE for standing, _ in checked) else 1


def remove(context: typer.Context, name: str, *, as_json: bool) -> None:
    freed = Models(settings_of(context)).remove(name)
    if as_json:
        screen.answer({"model": name, "freed": freed})
    else:
        screen.show(say("models.removed", name=name, size=_size(freed)), mark="✓", mark_style="bold green")


def _cells(standing: Standing) -> list[str]:
    model = standing.model
    size = _size(model.total) if model.files else say("models.about", size=_size(model.total))
    state = f"{_MARKS[standing.state]} {say(f'models.{standing.state}')}"
    return [model.name, say(f"models.kind_{model.kind}"), size, model.licence.name, state]


def _of(standing: Standing) -> dict[str, Any]:
    model = standing.model
    return {
        "model": model.name,
        "kind": model.kind,
        "title": model.title,
        "size": model.total,
        "licence": {"name": model.licence.name, "link": model.licence.link},
        "source": model.source,
        "revision": model.revision if model.is_pinned else None,
        "state": standing.state.value,
        "bytes_here": standing.bytes_here,
    }


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
