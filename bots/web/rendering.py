"""Pages from templates: everything is escaped unless a function of ours made it, and a missing name is an error."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bots import stories
from bots.transparency import reason_name
from bots.wording import knows, say
from engine.members import Role, at_least
from engine.studio import VERSION

if TYPE_CHECKING:
    from bots.web.visits import Visit

HERE: Final = Path(__file__).parent
# Each language calls itself what it does, whatever else is spoken.
OWN_NAMES: Final = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文"}
_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """A file of ours that every page may ask for."""

    name: str
    content: bytes
    media_type: str

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.content).hexdigest()[:12]


def assets() -> dict[str, Asset]:
    return {
        file.name: Asset(file.name, file.read_bytes(), _TYPES[file.suffix])
        for file in sorted((HERE / "static").iterdir())
        if file.suffix in _TYPES
    }


class Rendering:
    def __init__(self) -> None:
        self.assets = assets()
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals |= {
            "say": say,
            "knows": knows,
            "stories": stories,
            "asset": self._asset,
            "moment": moment,
            "reason_name": reason_name,
            "languages": OWN_NAMES,
            "version": VERSION,
        }
        self._templates.filters |= {"seconds": lambda value: f"{value:g}", "size": size}

    def page(self, visit: "Visit", template: str, context: Mapping[str, Any]) -> str:
        from bots.web.guards import told_before
        from bots.web.visits import Access

        session = visit.session
        return self._templates.get_template(template).render(
            **context,
            visit=visit,
            asker=session.asker if session else None,
            csrf=csrf_field(visit.site.doorkeeper.form_token(session)) if session else "",
            told=told_before(visit.request),
            path=visit.request.path,
            moderates=visit.may(Access.MODERATOR),
            leads=session is not None and at_least(session.asker.role, Role.LEAD),
            operates=visit.may(Access.OPERATOR),
        )

    def _asset(self, name: str) -> str:
        return f"/static/{name}?v={self.assets[name].version}"


def csrf_field(token: str) -> Markup:
    return Markup('<input type="hidden" name="csrf" value="{}">').format(token)


def moment(at: int | None) -> Markup:
    """A time as a page says it: the script writes it in the reader's own zone."""
    if at is None:
        return Markup("–")
    told = datetime.fromtimestamp(at / 1000, UTC)
    iso, said = told.isoformat(timespec="seconds"), told.strftime("%Y-%m-%d %H:%M UTC")
    return Markup('<time datetime="{}">{}</time>').format(iso, said)


def size(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1_000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit in ("B", "kB") else f"{count:.1f} {unit}"
        count /= 1_000
    raise AssertionError
