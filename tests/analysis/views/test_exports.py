"""Files of an interview: what is in them, what is not, and that the log has each."""

import csv
import io
import json
import zipfile
from pathlib import Path

import jsonschema
import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from analysis.reporting.exports import paper
from analysis.selectors.exports import SCHEMA, interview_export
from interviews.models import AuditEntry
from interviews.services.notes import note_add
from interviews.services.questions import question_add


@pytest.fixture
def exported(interview, alice, succeeded_run):
    """An analysed interview with a question and a note that would be a formula."""
    question_add(interview=interview, by=alice, at_s=8.0, text="=cmd|' /C calc'!A0")
    note_add(interview=interview, by=alice, text='=HYPERLINK("http://x")', at_s=9.0)
    return interview


def file_of(browser, interview, name, query=""):
    return browser.get(reverse("interview_export_file", args=[interview.pk, name]) + query)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_the_document_follows_its_published_schema(exported, alice):
    schema = json.loads((Path(settings.BASE_DIR) / "static" / SCHEMA).read_text())
    whole = json.loads(json.dumps(interview_export(interview=exported, user=alice, notes=True, ratings=True)))
    jsonschema.Draft202012Validator(schema).validate(whole)
    assert whole["analysis"]["modalities"]["eye_gaze"]["model"]["version"] == "v1"
    assert [note["text"] for note in whole["notes"]] == ['=HYPERLINK("http://x")']
    assert whole["ratings"] is None, "she has not rated"


def test_the_document_has_nothing_that_policy_does_not_allow_also_where_it_is_still_stored(exported, alice):
    exported.purpose, exported.candidate_jurisdiction = "recruitment", "eu"
    exported.save()
    analysis = interview_export(interview=exported, user=alice)["analysis"]
    assert analysis["modalities"].keys() == analysis["timelines"].keys() == {"eye_gaze"}
    assert analysis["metrics"].keys() == {"attentiveness"}


def test_the_archive_has_tables_with_versions_and_coverage_and_no_formula(client_of, alice, exported):
    answer = file_of(client_of(alice), exported, "interview.zip", "?notes=1")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert {"README.txt", "interview.json", "timelines.csv", "shares.csv", "metrics.csv", "notes.csv"} <= set(
        archive.namelist()
    )
    assert "ratings.csv" not in archive.namelist()
    readings = rows_of(archive.read("timelines.csv").decode())
    assert {row["model_version"] for row in readings} == {"v1"}
    assert all(float(row["coverage"]) > 0 for row in readings)
    assert rows_of(archive.read("questions.csv").decode())[0]["text"].startswith("'=")
    assert rows_of(archive.read("notes.csv").decode())[0]["text"].startswith("'=")
    assert "coverage: Observed time" in archive.read("README.txt").decode()
    entry = AuditEntry.objects.filter(action="exported").first()
    assert (entry.details["file"], entry.details["notes"]) == ("interview.zip", True)


def test_the_paper_has_a_page_a_question_and_is_fetched_from_nowhere(exported, alice):
    context = paper.paper_context(interview_export(interview=exported, user=alice))
    assert [answer["number"] for answer in context["answers"]] == [1]
    assert "<svg" in context["modalities"][0]["bar"]
    assert f"{context['printed_at']:%B %Y}" in render_to_string("analysis/paper/report.html", context)
    with pytest.raises(ValueError, match="not fetched"):
        paper._fetch_nothing("http://169.254.169.254/")


def test_the_paper_becomes_a_pdf_where_the_libraries_are_there(exported, alice):
    try:
        content = paper.pdf_of(interview_export(interview=exported, user=alice, notes=True))
    except paper.PdfUnavailable:
        pytest.skip("no Pango on this machine; on Debian: apt-get install libpango-1.0-0 libpangoft2-1.0-0")
    assert content.startswith(b"%PDF-")
    assert len(content) > 5000


def test_where_pdf_cannot_be_made_the_page_says_what_to_install(client_of, alice, exported, monkeypatch):
    def unavailable(export):
        raise paper.PdfUnavailable

    monkeypatch.setattr("analysis.views.exports.pdf_of", unavailable)
    browser = client_of(alice)
    page = browser.get(file_of(browser, exported, "report.pdf").url).content.decode()
    assert "libpango" in page
    assert (
        "report.pdf is missing.txt"
        in zipfile.ZipFile(io.BytesIO(file_of(browser, exported, "interview.zip").content)).namelist()
    )


def test_the_list_is_exported_as_it_is_filtered_without_metrics(client_of, alice, exported, make_interview, bob):
    make_interview(alice, candidate_name="=Eve Evans")
    make_interview(bob, candidate_name="Somebody Else")
    answer = client_of(alice).get(reverse("interviews_export") + "?q=dana")
    [row] = rows_of(b"".join(answer.streaming_content).decode())
    assert (row["candidate"], row["eye_gaze_model_version"]) == ("Dana Diaz", "v1")
    assert not any("attentiveness" in column for column in row)
    whole = b"".join(client_of(alice).get(reverse("interviews_export")).streaming_content).decode()
    assert {row["candidate"] for row in rows_of(whole)} == {"Dana Diaz", "'=Eve Evans"}


def test_a_transcript_that_may_be_shown_is_in_the_archive(client_of, alice, transcript):
    interview = transcript.recording.interview
    page = client_of(alice).get(reverse("interview_exports", args=[interview.pk])).content.decode()
    assert "Captions as .vtt" in page
    names = zipfile.ZipFile(io.BytesIO(file_of(client_of(alice), interview, "interview.zip").content)).namelist()
    assert {"transcript.vtt", "transcript.txt"} <= set(names)
