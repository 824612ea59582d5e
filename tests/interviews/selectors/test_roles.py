"""What each role sees and changes: the least that it needs."""

import pytest

from interviews.models import Assignment, Interview, Recording
from tests.conftest import member


@pytest.fixture
def people(northwind):
    roles = ("recruiter", "reviewer", "privacy_officer", "auditor")
    return {role: member(northwind, f"{role}@northwind.example", f"New {role}", role) for role in roles}


def test_roles_see_what_they_need(interview, people, alice, carol):
    seen = {role for role, person in people.items() if Interview.objects.visible_to(person).exists()}
    assert seen == {"recruiter"}
    assert Recording.objects.visible_to(carol).exists()
    interview.organization.recruiters_see_all = False
    interview.organization.save()
    assert not Interview.objects.visible_to(people["recruiter"]).exists()
    assert Interview.objects.visible_to(alice).get() == interview
    for person in people.values():
        Assignment.objects.create(interview=interview, user=person, assigned_by=carol)
    seen = {role for role, person in people.items() if Recording.objects.visible_to(person).exists()}
    assert seen == {"recruiter", "reviewer"}, "an assignment gives nothing that the role does not allow"


def test_a_former_member_keeps_nothing(interview, people, alice, carol):
    reviewer = people["reviewer"]
    Assignment.objects.create(interview=interview, user=reviewer, assigned_by=carol)
    for person in (reviewer, alice):
        person.memberships.all().delete()
        assert not Interview.objects.visible_to(person).exists()


@pytest.mark.parametrize(("role", "assigned"), [("recruiter", False), ("reviewer", True)])
def test_who_may_look_changes_nothing(interview, people, carol, client_of, role, assigned):
    if assigned:
        Assignment.objects.create(interview=interview, user=people[role], assigned_by=carol)
    browser = client_of(people[role])
    url = f"/api/v1/interviews/{interview.pk}/"
    assert browser.get(url).status_code == 200
    page = browser.get(f"/interviews/{interview.pk}/")
    assert page.context["page_data"]["can_edit"] is False
    requests = [
        ("post", "questions/", {"at_s": 1}),
        ("post", "runs/", {}),
        ("post", "transcript/", {}),
        ("post", "transcript/cancel/", {}),
        ("patch", "", {"spoken_language": "english"}),
        ("delete", "", {}),
    ]
    for method, path, body in requests:
        answer = getattr(browser, method)(url + path, body, "application/json")
        assert answer.status_code == 403, (method, path)
    recording = interview.recordings.get()
    assert browser.post(f"/api/v1/recordings/{recording.pk}/playback/").status_code == 403


def test_an_assigned_recruiter_changes(interview, people, carol, client_of):
    Assignment.objects.create(interview=interview, user=people["recruiter"], assigned_by=carol)
    url = f"/api/v1/interviews/{interview.pk}/"
    answer = client_of(people["recruiter"]).patch(url, {"spoken_language": "english"}, "application/json")
    assert answer.status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "privacy_officer", "auditor"])
def test_others_add_no_interviews(people, client_of, role):
    browser = client_of(people[role])
    begun = browser.post("/api/v1/uploads/", {"file_name": "a.mp4", "size_bytes": 5}, "application/json")
    assert begun.status_code == 400
    home = browser.get("/interviews/")
    assert b"Upload a recording" not in home.content
    assert home.status_code == (200 if role == "reviewer" else 302)


def test_a_person_without_organization_is_told_at_login(client_of, alice):
    alice.memberships.all().delete()
    assert b"You are in no organization yet" in client_of(alice).get("/interviews/").content
