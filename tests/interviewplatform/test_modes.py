"""Which environments Candor starts in: each is of one mode as a whole, or refused with one sentence."""

import pytest

from interviewplatform.checks import images_check
from interviewplatform.modes import refusal, unpinned_images
from tests.interviewplatform.test_installation import DEPLOYED, in_a_process


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"CANDOR_MODE": "embedded", "SECRET_KEY": "", "DATABASE_URL": "sqlite:////tmp/db.sqlite3"},
        {"DEBUG": "true", "ALLOWED_HOSTS": "localhost"},
        {"EMAIL_URL": "smtp://mail.example", "ALLOWED_HOSTS": "box.local"},
        DEPLOYED,
        {**DEPLOYED, "REDIS_URL": "unix:///run/redis.sock"},
        {**DEPLOYED, "MEDIA_ENCRYPTION": "false"},
        {**DEPLOYED, "S3_BUCKET": "recordings"},
        {"MEDIA_ENCRYPTION": "true", "MEDIA_KEYS": DEPLOYED["MEDIA_KEYS"]},
    ],
)
def test_whole_environments_start(environment):
    assert refusal(environment) == ""


@pytest.mark.parametrize(
    ("environment", "names"),
    [
        ({"CANDOR_MODE": "production"}, "CANDOR_MODE"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": DEPLOYED["SECRET_KEY"]}, "SECRET_KEY"),
        ({**DEPLOYED, "CANDOR_MODE": "", "SECRET_KEY": ""}, "REDIS_URL"),  # .env.example, filled in but for the key
        ({"DATABASE_URL": "postgres://db/candor"}, "DATABASE_URL"),
        ({"S3_BUCKET": "recordings"}, "S3_BUCKET"),
        ({"DEBUG": "1", "ALLOWED_HOSTS": "candor.example"}, "DEBUG"),
        ({**DEPLOYED, "SECRET_KEY": ""}, "SECRET_KEY"),
        ({**DEPLOYED, "SECRET_KEY": "x"}, "SECRET_KEY"),
        ({**DEPLOYED, "SECRET_KEY": "x" * 60}, "SECRET_KEY"),
        ({**DEPLOYED, "DEBUG": "true"}, "DEBUG"),
        ({**DEPLOYED, "ALLOWED_HOSTS": "candor.example, *"}, "ALLOWED_HOSTS"),
        ({**DEPLOYED, "ALLOWED_HOSTS": "localhost"}, "ALLOWED_HOSTS"),
        ({**DEPLOYED, "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS"),
        ({**DEPLOYED, "DATABASE_URL": "sqlite:///db"}, "DATABASE_URL"),
        ({**DEPLOYED, "DATABASE_URL": ""}, "DATABASE_URL"),
        ({**DEPLOYED, "REDIS_URL": ""}, "REDIS_URL"),
        ({**DEPLOYED, "REDIS_URL": "redis://redis:6379/0"}, "REDIS_URL"),
        ({**DEPLOYED, "EMAIL_URL": ""}, "EMAIL_URL"),
        ({**DEPLOYED, "EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({**DEPLOYED, "MEDIA_KEYS": ""}, "MEDIA_KEYS"),
        ({**DEPLOYED, "MEDIA_KEYS": "", "MEDIA_ENCRYPTION": "false"}, "MEDIA_KEYS"),
        ({**DEPLOYED, "MEDIA_KEYS": "", "S3_BUCKET": "recordings"}, "MEDIA_KEYS"),
        ({"MEDIA_ENCRYPTION": "true"}, "MEDIA_KEYS"),
        ({**DEPLOYED, "MEDIA_KEYS": "c2hvcnQ="}, "One of MEDIA_KEYS"),
        ({**DEPLOYED, "MEDIA_KEYS": "no base64!"}, "One of MEDIA_KEYS"),
        ({**DEPLOYED, "MEDIA_ENCRYPTION": "true", "S3_BUCKET": "recordings"}, "MEDIA_ENCRYPTION"),
    ],
)
def test_anything_between_is_refused_with_one_sentence(environment, names):
    sentence = refusal(environment)
    assert sentence.startswith(names)
    assert sentence.endswith((".", '"'))


def test_the_refusal_is_all_that_is_printed(tmp_path):
    result = in_a_process("manage.py", "prepare", tmp_path=tmp_path, **{**DEPLOYED, "SECRET_KEY": "x"})
    assert result.returncode == 1
    assert result.stderr.startswith("Candor does not start. SECRET_KEY")
    assert "Traceback" not in result.stderr


def test_images_of_containers_are_pinned_by_their_digests_or_chosen_by_tag():
    pinned = f"redis:7@sha256:{'0a' * 32}"
    images = {"POSTGRES_IMAGE": "postgres:17", "REDIS_IMAGE": pinned, "PYTHON_IMAGE": "python@sha256:short"}
    assert unpinned_images(images) == ["PYTHON_IMAGE=python@sha256:short", "POSTGRES_IMAGE=postgres:17"]
    assert unpinned_images({**images, "IMAGES_BY_TAG": "true"}) == []
    assert unpinned_images({}) == [], "no containers"


def test_preparing_stops_at_an_image_that_is_not_pinned(settings):
    settings.EMBEDDED, settings.UNPINNED_IMAGES = False, ["REDIS_IMAGE=redis:7"]
    (warning,) = images_check(None)
    assert "REDIS_IMAGE=redis:7" in warning.msg
    assert "docs/operations.md" in (warning.hint or "")
