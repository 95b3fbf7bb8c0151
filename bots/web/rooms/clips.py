"""One clip: its page, its file and its picture, and what can be done with it."""

from pathlib import Path
from typing import Final

from aiohttp import web

from bots import stories
from bots.web.visits import Access, Visit, get, post
from bots.wording import say
from engine.errors import StudioError
from engine.explore import REASONS, HowMade
from engine.handed import Clip
from engine.remixing import RemixRight
from engine.viewing import JobView
from storage.errors import CodedError

# What can be made from a clip, in the order in which it is offered.
OPERATIONS: Final = ("remix", "extend", "recut", "loop", "blend", "views", "reword")


async def seen(visit: Visit) -> Clip:
    """The clip of the address, if this visitor may look at it: to others there is none."""
    clip_id = visit.named()
    await visit.studio.remixing.check_seen(visit.asker, clip_id)
    return await visit.studio.clip(clip_id)


async def page(visit: Visit) -> web.StreamResponse:
    if visit.session is None:
        return await _public_page(visit)
    clip, asker = await seen(visit), visit.asker
    job = await visit.studio.job(clip.job_id)
    is_own = clip.member_id == asker.member_id
    shared = await _as_shared(visit, clip.id)
    tree = await visit.studio.remixing.tree(asker, clip.id)
    prompt = _prompt_of(job, shared, is_own=is_own)
    shelf = await visit.studio.library.item(asker, clip.id)
    return visit.page(
        "clip.html",
        clip=clip,
        job=job,
        prompt=prompt,
        hides_prompt=not prompt and bool(job.brief.prompt),
        is_own=is_own,
        shared=shared,
        shelf=shelf,
        folders=await visit.studio.library.folders(asker) if is_own else [],
        tree=tree,
        has_tree=bool(tree.branches),
        right=await visit.studio.remixing.right(asker, clip.id) if is_own else None,
        rights=tuple(RemixRight),
        credentials=await visit.studio.credentials(clip.id),
        operations=OPERATIONS,
        categories=REASONS,
        can_share_across=is_own and str(await visit.studio.explore.openness(asker)) == "across",
        public_url=visit.site.url,
    )


async def _public_page(visit: Visit) -> web.StreamResponse:
    """For somebody who is not let in: a clip that its maker shared with everybody, and nothing else."""
    item = await visit.studio.explore.in_public(visit.named())
    clip = await visit.studio.clip(item.clip_id)
    return visit.page(
        "public_clip.html",
        clip=clip,
        prompt="" if item.hides_prompt else str(item.brief.get("prompt") or ""),
        title=item.title or "",
        credentials=await visit.studio.credentials(clip.id),
        public_url=visit.site.url,
    )


async def _as_shared(visit: Visit, clip_id: str) -> HowMade | None:
    try:
        return await visit.studio.explore.show(visit.asker, clip_id)
    except CodedError:
        return None


def _prompt_of(job: JobView, shared: HowMade | None, *, is_own: bool) -> str:
    """Its maker's words are shown to others with what was shared, and as far as it was."""
    if is_own:
        return job.brief.prompt
    return str(shared.item.brief.get("prompt") or "") if shared is not None else ""


# -- files ---------------------------------------------------------------------------------------------------------


async def film(visit: Visit) -> web.StreamResponse:
    return await file_of(visit, (await _handed(visit)).file, "video/mp4")


async def poster(visit: Visit) -> web.StreamResponse:
    return await file_of(visit, (await _handed(visit)).preview.file, "image/jpeg")


async def download(visit: Visit) -> web.StreamResponse:
    clip = await seen(visit)
    if link := await visit.studio.download_link(clip):
        return web.Response(status=302, headers={"Location": link, "Cache-Control": "no-store"})
    response = await file_of(visit, clip.file, "video/mp4")
    response.headers["Content-Disposition"] = f'attachment; filename="kinora-{clip.id}.mp4"'
    return response


async def _handed(visit: Visit) -> Clip:
    if visit.session is not None:
        return await seen(visit)
    return await visit.studio.clip((await visit.studio.explore.in_public(visit.named())).clip_id)


