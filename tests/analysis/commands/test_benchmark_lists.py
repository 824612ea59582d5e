"""The rows that lists are measured with: what the lists show of them."""

from django.test import Client

from analysis.management.commands._many_interviews import interviews_seed
from analysis.management.commands.benchmark_lists import addresses
from interviews.models import Interview


def test_every_measured_address_answers_with_rows_of_the_own_organization(db):
    user = interviews_seed(12)
    assert Interview.objects.count() == 12 + 12 // 5
    client = Client()
    client.force_login(user)
    measured = dict(addresses(user))
    assert "1–12 of 12" in client.get(measured["page: newest"]).content.decode()
    for name, address in measured.items():
        expected = 404 if "page 900" in name else 200
        assert client.get(address, follow=True).status_code == expected, name
