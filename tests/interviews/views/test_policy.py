"""The page of policy."""

import pytest

from interviews.models import AuditEntry, Interview, PolicySetting
from tests.conftest import member


@pytest.fixture
def browser(client_of, carol):
    return client_of(carol)


def test_the_page_has_every_rule_with_its_source_and_date(browser):
    page = browser.get("/policy/").content.decode()
    for words in (
        "Article 5(1)(f)",
        "820 ILCS 42",
        "740 ILCS 14",
        "3-717",
        "Local Law 144",
        "not legal advice",
        "2026",
    ):
        assert words in page
    assert "without a purpose" not in page


def test_a_setting_is_stored_and_what_allows_more_asks_why(browser, northwind):
    fields = {"do": "setting", "purpose_of": "research", "research-blocked": ["eye_gaze"]}
    assert browser.post("/policy/", fields).status_code == 302, "tightening"
    assert PolicySetting.objects.get(organization=northwind, purpose="research").blocked == ["eye_gaze"]
    fields = {"do": "setting", "purpose_of": "research", "research-lifted": ["candor-lie-off"]}
    answer = browser.post("/policy/", fields)
    assert "allows more than before" in answer.content.decode()
    assert browser.post("/policy/", {**fields, "research-reason": "A study."}).status_code == 302
    assert AuditEntry.objects.filter(action="policy_changed", details__reason="A study.").exists()


def test_interviews_from_before_are_told_about_and_decided_together(browser, interview):
    Interview.objects.update(purpose="unknown", kept_from=None)
    page = browser.get("/policy/").content.decode()
    assert "1 interview without a purpose" in page
    assert "1 interview without a date of erasure" in page
    stated = {"do": "state", "purpose": "research", "candidate_jurisdiction": "uk", "reason": "Our archive."}
    assert browser.post("/policy/", stated).status_code == 302
    assert browser.post("/policy/", {"do": "clock"}).status_code == 302
    interview.refresh_from_db()
    assert interview.purpose == "research"
    assert interview.kept_from is not None


def test_the_privacy_officer_reads_it_and_changes_nothing(client_of, northwind):
    browser = client_of(member(northwind, "pia@northwind.example", "Pia", "privacy_officer"))
    assert "<button" in browser.get("/policy/").content.decode()
    places = {"do": "places", "jurisdiction": "uk", "usual_purpose": "research", "usual_jurisdiction": "uk"}
    assert browser.post("/policy/", places).status_code == 403


def test_where_the_organization_works_is_stated(browser, northwind):
    places = {"do": "places", "jurisdiction": "eu", "usual_purpose": "recruitment", "usual_jurisdiction": "eu"}
    assert browser.post("/policy/", places).status_code == 302
    northwind.refresh_from_db()
    assert northwind.jurisdiction == "eu"
    assert browser.post("/policy/", {**places, "jurisdiction": "mars"}).status_code == 200
