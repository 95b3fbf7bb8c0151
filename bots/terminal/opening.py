"""`web`: a link that opens the pages of the studio that is running."""

import typer

from bots.terminal import screen
from bots.terminal.session import with_studio
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker
from engine.studio import Studio


def web(context: typer.Context) -> None:
    from bots.web.address import is_answering, noted_url
    from bots.web.passes import link_for

    async def work(studio: Studio, asker: Asker) -> None:
        url = noted_url(studio.places.root)
        if url is None or not is_answering(studio.places.root):
            raise StudioError("web.not_open")
        screen.show(say("run.web_link", link=f"{url}/enter?key={await link_for(studio.database, asker)}"))

    with_studio(context, work)
