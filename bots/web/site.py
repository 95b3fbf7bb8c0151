"""The pages' server: which rooms there are, where it listens, and how it begins and ends."""

import asyncio
import errno
import json
import logging
import os
import shutil
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bots.web.address import ADDRESS_FILE
from bots.web.courier import WebCourier
from bots.web.exports import Exports
from bots.web.guards import HEADERS, Guards, is_our_name, language_of
from bots.web.health import Health
from bots.web.passes import Doorkeeper
from bots.web.passkeys import Challenges
from bots.web.pulse import Pulse
from bots.web.rendering import Rendering
from bots.web.rooms import every_page
from bots.web.visits import Page
from bots.wording import say, speaking
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio
from storage.files import make_folder

log = logging.getLogger(__name__)

PORT: Final = 8321
HEALTH_PORT: Final = 8322
CLOSING: Final = 2.0  # seconds that answers under way have to end


class Site:
    """Everything that the rooms share."""

    def __init__(self, studio: Studio) -> None:
        self.studio = studio
        self.settings = studio.settings.web
        self.courier = WebCourier()
        self.doorkeeper = Doorkeeper(studio)
        self.challenges = Challenges(self.doorkeeper)
        self.rendering = Rendering()
        self.pulse = Pulse(studio)
        self.health = Health(studio, self.pulse)
        self.scratch = studio.places.root / "scratch"
        self.exports = Exports(studio, self.scratch)
        self.is_open = asyncio.Event()
        self.url = ""
        self.health_url = ""

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach it over HTTPS."""
        return (self.settings.public_url or "").startswith("https://")

    async def serve(self) -> None:
        """Until cancelled."""
        self._empty_scratch()
        pages = await _listening(self._application(), self.settings.address, self.settings.port, PORT)
        try:
            health = await _listening(
                self.health.application(), self.settings.address, self.settings.health_port, HEALTH_PORT
            )
        except BaseException:
            await pages.cleanup()
            raise
        self.url = self.settings.public_url or _url_of(pages)
        self.health_url = _url_of(health)
        note = self.studio.places.root / ADDRESS_FILE
        note.write_text(json.dumps({"url": self.url, "listens": _url_of(pages)}))
        beating = asyncio.create_task(self.pulse.beat())
        self.is_open.set()
        try:
            await beating
        finally:
            beating.cancel()
            note.unlink(missing_ok=True)
            await pages.cleanup()
            await health.cleanup()

    async def link_for(self, asker: Asker) -> str:
        """An address that lets this member in once."""
        return f"{self.url}/enter?key={await self.doorkeeper.link_for(asker)}"

    def _empty_scratch(self) -> None:
        """What an earlier process left when it was killed."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        make_folder(self.scratch)

    # -- the application -------------------------------------------------------------------------------------------

    def _application(self) -> web.Application:
        guards = Guards(self)
        application = web.Application(middlewares=[self._outermost])
        for page in every_page():
            _add(application, page, guards)
        application.router.add_route("*", "/{rest:.*}", guards.unknown)
        return application

    @web.middleware
    async def _outermost(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not is_our_name(request.host, self.settings.public_url):
            with speaking(language_of(request)):
                return web.Response(status=421, text=say("error.web.other_name") + "\n")
        with self.health.timing(request):
            response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
            response.headers.setdefault("Cache-Control", "private, no-store")
            if self.is_secure:
                response.headers["Strict-Transport-Security"] = "max-age=31536000"
            if "kinora_told" in request.cookies and response.content_type == "text/html" and response.status == 200:
                response.del_cookie("kinora_told", path="/")
        return response


def _add(application: web.Application, page: Page, guards: Guards) -> None:
    if page.method == "GET":
        application.router.add_get(page.path, guards.answering(page))
    else:
        application.router.add_post(page.path, guards.answering(page))


async def _listening(application: web.Application, address: str, port: int | None, usual: int) -> web.AppRunner:
    """Listen on the port that was set; StudioError where it is taken. Where none was: the usual one, or a free one."""
    runner = web.AppRunner(
        application, access_log=None, keepalive_timeout=75.0, shutdown_timeout=CLOSING, handle_signals=False
    )
    await runner.setup()
    for wanted in (port,) if port is not None else (usual, 0):
        try:
            await web.TCPSite(runner, address, wanted, reuse_address=os.name == "posix").start()
        except OSError as error:
            if port is None and wanted and error.errno in (errno.EADDRINUSE, errno.EACCES):
                continue
            await runner.cleanup()
            cause = error.strerror or str(error)
            raise StudioError("web.cannot_listen", address=address, port=wanted, cause=cause) from error
        return runner
    raise AssertionError("a free port was not free")


def _url_of(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"
