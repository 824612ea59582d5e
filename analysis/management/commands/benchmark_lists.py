"""``manage.py benchmark_lists``: measure the pages and files that list interviews, with very many of them."""

from __future__ import annotations

import json
import os
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import get_runner

from analysis.management.commands._many_interviews import interviews_seed
from interviews.models import Position, User

REPEATS: Final = 3


class Command(BaseCommand):
    help = (
        "Fill a test database of the configured engine with interviews, and print how long the server takes for the "
        "pages, the API and the file that list them. The configured database itself is not touched."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--interviews", type=int, default=50_000, help="of the organization that is measured")
        parser.add_argument("--json", metavar="PATH", help="write the figures there; - is standard output")
        parser.add_argument(
            "--slow-queries", type=float, default=60.0, metavar="SECONDS", help="print queries that took longer"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        settings.ALLOWED_HOSTS = ["testserver"]
        settings.SECURE_SSL_REDIRECT = False
        # Deployed, files have the names of a manifest, which is made when an image is built.
        settings.STORAGES |= {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
        runner = get_runner(settings)(verbosity=0, interactive=False)
        databases = runner.setup_databases()
        try:
            user = interviews_seed(options["interviews"])
            connection.force_debug_cursor = True
            found = [self._measured(user, name, address, options) for name, address in addresses(user)]
        finally:
            runner.teardown_databases(databases)
        figures = {"engine": connection.vendor, "interviews": options["interviews"], "requests": found}
        if options["json"] == "-":
            json.dump(figures, sys.stdout, indent=2)
        elif options["json"]:
            Path(options["json"]).write_text(json.dumps(figures, indent=2))

    def _measured(self, user: User, name: str, address: str, options: dict[str, Any]) -> dict[str, Any]:
        """The best of several requests, after one that fills caches: seconds to the first byte, and queries.

        ``processor_s`` says more than ``wall_s`` where other programs compete for the machine.
        """
        client = Client()
        client.force_login(user)
        found: list[dict[str, Any]] = []
        for _ in range(1 + REPEATS):
            reset_queries()
            began, spent = time.perf_counter(), processor_s()
            response: Any = client.get(address, follow=True)
            if response.streaming:
                next(iter(response.streaming_content))
            took = {"wall_s": time.perf_counter() - began, "processor_s": processor_s() - spent}
            if response.status_code != 200:
                raise CommandError(f"{address} answered {response.status_code}")
            queries = [(float(query["time"]), query["sql"]) for query in connection.queries]
            response.close()
            found.append({"name": name, **{key: round(value, 3) for key, value in took.items()}, "queries": queries})
        best = min(found[1:], key=lambda one: float(one["processor_s"]))
        queries = best.pop("queries")
        best["queries"] = len(queries)
        print(f"{name:44} {best['wall_s']:7.3f} s {best['processor_s']:7.3f} s processor {len(queries):4} queries")
        for took_s, sql in queries:
            if took_s > options["slow_queries"]:
                print(f"    {took_s:.3f} s  {sql}")
        return best


def processor_s() -> float:
    """Processor seconds of this process, and of its PostgreSQL process where that is on this machine."""
    pid = getattr(getattr(connection.connection, "info", None), "backend_pid", None)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return time.process_time()
    return time.process_time() + (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def addresses(user: User) -> Iterator[tuple[str, str]]:
    """What is measured: names and addresses."""
    position = Position.objects.filter(organization__memberships__user=user).first()
    assert position is not None
    for name, query in {
        "newest": "",
        "page 2": "page=2",
        "last page": "page=999999",
        "search, common": "q=dana",
        "search, two words": "q=dana+fischer",
        "search, one found": "q=candidate-25000@",
        "search, nothing found": "q=zzzz",
        "status succeeded": "status=succeeded",
        "status succeeded, last page": "status=succeeded&page=999999",
        "status failed": "status=failed",
        "status running": "status=running",
        "position": f"position={position.pk}",
        "owner": f"owner={user.pk}",
        "days": "from=2026-01-01&to=2026-06-30",
        "oldest first": "sort=oldest",
        "by candidate": "sort=candidate",
        "by position": "sort=position",
        "by owner": "sort=owner",
        "all filters": f"q=dana&status=succeeded&position={position.pk}&owner={user.pk}",
    }.items():
        yield f"page: {name}", f"/interviews/?{query}"
    for name, query in {
        "newest": "",
        "page 900": "page=900",
        "search": "q=dana",
        "status failed": "status=failed",
        "status succeeded": "status=succeeded",
    }.items():
        yield f"API: {name}", f"/api/v1/interviews/?{query}"
    yield "CSV: first rows", "/interviews/export.csv"
    yield "CSV: first rows, search and status", "/interviews/export.csv?q=dana&status=failed"
    yield "home", "/"
    yield "notices, state", "/notices/state/"
