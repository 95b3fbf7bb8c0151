"""The operator's page: queue, workers, speeds, credits, disk and what went wrong; and who else may come in."""

from aiohttp import web

from bots import stories
from bots.web.visits import Access, Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.members import Asker, Role
from engine.overview import Overview


async def page(visit: Visit) -> web.StreamResponse:
    return await _page(visit)


async def _page(visit: Visit, link: str = "", whose: str = "") -> web.StreamResponse:
    report = await Overview(visit.studio).report(visit.asker)
    return visit.page(
        "studio.html",
        report=report,
        waiting=await visit.studio.waiting_jobs(visit.asker, limit=12),
        streams=visit.site.pulse.open_streams,
        health_url=visit.site.health_url,
        people=await visit.studio.membership.everybody(visit.asker),
        roles=(Role.MEMBER, Role.MODERATOR, Role.LEAD),
        failure=stories.tell_failure,
        books=await visit.studio.membership.check_books(),
        link=link,
        whose=whose,
    )


async def invite(visit: Visit) -> web.StreamResponse:
    """A link that lets one member in, shown once; whoever is new is made a member first."""
    membership, name = visit.studio.membership, visit.form["name"].strip()
    if visit.form["member"]:
        view = await membership.view(await membership.find(visit.form["member"], visit.asker), visit.asker)
        if view.role is None:
            raise StudioError("member.unknown", member=visit.form["member"][:60])
        guest = Asker(view.id, visit.asker.community_id, view.plan.name, view.role)
        name = view.identities[0].external_id if view.identities else view.id
    else:
        guest = await membership.add_here(name, visit.asker)
    return await _page(visit, link=await visit.site.link_for(guest), whose=name)


async def set_role(visit: Visit) -> web.StreamResponse:
    typed = visit.form["role"]
    if typed not in set(Role):
        raise StudioError("role.unknown", known=", ".join(Role))
    member_id = await visit.studio.membership.find(visit.form["member"], visit.asker)
    await visit.studio.membership.set_role(member_id, Role(typed), visit.asker)
    return visit.go_to("/studio#people", told=say("web.studio.role_set", role=say(f"role.{typed}")))


PAGES = (
    get("/studio", page, Access.OPERATOR),
    post("/studio/invite", invite, Access.OPERATOR),
    post("/studio/role", set_role, Access.OPERATOR),
)
