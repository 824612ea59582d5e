"""The administrators' pages of model versions: who may, what they show, what they refuse and with which sentence."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.models import Canary, ModelChange, ModelVersion
from analysis.services import canary_start, model_version_activate
from tests.factories.models import evaluation

BECAUSE = {"reason": "It reads dim rooms better."}
LIST = "admin:analysis_modelversion_changelist"


def page_of(version, action="change"):
    return reverse(f"admin:analysis_modelversion_{action}", args=[version.pk])


@pytest.fixture
def ada(carol):
    """An administrator of the installation."""
    carol.is_staff = carol.is_superuser = True
    carol.save()
    return carol


@pytest.fixture
def browser(ada, client_of):
    return client_of(ada)


@pytest.fixture
def active(make_version):
    return make_version(version="v1", status="active", activated_at=timezone.now())


@pytest.fixture
def candidate(make_version):
    return make_version(version="v2")


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


class TestRights:
    def pages(self, version):
        actions = ("change", "activate", "retire", "trial", "delete")
        return [reverse(LIST), *(page_of(version, action) for action in actions)]

    def test_only_staff_open_the_pages(self, candidate, alice, client_of):
        for address in self.pages(candidate):
            assert client_of(alice).get(address).status_code == 302

    def test_staff_without_the_right_are_refused(self, candidate, alice, client_of):
        alice.is_staff = True
        alice.save()
        for address in [*self.pages(candidate), page_of(candidate, "verify")]:
            assert client_of(alice).post(address).status_code == 403
        candidate.refresh_from_db()
        assert candidate.status == "candidate"

    def test_who_may_only_look_sees_no_buttons(self, candidate, alice, client_of):
        from django.contrib.auth.models import Permission

        alice.is_staff = True
        alice.save()
        alice.user_permissions.add(Permission.objects.get(codename="view_modelversion"))
        page = text_of(client_of(alice).get(page_of(candidate)))
        assert "Activate …" not in page
        assert client_of(alice).post(page_of(candidate, "activate")).status_code == 403

    def test_looking_changes_nothing(self, browser, active, candidate):
        for action in ("activate", "retire", "verify", "delete", "trial"):
            browser.get(page_of(candidate, action))
        browser.get(reverse("admin:analysis_modelversion_roll_back", args=["facial_expression"]))
        candidate.refresh_from_db()
        assert (candidate.status, ModelChange.objects.count()) == ("candidate", 0)

    def test_forms_are_protected_against_forgery(self, ada, candidate):
        from django.test import Client

        client = Client(enforce_csrf_checks=True)
        client.force_login(ada)
        assert client.post(page_of(candidate, "activate")).status_code == 403


class TestWhatIsShown:
    def test_the_list_groups_by_modality_and_says_what_is_wrong(self, browser, active, make_version):
        broken = make_version("speech_emotion", "v9", problem="The file model.tflite of Speech emotion v9 is missing.")
        page = text_of(browser.get(reverse(LIST)))
        assert page.index("Facial expression") < page.index("Speech emotion")
        for seen in (active.sha256[:12], "60.0\N{NO-BREAK SPACE}%", broken.problem, "No version is active"):
            assert seen in page

    def test_a_version_shows_its_evaluation_confusion_and_calibration(self, browser, make_version):
        stored = evaluation(uar=0.61)
        stored["measured"][0] |= {"labels": ["a", "b"], "confusion": [[8, 2], [5, 5]], "per_class_recall": {"a": 0.8}}
        stored["reliability"] = [[0.4, 0.3, 0.35], [0.6, 0.9, 0.8]]
        page = text_of(browser.get(page_of(make_version(evaluation=stored))))
        for seen in ("61.0\N{NO-BREAK SPACE}%", 'class="heat-4 hit"', "80.0\N{NO-BREAK SPACE}%", 'points="60.0,130.0'):
            assert seen in page

    def test_a_version_that_was_never_measured_or_used_says_so(self, browser, make_version):
        page = text_of(browser.get(page_of(make_version(evaluation={}))))
        assert "No evaluation is stored." in page
        assert "No analysis has used it yet." in page

    def test_evaluating_is_offered_where_there_is_data_and_a_learning_curve_where_something_learned(
        self, browser, settings, active, make_version
    ):
        settings.TRAINING_DATA_DIR = ""
        page = text_of(browser.get(page_of(active)))
        assert page_of(active, "evaluate") not in page
        assert "learning.png" in page
        settings.TRAINING_DATA_DIR = "data"
        assert page_of(active, "evaluate") in text_of(browser.get(page_of(active)))
        assert "learning.png" not in text_of(browser.get(page_of(make_version("eye_gaze", evaluation=evaluation()))))

    def test_a_version_shows_where_it_is_used(self, browser, active, succeeded_run):
        succeeded_run.modalities.filter(modality="facial_expression").update(model_version=active)
        page = text_of(browser.get(page_of(active)))
        assert "Northwind" in page
        assert "Reports that name it" in page

    def test_only_known_files_of_a_version_are_served(self, browser, active, weights_dir):
        (weights_dir / "facial_expression" / "v1" / "MODEL_CARD.md").write_text("# Card")
        address = reverse("admin:analysis_modelversion_file", args=[active.pk, "MODEL_CARD.md"])
        response = browser.get(address)
        assert b"".join(response.streaming_content) == b"# Card"
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        for name in ("manifest.json", "model.tflite", "learning.png"):
            assert browser.get(address.replace("MODEL_CARD.md", name)).status_code == 404

    def test_what_does_not_exist_is_not_found(self, browser, db):
        for address in (
            "/admin/analysis/modelversion/nonsense/change/",
            "/admin/analysis/modelversion/roll-back/nonsense/",
            "/admin/analysis/modelversion/00000000-0000-0000-0000-000000000000/activate/",
        ):
            assert browser.get(address).status_code == 404
            assert browser.post(address).status_code == 404


class TestActivation:
    def test_both_versions_stand_side_by_side_before(self, browser, active, candidate):
        page = text_of(browser.get(page_of(candidate, "activate")))
        assert "facial_expression-net, v1" in page
        assert "facial_expression-net, v2" in page
        assert "Floor for activation" in page

    def test_a_measured_version_comes_into_service_and_its_author_is_logged(self, browser, ada, active, candidate):
        response = browser.post(page_of(candidate, "activate"), BECAUSE, follow=True)
        assert "is active: new analyses use it" in text_of(response)
        assert ModelVersion.objects.active().get() == candidate
        assert ModelChange.objects.get().by == ada

    def test_below_the_floor_the_reason_is_asked_for_and_kept(self, browser, active, make_version):
        weak = make_version(version="v3", evaluation=evaluation(uar=0.2))
        page = text_of(browser.post(page_of(weak, "activate"), {"reason": " "}))
        assert "below the floor of 52%" in page
        assert "Say why." in page
        assert ModelVersion.objects.active().get() == active
        browser.post(page_of(weak, "activate"), {"reason": "The camera is special."})
        assert ModelVersion.objects.active().get() == weak
        assert ModelChange.objects.get().reason == "The camera is special."
        assert "The camera is special." in text_of(browser.get(page_of(weak)))

    def test_changed_weights_are_refused_with_a_sentence(self, browser, active, candidate, weights_dir):
        (weights_dir / "facial_expression" / "v2" / "model.tflite").write_bytes(b"changed")
        assert "was changed" in text_of(browser.post(page_of(candidate, "activate"), {"reason": "x"}))
        assert "was changed" in text_of(browser.post(page_of(candidate, "verify"), follow=True))
        assert ModelVersion.objects.active().get() == active


class TestGoingBack:
    def test_rollback_asks_why_and_is_one_step(self, browser, ada, active, candidate):
        ModelChange.objects.create(
            action="activated", modality=active.modality, by_name="system", new_version=active, new_label=active.label
        )
        model_version_activate(version=candidate, by=ada)
        address = reverse("admin:analysis_modelversion_roll_back", args=["facial_expression"])
        assert address in text_of(browser.get(reverse(LIST)))
        assert "Version v1 becomes active again." in text_of(browser.get(address))
        assert "Say why." in text_of(browser.post(address))
        assert ModelVersion.objects.active().get() == candidate
        assert "version v1 is active again" in text_of(browser.post(address, BECAUSE, follow=True))
        assert ModelVersion.objects.active().get() == active
        assert ModelChange.objects.filter(action="rolled_back").get().reason == BECAUSE["reason"]

    def test_without_an_earlier_version_there_is_nothing_to_roll_back_to(self, browser, active):
        address = reverse("admin:analysis_modelversion_roll_back", args=["facial_expression"])
        assert "There is no earlier version to roll back to." in text_of(browser.post(address, BECAUSE))

    def test_a_candidate_is_retired(self, browser, candidate):
        assert "is retired" in text_of(browser.post(page_of(candidate, "retire"), BECAUSE, follow=True))
        assert "is already retired" in text_of(browser.post(page_of(candidate, "retire"), BECAUSE))

    def test_what_a_report_names_cannot_be_deleted(self, browser, make_version, succeeded_run):
        used = make_version("eye_gaze", source="uploaded")
        succeeded_run.modalities.filter(modality="eye_gaze").update(model_version=used)
        assert "Retire it instead." in text_of(browser.post(page_of(used, "delete"), BECAUSE))
        assert ModelVersion.objects.filter(pk=used.pk).exists()

    def test_what_nothing_names_is_deleted_with_its_files(self, browser, make_version):
        unused = make_version("eye_gaze", source="uploaded")
        assert "are deleted" in text_of(browser.post(page_of(unused, "delete"), BECAUSE, follow=True))
        assert not ModelVersion.objects.filter(pk=unused.pk).exists()


class TestTrials:
    def test_a_trial_on_one_organization_begins_and_ends(self, browser, ada, active, candidate, northwind):
        chosen = {"organization": str(northwind.pk), "percent": 100, "reason": "Their cameras are new."}
        page = text_of(browser.post(page_of(candidate, "trial"), chosen, follow=True))
        assert "the new recordings of Northwind" in page
        assert "On trial" in page
        canary = Canary.objects.get()
        assert (canary.organization, canary.share, canary.started_by) == (northwind, 1.0, ada)
        ending = reverse("admin:analysis_modelversion_trial_end", args=[canary.pk])
        assert "has ended" in text_of(browser.post(ending, BECAUSE, follow=True))
        assert "has already ended" in text_of(browser.post(ending, BECAUSE))

    @pytest.mark.parametrize(
        ("chosen", "sentence"),
        [
            ({"percent": 0}, "greater than or equal to 1"),
            ({"percent": 101}, "less than or equal to 100"),
            ({"percent": 100}, "is no trial"),
            ({"percent": 5, "organization": "nonsense"}, "nonsense"),
        ],
    )
    def test_impossible_trials_are_refused(self, browser, active, candidate, chosen, sentence):
        assert sentence in text_of(browser.post(page_of(candidate, "trial"), chosen | BECAUSE))
        assert not Canary.objects.exists()

    def test_a_trial_without_a_reason_does_not_begin(self, browser, active, candidate):
        assert "Say why." in text_of(browser.post(page_of(candidate, "trial"), {"percent": 20}))
        assert not Canary.objects.exists()

    def test_both_versions_are_compared_on_the_same_recordings(
        self, browser, ada, active, candidate, northwind, succeeded_run
    ):
        from analysis.models import RunModel, ShadowResult

        canary = canary_start(version=candidate, by=ada, organization=northwind)
        Canary.objects.filter(pk=canary.pk).update(started_at=timezone.now() - timedelta(days=1))
        RunModel.objects.filter(run=succeeded_run, modality="facial_expression").delete()
        RunModel.objects.create(run=succeeded_run, modality="facial_expression", model_version=candidate, sha256="0")
        ShadowResult.objects.create(
            run=succeeded_run,
            modality="facial_expression",
            model_version=active,
            available=True,
            shares={"happy": 1.0},
            observed_s=10.0,
            agreement=0.75,
            compared_s=10.0,
        )
        page = text_of(browser.get(page_of(candidate)))
        assert "On the same 1 recording," in page
        assert "75\N{NO-BREAK SPACE}%" in page


class TestChangeLog:
    @pytest.fixture
    def change(self, active):
        return ModelChange.objects.create(
            action="activated", modality=active.modality, by_name="ada", new_label="v1", reason="Because."
        )

    def test_it_is_listed_and_never_edited(self, browser, change):
        assert "Because." in text_of(browser.get(reverse("admin:analysis_modelchange_changelist")))
        for action in ("change", "delete"):
            address = reverse(f"admin:analysis_modelchange_{action}", args=[change.pk])
            assert browser.post(address, {"reason": "Other.", "post": "yes"}).status_code == 403
        assert browser.post(reverse("admin:analysis_modelchange_add")).status_code == 403
        listed = {"action": "delete_selected", "_selected_action": [str(change.pk)], "post": "yes"}
        browser.post(reverse("admin:analysis_modelchange_changelist"), listed)
        assert ModelChange.objects.get().reason == "Because."
