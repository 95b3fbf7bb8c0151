"""A picture of every page, wide and narrow, by day and by night, to be looked at: KINORA_PICTURES says where to."""

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser

from tests.bots.web.client import Client
from tests.bots.web.conftest import HELD, PHONE, OpenStudio, Visitor, asks, makes

pytestmark = [pytest.mark.asyncio(loop_scope="package"), pytest.mark.soak]
FOLDER = os.environ.get("KINORA_PICTURES")  # read before a test's environment is cleared
PAGES = {
    "home": "/",
    "animate": "/make/animate",
    "board": "/board",
    "jobs": "/jobs",
    "library": "/library",
    "library-list": "/library?as=list",
    "explore": "/explore",
    "together": "/together",
    "verify": "/verify",
    "account": "/account",
    "privacy": "/privacy",
    "desk": "/desk",
    "statistics": "/desk/statistics",
    "policy": "/desk/policy",
    "audit": "/desk/audit",
    "studio": "/studio",
    "nothing": "/nothing/here",
    "enter": "/enter?key=x",
}
EVERY_PICTURE = """() => Promise.all([...document.images].map((one) => {
  one.loading = "eager";
  return one.decode().catch(() => {});
}))"""
WISHES = (
    "a paper boat drifts down a rainy street at night, past glowing lanterns",
    "a red balloon over snow",
    "a wolf howls at the full moon over the mountains",
    "兩隻貓在屋頂上看星星",
    "a lighthouse at night, waves and wind",
)


@pytest.mark.parametrize("language", ["en-GB", "zh-TW"])
async def test_a_picture_of_every_page(
    operator: Visitor,
    mei: Visitor,
    mei_client: Client,
    chromium: Browser,
    studio: OpenStudio,
    tmp_path: Path,
    language: str,
) -> None:
    folder = Path(FOLDER or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    await operator.goes("/library")
    if not await operator.page.locator(".tile").count():
        await _fill(operator, mei, mei_client)
    await operator.goes("/library")
    clip = (await operator.page.locator(".tile a").first.get_attribute("href") or "").rpartition("/")[2]
    await operator.goes("/desk")
    case = await operator.page.locator("[data-case]").first.get_attribute("href")
    await operator.goes("/together")
    gathering = await operator.page.locator(".circle a").first.get_attribute("href")
    more = {"clip": f"/clips/{clip}", "remix": f"/make/remix?clip={clip}", "blend": f"/make/blend?clip={clip}"}
    more |= {"case": str(case), "gathering": str(gathering)}
    state = await operator.context.storage_state()
    for width in ("wide", "phone"):
        view = PHONE if width == "phone" else {"viewport": {"width": 1280, "height": 860}}
        context = await chromium.new_context(**view, locale=language, storage_state=state)  # type: ignore[arg-type]
        page = await context.new_page()
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for name, path in (PAGES | more).items():
                await page.goto(studio.url + path)
                await page.evaluate(EVERY_PICTURE)
                await page.screenshot(path=folder / f"{name}-{width}-{scheme}-{language[:2]}.png", full_page=True)
        await context.close()
    assert len(list(folder.glob(f"*-{language[:2]}.png"))) == 4 * len(PAGES | more)


async def _fill(operator: Visitor, mei: Visitor, mei_client: Client) -> None:
    """A studio in which something goes on."""
    for wish in WISHES:
        clip = await makes(operator, wish)
        await operator.goes(f"/clips/{clip}")
        await operator.page.click("form[action$='/share'] button[name=on]")
    await makes(mei, "a green kite over the sea")
    await asks(mei, HELD[3])
    page = operator.page
    for kind, theme in (("chain", "The wolf's way home"), ("party", "紙船之夜")):
        await operator.goes("/together")
        form = page.locator("form", has=page.locator(f"input[name=kind][value={kind}]"))
        await form.locator("[name=theme]").fill(theme)
        await form.locator("button.go").click()
        await page.wait_for_url(re.compile(r"/together/\w+-"))
        where = page.url.removeprefix(operator.url)
        wish = {"prompt": "a wolf howls at the moon", "aspect": "16:9", "resolution": "480p", "seconds": "1"}
        assert (await mei_client.post(f"{where}/add", wish))[0] == 200
        await page.locator(".entries a.screen").wait_for()
