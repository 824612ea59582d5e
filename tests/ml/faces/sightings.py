"""Sightings for tests: ten frames a second, the face in one place."""

from collections.abc import Callable

from ml.faces.sighting import Box, Sighting

HERE = (0.2, 0.2, 0.4, 0.5)
THERE = (0.7, 0.2, 0.9, 0.5)
SMALL = (0.25, 0.25, 0.3, 0.35)


def seen(
    track: int,
    start_s: float,
    end_s: float,
    box: Box = HERE,
    *,
    scene: int = 0,
    still: tuple[float, float] | None = None,
    mouth: Callable[[float], float] = lambda at_s: at_s / 10,
) -> Sighting:
    sighting = Sighting(track, scene, scene)
    for tenth in range(round(start_s * 10), round(end_s * 10)):
        at_s = tenth / 10
        since_s = still[0] if still is not None and still[0] + 2 <= at_s < still[1] else None
        sighting.add(at_s, (tenth + 1) / 10, box, mouth(at_s), still_since_s=since_s)
    return sighting
