"""The local Discord holds a bot to what the real one holds it to."""

from typing import Any

import pytest

from tests.worlds.discord.world import (
    ACKNOWLEDGE_WITHIN,
    ATTACH,
    COMPONENTS_V2,
    EPHEMERAL,
    MIB,
    NONCE_LIVES,
    TOKEN_LIVES,
    Interaction,
    Json,
    Refused,
    World,
    check_body,
    check_components,
)

POST = "POST /channels/{channel_id}/messages"
HELLO: Json = {"content": "hello"}


@pytest.fixture
def world() -> World:
    return World()


def pressed(world: World) -> Interaction:
    user = world.add_user("mei")
    found = Interaction(world.new_id(), "token", user, world.add_channel(world.add_guild(user)), world.now())
    world.interactions[found.token] = found
    return found


def code_of(refused: pytest.ExceptionInfo[Refused]) -> int:
    return int(refused.value.body["code"])


def text(content: str) -> Json:
    return {"type": 10, "content": content}


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"content": "x" * 4_001}, "content"),
        ({"components": [{"type": 12, "items": []}]}, "items"),
        ({"components": [{"type": 1, "components": [{"type": 2, "style": 1, "label": "x" * 81}]}]}, "label"),
        ({"components": [{"type": 1, "components": [{"type": 2, "style": 1, "custom_id": "x" * 101}]}]}, "custom_id"),
        ({"components": [{"type": 99}]}, "components"),
        ({"attachments": [{"id": "0", "description": "x" * 1_025}]}, "description"),
        ({"flags": "many"}, "flags"),
    ],
)
def test_a_body_that_discord_describes_otherwise_is_refused(body: Any, wrong: str) -> None:
    with pytest.raises(Refused, match=wrong) as refused:
        check_body(POST, body)
    assert code_of(refused) == 50035


@pytest.mark.parametrize("parts", [39, 40])
def test_forty_components_fit_and_no_more(parts: int) -> None:
    container = {"type": 17, "components": [text("x")] * parts}
    if parts == 39:
        check_components([container], is_new_kind=True)
    else:
        with pytest.raises(Refused, match="41"):
            check_components([container], is_new_kind=True)


def test_an_answer_has_three_seconds_and_is_given_once(world: World) -> None:
    first, late = pressed(world), pressed(world)
    world.interactions = {"a": first, "b": late}
    world.answer(first.id, "a", {"type": 4, "data": HELLO}, {})
    with pytest.raises(Refused) as refused:
        world.answer(first.id, "a", {"type": 4, "data": HELLO}, {})
    assert code_of(refused) == 40060
    world.pass_time(ACKNOWLEDGE_WITHIN + 0.1)
    with pytest.raises(Refused) as refused:
        world.answer(late.id, "b", {"type": 5}, {})
    assert code_of(refused) == 10062


def test_a_token_lives_a_quarter_of_an_hour(world: World) -> None:
    found = pressed(world)
    world.answer(found.id, "token", {"type": 5}, {})
    world.pass_time(TOKEN_LIVES - 1)
    world.answer_message("token", "@original")
    world.pass_time(2)
    with pytest.raises(Refused) as refused:
        world.answer_message("token", "@original")
    assert code_of(refused) == 50027


def test_a_private_answer_stands_in_no_channel(world: World) -> None:
    found = pressed(world)
    world.answer(found.id, "token", {"type": 5, "data": {"flags": EPHEMERAL}}, {})
    assert found.channel.messages == []
    assert len(found.private) == 1


def test_a_nonce_gives_the_first_message_back_for_some_minutes(world: World) -> None:
    channel = pressed(world).channel
    body = HELLO | {"nonce": "n", "enforce_nonce": True}
    first = world.post(channel, body, {})
    assert world.post(channel, body, {}) is first
    assert world.post(channel, HELLO | {"nonce": "n"}, {}) is not first
    world.pass_time(NONCE_LIVES + 1)
    assert world.post(channel, body, {}) is not first


def test_permissions_and_sizes_hold(world: World) -> None:
    found = pressed(world)
    large = {0: ("clip.mp4", b"x" * (10 * MIB + 1))}
    with pytest.raises(Refused) as refused:
        world.post(found.channel, HELLO, large)
    assert code_of(refused) == 40005
    found.channel.bot_may &= ~ATTACH
    with pytest.raises(Refused) as refused:
        world.post(found.channel, HELLO, {0: ("clip.mp4", b"x")})
    assert code_of(refused) == 50013
    found.user.takes_direct_messages = False
    with pytest.raises(Refused) as refused:
        world.post(world.direct_channel(found.user), HELLO, {})
    assert code_of(refused) == 50007


def test_a_file_that_no_component_names_is_noticed(world: World) -> None:
    body = {"components": [text("x")], "flags": COMPONENTS_V2}
    world.post(pressed(world).channel, body, {0: ("clip.mp4", b"x")})
    assert world.troubles == ["clip.mp4 is attached, and nobody sees it"]


def test_a_bot_writes_two_thousand_characters_at_most(world: World) -> None:
    channel = pressed(world).channel
    world.post(channel, {"content": "x" * 2_000}, {})
    with pytest.raises(Refused, match="2000"):
        world.post(channel, {"content": "x" * 2_001}, {})


def test_content_cannot_stand_beside_new_components(world: World) -> None:
    with pytest.raises(Refused, match="beside"):
        world.post(pressed(world).channel, HELLO | {"components": [text("x")], "flags": COMPONENTS_V2}, {})
