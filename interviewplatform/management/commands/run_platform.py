"""``make run``: the whole embedded installation as one command."""

import fcntl
import http.client
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from interviewplatform.supervisor import Program, Supervisor, say
from interviews.demo import is_this_machine
from interviews.models import User
from interviews.services.accounts import first_run_token
from ml.confinement.kernel import confinement_gaps

# Suppresses Celery's warning about running as root, usual in containers; no other user can send these workers messages.
PYTHON = [sys.executable, "-W", "ignore::UserWarning:celery.platforms"]
WORKER = [*PYTHON, "-m", "celery", "--quiet", "-A", "interviewplatform", "worker", "--loglevel", "WARNING"]
QUIET = ["--without-gossip", "--without-mingle", "--without-heartbeat"]


class Command(BaseCommand):
    help = "Run web server and workers of an embedded installation until Ctrl-C."
    requires_system_checks = []  # `make setup` has just run them

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"))
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--no-demo", action="store_true", help="Do not make the demo organization and recording.")

    def handle(self, *args: Any, host: str, port: int, no_demo: bool, **options: Any) -> None:
        lock = self._lock()
        self._check_port(host, port)
        demo = settings.EMBEDDED and not no_demo and is_this_machine(host)
        if demo:
            call_command("seed_demo")
        if not User.objects.exists():
            say(f"make the first organization at http://HOST:{port}{reverse('first_run', args=[first_run_token()])}")
        supervisor = Supervisor(
            programs=[self._web(host, port)],
            is_ready=lambda: _answers(host, port),
            on_ready=lambda: self._ready(host, port, demo),
        )
        say(f"starting; files are kept in {settings.VAR_DIR}")
        status = supervisor.run()
        lock.close()
        say("stopped" if status == 0 else "stopped, because it could not go on")
        sys.exit(status)

    def _lock(self) -> Any:
        """Lock the folder: two sets of workers on one folder would take each other's messages."""
        lock = (settings.VAR_DIR / "run.lock").open("a")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"Candor is already running on {settings.VAR_DIR}. Stop it first, or give this one another folder:"
                " VAR_DIR=/another/folder make run"
            ) from None
        return lock

    def _check_port(self, host: str, port: int) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except (OSError, OverflowError) as error:
                raise CommandError(
                    f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', None) or error})."
                    f" Choose another: PORT={port + 1} make run"
                ) from error

    def _web(self, host: str, port: int) -> Program:
        server = ["-m", "interviewplatform.web_server", "-b", host, "-p", str(port), "--no-server-name", "-v", "0"]
        return Program("web", [*PYTHON, *server, "interviewplatform.asgi:application"])

    def _ready(self, host: str, port: int, demo: bool) -> list[Program]:
        """Print the address; returns the programs that the first page does not need."""
        say(f"ready: http://{'localhost' if host == '127.0.0.1' else host}:{port}/  (Ctrl-C stops it)")
        for gap in confinement_gaps():
            say(gap)
        # Without training data the only jobs are imports, which take seconds and need no worker of their own. Nothing
        # shares the worker of reaper and sweeps, which must not wait.
        transcript = "transcript,robustness" if settings.TRAINING_DATA_DIR else "transcript,robustness,training"
        programs = [
            Program("worker", [*WORKER, "-Q", "analysis", "-n", "analysis@%h", "-c", "1", *QUIET]),
            Program("transcript", [*WORKER, "-Q", transcript, "-n", "transcript@%h", "-P", "solo", *QUIET]),
            Program("storing", [*WORKER, "-Q", "storing", "-n", "storing@%h", "-P", "solo", *QUIET]),
            Program("playback", [*WORKER, "-Q", "playback", "-n", "playback@%h", "-P", "solo", *QUIET]),
            Program("maintenance", [*WORKER, "-Q", "maintenance", "-n", "maintenance@%h", "-P", "solo", "-B", *QUIET]),
        ]
        if settings.TRAINING_DATA_DIR:
            programs.append(Program("training", [*WORKER, "-Q", "training", "-n", "training@%h", "-P", "solo", *QUIET]))
        if demo:
            manage = str(Path(settings.BASE_DIR) / "manage.py")
            programs.append(Program("demo", [*PYTHON, manage, "seed_demo", "--recording"], once=True))
        return programs


def _answers(host: str, port: int) -> bool:
    address = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104  (a wildcard address is queried on this machine)
    connection = http.client.HTTPConnection(address, port, timeout=5)
    try:
        connection.request("GET", "/health/", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