async def file_of(visit: Visit, file: Path, media_type: str) -> web.FileResponse:
    """With ranges, so that a player can seek. The address of a clip never shows other bytes, but may close.

    Where the files are in a store it is brought to this machine first: a page takes films and pictures from its own
    address alone, and each request asks anew whether somebody may see them.
    """
    headers = {"Content-Type": media_type, "Cache-Control": "private, max-age=300", "Accept-Ranges": "bytes"}
    return web.FileResponse(await visit.studio.at_hand(file), headers=headers)


# -- deeds ---------------------------------------------------------------------------------------------------------


async def favourite(visit: Visit) -> web.StreamResponse:
    await visit.studio.library.favourite(visit.asker, visit.named(), on=visit.form["on"] == "1")
    return back(visit, f"/clips/{visit.named()}")


async def rename(visit: Visit) -> web.StreamResponse:
    await visit.studio.library.rename(visit.asker, visit.named(), visit.form["title"])
    return back(visit, f"/clips/{visit.named()}")


async def put(visit: Visit) -> web.StreamResponse:
    await visit.studio.library.put(visit.asker, [visit.named()], visit.form["folder"] or None)
    return back(visit, f"/clips/{visit.named()}")


async def throw_away(visit: Visit) -> web.StreamResponse:
    await visit.studio.library.throw_away(visit.asker, [visit.named()])
    return visit.go_to("/library/trash", told=say("web.trash.put", clips=visit.named()))


async def share(visit: Visit) -> web.StreamResponse:
    clip_id, form = visit.named(), visit.form
    if form["on"] == "1":
        await visit.studio.explore.share(
            visit.asker, clip_id, across=bool(form["across"]), hides_prompt=bool(form["hides_prompt"])
        )
        return visit.go_to(f"/clips/{clip_id}", told=say("explore.shared", clip=clip_id))
    await visit.studio.explore.unshare(visit.asker, clip_id)
    return visit.go_to(f"/clips/{clip_id}", told=say("explore.unshared", clip=clip_id))


async def bookmark(visit: Visit) -> web.StreamResponse:
    await visit.studio.explore.bookmark(visit.asker, visit.named(), on=visit.form["on"] == "1")
    return back(visit, f"/clips/{visit.named()}")


async def pick(visit: Visit) -> web.StreamResponse:
    await visit.studio.explore.pick(visit.asker, visit.named(), on=visit.form["on"] == "1")
    return back(visit, f"/clips/{visit.named()}")


async def report(visit: Visit) -> web.StreamResponse:
    category = visit.form["category"]
    case = await visit.studio.explore.report(visit.asker, visit.named(), category, visit.form["note"])
    told = say("explore.reported", case=case, category=stories.category_names([category]))
    return visit.go_to(f"/clips/{visit.named()}", told=told)


async def allow_remixes(visit: Visit) -> web.StreamResponse:
    typed = visit.form["right"]
    if typed and typed not in set(RemixRight):
        raise StudioError("remix.right", allowed=", ".join(RemixRight))
    await visit.studio.remixing.set_right(visit.asker, visit.named(), RemixRight(typed) if typed else None)
    return back(visit, f"/clips/{visit.named()}")


def back(visit: Visit, usual: str) -> web.StreamResponse:
    """To where the form stood; a script that sent it needs no page."""
    if visit.is_fragment:
        return visit.json({"done": True})
    place = visit.form["back"]
    is_ours = place.startswith("/") and not place.startswith(("//", "/\\")) and place.isprintable()
    return visit.go_to(place if is_ours else usual)


PAGES = (
    get("/clips/{id}", page, Access.ANYBODY),
    get("/clips/{id}/film.mp4", film, Access.ANYBODY),
    get("/clips/{id}/poster.jpg", poster, Access.ANYBODY),
    get("/clips/{id}/download", download),
    post("/clips/{id}/favourite", favourite),
    post("/clips/{id}/rename", rename),
    post("/clips/{id}/folder", put),
    post("/clips/{id}/trash", throw_away),
    post("/clips/{id}/share", share),
    post("/clips/{id}/bookmark", bookmark),
    post("/clips/{id}/pick", pick, Access.MODERATOR),
    post("/clips/{id}/report", report),
    post("/clips/{id}/rights", allow_remixes),
)
