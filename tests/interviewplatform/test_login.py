"""Logging in, being throttled, and asking for a new password."""

import re

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from interviewplatform.client_address import client_address
from interviews.models import User
from interviews.services.accounts import PASSWORD_RESET_TASK, password_reset_mail
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def nothing_counted():
    cache.clear()


@pytest.fixture
def mailed_by_the_worker(published):
    """Does what the worker does with the messages."""

    def work():
        for task, (email, host, is_secure) in published:
            assert task == PASSWORD_RESET_TASK
            password_reset_mail(email=email, host=host, is_secure=is_secure)

    return work


def log_in(client, email, password=PASSWORD):
    return client.post("/login/", {"username": email, "password": password})


def test_an_address_logs_in_in_any_case(client, alice):
    answer = log_in(client, " Alice@Northwind.Example ")
    assert answer.status_code == 302
    assert answer["Location"] == "/interviews/"


def test_an_address_is_taken_in_any_case(alice):
    with pytest.raises(IntegrityError):
        User(email="ALICE@northwind.example", full_name="Another Alice").save()


def test_pages_ask_who_one_is_and_bring_one_back(client, alice):
    assert client.get("/interviews/")["Location"] == "/login/?next=/interviews/"


def test_a_deactivated_account_does_not_log_in(client, alice):
    alice.is_active = False
    alice.save()
    assert log_in(client, alice.email).status_code == 200
    assert "_auth_user_id" not in client.session


def test_logging_out_needs_a_post(client_of, alice):
    browser = client_of(alice)
    assert browser.get("/logout/").status_code == 405
    assert browser.post("/logout/")["Location"] == "/login/"
    assert "_auth_user_id" not in browser.session


def test_a_wrong_password_says_what_to_check_and_nothing_of_case(client, alice):
    answer = log_in(client, alice.email, "wrong")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "The e-mail address or the password is wrong." in page
    assert "case-sensitive" not in page


def test_five_wrong_passwords_lock_this_person_out_here_for_a_while(client, alice, carol, settings):
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert log_in(client, alice.email, "wrong").status_code == 200
    assert log_in(client, "Alice@Northwind.example", "wrong").status_code == 429
    locked = log_in(client, alice.email)
    assert locked.status_code == 429
    assert "15 minutes" in locked.content.decode()
    assert log_in(client, carol.email).status_code == 302
    elsewhere = client.post("/login/", {"username": alice.email, "password": PASSWORD}, REMOTE_ADDR="203.0.113.7")
    assert elsewhere.status_code == 302


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("10.0.0.2", "192.0.2.1, 203.0.113.7", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.2", "192.0.2.1, 203.0.113.7, 10.0.0.9", ["10.0.0.0/8"], "203.0.113.7"),
        ("10.0.0.2", "2001:db8::7", ["10.0.0.0/8"], "2001:db8::7"),
        ("10.0.0.2", "192.0.2.1, unknown", ["10.0.0.0/8"], "10.0.0.2"),
        ("10.0.0.2", "", ["10.0.0.0/8"], "10.0.0.2"),
        ("203.0.113.7", "192.0.2.1", ["10.0.0.0/8"], "203.0.113.7"),
        ("127.0.0.1", "192.0.2.1", [], "127.0.0.1"),
        ("", "192.0.2.1", ["10.0.0.0/8"], ""),
    ],
)
def test_the_client_is_the_last_address_that_is_no_trusted_proxy(peer, forwarded, proxies, address):
    assert client_address(peer, forwarded, proxies) == address


def test_the_throttle_is_not_passed_by_making_addresses_up(client, alice, settings):
    settings.AXES_ENABLED, settings.TRUSTED_PROXIES = True, ["10.0.0.0/8"]
    for number in range(settings.AXES_FAILURE_LIMIT):
        answer = client.post(
            "/login/",
            {"username": alice.email, "password": "wrong"},
            REMOTE_ADDR="10.0.0.2",
            headers={"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.7"},
        )
    assert answer.status_code == 429


def failures(*, name: str, address: str, count: int) -> None:
    AccessAttempt.objects.create(
        username=name, ip_address=address, failures_since_start=count, attempt_time=timezone.now(), user_agent="x"
    )


