"""The doctor: looks at everything the studio stands on and says of each thing whether it is fine, missing, or what to
do. It makes nothing but what a first start makes anyway (the folder and its keys), and works where the studio cannot.
"""

import base64
import os
import platform
import re
import secrets
import shutil
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy.exc import DatabaseError

from engine.errors import StudioError
from engine.fleet.base import Fleet, TaskFailed
from engine.fleet.local import Bounds, LocalFleet, Setup
from engine.places import Places
from engine.renderers.diffusion.machines import ask_driver, cards, propose
from engine.renderers.registry import models_of, profiles_of
from engine.seal_tasks import CheckKeys
from engine.settings import Platform, Settings, config_file
from engine.text_tasks import CheckText, GetReadyToCheck
from safety.submission import Submission, SubmittedText
from safety.verdict import Decision
from storage import database
from storage.errors import StorageError
from storage.models import ModelError
from storage.store import Store

OLDEST_PYTHON: Final = (3, 11)
# A minute of 1080p takes some 100 MB while it is made: in quarantine, sealed, and copied to where it was asked for.
ENOUGH_SPACE: Final = 1024**3
LEAST_SPACE: Final = 200 * 1024**2
CLOCKS_AGREE_WITHIN: Final = 60.0  # seconds; S3 turns away who is off by a quarter of an hour
PATIENCE: Final = 30.0  # seconds for a worker to start and answer
_BENIGN: Final = "a wolf howls at the moon"
# What Kinora can do without, and what is asked for to see whether it is there.
EXTRAS: Final = {
    "letters": ("rapidocr_onnxruntime",),
    "models": ("torch", "diffusers", "transformers", "detoxify"),
}


# What the Discord bot asks for: to see channels, to send messages there and in threads, to attach files, to read
# what it sent before, and to pin the card of a chain or a party. docs/discord.md says what each is for.
DISCORD_PERMISSIONS: Final = 1 << 10 | 1 << 11 | 1 << 15 | 1 << 16 | 1 << 38 | 1 << 51
# The platforms' tokens have a shape of their own: one that was cut short while it was copied is noticed at once.
TOKENS: Final = {"discord": r"[\w-]{23,28}\.[\w-]{6,7}\.[\w-]{27,}", "telegram": r"\d{6,12}:[\w-]{35}"}


class Condition(StrEnum):
    FINE = "fine"
    MISSING = "missing"  # optional, and not there
    ATTENTION = "attention"  # works, but something should be done
    BROKEN = "broken"  # the studio cannot work like this


@dataclass(frozen=True)
class Finding:
    """What was found of one thing. `code` names the sentence that tells it, `params` fill it."""

    subject: str
    condition: Condition
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


async def examine(settings: Settings) -> list[Finding]:
    """Look at everything; workers are only asked where nothing else is broken."""
    findings = look_around(settings)
    findings += check_files(settings)
    if not is_broken(findings):
        findings += await _with_a_worker(settings)
    return findings


def look_around(settings: Settings) -> list[Finding]:
    """Everything that can be seen without a worker."""
    places = Places(settings.data.resolve())
    return [
        check_python(),
        *check_packages(),
        *check_folder(places.root),
        *check_space(places.root),
        check_clock(places),
        check_database(settings),
        *check_tokens(settings, config_file()),
        *check_extras(),
        *check_models(settings),
        check_card(),
    ]


def is_broken(findings: list[Finding]) -> bool:
    return any(finding.condition is Condition.BROKEN for finding in findings)


# -- this machine --------------------------------------------------------------------------------------------------


def check_python(running: tuple[int, int] = (sys.version_info.major, sys.version_info.minor)) -> Finding:
    fits = running >= OLDEST_PYTHON
    params = {"version": platform.python_version(), "oldest": ".".join(map(str, OLDEST_PYTHON))}
    condition = Condition.FINE if fits else Condition.BROKEN
    return Finding("python", condition, "python.fine" if fits else "python.old", params)


