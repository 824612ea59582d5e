"""``manage.py benchmark_live VIDEO``: measure the delay of live readings on this machine."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from analysis.live.protocol import AUDIO_MS, FRAME_WIDTH

JPEG_QUALITY: Final = 75
LONGEST_S: Final = 30.0
"""Length of the part of the video that is sent in a loop."""
RATE_HZ: Final = 48_000


class Command(BaseCommand):
    help = (
        "Start the real server in an installation of its own, drive it over real WebSockets with the frames and the "
        "sound of VIDEO, and print how old readings are when a recruiter's socket receives them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("video", type=Path, help="a recording with a face, and with sound if possible")
        parser.add_argument("--sessions", type=int, default=1, help="candidates at once, each with a host")
        parser.add_argument("--fps", type=float, default=10.0, help="frames a second of each")
        parser.add_argument("--seconds", type=float, default=30.0, help="how long to measure")
        parser.add_argument("--json", metavar="PATH", help="write the figures there; - is standard output")
        parser.add_argument("--inside", action="store_true", help="used by itself: in the temporary installation")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["video"].is_file():
            raise CommandError(f"There is no file {options['video']}.")
        if options["sessions"] < 1 or options["fps"] <= 0 or options["seconds"] <= 0:
            raise CommandError("Sessions, fps and seconds must be positive.")
        if options["inside"]:
            self._inside(options)
            return
        with tempfile.TemporaryDirectory(prefix="candor-benchmark-") as folder:
            kept = {k: v for k, v in os.environ.items() if k not in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL")}
            environment = {
                **kept,
                **{"SECRET_KEY": "", "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3", "REDIS_URL": ""},
                **{"VAR_DIR": folder, "MEDIA_ROOT": f"{folder}/media", "LOG_LEVEL": "WARNING"},
                "ALLOWED_HOSTS": "localhost,127.0.0.1",
            }
            status = subprocess.run([sys.executable, *sys.argv, "--inside"], env=environment).returncode
        if status:
            raise CommandError("The benchmark did not run to its end; the lines above say why.")

    def _inside(self, options: dict[str, Any]) -> None:
        from analysis.live.benchmark.run import Load, measure
        from analysis.live.benchmark.server import rooms_seed, server

        if "candor-benchmark-" not in str(settings.VAR_DIR):
            raise CommandError("--inside is used by the command itself only.")
        call_command("migrate", verbosity=0)
        call_command("sync_model_versions", verbosity=0)
        load = Load(
            frames=frames_of(options["video"], fps=options["fps"]),
            chunks=chunks_of(options["video"]),
            rate_hz=RATE_HZ,
            fps=options["fps"],
            seconds=options["seconds"],
        )
        rooms = rooms_seed(options["sessions"])
        with server() as running:
            figures = asyncio.run(measure(running, rooms, load))
        text = json.dumps(figures, indent=2)
        if options["json"] and options["json"] != "-":
            Path(options["json"]).write_text(text + "\n")
        else:
            self.stdout.write(text)


def frames_of(video: Path, *, fps: float) -> list[bytes]:
    """JPEGs as the candidate's page makes them."""
    import cv2

    from ml.media.video import frames
    from ml.track_selection import recording_info

    info = recording_info(video)
    found = []
    for frame in frames(video, info, fps=fps):
        if frame.start_s > LONGEST_S:
            break
        height = round(frame.rgb.shape[0] * FRAME_WIDTH / frame.rgb.shape[1])
        small = cv2.resize(frame.rgb, (FRAME_WIDTH, height), interpolation=cv2.INTER_AREA)
        picture = cv2.imencode(".jpg", small[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
        found.append(picture.tobytes())
    return found


def chunks_of(video: Path) -> list[bytes]:
    """PCM16 as the candidate's page sends it; none where there is no sound."""
    import numpy as np

    from ml.media.audio import audio_chunks
    from ml.track_selection import recording_info

    pieces = []
    for start_s, samples in audio_chunks(video, recording_info(video), rate_hz=RATE_HZ):
        if start_s > LONGEST_S:
            break
        pieces.append(samples)
    if not pieces:
        return []
    pcm = (np.clip(np.concatenate(pieces), -1, 1) * 32767).astype("<i2").tobytes()
    step = RATE_HZ * AUDIO_MS // 1000 * 2
    return [pcm[at : at + step] for at in range(0, len(pcm) - step + 1, step)]
