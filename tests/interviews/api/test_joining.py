"""The candidate's side of the API."""


def test_what_the_candidate_changes_needs_the_token_of_the_page(room, candidate):
    body = {"recording": True, "analysis": True, "transcript": True}
    forged = candidate.client.put(f"{candidate.root}agreements/", body, "application/json")
    assert forged.status_code == 403
    assert not room.interview.consent_events.exists()
