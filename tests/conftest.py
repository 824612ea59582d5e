"""The cast that every test shares, and an installation that is fast and leaves nothing behind.

Northwind employs Alice (recruiter) and Carol (administrator of the organization); Bob recruits for Southwind and
must never see anything of Northwind's.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.test import Client

from ml.confinement.slots import Slots

PASSWORD = "correct horse battery"
BROWSER_TESTS = "tests/e2e/"

# How long an example takes, and its making, says how busy the machine is, and how much coverage costs.
hypothesis.settings.register_profile("candor", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("candor")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribution over the processes of ``-n``: the browser tests in one, so that they share one running platform and
    never compete with each other; the others by file, so that the fixtures of a module are made once."""
    from xdist.scheduler import LoadScopeScheduling

    class BrowserTestsInOneProcess(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file: str = nodeid.partition("::")[0]
            return BROWSER_TESTS if file.startswith(BROWSER_TESTS) else file

    return BrowserTestsInOneProcess(config, log)


@pytest.fixture(autouse=True)
def environment() -> Iterator[None]:
    """What a test puts into the process's environment (limits on threads, for one) reaches no other test."""
    before = dict(os.environ)
    yield
    if dict(os.environ) != before:
        os.environ.clear()
        os.environ.update(before)


@pytest.fixture(autouse=True)
def installation(settings: Any, tmp_path: Path) -> None:
    """Own media folder, a fast password hash, no login throttle, static files without a manifest."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = False, []
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.AXES_ENABLED = False
    settings.WHITENOISE_USE_FINDERS = False  # or every test client lists the static files anew
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    queue = tmp_path / "queue"
    for folder in ("messages", "control"):
        (queue / folder).mkdir(parents=True)
    settings.QUEUE_DIR = queue
    settings.CONFINED_SLOTS = Slots(tmp_path / "slots", 4)


@pytest.fixture(autouse=True)
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """Messages to the workers, as (task name, arguments), instead of a queue."""
    from celery import current_app

    messages: list[tuple[str, tuple[Any, ...]]] = []

    def send_task(name: str, args: Any = (), **options: Any) -> None:
        messages.append((name, tuple(args)))

    monkeypatch.setattr(current_app._get_current_object(), "send_task", send_task)
    return messages


@pytest.fixture
def northwind(db: None) -> Any:
    from interviews.models import Organization

    return _researching(Organization.objects.create(name="Northwind", slug="northwind"))


@pytest.fixture
def southwind(db: None) -> Any:
    from interviews.models import Organization

    return _researching(Organization.objects.create(name="Southwind", slug="southwind"))


def _researching(organization: Any) -> Any:
    """With everything allowed: what policy leaves out is for the tests of policy."""
    from interviews.models import PolicySetting

    organization.jurisdiction = organization.usual_jurisdiction = "elsewhere"
    organization.usual_purpose = "research"
    organization.save()
    PolicySetting.objects.create(organization=organization, purpose="research", lifted=["candor-lie-off"])
    return organization


def member(organization: Any, email: str, full_name: str, role: str) -> Any:
    from interviews.models import Membership, User

    user = User.objects.create_user(email, PASSWORD, full_name=full_name)
    Membership.objects.create(user=user, organization=organization, role=role)
    return user


@pytest.fixture
def alice(northwind: Any) -> Any:
    return member(northwind, "alice@northwind.example", "Alice Archer", "recruiter")


@pytest.fixture
def carol(northwind: Any) -> Any:
    return member(northwind, "carol@northwind.example", "Carol Cooper", "administrator")


@pytest.fixture
def bob(southwind: Any) -> Any:
    return member(southwind, "bob@southwind.example", "Bob Baker", "recruiter")


@pytest.fixture
def client_of() -> Callable[[Any], Client]:
    """``client_of(alice)``: a browser in which she is logged in."""

    def logged_in(user: Any) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return logged_in


@pytest.fixture
def make_interview() -> Callable[..., Any]:
    """``make_interview(alice)``: an interview with one stored recording (a few bytes, not a real video) and consent.

    Keyword arguments override fields of the recording; ``candidate_name``, ``position`` and ``content`` (the file's
    bytes) are taken out of them. ``interview.recordings.get()`` is the recording.
    """

    def make(
        owner: Any,
        *,
        candidate_name: str = "Dana Diaz",
        position: str = "Data Engineer",
        content: bytes = bytes(range(256)) * 8,
        **fields: Any,
    ) -> Any:
        from django.core.files.base import ContentFile

        from interviews.models import Candidate, Interview, Position, Recording
        from tests.factories.consent import agree

        organization = owner.organizations.get()
        candidate, _ = Candidate.objects.get_or_create(
            organization=organization,
            name=candidate_name,
            email=f"{candidate_name.split()[0].lower()}@mail.example",
        )
        interview = Interview.objects.create(
            organization=organization,
            candidate=candidate,
            position=Position.objects.get_or_create(organization=organization, title=position)[0],
            owner=owner,
            purpose=organization.usual_purpose,
            candidate_jurisdiction=organization.usual_jurisdiction,
        )
        recording = Recording(
            interview=interview,
            uploaded_by=owner,
            **{
                "original_name": "interview.mp4",
                "sha256": uuid.uuid4().hex * 2,
                "size_bytes": len(content),
                "container": "mp4",
                "duration_s": 20.0,
                "fps": 25.0,
                "width": 1280,
                "height": 720,
                "has_audio": True,
                **fields,
            },
        )
        recording.file.save(f"{uuid.uuid4()}.mp4", ContentFile(content))
        agree(interview, "recording", "face", "eyes", "voice", by=owner)
        return interview

    return make


@pytest.fixture
def interview(alice: Any, make_interview: Callable[..., Any]) -> Any:
    """Alice's interview with Dana Diaz."""
    return make_interview(alice)
