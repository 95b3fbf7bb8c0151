"""The bot: connects to Telegram beside the studio's other work, hears what is written and pressed, and passes it on."""

import asyncio
import hmac
import json
import logging
from typing import Final

from aiohttp import web
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError

from bots.telegram import menus
from bots.telegram.courier import TelegramCourier
from bots.telegram.desk import CaseWatch
from bots.telegram.films import Films
from bots.telegram.gathering_watch import GatheringWatch
from bots.telegram.hearing import HEARD, Hearing
from bots.telegram.line import Line
from bots.telegram.missed_payments import MissedPayments
from bots.telegram.people import People, Rights
from bots.telegram.room import Room
from bots.telegram.routing import Routing
from bots.telegram.stars import PayingBack
from bots.telegram.watching import Watch
from engine.errors import StudioError
from engine.studio import Studio

log = logging.getLogger(__name__)

TRY_AGAIN: Final = 5.0  # seconds, when Telegram cannot be reached at the start
UPDATE_LIMIT: Final = 1024 * 1024  # bytes: updates carry no files
SECRET_LEAST: Final = 16


class KinoraTelegram:
    def __init__(self, studio: Studio, token: str) -> None:
        settings = studio.settings.telegram
        self._settings = settings
        self._line = Line(settings, token)
        rights = Rights(self._line)
        watch, films = Watch(studio, self._line), Films(studio)
        people = People(studio, rights)
        self._gatherings = GatheringWatch(studio, self._line, people)
        self._room = Room(studio, self._line, rights, people, watch, films, self._gatherings)
        self._hearing = Hearing(studio, self._line, Routing(self._room).act)
        self._watch = watch
        self.courier = TelegramCourier(studio, self._line, watch, films)

    async def talk(self) -> None:
        """Until cancelled. A token that is not good ends it with a StudioError; an outage is waited for."""
        secret = self._secret()
        try:
            await self._connect()
            self.courier.is_ready.set()
            await self._hearing.go_on()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._watch.keep_watching())
                group.create_task(self._gatherings.keep_watching())
                group.create_task(CaseWatch(self._room).keep_watching())
                group.create_task(PayingBack(self._room).keep_paying_back())
                group.create_task(MissedPayments(self._room).keep_looking())
                group.create_task(self._hearing.keep_noting())
                group.create_task(self._tell_commands())
                group.create_task(self._hearing.keep_hearing() if secret is None else self._listen(secret))
        finally:
            self.courier.is_ready.clear()
            await self._hearing.finish()
            await self._line.bot.shutdown()

    def _secret(self) -> str | None:
        """What Telegram has to say at the webhook's door; None where the bot asks for news itself."""
        if self._settings.webhook is None:
            return None
        secret = self._settings.webhook_secret
        if secret is None or len(secret.get_secret_value()) < SECRET_LEAST:
            raise StudioError("telegram.webhook_secret", least=SECRET_LEAST)
        return secret.get_secret_value()

    async def _connect(self) -> None:
        while True:
            try:
                await self._line.bot.initialize()
            except InvalidToken:
                raise StudioError("telegram.token_refused") from None
            except (NetworkError, RetryAfter, OSError) as error:
                log.warning("telegram cannot be reached yet: %s", error)
                await asyncio.sleep(TRY_AGAIN)
            else:
                return

    async def _tell_commands(self) -> None:
        """The menus, in every language that Telegram tells apart. Nothing depends on them."""
        try:
            if self._settings.webhook is None:
                await self._line.bot.delete_webhook()
            await menus.tell(self._line.bot, sells=bool(self._settings.stars.packs))
        except TelegramError as error:
            log.warning("the commands could not be told: %s", error)

    # -- the webhook -----------------------------------------------------------------------------------------------

    async def _listen(self, secret: str) -> None:
        """Be told by Telegram instead of asking. An update is answered once it is written down; else it comes again."""

        async def told(request: web.Request) -> web.Response:
            said = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
            if not hmac.compare_digest(said.encode(), secret.encode()):
                return web.Response(status=403)
            try:
                content = json.loads(await request.read())
                number = content["update_id"]
            except (ValueError, TypeError, KeyError):
                return web.Response(status=400)
            if not isinstance(number, int):
                return web.Response(status=400)
            await self._hearing.take_in_raw(content)
            return web.Response()

        app = web.Application(client_max_size=UPDATE_LIMIT)
        app.router.add_post("/{path:.*}", told)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        host, _, port = self._settings.listen.rpartition(":")
        try:
            await web.TCPSite(runner, host, int(port)).start()
            while True:
                try:
                    await self._line.bot.set_webhook(
                        self._settings.webhook or "", secret_token=secret, allowed_updates=list(HEARD)
                    )
                    break
                except (NetworkError, RetryAfter) as error:
                    log.warning("telegram does not know the webhook yet: %s", error)
                    await asyncio.sleep(TRY_AGAIN)
            await asyncio.Event().wait()
        finally:
            await runner.cleanup()
