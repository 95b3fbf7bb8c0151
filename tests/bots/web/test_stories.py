"""A member's, a moderator's and an operator's day at the pages, in a real browser on the real studio."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.bots.web.client import Client
from tests.bots.web.conftest import HELD, MS, PHONE, OpenStudio, Visitor, asks, let_in, makes

pytestmark = pytest.mark.asyncio(loop_scope="package")
ENOUGH_TO_PLAY = 4  # HTMLMediaElement.HAVE_ENOUGH_DATA


# -- a member ------------------------------------------------------------------------------------------------------


async def test_a_clip_is_made_and_plays_in_place(mei: Visitor) -> None:
    clip = await makes(mei, "a red balloon over snow")
    film = mei.page.locator(f"video[src='/clips/{clip}/film.mp4']")
    await expect(film).to_have_js_property("readyState", ENOUGH_TO_PLAY)
    assert await film.evaluate("one => one.videoWidth") == 480
    assert mei.page.url.rstrip("/") == mei.url  # nobody was sent elsewhere
    for operation in ("remix", "extend", "recut", "loop", "blend", "views"):
        await expect(mei.page.locator(f"a[href='/make/{operation}?clip={clip}']")).to_be_visible()


async def test_a_first_look_is_shown_while_it_is_drawn_and_gives_way_to_the_clip(mei: Visitor) -> None:
    await mei.goes("/")
    await mei.page.fill("textarea[name=prompt]", "a crowded market by the sea at dusk")
    if not await mei.page.is_visible("input[name=own_seconds]"):
        await mei.page.click("details.more summary")
    await mei.page.fill("input[name=own_seconds]", "4")
    await mei.page.click("button.go")
    look = mei.page.locator(".first-look img")
    await expect(look).to_be_visible(timeout=MS)
    assert await look.evaluate("async one => { await one.decode(); return one.naturalWidth }") > 0
    assert await look.get_attribute("alt")
    await mei.page.locator("article.job video").first.wait_for(timeout=MS)
    await expect(look).to_have_count(0)


async def test_the_price_is_told_before_and_follows_what_is_chosen(mei: Visitor) -> None:
    await mei.goes("/")
    price = mei.page.locator("[data-price]")
    await expect(price).to_contain_text(re.compile(r"\d+ credits"))
    before = await price.text_content()
    if not await mei.page.is_visible("input[name=own_seconds]"):
        await mei.page.click("details.more summary")
    await mei.page.check("input[name=variations][value='2']", force=True)
    await expect(price).not_to_have_text(before or "")
    await mei.page.check("input[name=variations][value='1']", force=True)


async def test_a_draft_is_there_again_after_a_reload(mei: Visitor) -> None:
    await mei.goes("/")
    await mei.page.fill("textarea[name=prompt]", "一隻紙做的鯨魚 🐋")
    await mei.page.reload()
    await expect(mei.page.locator("textarea[name=prompt]")).to_have_value("一隻紙做的鯨魚 🐋")


async def test_from_a_clip_to_its_remix_and_the_tree(mei: Visitor) -> None:
    first = await makes(mei, "a red kite over a hill")
    await mei.page.click(f"a[href='/make/remix?clip={first}']")
    await mei.page.fill("textarea[name=prompt]", "make it snow")
    await mei.page.click("button.go")
    await mei.page.wait_for_url("**/jobs/job-*", timeout=MS)
    await mei.page.locator("article.job video").wait_for(timeout=MS)
    await mei.page.click("article.job .facts a")
    await expect(mei.page.locator(f".tree a[href='/clips/{first}']")).to_be_visible()
    await expect(mei.page.locator(".credentials")).to_contain_text("urn:c2pa")
    await mei.page.click("text=Check the file itself now")
    await expect(mei.page.locator("#checked")).to_contain_text("Made here, and unchanged.", timeout=MS)


async def test_a_library_of_folders_stars_and_a_trash(mei: Visitor) -> None:
    clip = await makes(mei, "a lighthouse at night")
    await mei.goes("/library")
    await mei.page.fill("input[name=name]", "夜 Nights")
    await mei.page.click("form[action$='/folders/make'] button")
    await mei.page.check(f"input[name=clip][value='{clip}']")
    await mei.page.select_option("select[name=folder]", "夜 Nights")
    await mei.page.click("button[value=put]")
    await mei.page.click(".tabs >> text=Nights")
    await expect(mei.page.locator(".tile")).to_have_count(1)
    await mei.page.check(f"input[name=clip][value='{clip}']")
    await mei.page.click("button[value=star]")
    await mei.goes("/library/favourites")
    await expect(mei.page.locator(".tile")).to_have_count(1)
    await mei.page.fill("#q", "lighthouse")
    await mei.page.press("#q", "Enter")
    await expect(mei.page.locator(".tile")).to_have_count(1)
    await mei.page.check(f"input[name=clip][value='{clip}']")
    await mei.page.click("button[value=trash]")
    await mei.goes("/library/trash")
    await mei.page.check(f"input[name=clip][value='{clip}']")
    await mei.page.click("button[value=take_back]")
    await mei.goes("/library/favourites")
    await expect(mei.page.locator(".tile")).to_have_count(1)


async def test_a_storyboard_is_laid_out_by_keys_and_by_hand(mei: Visitor) -> None:
    page = mei.page
    await mei.goes("/board")
    await page.fill("[name=text-0]", "a crane stands in a stream")
    await page.fill("[name=text-1]", "it pulls out a fish")
    await page.fill("[name=at-1]", "1")
    await page.locator("[data-card='2'] [data-remove]").click()
    second = page.locator(".on-line").nth(1)
    await second.press("Shift+ArrowRight")
    await expect(page.locator("[name=at-1]")).to_have_value("2")
    await page.locator(".board-tools >> text=Take it back").click()
    await expect(page.locator("[name=at-1]")).to_have_value("1")
    box = await page.locator(".on-line").nth(1).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 20, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 90, box["y"] + 20, steps=5)
    await page.mouse.up()
    assert float(await page.input_value("[name=at-1]")) > 1.2
    await page.fill("[name=at-1]", "1")
    await page.fill("[name=seconds]", "2")
    await page.check("input[name=aspect][value='1:1']", force=True)
    await page.locator("button[value=preview]").press("Enter")
    still = page.locator("figure.board-preview img")
    await expect(still).to_have_attribute("alt", re.compile("2 cards in 2 s.*a crane stands in a stream"))
    assert await still.evaluate("(one) => one.decode().then(() => one.naturalWidth)") == 1280
    await page.fill("[name=text-1]", "a naked woman on a beach")
    await page.click("button[value=preview]")
    await expect(page.locator("form .trouble")).to_contain_text("there is no preview of them")
    await expect(still).to_have_count(0)
    await page.fill("[name=text-1]", "it pulls out a fish")
    await page.click("button.go")
    await page.wait_for_url("**/jobs/job-*", timeout=MS)
    await page.locator("article.job video").wait_for(timeout=MS)


async def test_a_card_is_moved_with_a_finger(chromium: Browser, studio: OpenStudio) -> None:
    visitor = await let_in(chromium, studio, await studio.link("ivy"), **PHONE)
    page = visitor.page
    await visitor.goes("/board")
    await page.fill("[name=text-0]", "a crane stands in a stream")
    await page.fill("[name=text-1]", "it pulls out a fish")
    await page.fill("[name=at-1]", "1")
    second = page.locator(".on-line").nth(1)
    await second.scroll_into_view_if_needed()
    box = await second.bounding_box()
    assert box is not None
    finger, y = await visitor.context.new_cdp_session(page), box["y"] + 20
    scrolled = await page.evaluate("scrollY")
    touches = [("touchStart", 20), *(("touchMove", x) for x in range(25, 61, 5)), ("touchEnd", None)]
    for kind, x in touches:
        points = [{"x": box["x"] + x, "y": y}] if x is not None else []
        await finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert float(await page.input_value("[name=at-1]")) > 1.2
    assert await page.evaluate("scrollY") == scrolled  # the page did not go along
    assert visitor.troubles == []
    await visitor.context.close()


async def test_verify_by_dropping_a_file(mei: Visitor, tmp_path: Path) -> None:
    clip = await makes(mei, "a green apple")
    answer = await mei.context.request.get(f"{mei.url}/clips/{clip}/download")
    ours, other = tmp_path / "ours.mp4", tmp_path / "other.txt"
    ours.write_bytes(await answer.body())
    other.write_text("<script>alert(1)</script>")
    for file, said in ((ours, "Made here, and unchanged."), (other, "No trace of this studio.")):
        await mei.goes("/verify")
        await mei.page.set_input_files("input[type=file]", file)  # it is looked at as soon as it is there
        await expect(mei.page.locator("#checked")).to_contain_text(said, timeout=MS)


async def test_all_of_it_works_without_scripts(chromium: Browser, studio: OpenStudio) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(await studio.link("tom"))
    await page.click("button.go")
    await page.fill("textarea[name=prompt]", "a blue fish")
    await page.click("details.more summary")
    await page.fill("input[name=own_seconds]", "1")
    await page.click("button[value=price]")
    await expect(page.locator("[data-price]")).to_contain_text("credits")
    await expect(page.locator("textarea[name=prompt]")).to_have_value("a blue fish")
    await page.click("button.go")
    link = await page.locator("article.job .id").first.get_attribute("href")
    assert link is not None
    await page.goto(studio.url + link)
    await page.locator("article.job video").wait_for(timeout=MS)  # the page asks for itself again
    await page.goto(f"{studio.url}/board")
    await page.click("button[value=more]")
    assert await page.locator("[data-card]").count() == 4
    await page.fill("[name=text-0]", "a blue fish")
    await page.click("button[value=preview]")
    await expect(page.locator("figure.board-preview img")).to_have_attribute("alt", re.compile("a blue fish"))
    await expect(page.locator("[name=text-0]")).to_have_value("a blue fish")
    await context.close()


async def test_the_first_page_is_small_and_stays_here(studio: OpenStudio, chromium: Browser) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    sizes: dict[str, int] = {}
    page.on("response", lambda answer: sizes.update({answer.url: 0}))
    await page.goto(await studio.link("tom"))
    await page.click("button.go")
    await page.wait_for_selector(".composer")
    assert all(url.startswith(studio.url) for url in sizes)
    content = [await (await context.request.get(url)).body() for url in (f"{studio.url}/", *_assets(sizes))]
    assert sum(map(len, content)) < 100_000
    await context.close()


def _assets(urls: dict[str, int]) -> list[str]:
    return [url for url in urls if "/static/" in url]


# -- a moderator ---------------------------------------------------------------------------------------------------


async def test_a_case_is_decided_by_keys_alone_and_taken_back(operator: Visitor, mei: Visitor) -> None:
    page = operator.page
    await operator.goes("/desk")
    job = await asks(mei, HELD[0])
    line = page.locator("[data-case]").first
    await line.wait_for(timeout=MS)  # the queue renews itself
    await page.keyboard.press("n")
    await page.wait_for_url("**/desk/case-*")
    await expect(page.locator("blockquote")).to_contain_text("een hond")
    await page.keyboard.press("w")
    await page.keyboard.type("Please in English or Chinese.")
    await page.keyboard.press("Escape")
    await page.keyboard.press("r")
    await expect(page.locator(".told")).to_contain_text("refused")
    await expect(mei.page.locator(f"#{job}")).to_contain_text("Please in English or Chinese.", timeout=MS)
    await page.keyboard.press("u")
    await expect(page.locator("main")).to_contain_text("waits again")
    await expect(mei.page.locator(f"#{job} .step")).to_contain_text("waiting for a moderator", timeout=MS)
    await page.keyboard.press("Enter")  # onto the desk once more
    await expect(page.locator("button[data-key=q]")).to_be_visible()
    await page.keyboard.press("a")
    await mei.page.locator(f"#{job} video").wait_for(timeout=MS)
    await operator.goes("/desk/audit?verify=1")  # all of it is in the record, and the record is whole
    await expect(page.locator(".told")).to_contain_text("whole")
    await page.select_option("select[name=action]", "decided")
    await page.click("form.filter button")
    deeds = await page.locator("tbody td:nth-child(3)").all_text_contents()
    assert set(deeds) == {"decided"}
    await operator.goes("/desk/statistics?days=7")
    await expect(page.locator("svg[role=img]")).to_have_count(3)


async def test_two_moderators_are_never_on_one_case(
    operator: Visitor, mei: Visitor, chromium: Browser, studio: OpenStudio
) -> None:
    link = await studio.link("tom")
    await operator.goes("/studio")
    row = operator.page.locator("tr", has_text="tom")
    await row.locator("select").select_option("moderator")
    await row.locator("form[action='/studio/role'] button").click()
    tom = await let_in(chromium, studio, link)
    await asks(mei, HELD[1])
    await operator.goes("/desk")
    await operator.page.locator("[data-case]").first.wait_for(timeout=MS)
    await operator.page.keyboard.press("n")
    await operator.page.wait_for_url("**/desk/case-*")
    case = operator.page.url.rpartition("/")[2]
    await tom.goes("/desk")
    await expect(tom.page.locator(".queue .taken")).to_contain_text("somebody else")
    await tom.goes(f"/desk/{case}")
    await expect(tom.page.locator("button[value=allow]")).to_be_disabled()
    await tom.page.keyboard.press("a")
    await operator.page.keyboard.press("q")
    await expect(tom.page.locator("main")).to_be_visible()
    await tom.goes("/desk")
    await expect(tom.page.locator(".queue .taken")).to_have_count(0)
    await tom.page.locator("[data-case]").first.click()
    await tom.page.wait_for_url("**/desk/case-*")  # before that, the key would be the old page's
    await tom.page.keyboard.press("r")
    await expect(tom.page.locator(".told").first).to_contain_text("refused")
    await tom.context.close()


async def test_frames_are_hidden_until_a_key_is_held_and_each_look_is_written_down(
    operator: Visitor, mei: Visitor, studio: OpenStudio, stranger: Client
) -> None:
    """Somebody else reports the clip: who reported it does not decide about it, and is not shown it."""
    await operator.goes("/desk")
    page = operator.page
    clip = await makes(mei, "a black cat on a wall")
    await stranger.enter(await studio.link("ivy"))
    assert (await stranger.post(f"/clips/{clip}/report", {"category": "disturbing"}))[0] == 200
    reported = page.locator("[data-case]", has_text="reported")
    await reported.wait_for(timeout=MS)
    await reported.click()
    await page.wait_for_url("**/desk/case-*")
    await expect(page.locator(".sheet img")).to_have_count(0)  # words first
    await page.keyboard.press("v")
    hidden = page.locator(".sheet img")
    await expect(hidden).to_have_attribute("src", re.compile("sheet.png"))
    await expect(hidden).not_to_have_js_property("naturalWidth", 0)
    assert await page.evaluate(_SPREAD) < A_TINT  # grey
    await page.keyboard.down("g")
    await expect(page.locator(".sheet.revealed img")).to_have_attribute("src", re.compile("^blob:"), timeout=MS)
    await expect(page.locator(".sheet.revealed img")).not_to_have_js_property("naturalWidth", 0)
    assert await page.evaluate(_SPREAD) > 4 * A_TINT  # and as it is, it is not
    await page.keyboard.up("g")
    await expect(page.locator(".sheet.revealed")).to_have_count(0)
    await operator.goes("/desk/audit")
    await expect(page.locator("tbody")).to_contain_text("looked as it is")
    await expect(page.locator("tbody")).to_contain_text("looked, blurred")


A_TINT = 8  # of 255: the sheet's ground is a dark blue grey
# How far apart red, green and blue are in the sheet: nothing of a grey picture.
_SPREAD = """() => {
  const image = document.querySelector(".sheet img"), canvas = document.createElement("canvas");
  canvas.width = 60; canvas.height = 60;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0, 60, 60);
  const data = pen.getImageData(0, 0, 60, 60).data;
  let apart = 0;
  for (let n = 0; n < data.length; n += 4) {
    apart = Math.max(apart, Math.abs(data[n] - data[n + 1]), Math.abs(data[n] - data[n + 2]));
  }
  return apart;
}"""


async def test_a_policy_is_rehearsed_before_it_holds(operator: Visitor) -> None:
    page = operator.page
    await operator.goes("/desk/policy")
    strict, usual = page.locator("[name=hold-weapons-text]"), await page.input_value("[name=hold-weapons-text]")
    await strict.fill("0")
    await page.fill("[name=refuse-weapons-text]", "0")
    await page.click("button[value=rehearse]")
    await expect(page.locator("#rehearsal")).to_contain_text("requests")
    await operator.goes("/desk/policy")
    await expect(strict).to_have_value(usual)  # nothing has changed yet
    await strict.fill("0")
    await page.fill("[name=refuse-weapons-text]", "0.9")
    await page.click("button[value=rehearse]")
    await page.click("button[value=settle]")
    await operator.goes("/desk/policy")
    await expect(strict).to_have_value("0.0")
    await page.fill("[name=hold-minors-text]", "1")  # locked: it may not be loosened
    await page.fill("[name=refuse-minors-text]", "1")
    await page.click("button[value=rehearse]")
    await expect(page.locator("[role=alert]")).to_be_visible()
    operator.troubles.clear()
    await operator.goes("/desk/policy")
    await page.click("form[action$='/reset'] button")
    await expect(strict).to_have_value(usual)


# -- the operator, and everybody -----------------------------------------------------------------------------------


async def test_the_operator_sees_how_it_goes_and_lets_somebody_in(operator: Visitor, chromium: Browser) -> None:
    await operator.goes("/studio")
    await expect(operator.page.locator("main")).to_contain_text("At work")
    await expect(operator.page.locator("main")).to_contain_text("The ledger adds up.")
    await operator.page.fill("input[name=name]", "小美")
    await operator.page.click("form.line[action='/studio/invite'] button")
    link = await operator.page.input_value("[data-select]")
    context = await chromium.new_context(locale="zh-TW")
    page = await context.new_page()
    await page.goto(link)
    await page.click("button.go")
    await expect(page.locator("html")).to_have_attribute("lang", "zh-Hant")
    await expect(page.locator(".composer")).to_contain_text("想看到什麼")
    await context.close()


EVERYWHERE = ["/", "/make/animate", "/board", "/jobs", "/library", "/library?as=list", "/explore", "/verify"]
EVERYWHERE += [
    "/account",
    "/privacy",
    "/together",
    "/desk",
    "/desk/statistics",
    "/desk/policy",
    "/desk/audit",
    "/studio",
    "/nothing/here",
    "/enter?key=x",
]
SERIOUS = ("serious", "critical")


async def _begins_a_chain(visitor: Visitor) -> str:
    """The address of its page. A community has one at a time: whoever begins one closes it."""
    await visitor.goes("/together")
    form = visitor.page.locator("form", has=visitor.page.locator("input[name=kind][value=chain]"))
    await form.locator("[name=theme]").fill("紙船 🚢")
    await form.locator("button.go").click()
    await visitor.page.wait_for_url(re.compile(r"/together/\w+-"))
    return visitor.page.url.removeprefix(visitor.url)


@pytest.mark.parametrize(
    ("scheme", "half"),
    [
        ("light", 0),
        ("dark", 1),
        pytest.param("light", 1, marks=pytest.mark.soak),
        pytest.param("dark", 0, marks=pytest.mark.soak),
    ],
)
async def test_nothing_stands_in_anybodys_way(operator: Visitor, mei: Visitor, scheme: str, half: int) -> None:
    """axe-core finds nothing serious on any page, wide or narrow; and no page scrolls sideways on a phone."""
    page, axe = operator.page, Axe()
    await operator.goes("/library")
    clip = await makes(operator, "a paper boat") if not await page.locator(".tile").count() else None
    clip = clip or (await page.locator(".tile a").first.get_attribute("href") or "").rpartition("/")[2]
    await asks(mei, HELD[2])
    await operator.goes("/desk")
    await page.locator("[data-case]").first.wait_for(timeout=MS)
    case = await page.locator("[data-case]").first.get_attribute("href")
    paths = [*EVERYWHERE, f"/clips/{clip}", f"/make/remix?clip={clip}", f"/make/blend?clip={clip}", str(case)]
    chain = await _begins_a_chain(operator)
    paths.append(chain)
    await page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found: dict[str, object] = {}
    for number, path in enumerate(paths[half::2]):
        wide = {"width": 1280, "height": 860} if number % 2 else PHONE["viewport"]
        await page.set_viewport_size(wide)  # type: ignore[arg-type]
        await page.goto(operator.url + path)
        for one in (await axe.run(page)).response["violations"]:
            if one["impact"] in SERIOUS:
                found[f"{path} {one['id']}"] = [node["html"][:160] for node in one["nodes"][:3]]
        await page.set_viewport_size(PHONE["viewport"])  # type: ignore[arg-type]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth + 1"):
            found[f"{path} sideways"] = await page.evaluate("document.documentElement.scrollWidth")
    await page.set_viewport_size({"width": 1280, "height": 860})
    await operator.goes(chain)
    await page.locator("button[name=do][value=close]").click()  # a community has one at a time
    assert found == {}, json.dumps(found, indent=1)
    operator.troubles[:] = [one for one in operator.troubles if "404" not in one]  # of the page that is not there
    await asyncio.sleep(0)
