"""`kinora gallery`: each prompt a clip and a sheet, what was not made said, and nothing in anybody's library."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from engine import gallery
from engine.errors import StudioError


def test_the_shipped_prompts_are_many_in_both_languages_and_six_are_shown() -> None:
    prompts = gallery.read()
    assert len(prompts) >= 13 + 40
    assert len({prompt.text for prompt in prompts}) == len(prompts)
    chinese = [prompt for prompt in prompts if any("\u4e00" <= letter <= "\u9fff" for letter in prompt.text)]
    assert len(chinese) >= 10
    assert sum(prompt.shown for prompt in prompts) == 6


def test_a_gallery_has_a_clip_and_a_sheet_for_each_prompt(kinora: Any, tmp_path: Path) -> None:
    prompts = tmp_path / "mine.toml"
    prompts.write_text(
        '[[prompt]]\ntext = "a wolf howls"\nshown = true\n'
        '[[prompt]]\ntext = "a street fight"\n'
        '[[prompt]]\ntext = "三头大象在草原上散步"\n',
        encoding="utf-8",
    )
    code, answer = kinora("gallery", "out", "--prompts", str(prompts), "--resolution", "480p")
    assert code == 1, "one waits for a moderator"
    assert [piece["state"] for piece in answer["pieces"]] == ["delivered", "held", "delivered"]
    made = sorted(file.name for file in (tmp_path / "out").iterdir())
    assert made == ["01.mp4", "01.png", "03.mp4", "03.png", "drafts.jpg", "gallery.jpg"]
    with Image.open(tmp_path / "out" / "gallery.jpg") as sheet:
        assert sheet.width > 2 * 480
    assert kinora("jobs")[1] == {"jobs": []}


@pytest.mark.parametrize(
    "content", ["", "prompt = 1", "[[prompt]]\ntext = 1", '[[prompt]]\ntext = ""', "\x00", "[[prompt]]\nx = 1"]
)
def test_a_list_of_prompts_that_is_none_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / "mine.toml").write_text(content, encoding="utf-8")
    with pytest.raises(StudioError) as told:
        gallery.read(tmp_path / "mine.toml")
    assert told.value.code == "gallery.malformed"
