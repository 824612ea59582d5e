"""Erasing an interview, checked by the models' own metadata: one that somebody adds is erased too, or fails here."""

import base64
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import connection, models
from django.utils import timezone

from analysis.models import ModelVersion
from analysis.services import interview_erase
from interviews.models import Candidate, CandidateRequest, Criterion, FileKey, Interview, Room

MARK = "Zyxwv"
"""Stands in every text, file and JSON value of what is filled."""
NOT_OF_AN_INTERVIEW = {
    *("interviews.User", "interviews.Organization", "interviews.Membership", "interviews.Position"),
    *("interviews.LoginSession", "interviews.MemberInvitation", "interviews.Upload", "interviews.Criterion"),
    *("interviews.PolicySetting", "interviews.NoticeVersion", "interviews.NotificationChoice", "interviews.FileKey"),
    *("analysis.ModelVersion", "analysis.ModelChange", "analysis.ModelJob", "analysis.Canary"),
}
"""What is about people of the organization, or about nobody. A new model belongs here or is linked to the interview."""
LOGS = {"interviews.AuditEntry", "interviews.AuditHead"}
"""Ids without content, which outlive the interview."""
STAYS = {CandidateRequest}
"""Kept without the interview, and has nothing about a person: that the request was done is what it is for."""
RUN = uuid.uuid4()
FIELDS: dict[str, dict[str, Any]] = {
    "analysis.AnalysisRun": {"pk": RUN, "status": "succeeded"},
    "interviews.LegalHold": {"until": timezone.now() - timedelta(days=1)},
}


def label(model: type[models.Model]) -> str:
    return model._meta.label


def relations(model: type[models.Model]) -> list[type[models.Model]]:
    """The models that rows of ``model`` point at."""
    return [field.related_model for field in model._meta.concrete_fields if field.is_relation]


def of_an_interview() -> list[type[models.Model]]:
    """Every model from which a chain of foreign keys leads to an interview, each after those it points at."""
    ours = [model for name in ("interviews", "analysis") for model in apps.get_app_config(name).get_models()]
    found = [Candidate, Interview]
    while more := [one for one in ours if one not in found and set(relations(one)) & set(found[1:])]:
        ready = [one for one in more if not set(relations(one)) & set(more) - {one}]
        assert ready, f"a circle of {more}"
        found += ready
    return found


def value_of(field: models.Field, made: dict[Any, Any]) -> Any:
    """Something to fill a field with, with the mark where there can be one."""
    if field.is_relation:
        return made.get(field.related_model)
    if field.choices:
        return field.get_default() or field.choices[0][0]
    if isinstance(field, models.FileField):
        folder = f"timelines/{RUN}/" if field.name == "timeline_file" else ""
        return ContentFile(MARK.encode(), name=f"{folder}{MARK}.bin")
    if isinstance(field, models.CharField | models.TextField):
        text = uuid.uuid4().hex if field.unique else f"{MARK}@mail.example"
        return text[: field.max_length]
    if isinstance(field, models.JSONField):
        return {MARK: 1}
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.DateTimeField):
        return timezone.now()
    if isinstance(field, models.DateField):
        return timezone.localdate()
    if isinstance(field, models.BooleanField):
        return False
    return 2 if field.name.startswith("end") else 1


def fill(model: type[models.Model], made: dict[Any, Any]) -> models.Model:
    fields = {
        field.name: value_of(field, made)
        for field in model._meta.concrete_fields
        if not isinstance(field, models.AutoField) and field.related_model is not model
    }
    return model._base_manager.create(**{**fields, **FIELDS.get(label(model), {})})


def everything() -> str:
    """Every row of every table, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [f"{table} {row}" for row in cursor.fetchall()]
    return "\n".join(found)


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


@pytest.fixture
def filled(interview: Any, alice: Any, northwind: Any, settings: Any) -> dict[Any, Any]:
    """A row of every model that leads to the interview, each file in the storage, and encryption on."""
    settings.MEDIA_ENCRYPTION, settings.MEDIA_KEYS = True, [base64.urlsafe_b64encode(bytes(range(32))).decode()]
    version = ModelVersion.objects.create(modality="eye_gaze", name="net", version="v1", sha256="0" * 64)
    given = (interview, interview.candidate, interview.recordings.get(), interview.consent_events.first(), alice)
    made: dict[Any, Any] = {type(row): row for row in (*given, northwind, version)}
    made[Criterion] = northwind.criteria.create(name="Clarity")
    for model in of_an_interview():
        if model not in made:
            made[model] = fill(model, made)
    folder = made[Room].folder
    folder.mkdir(parents=True)
    for name in ("1-0.part", "readings.jsonl", "withdrawn-1.jsonl"):
        (folder / name).write_text(MARK)
    return made


def test_every_model_is_about_an_interview_or_is_known_to_be_about_none() -> None:
    known = {label(model) for model in of_an_interview()} | NOT_OF_AN_INTERVIEW | LOGS
    ours = {label(model) for name in ("interviews", "analysis") for model in apps.get_app_config(name).get_models()}
    assert ours - known == set(), "is it about a candidate? Link it to the interview, or name it above"
    assert {label(model) for model in of_an_interview()} & NOT_OF_AN_INTERVIEW == set()


def test_an_erased_interview_leaves_no_row_no_file_no_key_and_no_word(
    filled: dict[Any, Any], interview: Any, carol: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for model in of_an_interview():
        assert model._base_manager.exists(), f"{label(model)} was not filled"
    assert MARK in everything()
    assert FileKey.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        interview_erase(interview=interview, by=carol)
    left = [label(model) for model in of_an_interview() if model not in STAYS and model._base_manager.exists()]
    assert left == []
    assert [path.parent.name for path in files()] == ["erased"] * len(files())
    assert not FileKey.objects.exists()
    rows = everything()
    lines = [line for line in rows.splitlines() if any(word in line for word in (MARK, "Dana", "dana@", MARK.lower()))]
    assert lines == []
    assert "interview_deleted" in rows