def check_packages() -> Iterator[Finding]:
    """Every package that Kinora cannot do without, at the version that it asks for at least."""
    wrong = list(_unmet(version))
    if not wrong:
        yield Finding("packages", Condition.FINE, "packages.fine", {"count": len(list(_needed()))})
    for name, found, wanted in wrong:
        params = {"name": name, "found": found or "", "wanted": wanted}
        yield Finding("packages", Condition.BROKEN, "packages.old" if found else "packages.missing", params)


def _needed() -> Iterator[tuple[str, str]]:
    """Name and lowest version of each package of the base install."""
    for line in requires("kinora") or ():
        requirement, _, marker = line.partition(";")
        if "extra" in marker:
            continue
        if match := re.match(r"([\w.-]+)[^>]*(?:>=\s*([\d.]+))?", requirement):
            yield match[1], match[2] or "0"


def _unmet(installed: Callable[[str], str]) -> Iterator[tuple[str, str | None, str]]:
    for name, wanted in _needed():
        try:
            found = installed(name)
        except PackageNotFoundError:
            yield name, None, wanted
            continue
        if _numbers(found) < _numbers(wanted):
            yield name, found, wanted


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.match(r"[\d.]*", text)[0].strip(".").split(".") if number)  # type: ignore[index]


def check_clock(places: Places, at: float | None = None) -> Finding:
    """A clock that stands before what is on the disk already is wrong: certificates would not be valid yet."""
    at = time.time() if at is None else at
    witnesses = (Path(__file__), places.keys / "authority", places.database)
    latest = max((path.stat().st_mtime for path in witnesses if path.exists()), default=0.0)
    shown = datetime.fromtimestamp(at, tz=UTC).strftime("%Y-%m-%d %H:%M UTC")
    if at < latest - 300:
        return Finding("clock", Condition.ATTENTION, "clock.behind", {"now": shown})
    return Finding("clock", Condition.FINE, "clock.fine", {"now": shown})


# -- the data folder -----------------------------------------------------------------------------------------------


def check_folder(root: Path) -> Iterator[Finding]:
    folder = str(root)
    nearest = _nearest_existing(root)
    if not nearest.is_dir():
        yield Finding("folder", Condition.BROKEN, "folder.no_folder", {"folder": str(nearest)})
    elif not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("folder", Condition.BROKEN, "folder.no_right", {"folder": str(nearest)})
    elif nearest != root:
        yield Finding("folder", Condition.FINE, "folder.not_yet", {"folder": folder})
    elif root.stat().st_mode & 0o077:
        yield Finding("folder", Condition.ATTENTION, "folder.open_to_others", {"folder": folder})
    else:
        yield Finding("folder", Condition.FINE, "folder.fine", {"folder": folder})


def check_space(root: Path) -> Iterator[Finding]:
    try:
        free = shutil.disk_usage(_nearest_existing(root)).free
    except OSError:
        return  # what is wrong with the folder has been said
    params = {"free": f"{free / 1024**3:.1f}"}
    if free < LEAST_SPACE:
        yield Finding("space", Condition.BROKEN, "space.none", params)
    elif free < ENOUGH_SPACE:
        yield Finding("space", Condition.ATTENTION, "space.little", params)
    else:
        yield Finding("space", Condition.FINE, "space.fine", params)


def _nearest_existing(path: Path) -> Path:
    return next(folder for folder in (path, *path.parents) if folder.exists())


def check_database(settings: Settings) -> Finding:
    try:
        url = database.parsed(settings.database_url)
        is_file = url.get_backend_name() == "sqlite"
        where = str(url.database) if is_file else url.render_as_string(hide_password=True)
        if is_file and not Path(where).exists():
            return Finding("database", Condition.FINE, "database.not_yet", {"file": where})
        stored, newest = database.stored_version(url), database.newest_version()
    except StorageError as error:
        return Finding("database", Condition.BROKEN, error.code, error.params)
    except DatabaseError as error:
        cause = str(getattr(error, "orig", None) or error).splitlines()[0]
        return Finding("database", Condition.BROKEN, "database.unreadable", {"file": where, "cause": cause})
    params = {"file": where, "version": stored or "", "newest": newest}
    if stored == newest:
        return Finding("database", Condition.FINE, "database.fine", params)
    if stored is None:
        return Finding("database", Condition.FINE, "database.not_yet", params)
    if stored in database.known_versions():
        return Finding("database", Condition.FINE, "database.older" if is_file else "database.older_on_server", params)
    return Finding("database", Condition.BROKEN, "database.newer", params)


