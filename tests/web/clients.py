"""Readers without a browser, who speak the page's own protocol: many at once, and what each of them is shown."""

from __future__ import annotations

import asyncio
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx

CONFIG = re.compile(r"window\.gradio_config = (\{.*?\});</script>", re.DOTALL)
JOIN, DATA = "/gradio_api/queue/join", "/gradio_api/queue/data"


@dataclass(frozen=True)
class Seen:
    """What a reader was shown last: the conversation, as HTML, and the status line; after so many seconds."""

    conversation: str
    status: str
    seconds: float


def config(page: str) -> dict[str, Any]:
    """The layout and the functions that Gradio gives the page, as they stand in it."""
    found = CONFIG.search(page)
    assert found, page[:500]
    return json.loads(found[1])


def component(layout: dict[str, Any], element: str) -> int:
    """The number of the component that the page calls ``element``."""
    return next(one["id"] for one in layout["components"] if one["props"].get("elem_id") == element)


async def outputs(client: httpx.AsyncClient, session: str, function: dict[str, Any], data: list[Any]) -> list[Any]:
    """Call one function of the page and return what it shows in the end; raise AssertionError where it fails."""
    body = {"data": data, "event_data": None, "fn_index": function["id"], "trigger_id": None, "session_hash": session}
    (await client.post(JOIN, json=body)).raise_for_status()
    shown: list[Any] = []
    async with client.stream("GET", DATA, params={"session_hash": session}) as stream:
        async for line in stream.aiter_lines():
            if not line.startswith("data: "):
                continue
            message = json.loads(line.removeprefix("data: "))
            if message["msg"] == "process_completed":
                assert message["success"], message
                shown = message["output"].get("data") or shown
            if message["msg"] == "close_stream":
                break
    return shown


async def reader(address: str, question: str, session: str) -> Seen:
    """Open the page, ask, and wait for the whole answer, as the page itself does."""
    async with httpx.AsyncClient(base_url=address, timeout=120, headers={"Origin": address}) as client:
        layout = config((await client.get("/")).text)
        talk, status = component(layout, "conversation"), component(layout, "status")
        asked = component(layout, "question")
        functions = layout["dependencies"]
        function = next(one for one in functions if [asked, "submit"] in one["targets"])
        started, shown = time.perf_counter(), {}
        while function:
            data = [question if number == asked else None for number in function["inputs"]]
            values = await outputs(client, session, function, data)
            shown |= {number: value for number, value in zip(function["outputs"], values, strict=False)}
            function = next((one for one in functions if one["trigger_after"] == function["id"]), None)
        return Seen(str(shown.get(talk)), str(shown.get(status)), time.perf_counter() - started)


def crowd(address: str, questions: list[str]) -> list[Seen]:
    """One reader a question, all at the same moment."""

    async def together() -> list[Seen]:
        readers = [reader(address, question, f"reader{number:06d}") for number, question in enumerate(questions)]
        return await asyncio.gather(*readers)

    with ThreadPoolExecutor(1) as apart:  # a test that drives a browser has a loop of its own
        return apart.submit(asyncio.run, together()).result()
