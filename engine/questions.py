"""What the text gate is asked about a brief, and what moderators said of words like these: one way for whatever is made
of it, a clip or a preview."""

from collections.abc import Mapping
from typing import Any

from engine import communities, likeness, sources
from engine.banks import asked_banks
from engine.brief import Brief
from engine.text_tasks import CheckText, submission_of
from storage.database import Transaction


async def question(tx: Transaction, database_url: str, brief: Brief, member_id: str, community_id: str) -> CheckText:
    """`member_id`: who asks, and whose uploads the brief names."""
    seen = await sources.seen_in_uploads(tx, member_id, brief)
    read = tuple(text for one in seen for text in (*one.codes, *one.letters))
    submission = submission_of(brief, await sources.verdicts_on(tx, brief), read, await sources.words_behind(tx, brief))
    own_names = await likeness.of(tx, member_id, community_id)
    return CheckText(
        submission=submission.model_copy(update={"own_names": own_names}),
        overlay=communities.settings_of(await communities.get(tx, community_id)).overlay,
        looks=tuple(look for one in seen for look in one.looks),
        uploads=tuple(seen),
        banks=await asked_banks(tx, database_url, community_id),
    )


def wants_guard(policy: Mapping[str, Any]) -> bool:
    """Whether a policy, as it is kept, has guard models read the words besides."""
    return bool(policy.get("profiles", {}).get(policy.get("profile"), {}).get("guard"))


def words_of(brief: Brief) -> str:
    """All that somebody wrote in it, to be compared with what moderators know."""
    return " ".join(filter(None, [brief.prompt, *(card.text for card in brief.cards)]))
