"""Chains and parties on the pages: who may do what, and what is shown of it."""

import asyncio
import re
import time

import pytest

from tests.bots.web.client import PART, Client
from tests.bots.web.conftest import PATIENCE

pytestmark = pytest.mark.asyncio(loop_scope="package")
SCRIPT = "<script>alert(1)</script>"


async def _standing(client: Client, where: str) -> str:
    """The clip that stands there, once it does."""
    until = time.monotonic() + PATIENCE
    while not (found := re.search(r'href="/clips/(\w+)" class="screen', page := (await client.get(where))[1])):
        assert time.monotonic() < until, page
        await asyncio.sleep(0.3)
    return found[1]


async def test_a_party_from_its_first_clip_to_its_end(operator_client: Client, mei_client: Client) -> None:
    operator, mei = operator_client, mei_client
    asked = {"kind": "party", "theme": f"紙船 {SCRIPT}", "minutes": "60"}
    assert (await mei.post("/together", asked))[0] == 422  # who may start one is the community's setting
    status, page = await operator.post("/together", asked | {"minutes": "0"})
    assert status == 422 and "has to be from 1 to" in page and SCRIPT not in page
    status, page = await operator.post("/together", asked)
    here = "/together/" + re.findall(r"/together/(party-\w+)", page)[0]
    assert status == 200 and SCRIPT not in page and "紙船" in page

    wish = {"prompt": f"a paper boat {SCRIPT}", "aspect": "1:1", "resolution": "480p", "seconds": "1"}
    _, told = await mei.post(f"{here}/price", wish | {"do": "make"}, headers=PART)
    assert "credits" in told and "No clip yet" in (await mei.get(here))[1]  # asking the price makes nothing
    assert (await mei.post(f"{here}/add", {"prompt": " "}))[0] == 422
    assert (await mei.post(f"{here}/add", wish))[0] == 200
    clip = await _standing(operator, here)
    status, page = await mei.get(here)
    assert SCRIPT not in page and "your next clip can be from" in page.replace("Your", "your")

    assert (await mei.post(f"{here}/like", {"clip": clip, "on": "1"}))[0] == 422  # one's own
    status, page = await operator.post(f"{here}/like", {"clip": clip, "on": "1"})
    assert status == 200 and "likes: 1" in page
    for do in ("pause", "close"):
        assert (await mei.post(f"{here}/order", {"do": do}))[0] in (403, 422)
    _, page = await operator.post(f"{here}/order", {"do": "pause"})
    assert "paused" in page
    _, page = await operator.post(f"{here}/order", {"do": "resume"})
    assert "goes on" in page
    _, page = await operator.post(f"{here}/order", {"do": "remove", "entry": clip})
    assert "removed from here" in page
    _, page = await operator.post(f"{here}/order", {"do": "close"})
    assert "somebody closed it" in page and f'action="{here}/add"' not in page
    assert (await mei.post(f"{here}/add", wish))[0] == 422


async def test_a_chain_is_gone_on_with_by_somebody_else(operator_client: Client, mei_client: Client) -> None:
    operator, mei = operator_client, mei_client
    status, page = await operator.post("/together", {"kind": "chain", "theme": "A wolf's way", "pace": "0"})
    here = "/together/" + re.findall(r"/together/(chain-\w+)", page)[0]
    assert status == 200 and "The first clip is still to be made." in page
    assert (await operator.post("/together", {"kind": "chain", "theme": "another"}))[0] == 422  # one of a kind
    status, said = await mei.post(f"{here}/price", {"prompt": "", "seconds": "1"})
    assert status == 200 and "prompt.empty" in said  # somebody is still typing
    assert (await mei.post(f"{here}/add", {"prompt": "  ", "seconds": "1"}))[0] == 422
    await mei.post(f"{here}/add", {"prompt": "a wolf howls", "seconds": "1"})
    first = await _standing(operator, here)
    status, page = await mei.get(here)
    assert status == 200 and "now somebody else goes on" in page
    status, page = await operator.get(here)
    assert f"Who goes on from {first}?" in page and 'name="strength"' in page
    for wrong in ("chain-00000000", "nonsense", "party-%3Cb%3E"):
        assert (await mei.get(f"/together/{wrong}"))[0] in (404, 422)
    await operator.post(f"{here}/order", {"do": "close"})
