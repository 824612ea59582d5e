"""Base of the commands that change the registry."""

from __future__ import annotations

import getpass
from typing import Any

from django.core.management.base import CommandError, CommandParser

from analysis.management.commands._sentence_command import SentenceCommand
from analysis.models import Modality, ModelVersion
from analysis.services import ModelRefused
from interviews.models import User


class RegistryCommand(SentenceCommand):
    """``--by`` names the person and ``--reason`` the reason of a change, for the change log.

    A refusal is one sentence and exit status 1, as for Django's ``CommandError``.
    """

    expected = (ModelRefused,)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("modality", choices=Modality.values, metavar="modality", help=", ".join(Modality.values))
        parser.add_argument("--by", metavar="E-MAIL", help="whose account this is; default: your name on this machine")
        parser.add_argument("--reason", default="", help="kept in the change log")

    def run(self, options: dict[str, Any]) -> None:
        self.change(options, **self._author(options["by"]))

    def change(self, options: dict[str, Any], *, by: User | None, by_name: str) -> None:
        raise NotImplementedError

    def fail(self, error: Exception) -> None:
        raise CommandError(str(error)) from error

    def _author(self, email: str | None) -> dict[str, Any]:
        if email is None:
            return {"by": None, "by_name": f"{getpass.getuser()} at the command line"}
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no account {email}.")
        return {"by": user, "by_name": ""}


class VersionCommand(RegistryCommand):
    """A command about one version of the registry, by name or by the beginning of its sha256."""

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("version", nargs="?", help="its name, or the beginning of its sha256")
        parser.add_argument("--version", dest="version_option", help="the same, as an option")

    def version(self, options: dict[str, Any]) -> ModelVersion:
        modality, wanted = options["modality"], options["version"] or options["version_option"]
        rows = ModelVersion.objects.filter(modality=modality)
        if not wanted:
            raise CommandError(f"Say which version. Registered: {_names(rows)}.")
        found = list(rows.filter(version=wanted)) or [row for row in rows if row.sha256.startswith(wanted.lower())]
        if not found:
            raise CommandError(f"There is no version '{wanted}' of {modality}. Registered: {_names(rows)}.")
        if len(found) > 1:
            hashes = ", ".join(row.sha256[:12] for row in found)
            raise CommandError(f"Several versions of {modality} are called '{wanted}'; say which sha256: {hashes}.")
        return found[0]


def _names(rows: Any) -> str:
    return ", ".join(f"{row.version} ({row.status})" for row in rows) or "none"
