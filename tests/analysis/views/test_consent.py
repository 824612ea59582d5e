"""What shows that a candidate agreed to an uploaded recording; without it nothing is analysed."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analysis.models import AnalysisRun
from analysis.services import RunConflict, run_request
from interviews.models import AuditEntry, ConsentEvidence
from interviews.services import interview_delete


@pytest.fixture
def page(interview) -> str:
    """The page of an interview whose recruiter ticked the box and recorded nothing that shows it."""
    interview.consent_evidence.all().delete()
    return reverse("interview_consent", args=[interview.pk])


def test_without_evidence_the_run_is_refused(interview, alice, client_of, page):
    with pytest.raises(RunConflict, match="Nothing shows yet"):
        run_request(recording=interview.recordings.get(), by=alice)
    shown = client_of(alice).get(reverse("interview_detail", args=[interview.pk])).content.decode()
    assert "Nothing shows yet that the candidate agreed" in shown


def test_words_let_the_analysis_begin_once(alice, client_of, page):
    browser = client_of(alice)
    refused = browser.post(page, {"do": "evidence", "basis": "message", "words": " "})
    assert "Write down how the candidate agreed" in refused.content.decode()
    for _ in range(2):
        browser.post(page, {"do": "evidence", "basis": "message", "words": "By e-mail on 3 November 2026."})
    assert AnalysisRun.objects.count() == 1
    assert "By e-mail on 3 November" in browser.get(page).content.decode()


def test_a_file_is_kept_is_only_ever_saved_and_goes_with_the_interview(interview, alice, client_of, page, bob):
    browser = client_of(alice)
    script = SimpleUploadedFile("form.html", b"<script>alert(1)</script>", "text/html")
    assert (
        "Choose a file of one of these kinds"
        in browser.post(page, {"do": "evidence", "basis": "signed", "file": script}).content.decode()
    )
    form = SimpleUploadedFile("form of Dana.pdf", b"%PDF- <script>", "text/html")
    browser.post(page, {"do": "evidence", "basis": "signed", "file": form})
    evidence = ConsentEvidence.objects.get()
    url = reverse("consent_evidence_file", args=[interview.pk, evidence.pk])
    answer = browser.get(url)
    assert (answer.content, answer["Content-Type"]) == (b"%PDF- <script>", "application/octet-stream")
    assert answer["Content-Disposition"].startswith("attachment")
    assert client_of(bob).get(url).status_code == 404
    assert AuditEntry.objects.filter(action="exported", details__evidence=str(evidence.pk)).exists()


def test_evidence_is_erased_with_its_interview(interview, alice, client_of, page, django_capture_on_commit_callbacks):
    form = SimpleUploadedFile("form.pdf", b"%PDF-")
    client_of(alice).post(page, {"do": "evidence", "basis": "signed", "file": form})
    file = ConsentEvidence.objects.get().file
    AnalysisRun.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        interview_delete(interview=interview, by=alice)
    assert not file.storage.exists(file.name)


def test_the_candidate_is_sent_the_link(interview, alice, client_of, page, mailoutbox):
    client_of(alice).post(page, {"do": "link"})
    (mail,) = mailoutbox
    assert mail.to == ["dana@mail.example"]
    link = next(line for line in mail.body.splitlines() if "/own/" in line)
    assert client_of(alice).get(link).status_code == 403, "the candidate's page, not the recruiter's"
    for _ in range(12):
        shown = client_of(alice).post(page, {"do": "link"}, follow=True).content.decode()
    assert "often enough for now" in shown
    assert len(mailoutbox) == 10
