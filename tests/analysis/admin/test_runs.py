"""Administrators of the installation look at runs; nobody edits them."""

import pytest
from django.urls import reverse

from analysis.models import AnalysisRun, ModelVersion
from tests.conftest import PASSWORD


@pytest.fixture
def administrator(carol, client_of):
    carol.is_staff = carol.is_superuser = True
    carol.save()
    browser = client_of(carol)
    browser.post("/admin/people/", {"reason": "A run does not end.", "password": PASSWORD})
    return browser


def test_runs_and_model_versions_are_listed_and_shown(succeeded_run, administrator):
    version = ModelVersion.objects.create(modality="eye_gaze", name="geometry", version="v1", sha256="0" * 64)
    for row in (succeeded_run, version):
        model = row._meta.model_name
        assert administrator.get(reverse(f"admin:analysis_{model}_changelist") + "?q=v").status_code == 200
        assert administrator.get(reverse(f"admin:analysis_{model}_change", args=[row.pk])).status_code == 200


def test_runs_cannot_be_changed_or_deleted(succeeded_run, administrator):
    change = reverse("admin:analysis_analysisrun_change", args=[succeeded_run.pk])
    delete = reverse("admin:analysis_analysisrun_delete", args=[succeeded_run.pk])
    assert administrator.post(change, {"status": "failed"}).status_code == 403
    assert administrator.post(delete, {"post": "yes"}).status_code == 403
    assert AnalysisRun.objects.get().status == "succeeded"
