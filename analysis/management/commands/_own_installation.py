"""Runs a command again in an installation of its own, which is empty and temporary."""

import os
import subprocess
import sys
import tempfile
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

PREFIX: Final = "candor-benchmark-"


def run_in_own_installation() -> None:
    """This command line with ``--inside``. Raises ``CommandError`` where it fails."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder:
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


def prepare_inside() -> None:
    """The database of the temporary installation. Raises ``CommandError`` in any other."""
    if PREFIX not in str(settings.VAR_DIR):
        raise CommandError("--inside is used by the command itself only.")
    call_command("migrate", verbosity=0)
    call_command("sync_model_versions", verbosity=0)
