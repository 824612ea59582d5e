"""The page with the records of processing."""

from interviews.policy import Purpose
from tests.conftest import member


def test_the_privacy_officer_reads_what_is_done_with_whose_data(northwind, make_interview, alice, client_of):
    make_interview(alice)
    for name in ("Eve Evans", "Fay Ford"):
        other = make_interview(alice, candidate_name=name)
        other.purpose, other.candidate_jurisdiction = "recruitment", "eu"
        other.save()
    officer = member(northwind, "pia@northwind.example", "Pia Price", "privacy_officer")
    answer = client_of(officer).get("/processing/")
    rows = [(one.purpose, one.interviews, one.read) for one in answer.context["activities"]]
    assert [row[:2] for row in rows] == [(Purpose.RECRUITMENT.label, 2), (Purpose.RESEARCH.label, 1)]
    assert rows[0][2] == ["Eye gaze", "Attentiveness", "Transcript"]
    assert ("Recruiter", 1) in answer.context["recipients"]
    page = answer.content.decode()
    assert "decides what it is for and how" in page
    assert "Eve" not in page, "it is about nobody in particular"
    assert client_of(alice).get("/processing/").status_code == 404