def test_one_name_from_many_addresses_locks_late(client, alice, settings):
    settings.AXES_ENABLED = True
    for number in range(7):
        failures(name=alice.email, address=f"192.0.2.{number}", count=4)
    assert log_in(client, alice.email, "wrong").status_code == 200, "28 before it, one now"
    assert log_in(client, alice.email, "wrong").status_code == 429
    assert log_in(client, alice.email).status_code == 429


def test_many_names_from_one_address_lock_later_still(client, alice, settings):
    settings.AXES_ENABLED = True
    for number in range(12):
        failures(name=f"somebody-{number}@mail.example", address="127.0.0.1", count=4)
    assert log_in(client, alice.email, "wrong").status_code == 200, "48 before it, one now"
    assert log_in(client, alice.email, "wrong").status_code == 429


def test_a_login_forgets_the_failures_before_it(client, alice, settings):
    settings.AXES_ENABLED = True
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            log_in(client, alice.email, "wrong")
        assert log_in(client, alice.email).status_code == 302
        client.post("/logout/")


def test_a_new_password_is_set_from_the_link_in_the_mail_and_unlocks(client, alice, settings, mailed_by_the_worker):
    assert client.post("/password-reset/", {"email": "ALICE@northwind.example"}).status_code == 302
    assert mail.outbox == [], "the answer takes as long for every address"
    mailed_by_the_worker()
    [message] = mail.outbox
    settings.AXES_ENABLED = True
    for _ in range(settings.AXES_FAILURE_LIMIT):
        locked = log_in(client, alice.email, "wrong")
    assert locked.status_code == 429
    assert message.to == [alice.email]
    link = re.search(r"http://testserver(/password-reset/\S+)", message.body)[1]
    form = client.get(link, follow=True)
    assert form.status_code == 200
    new = "a much better phrase"
    client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    assert log_in(client, alice.email, new).status_code == 302


@pytest.mark.parametrize(
    "password",
    [
        *("samsourcer", "SourcerSam1", "password123", "short1!", "1234567890"),
        *("P@ssw0rd2024!", "qwertyuiop12", "drowssap.321", "trustno1trustno1", "14february1987"),
    ],
)
def test_a_password_is_neither_short_nor_common_nor_ones_own_name(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(email="sam@northwind.example", full_name="Sam Sourcer"))


def test_a_password_is_not_made_of_the_organization(alice):
    person = User(email="sam@mail.example", full_name="Sam Sourcer")
    validate_password("Northwind2026!!", person)
    person.joins = "Northwind"
    for user in (person, alice):
        with pytest.raises(ValidationError, match="too easy to guess"):
            validate_password("Northwind2026!!", user)
    validate_password("four kettles climb north", alice)
    validate_password("k" * 5 + "8Qv#" * 60, alice)


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client, db, mailed_by_the_worker):
    assert client.post("/password-reset/", {"email": "nobody@mail.example"})["Location"] == "/password-reset/sent/"
    mailed_by_the_worker()
    assert mail.outbox == []


@pytest.mark.parametrize(("backend", "heading"), [("locmem", "Check your"), ("console", "No mail server")])
def test_no_mail_is_promised_where_there_is_no_mail_server(client, settings, backend, heading):
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    assert f"<h1>{heading}" in client.get("/password-reset/sent/").content.decode()


def test_an_account_is_sent_three_links_an_hour(client, alice, published):
    for _ in range(12):
        answer = client.post("/password-reset/", {"email": alice.email})
        assert answer["Location"] == "/password-reset/sent/", "nobody learns that it was too often"
    assert len(published) == 3


def test_one_address_asks_for_twenty_links_an_hour(client, db, published):
    for number in range(25):
        client.post("/password-reset/", {"email": f"somebody-{number}@mail.example"})
    assert len(published) == 20


def test_the_admin_is_for_administrators_of_the_installation(client_of, alice):
    assert client_of(alice).get("/admin/").status_code == 302
    alice.is_staff = alice.is_superuser = True
    alice.save()
    browser = client_of(alice)
    assert browser.get("/admin/").status_code == 200
    for model in ("user", "organization", "position"):
        assert browser.get(f"/admin/interviews/{model}/").status_code == 200, model
    assert browser.get(f"/admin/interviews/user/{alice.pk}/change/").status_code == 200
    assert browser.get("/admin/interviews/user/add/").status_code == 200