# -- the store of files -------------------------------------------------------------------------------------------


def check_files(settings: Settings) -> Iterator[Finding]:
    """Where the files are in a store: put a few bytes there, read them, look at their time, and remove them again."""
    if settings.files is None:
        return
    probe, said = f"doctor/{secrets.token_hex(8)}", secrets.token_bytes(32)
    denied, where = "files.may_not_put", {"store": settings.files}
    try:
        store = Store.at(settings.files)
        where = {"store": str(store.address)}
        store.put_note(probe, said)
        denied = "files.may_not_read"
        found, listed = store.note(probe), store.find(probe)
        if found != said or listed is None:
            yield Finding("files", Condition.BROKEN, "files.changed", where)
        elif abs(ahead := listed.changed_at - time.time()) > CLOCKS_AGREE_WITHIN:
            yield Finding("files", Condition.ATTENTION, "files.clock", where | {"seconds": f"{abs(ahead):.0f}"})
        if store.is_open_to_all(probe):
            yield Finding("files", Condition.BROKEN, "files.open_to_all", where)
        denied = "files.may_not_remove"
        store.remove([probe])
        if store.note(probe) is not None:
            yield Finding("files", Condition.BROKEN, "files.stays", where)
        yield Finding("files", Condition.FINE, "files.fine", where)
    except StorageError as error:
        code = denied if error.code == "store.refused" else error.code
        yield Finding("files", Condition.BROKEN, code, where | error.params)


# -- what needs a worker -------------------------------------------------------------------------------------------


async def _with_a_worker(settings: Settings) -> list[Finding]:
    places = Places(settings.data.resolve())
    places.root.mkdir(mode=0o700, parents=True, exist_ok=True)  # before the keys make it for everybody to look into
    fleet = LocalFleet(
        Setup(places.root, settings.safety.policy, settings.certificate.pair()),
        Bounds(settings.fleet.memory_mb, PATIENCE),
        heavy=0,
    )
    try:
        return await ask_workers(fleet)
    finally:
        await fleet.close()


async def ask_workers(fleet: Fleet) -> list[Finding]:
    """Have a worker do two small real things: check a prompt, and open the keys."""
    gate = await _ask_gate(fleet)
    if gate.subject == "workers":
        return [gate]  # none starts: nothing can be said of the keys
    return [Finding("workers", Condition.FINE, "workers.fine"), gate, await _ask_keys(fleet)]


async def _ask_gate(fleet: Fleet) -> Finding:
    try:
        await fleet.do(GetReadyToCheck())  # a cold gate may be too slow for its own deadline
        judged = await fleet.do(CheckText(submission=Submission(texts=(SubmittedText(text=_BENIGN),))))
    except TaskFailed as failed:
        subject = "workers" if failed.code.startswith("worker.") else "gate"
        return Finding(subject, Condition.BROKEN, f"{subject}.broken", {"cause": _cause(failed)})
    except OSError as error:
        return Finding("workers", Condition.BROKEN, "workers.broken", {"cause": str(error)})
    params = {"version": judged.verdict.policy_version}
    if judged.verdict.decision is not Decision.ALLOW:
        return Finding("gate", Condition.BROKEN, "gate.holds_everything", params)
    return Finding("gate", Condition.FINE, "gate.fine", params)


