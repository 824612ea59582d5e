"""The registry through the API: administrators of the installation only, refusals as sentences."""

import pytest
from django.contrib.auth.models import Permission

from analysis.models import Canary, ModelVersion


@pytest.fixture
def admin(client_of, carol):
    carol.is_staff = carol.is_superuser = True
    carol.save()
    return client_of(carol)


def post(browser, path: str, **fields):
    return browser.post(path, fields, content_type="application/json")


def test_recruiters_and_strangers_see_nothing_of_it(make_version, client_of, alice, client):
    version = make_version()
    for path in ("/api/v1/models/", f"/api/v1/models/{version.pk}/", "/api/v1/models/changes/"):
        assert client_of(alice).get(path).status_code == 403
        assert client.get(path).status_code == 403
    assert post(client_of(alice), f"/api/v1/models/{version.pk}/activate/").status_code == 403
    assert not ModelVersion.objects.active().exists()


@pytest.mark.parametrize("rights", [[], ["view_modelversion"]])
def test_staff_have_the_rights_here_that_they_have_in_the_admin(make_version, client_of, alice, rights):
    version = make_version()
    alice.is_staff = True
    alice.save()
    alice.user_permissions.set(Permission.objects.filter(codename__in=rights))
    browser = client_of(alice)
    assert browser.get("/api/v1/models/").status_code == (200 if rights else 403)
    assert browser.get("/api/v1/models/jobs/").status_code == 403
    root = f"/api/v1/models/{version.pk}"
    for path in (*(f"{root}/{action}/" for action in ("activate", "retire", "verify", "canaries")),):
        assert post(browser, path).status_code == 403, path
    for path in ("rollback", "import", "uploads", "jobs"):
        assert post(browser, f"/api/v1/models/{path}/").status_code == 403, path
    assert browser.delete(f"{root}/").status_code == 403


def test_a_version_with_its_evaluation_use_and_drift(make_version, admin):
    version = make_version(status="active")
    make_version("eye_gaze")
    listed = admin.get("/api/v1/models/?modality=facial_expression").json()["results"]
    assert [row["id"] for row in listed] == [str(version.pk)]
    answer = admin.get(f"/api/v1/models/{version.pk}/").json()
    assert answer["evaluation"]["measured"][0]["uar"] == 0.6
    assert answer["usage"]["organizations"] == []
    assert answer["drift"]["warning"] == ""


def test_activate_roll_back_retire_and_delete(make_version, admin):
    make_version(version="v1", status="active")
    version = make_version(version="v2", evaluation={})
    refused = post(admin, f"/api/v1/models/{version.pk}/activate/")
    assert (refused.status_code, refused.json()["code"]) == (409, "model_refused")
    assert "no stored evaluation" in refused.json()["detail"]
    done = post(admin, f"/api/v1/models/{version.pk}/activate/", reason="Measured elsewhere.")
    assert (done.status_code, done.json()["status"]) == (200, "active")
    back = post(admin, "/api/v1/models/rollback/", modality="facial_expression")
    assert back.json()["version"] == "v1"
    candidate = make_version(version="v3")
    assert post(admin, f"/api/v1/models/{candidate.pk}/retire/").json()["status"] == "retired"
    assert admin.delete(f"/api/v1/models/{candidate.pk}/").status_code == 409
    changes = admin.get("/api/v1/models/changes/").json()["results"]
    assert [change["action"] for change in changes] == ["retired", "rolled_back", "activated"]
    assert changes[2]["reason"] == "Measured elsewhere."
    assert changes[2]["by_name"] == "carol@northwind.example"


def test_a_trial_begins_and_ends(make_version, admin, northwind):
    version = make_version()
    answer = post(admin, f"/api/v1/models/{version.pk}/canaries/", organization=str(northwind.pk), reason="A look.")
    assert (answer.status_code, answer.json()["version"]) == (201, "v1")
    canary = Canary.objects.get()
    compared = admin.get(f"/api/v1/models/canaries/{canary.pk}/").json()
    assert [row["id"] for row in admin.get(f"/api/v1/models/{version.pk}/canaries/").json()] == [str(canary.pk)]
    assert (compared["recordings"], compared["agreement"]) == (0, None)
    assert post(admin, f"/api/v1/models/canaries/{canary.pk}/end/").json()["ended_by"] == "carol@northwind.example"
    assert post(admin, f"/api/v1/models/canaries/{canary.pk}/end/").status_code == 409
    assert post(admin, f"/api/v1/models/{version.pk}/canaries/", share=2).status_code == 409
    assert post(admin, f"/api/v1/models/{version.pk}/canaries/", organization="nobody").status_code == 400


def test_weights_are_verified_on_demand(make_version, admin, weights_dir):
    version = make_version()
    verify = f"/api/v1/models/{version.pk}/verify/"
    assert post(admin, verify).json()["problem"] == ""
    (weights_dir / version.modality / version.version / "model.tflite").write_bytes(b"bits rot")
    assert "was changed" in post(admin, verify).json()["problem"]


def test_what_is_not_there_is_a_404(db, admin):
    nothing = "00000000-0000-4000-8000-000000000000"
    assert admin.get(f"/api/v1/models/{nothing}/").status_code == 404
    assert post(admin, f"/api/v1/models/canaries/{nothing}/end/").status_code == 404
