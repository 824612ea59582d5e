"""One measurement of the load test: a number of candidates, a frame rate and a duration."""

import asyncio
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from analysis.live import messages
from analysis.live.benchmark.browsers import Browser, Candidate, Host, Tally, connect
from analysis.live.benchmark.server import Seeded, Server
from analysis.live.clock import now_ms

READY_S: Final = 90.0
SETTLE_S: Final = 2.0
MEMORY_EVERY_S: Final = 5.0
PARTS: Final = 5
"""The measurement is also reported in this many parts, to show whether ages and memory grow."""


@dataclass(frozen=True)
class Load:
    """``frames`` are JPEGs, ``chunks`` PCM16 of 100 ms at ``rate_hz`` (none: no sound)."""

    frames: Sequence[bytes]
    chunks: Sequence[bytes]
    rate_hz: int
    fps: float
    seconds: float


async def measure(server: Server, rooms: Sequence[Seeded], load: Load) -> dict[str, Any]:
    """The figures, in milliseconds, MB and seconds of processor time."""
    tally = Tally()
    candidates: list[Candidate] = []
    browsers: list[Browser] = []
    for room in rooms:
        path = f"/ws/rooms/{room.room_id}/"
        browsers.append(await connect(Host, server.port, f"{path}recruiter/", room.host_cookie, tally))
        one = await connect(Candidate, server.port, f"{path}candidate/", room.candidate_cookie, tally)
        candidates.append(one)
        one.send_message(messages.StageReached("call"))
    tasks = [
        asyncio.create_task(one.film(load.frames, load.fps, number / len(candidates)))
        for number, one in enumerate(candidates)
    ]
    if load.chunks:
        tasks += [asyncio.create_task(one.speak(load.chunks, load.rate_hz)) for one in candidates]
    await _ready(candidates)
    await asyncio.sleep(SETTLE_S)
    began_ms, cpu_before, memory = now_ms(), server.cpu_s(), []
    tally.counting = True
    while (left_s := load.seconds - (now_ms() - began_ms) / 1000) > 0:
        memory.append(server.memory_mb())
        await asyncio.sleep(min(MEMORY_EVERY_S, left_s))
    tally.counting = False
    cpu_s = {part: round(s - cpu_before[part], 2) for part, s in server.cpu_s().items()}
    memory.append(server.memory_mb())
    closed = list(tally.closed)
    for task in tasks:
        task.cancel()
    for browser in (*browsers, *candidates):
        browser.sendClose()
    await asyncio.sleep(0.5)
    return _figures(tally, load, len(rooms), began_ms, cpu_s, memory, closed) | {
        "states": {state: [c.analysis for c in candidates].count(state) for state in {c.analysis for c in candidates}}
    }


async def _ready(candidates: Sequence[Candidate]) -> None:
    """Wait until every candidate is analysed or queued for a place."""
    async with asyncio.timeout(READY_S):
        while not all(one.analysis in ("on", "overloaded") for one in candidates):
            await asyncio.sleep(0.1)


def _figures(
    tally: Tally,
    load: Load,
    sessions: int,
    began_ms: float,
    cpu_s: dict[str, float],
    memory: Sequence[dict[str, float]],
    closed: Sequence[int],
) -> dict[str, Any]:
    ages = [age for _, age in tally.ages]
    part_ms = load.seconds * 1000 / PARTS
    parts = [[age for at, age in tally.ages if int((at - began_ms) / part_ms) == part] for part in range(PARTS)]
    return {
        "sessions": sessions,
        "fps": load.fps,
        "seconds": load.seconds,
        "p50_age_ms": percentile(ages, 50),
        "p95_age_ms": percentile(ages, 95),
        "max_age_ms": percentile(ages, 100),
        "p95_age_ms_by_part": [percentile(part, 95) for part in parts],
        "sent": tally.sent,
        "held_back": tally.held_back,
        "analysed": tally.analysed,
        "dropped": tally.dropped,
        "readings": len(ages),
        "speech_readings": tally.speech,
        "control_p50_ms": percentile(tally.controls, 50),
        "control_p95_ms": percentile(tally.controls, 95),
        "rss_mb": max(m["total"] for m in memory),
        "rss_web_mb": max(m["web"] for m in memory),
        "rss_workers_mb": max(m["workers"] for m in memory),
        "rss_mb_by_part": [m["total"] for m in memory[:: max(1, len(memory) // PARTS)]],
        "cpu_s": cpu_s["total"],
        "cpu_web_s": cpu_s["web"],
        "cpu_workers_s": cpu_s["workers"],
        "connections_lost": len(closed),
    }


def percentile(values: Sequence[float], share: int) -> float | None:
    """None of no values."""
    if not values:
        return None
    if share == 100 or len(values) == 1:
        return round(max(values), 1)
    return round(statistics.quantiles(values, n=100, method="inclusive")[share - 1], 1)