async def _ask_keys(fleet: Fleet) -> Finding:
    try:
        keys = await fleet.do(CheckKeys())
    except TaskFailed as failed:
        return Finding("keys", Condition.BROKEN, "keys.broken", {"cause": _cause(failed)})
    params = {"until": keys.not_after or "", "problem": keys.problem or ""}
    if not keys.ok:
        return Finding("keys", Condition.BROKEN, "keys.unusable", params)
    if keys.problem:
        return Finding("keys", Condition.ATTENTION, "keys.attention", params)
    return Finding("keys", Condition.FINE, "keys.fine", params)


def _cause(failed: TaskFailed) -> str:
    cause: Any = failed.params.get("cause") or failed.params.get("how") or failed.code
    return str(cause)


# -- the chat platforms ---------------------------------------------------------------------------------------------


def check_tokens(settings: Settings, file: Path) -> Iterator[Finding]:
    """A token is looked at, never shown, and never tried: that would connect the bot."""
    found: dict[str, Platform] = {"discord": settings.discord, "telegram": settings.telegram}
    for name, shape in TOKENS.items():
        token = found[name].token
        if token is None or not token.get_secret_value():
            yield Finding(name, Condition.MISSING, f"{name}.no_token")
        elif re.fullmatch(shape, token.get_secret_value(), re.ASCII):
            link = {"link": invitation(token.get_secret_value())} if name == "discord" else {}
            yield Finding(name, Condition.FINE, f"{name}.token", link)
        else:
            yield Finding(name, Condition.ATTENTION, f"{name}.strange_token")
    if _names_a_token(file) and file.stat().st_mode & 0o077:
        yield Finding("tokens", Condition.ATTENTION, "tokens.open_to_others", {"file": str(file)})


def invitation(token: str) -> str:
    """The link that brings the Discord bot into a server. A token begins with the application's id: no secret."""
    begin = token.partition(".")[0]
    found = base64.urlsafe_b64decode(begin + "=" * (-len(begin) % 4)).decode("ascii", "replace")
    application = found if found.isdecimal() else "APPLICATION_ID"
    scopes = "scope=bot+applications.commands"
    return f"https://discord.com/oauth2/authorize?client_id={application}&{scopes}&permissions={DISCORD_PERMISSIONS}"


def _names_a_token(file: Path) -> bool:
    try:
        written = tomllib.loads(file.read_text())
    except (OSError, ValueError):
        return False
    return any(written.get(name, {}).get("token") for name in TOKENS)


# -- what one can do without ---------------------------------------------------------------------------------------


def check_extras(is_there: Callable[[str], bool] = lambda name: find_spec(name) is not None) -> Iterator[Finding]:
    for extra, packages in EXTRAS.items():
        absent = [name for name in packages if not is_there(name)]
        if absent:
            params = {"extra": extra, "absent": ", ".join(absent)}
            yield Finding(extra, Condition.MISSING, f"{extra}.missing", params)
        else:
            yield Finding(extra, Condition.FINE, f"{extra}.fine", {"extra": extra})


def check_models(settings: Settings) -> Iterator[Finding]:
    """Each trained model that the studio is told to use: whether it is here, and whole."""
    models = models_of(settings.renderers, settings.data.resolve())
    for profile in profiles_of(settings.renderers):
        params = {"title": profile.title, "name": profile.name, "licence": profile.licence.name}
        try:
            profile.check_pulled(models)
        except StudioError:
            yield Finding("renderer", Condition.ATTENTION, "renderer.not_there", params)
        except ModelError:
            yield Finding("renderer", Condition.ATTENTION, "renderer.damaged", params)
        else:
            yield Finding("renderer", Condition.FINE, "renderer.fine", params)


def check_card(ask: Callable[[], str] = ask_driver) -> Finding:
    """The graphics card, and the models that suit it."""
    found = cards(ask)
    if not found:
        return Finding("card", Condition.MISSING, "card.none")
    params: dict[str, object] = {"name": found[0].name, "gb": f"{found[0].gb:.0f}"}
    proposal = propose(found[0].gb)
    if proposal is None:
        return Finding("card", Condition.MISSING, "card.small", params)
    params |= {"turbo": ", ".join(proposal.turbo), "best": ", ".join(proposal.best)}
    return Finding("card", Condition.FINE, "card.fine", params)
