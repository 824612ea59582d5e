"""Create the demo organizations of an embedded installation, with a recording. README lists the logins."""

import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from analysis.services import run_request, upload_stored
from interviews import services
from interviews.demo import PASSWORD
from interviews.models import Interview, Membership, Organization, PolicySetting, Recording, User
from interviews.policy import Jurisdiction, Purpose

ORGANIZATIONS: Final = {
    "Northwind Hiring": {
        "admin@northwind.example": ("Ada Admin", Membership.Role.ADMINISTRATOR),
        "rita@northwind.example": ("Rita Recruiter", Membership.Role.RECRUITER),
        "sam@northwind.example": ("Sam Sourcer", Membership.Role.RECRUITER),
    },
    "Harbor Talent": {"nora@harbor.example": ("Nora Novak", Membership.Role.RECRUITER)},
}
INSTALLATION_ADMINISTRATOR: Final = "admin@northwind.example"
RECORDING_OWNER: Final = "rita@northwind.example"
CANDIDATE: Final = ("Demo Candidate", "demo.candidate@example.com")
DEMO_MADE: Final = "demo-recording-made"
"""A file below ``VAR_DIR``, there once the demo recording was made: one that was deleted is not made again."""
# The pauses that ml.demo.recording leaves for them.
QUESTIONS: Final = (
    (0.5, "Please introduce yourself."),
    (11.2, "Which of your projects was the hardest?"),
)
STATEMENT: Final = (
    "This recording is synthetic: a public-domain portrait, moved by software, with a synthesised voice."
    " It shows nobody's interview, so there was nobody to ask, about a transcript either."
)


class Command(BaseCommand):
    help = "Make the demo organizations and people once; with --recording, also a recording and its analysis."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recording", action="store_true", help="Make the demo recording; request its analysis.")

    def handle(self, *args: Any, recording: bool, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(
                "This installation is deployed, and the demo logins have a password that everybody knows."
            )
        if recording:
            self._make_recording()
        else:
            self._make_people()

    @transaction.atomic
    def _make_people(self) -> None:
        for name, people in ORGANIZATIONS.items():
            organization, _ = Organization.objects.get_or_create(slug=name.lower().replace(" ", "-"), name=name)
            _allow_everything(organization)
            for email, (full_name, role) in people.items():
                user = User.objects.filter(email=email).first()
                if user is None:  # only once, so that a changed password is kept
                    administers = email == INSTALLATION_ADMINISTRATOR
                    user = User.objects.create_user(
                        email, PASSWORD, full_name=full_name, is_staff=administers, is_superuser=administers
                    )
                Membership.objects.get_or_create(user=user, organization=organization, defaults={"role": role})

    def _make_recording(self) -> None:
        owner = User.objects.get(email=RECORDING_OWNER)
        marker = settings.VAR_DIR / DEMO_MADE
        made = Recording.objects.filter(interview__candidate__name=CANDIDATE[0], interview__owner=owner)
        for recording in made.filter(runs=None):
            run_request(recording=recording, by=owner)
        if marker.exists() or made.exists():
            return
        with tempfile.TemporaryDirectory(dir=settings.VAR_DIR) as folder:
            path = Path(folder) / "demo-recording.mp4"
            call_command("make_demo_recording", output=str(path))
            _upload(path, owner)
        marker.touch()
        self.stdout.write("The demo recording is stored; its analysis is queued.")


def _allow_everything(organization: Organization) -> None:
    """The demo organizations do research without real candidates; only once, so that what is set later stays."""
    if organization.jurisdiction != Jurisdiction.UNKNOWN:
        return
    organization.jurisdiction = organization.usual_jurisdiction = Jurisdiction.ELSEWHERE
    organization.usual_purpose = Purpose.RESEARCH
    organization.save()
    PolicySetting.objects.update_or_create(
        organization=organization, purpose=Purpose.RESEARCH, defaults={"lifted": ["candor-lie-off"]}
    )
    made = Interview.objects.filter(organization=organization, candidate__name=CANDIDATE[0], purpose=Purpose.UNKNOWN)
    made.update(purpose=Purpose.RESEARCH, candidate_jurisdiction=Jurisdiction.ELSEWHERE)


def _upload(path: Path, owner: User) -> None:
    """Store a recording as an upload does: announce it, send it in pieces, probe and store it."""
    upload = services.upload_begin(by=owner, file_name=path.name, size_bytes=path.stat().st_size)
    with path.open("rb") as file:
        while not upload.is_complete:
            piece = file.read(settings.UPLOAD_CHUNK_BYTES)
            upload = services.upload_append(upload=upload, offset=upload.received_bytes, piece=BytesIO(piece))
    services.interview_create(
        by=owner,
        candidate_name=CANDIDATE[0],
        candidate_email=CANDIDATE[1],
        position="Astronaut",
        upload=upload,
        informed_consent=True,
        transcript_consent=True,
        spoken_language=Interview.SpokenLanguage.ENGLISH,
        consent_statement=STATEMENT,
        consent_evidence=STATEMENT,
        then=partial(_mark_and_analyse, by=owner),
    )


def _mark_and_analyse(recording: Recording, *, by: User) -> None:
    for at_s, text in QUESTIONS:
        services.question_add(interview=recording.interview, by=by, at_s=at_s, text=text)
    upload_stored(recording=recording, by=by)
