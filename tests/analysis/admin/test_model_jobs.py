"""The administrators' pages of uploads, evaluations and trainings; the work itself is tested in ``jobs/``."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analysis.models import ModelJob, ModelVersion
from tests.factories import model_files

UPLOAD = "admin:analysis_modelversion_add"
TRAIN = "admin:analysis_modeljob_add"
LIST = "admin:analysis_modeljob_changelist"


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
def data(settings, tmp_path):
    settings.TRAINING_DATA_DIR = str(tmp_path)


@pytest.fixture(autouse=True)
def no_data(settings):
    settings.TRAINING_DATA_DIR = ""


def page_of(job, action="change"):
    return reverse(f"admin:analysis_modeljob_{action}", args=[job.pk])


def text_of(response):
    assert response.status_code == 200
    return response.content.decode()


def job(**fields):
    return ModelJob.objects.create(**{"kind": "train", "modality": "speech_emotion", **fields})


def sent(content=b"TFL3 something", **changes):
    return {
        "modality": "speech_emotion",
        "file": SimpleUploadedFile("net.tflite", content),
        "name": "Studio microphones",
        "version": "studio-v1",
        "labels": ", ".join(model_files.SPEECH_LABELS),
        "mean": "-20.5",
        "std": "",
        "trained_on": "",
        "licence": "Ours",
        **changes,
    }


class TestRights:
    def test_only_staff_with_the_right_see_and_do(self, alice, client_of, data):
        made = job(status="failed")
        pages = [reverse(LIST), reverse(TRAIN), reverse(UPLOAD), page_of(made), page_of(made, "state")]
        actions = [page_of(made, "cancel"), page_of(made, "resume")]
        for address in [*pages, *actions]:
            assert client_of(alice).get(address).status_code == 302
        alice.is_staff = True
        alice.save()
        assert [client_of(alice).get(address).status_code for address in pages] == [403] * len(pages)
        assert [client_of(alice).post(address).status_code for address in actions] == [403] * len(actions)

    def test_nobody_deletes_a_job(self, browser):
        assert browser.post(page_of(job(), "delete"), {"post": "yes"}).status_code == 403


class TestUploads:
    def test_a_file_is_taken_in_and_its_import_queued(self, browser, ada, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = browser.post(reverse(UPLOAD), sent(), follow=True)
        page = text_of(response)
        made = ModelJob.objects.get()
        assert response.redirect_chain[0][0] == page_of(made)
        assert (made.kind, made.requested_by, made.status) == ("import", ada, "queued")
        assert made.options["preprocessing"] == {"mean": -20.5}
        assert made.options["labels"] == list(model_files.SPEECH_LABELS)
        assert "neutral, calm, happy" in page
        assert "Waiting for a worker" in page

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"file": SimpleUploadedFile("net.tflite", b"")}, "is empty (0 bytes)"),
            ({"file": ""}, "Choose the model&#x27;s file."),
            ({"version": "../../etc"}, "is named with letters"),
            ({"modality": "eye_gaze"}, "not one of the available choices"),
            ({"mean": "much"}, "Enter a number."),
        ],
    )
    def test_what_cannot_be_one_is_refused_with_a_sentence(self, browser, changes, sentence):
        assert sentence in text_of(browser.post(reverse(UPLOAD), sent(**changes)))
        assert not ModelJob.objects.exists()

    def test_a_name_that_is_taken_is_refused(self, browser, make_version):
        make_version("speech_emotion", "studio-v1")
        assert "There is already a version studio-v1" in text_of(browser.post(reverse(UPLOAD), sent()))

    def test_the_form_knows_the_labels_of_the_active_version(self, browser, make_version):
        make_version("speech_emotion", status="active")
        assert '"speech_emotion": ["a", "b"]' in text_of(browser.get(reverse(UPLOAD)))


class TestEvaluations:
    def test_an_evaluation_is_queued_from_the_page_of_a_version(self, browser, make_version, data):
        version = make_version()
        address = reverse("admin:analysis_modelversion_evaluate", args=[version.pk])
        browser.get(address)
        assert not ModelJob.objects.exists()
        page = text_of(browser.post(address, follow=True))
        assert ModelJob.objects.get().model_version == version
        assert "Evaluate: facial expression" in page
        assert "Evaluate" in text_of(browser.get(reverse("admin:analysis_modelversion_change", args=[version.pk])))

    def test_without_data_it_is_refused_with_a_sentence(self, browser, make_version):
        address = reverse("admin:analysis_modelversion_evaluate", args=[make_version().pk])
        assert "No data folder is configured" in text_of(browser.post(address, follow=True))


class TestTrainings:
    def test_a_training_is_started_with_its_options(self, browser, data):
        asked = {"modality": "speech_emotion", "version": "mine-v1", "recipe": "", "epochs": "3", "seed": "7"}
        assert "mine-v1" in text_of(browser.post(reverse(TRAIN), asked, follow=True))
        assert ModelJob.objects.get().options == {"version": "mine-v1", "recipe": "", "epochs": 3, "seed": 7}

    def test_without_data_the_page_says_so_and_the_service_refuses(self, browser):
        page = text_of(browser.get(reverse(TRAIN)))
        assert "No data folder is configured" in page
        assert "Start training" not in page
        browser.post(reverse(TRAIN), {"modality": "speech_emotion"})
        assert not ModelJob.objects.exists()


class TestProgress:
    def test_the_page_asks_for_status_stage_progress_and_log(self, browser):
        running = job(status="running", stage="Epoch 4 of 10", progress=0.4, log="epoch 4\n")
        assert browser.get(page_of(running, "state")).json() == {
            "status": "running",
            "stage": "Epoch 4 of 10",
            "progress": 0.4,
            "log": "epoch 4\n",
        }
        page = text_of(browser.get(page_of(running)))
        assert "epoch 4" in page
        assert "js/admin/job.js" in page

    def test_a_failed_job_says_why_and_can_be_resumed(self, browser, data):
        failed = job(status="failed", failure_reason="The disk is full.")
        page = text_of(browser.get(page_of(failed)))
        assert "The disk is full." in page
        assert "goes on from where it was" in text_of(browser.post(page_of(failed, "resume"), follow=True))
        failed.refresh_from_db()
        assert failed.status == "queued"

    def test_a_job_is_cancelled(self, browser):
        queued = job()
        assert "was asked to stop" in text_of(browser.post(page_of(queued, "cancel"), follow=True))
        queued.refresh_from_db()
        assert queued.status == "cancelled"

    def test_what_has_ended_is_not_cancelled(self, browser):
        done = job(status="succeeded")
        assert "has already ended" in text_of(browser.post(page_of(done, "cancel"), follow=True))

    def test_looking_at_an_action_does_nothing(self, browser):
        queued = job()
        browser.get(page_of(queued, "cancel"))
        queued.refresh_from_db()
        assert queued.status == "queued"

    def test_what_a_job_made_stands_beside_the_active_version(self, browser, make_version):
        make_version("speech_emotion", "v1", status="active")
        made = make_version("speech_emotion", "v2")
        page = text_of(browser.get(page_of(job(kind="import", status="succeeded", model_version=made))))
        assert "speech_emotion-net, v1" in page
        assert "speech_emotion-net, v2" in page
        assert ModelVersion.objects.active().get().version == "v1"

    def test_jobs_are_listed(self, browser):
        assert "No jobs yet" in text_of(browser.get(reverse(LIST)))
        job(status="running", progress=0.25)
        assert "25\N{NO-BREAK SPACE}%" in text_of(browser.get(reverse(LIST)))
