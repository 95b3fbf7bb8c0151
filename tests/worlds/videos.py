"""A server that makes videos as OpenAI's does, in the manners of the open ones, and with their failures.

What it makes is a plain film of the size and length that was asked for. It knows no more than the real ones: a job is
queued, in progress, and then completed or failed; the file is handed out afterwards.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from aiohttp import web

from storage.media import Converter, Mp4Writer

MANNERS = ("vllm-omni", "sglang", "fastvideo")


@dataclass
class VideoServer:
    manner: str = "vllm-omni"
    looks: int = 2  # how often one has to look until a clip is done
    busy: int = 0  # requests that are told to come again
    dropped: int = 0  # looks whose connection ends without an answer
    fails: str | None = None  # what is wrong with every clip
    refuses: int | None = None  # the status with which every request for a clip is turned down
    forgets: bool = False  # as after a restart
    endless: bool = False  # never done
    answer: bytes | None = None  # instead of a film
    elsewhere: str | None = None  # where the film is said to lie
    short_by: float = 0.0  # seconds
    progress: object = 50
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    jobs: dict[str, int] = field(default_factory=dict)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    async def create(self, request: web.Request) -> web.Response:
        self.headers.append(request.headers.get("Authorization", ""))
        if self.busy:
            self.busy -= 1
            return web.json_response({"error": {"message": "too many requests"}}, status=503)
        form = await request.post()
        said: dict[str, Any] = {}
        for name, value in form.items():
            said[name] = value.file.read() if isinstance(value, web.FileField) else value
        if self.refuses is not None:
            return web.json_response(self._complaint("the prompt is not welcome"), status=self.refuses)
        if not said.get("prompt"):
            return web.json_response(self._complaint("prompt is required"), status=422)
        self.asked.append(said)
        identity = f"video_{len(self.asked)}"
        self.jobs[identity] = 0
        return web.json_response(self._told(identity, "queued"))

    def _complaint(self, message: str) -> dict[str, Any]:
        if self.manner == "sglang":
            return {"detail": message}
        return {"error": {"message": message, "type": "invalid_request_error", "code": "invalid"}}

    def _told(self, identity: str, status: str) -> dict[str, Any]:
        told = {"id": identity, "object": "video", "status": status, "progress": self.progress, "model": "tiny"}
        if self.manner == "fastvideo":
            told |= {"created_at": 1, "file_path": "/tmp/somewhere.mp4"}
        if status == "completed":
            told["progress"] = 100
        if status == "failed":
            told["error"] = {"code": "generation_failed", "message": self.fails}
        return told

    async def look(self, request: web.Request) -> web.Response:
        identity = request.match_info["id"]
        if self.forgets or identity not in self.jobs:
            return web.json_response(self._complaint("no such video"), status=404)
        if self.dropped:
            self.dropped -= 1
            assert request.transport is not None
            request.transport.close()
            return web.Response()
        self.jobs[identity] += 1
        if self.fails is not None:
            return web.json_response(self._told(identity, "failed"))
        done = not self.endless and self.jobs[identity] >= self.looks
        return web.json_response(self._told(identity, "completed" if done else "in_progress"))

    async def content(self, request: web.Request) -> web.StreamResponse:
        if self.elsewhere is not None:
            raise web.HTTPFound(self.elsewhere)
        if self.answer is not None:
            return web.Response(body=self.answer, content_type="video/mp4")
        said = self.asked[int(request.match_info["id"].removeprefix("video_")) - 1]
        body = await asyncio.to_thread(film, said, self.short_by)
        return web.Response(body=body, content_type="video/mp4")

    async def delete(self, request: web.Request) -> web.Response:
        self.deleted.append(request.match_info["id"])
        return web.json_response({"id": request.match_info["id"], "deleted": True})


def film(said: dict[str, Any], short_by: float = 0.0) -> bytes:
    width, height = map(int, said["size"].split("x"))
    fps = int(said.get("fps", 16))
    count = round((float(said["seconds"]) - short_by) * fps)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        converter = Converter()
        with Mp4Writer(path, width, height, fps) as writer:
            for index in range(max(1, count)):
                writer.write(converter.planes(np.full((height, width, 3), 40 + index % 100, np.uint8), "rgb24"))
        return path.read_bytes()


@asynccontextmanager
async def video_server(server: VideoServer) -> AsyncIterator[VideoServer]:
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/v1/videos", server.create)
    app.router.add_get("/v1/videos/{id}", server.look)
    app.router.add_get("/v1/videos/{id}/content", server.content)
    app.router.add_delete("/v1/videos/{id}", server.delete)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()
