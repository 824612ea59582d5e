"""The cast that every test shares, and an installation that is fast and leaves nothing behind.

Northwind employs Alice (recruiter) and Carol (administrator of the organization); Bob recruits for Southwind and
must never see anything of Northwind's.
"""

import fcntl
import functools
import os
import shutil
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.test import Client

from ml.confinement.slots import Slots

ROOT = Path(__file__).resolve().parents[1]
PASSWORD = "correct horse battery"
BROWSER_TESTS = "tests/e2e/"
# What shares something that takes long (a running platform, imports of TensorFlow and librosa, PostgreSQL) runs in one
# process: its name, and how the paths of its files begin. The browser tests have two platforms, for about half each.
TOGETHER = {
    "rooms and trainings": tuple(
        f"{BROWSER_TESTS}test_{subject}" for subject in ("candidate", "host", "model_evaluation", "player", "room")
    ),
    "other browser tests": (BROWSER_TESTS,),
    "ml": ("tests/ml/",),
    "deployed": ("tests/deployed/",),
}
# They begin first, and after them the files whose few tests take longest: none of them is left for the end.
FIRST = (
    *TOGETHER,
    "tests/interviewplatform/test_authorization.py",
    "tests/interviewplatform/test_generated_requests.py",
    "tests/analysis/services/runs/test_killed_worker.py",
    "tests/analysis/services/registry/test_reach.py",
)

# How long an example takes, and its making, says how busy the machine is, and how much coverage costs.
hypothesis.settings.register_profile("candor", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("candor")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribution over the processes of ``-n``: by file, so that the fixtures of a module are made once, or by what
    runs together; in the order of the collection."""
    from xdist.scheduler import LoadScopeScheduling

    class FilesOrTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope_of(nodeid)

    config.option.loadscopereorder = False
    return FilesOrTogether(config, log)


def scope_of(nodeid: str) -> str:
    """What is given to one process of ``-n``: a name of :data:`TOGETHER`, or a file."""
    file = nodeid.partition("::")[0]
    return next((name for name, starts in TOGETHER.items() if file.startswith(starts)), file)


def is_worker() -> bool:
    """Whether this process is one of those of ``-n``."""
    return "PYTEST_XDIST_WORKER" in os.environ


def run_together(session: pytest.Session) -> list[pytest.Item]:
    """The tests that this process runs with the one that is running: with ``-n`` those of its scope, otherwise all."""
    if not is_worker():
        return session.items
    scope = scope_of(os.environ["PYTEST_CURRENT_TEST"])
    return [item for item in session.items if scope_of(item.nodeid) == scope]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The order in which the processes of ``-n`` take their work: what takes long, then the files with most tests."""
    if not is_worker():
        return
    tests = Counter(scope_of(item.nodeid) for item in items)

    def place(item: pytest.Item) -> tuple[int, int, str]:
        scope = scope_of(item.nodeid)
        position = FIRST.index(scope) if scope in FIRST else len(FIRST)
        return position, -tests[scope], scope

    items.sort(key=place)


@functools.cache
def give_way() -> None:
    os.nice(2)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """The processes of ``-n`` that do not drive a browser leave the processor to those that do, whose tests wait for
    pages by the clock and leave much of it unused."""
    if is_worker() and not item.nodeid.startswith(BROWSER_TESTS):
        give_way()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an empty installation as ``manage.py prepare`` leaves it, for tests with processes of their own. It
    takes many seconds and is made once for all processes of ``-n``: copy it."""
    folder = tmp_path_factory.getbasetemp()
    folder = (folder.parent if is_worker() else folder) / "installation"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
            command = [sys.executable, "manage.py", "prepare"]
            subprocess.run(command, cwd=ROOT, env={**kept, "VAR_DIR": str(making)}, check=True, capture_output=True)
            making.rename(folder)
    return folder


@pytest.fixture
def own_installation(prepared: Path, tmp_path: Path) -> Path:
    """An installation of this test alone: the value of ``VAR_DIR`` for its processes."""
    return Path(shutil.copytree(prepared, tmp_path / "installation"))


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
