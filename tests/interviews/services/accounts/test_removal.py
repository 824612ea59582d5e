"""An account that goes leaves a pseudonym, and opens nothing any more."""

from interviews.models import User
from interviews.services.accounts import account_pseudonymize


def test_a_former_member_has_no_name_no_address_and_no_session(client_of, alice, carol, interview):
    browser = client_of(alice)
    account_pseudonymize(user=alice, by=carol)
    assert browser.get("/interviews/").status_code == 302
    stored = User.objects.get(pk=alice.pk)
    assert (stored.full_name, stored.is_active) == (f"Former member {alice.pk.hex[:8]}", False)
    assert "alice" not in stored.email
    assert not stored.has_usable_password()
    assert not stored.memberships.exists()
    interview.refresh_from_db()
    assert interview.owner == stored
