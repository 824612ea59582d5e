"""One's own account: second factor, sessions, password, time zone and theme."""

import base64
import time
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.models import AuditEntry, FileKey, LoginSession
from interviews.services.accounts import second_factor_check, totp_keys_wrap, totp_remove
from interviews.services.accounts.totp_keys import totp_key
from interviews.services.file_keys import file_keys_rotate
from tests.conftest import PASSWORD


def code_of(user, drift: int = 0) -> str:
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(totp_key(device), drift=drift):06d}"


def log_in(user, **headers) -> Client:
    client = Client()
    answer = client.post("/login/", {"username": user.email, "password": PASSWORD}, **headers)
    assert answer.status_code == 302
    return client


@pytest.fixture
def recovery_codes(alice, client_of):
    """Alice has set a second factor up."""
    browser = client_of(alice)
    page = browser.get("/profile/second-factor/").content.decode()
    assert "data:image/svg+xml" in page
    done = browser.post("/profile/second-factor/", {"code": code_of(alice)})
    assert browser.get("/interviews/").status_code == 200, "the session in which it was set up goes on"
    return done.context["codes"]


def test_a_password_alone_opens_nothing_any_more(alice, recovery_codes, interview):
    browser = log_in(alice)
    for path in ("/interviews/", f"/interviews/{interview.pk}/", "/profile/", "/profile/second-factor/", "/log/"):
        assert browser.get(path)["Location"].startswith("/login/code/"), path
    assert browser.get(f"/api/v1/interviews/{interview.pk}/").status_code == 403
    assert browser.get(f"/media/recordings/{interview.recordings.get().pk}/").status_code == 302
    before = browser.session.session_key
    assert browser.post("/login/code/", {"code": "000000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_count=0, last_t=-1)
    answer = browser.post("/login/code/?next=/interviews/", {"code": code_of(alice)})
    assert answer["Location"] == "/interviews/"
    assert browser.session.session_key != before
    assert browser.get("/interviews/").status_code == 200
    again = log_in(alice)
    assert again.post("/login/code/", {"code": code_of(alice)}).status_code == 200, "a code works once"


def test_a_recovery_code_opens_it_once(alice, recovery_codes):
    assert len(set(recovery_codes)) == 10
    assert log_in(alice).post("/login/code/", {"code": recovery_codes[0].upper()}).status_code == 302
    assert log_in(alice).post("/login/code/", {"code": recovery_codes[0]}).status_code == 200


@pytest.fixture
def media_key(settings):
    settings.MEDIA_KEYS = [base64.urlsafe_b64encode(bytes(range(32))).decode()]


def test_whoever_reads_the_database_has_neither_keys_nor_recovery_codes(alice, media_key, recovery_codes, settings):
    device = TOTPDevice.objects.get()
    key = totp_key(device)
    rows = str([*TOTPDevice.objects.values(), *FileKey.objects.values(), *StaticToken.objects.values()])
    assert device.key == ""
    assert key not in bytes(FileKey.objects.get().wrapped)
    assert not any(text in rows for text in (key.hex(), base64.b32encode(key).decode(), *recovery_codes))
    TOTPDevice.objects.update(last_t=-1)
    assert second_factor_check(user=alice, code=code_of(alice)) == device
    settings.MEDIA_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode(), *settings.MEDIA_KEYS]
    assert file_keys_rotate() == 1
    settings.MEDIA_KEYS = settings.MEDIA_KEYS[:1]
    assert totp_key(device) == key
    assert second_factor_check(user=alice, code=code_of(alice)) is None, "once"
    totp_remove(user=alice, by=alice)
    assert not FileKey.objects.exists()


def test_without_the_installations_key_a_recovery_code_opens_it(alice, media_key, recovery_codes, settings):
    TOTPDevice.objects.update(last_t=-1)
    browser, code = log_in(alice), code_of(alice)
    settings.MEDIA_KEYS = [base64.urlsafe_b64encode(bytes(32)).decode()]
    answer = browser.post("/login/code/", {"code": code})
    assert answer.status_code == 503
    assert "Your second factor cannot be checked" in answer.content.decode()
    assert browser.post("/login/code/", {"code": recovery_codes[0]}).status_code == 302


def test_keys_from_before_are_wrapped_and_can_be_unwrapped(alice, recovery_codes, request):
    device = TOTPDevice.objects.get()
    key = device.bin_key
    migration = import_module("interviews.migrations.0027_second_factor_keys")
    migration.wrap(apps, None)
    assert not FileKey.objects.exists(), "without a key of the installation they stay"
    request.getfixturevalue("media_key")
    for wrap in (lambda: migration.wrap(apps, None), totp_keys_wrap):
        wrap()
        device.refresh_from_db()
        assert (device.key, totp_key(device)) == ("", key)
        migration.unwrap(apps, None)
        device.refresh_from_db()
        assert (device.bin_key, FileKey.objects.exists()) == (key, False)


def test_wrong_codes_slow_the_next(alice, recovery_codes):
    TOTPDevice.objects.update(last_t=-1)
    browser = log_in(alice)
    browser.post("/login/code/", {"code": "000000"})
    assert browser.post("/login/code/", {"code": code_of(alice)}).status_code == 200
    assert browser.post("/login/code/?next=//evil.example/", {"code": recovery_codes[1]})["Location"] == "/"


def test_administrators_need_one_where_the_installation_says_so(alice, carol, client_of, settings):
    settings.TWO_FACTOR_REQUIRED = True
    assert client_of(alice).get("/interviews/").status_code == 200
    assert client_of(carol).get("/interviews/")["Location"].startswith("/profile/second-factor/")
    alice.is_staff = True
    alice.save()
    assert client_of(alice).get("/admin/")["Location"].startswith("/profile/second-factor/")


def test_a_second_factor_can_be_set_up_long_after_the_login(carol, client_of, settings):
    settings.TWO_FACTOR_REQUIRED = True
    browser = client_of(carol)
    session = browser.session
    session["password_at"] = time.time() - 3600
    session.save()
    answer = browser.get("/interviews/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/login/again/")
    browser.post(answer.redirect_chain[-1][0], {"password": PASSWORD})
    assert "data:image/svg+xml" in browser.get("/profile/second-factor/").content.decode()


def test_a_session_is_listed_and_ended_from_another(alice, bob, client_of):
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    lost = log_in(alice, headers={"User-Agent": firefox})
    here = client_of(alice)
    page = here.get("/profile/").content.decode()
    assert "Firefox on Linux" in page
    session = LoginSession.objects.get(browser="Firefox on Linux")
    client_of(bob).post(f"/profile/sessions/{session.pk}/end/")
    assert lost.get("/interviews/").status_code == 200, "nobody ends another's"
    here.post(f"/profile/sessions/{session.pk}/end/")
    assert lost.get("/interviews/").status_code == 302
    assert here.get("/interviews/").status_code == 200


def test_a_new_password_ends_the_other_sessions(alice, client_of):
    lost, here = log_in(alice), client_of(alice)
    new = "a much better phrase"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert here.post("/profile/password/", fields).status_code == 302
    assert here.get("/interviews/").status_code == 200
    assert lost.get("/interviews/").status_code == 302
    assert LoginSession.objects.filter(user=alice).count() == 1
    assert AuditEntry.objects.filter(action="account_changed", details__change="password").exists()


def test_an_idle_session_ends(alice, client_of, settings):
    browser = client_of(alice)
    browser.get("/interviews/")
    session = browser.session
    session["seen_at"] = time.time() - settings.SESSION_IDLE_S - 1
    session.save()
    assert browser.get("/interviews/").status_code == 302
    assert "_auth_user_id" not in browser.session


def test_a_dangerous_step_asks_for_the_password_again(alice, client_of):
    cache.clear()
    browser = client_of(alice)
    session = browser.session
    session["password_at"] = time.time() - 3600
    session.save()
    assert browser.get("/profile/second-factor/")["Location"] == "/login/again/?next=%2Fprofile%2Fsecond-factor%2F"
    assert browser.post("/login/again/", {"password": "wrong"}).status_code == 200
    answer = browser.post("/login/again/", {"password": PASSWORD, "next": "/profile/second-factor/"})
    assert answer["Location"] == "/profile/second-factor/"
    assert browser.get("/profile/second-factor/").status_code == 200
    assert browser.post("/login/again/", {"password": PASSWORD, "next": "//evil.example/"})["Location"] == "/profile/"
    cache.clear()


def test_name_time_zone_and_theme_are_ones_own(alice, client_of):
    browser = client_of(alice)
    fields = {"full_name": "Alice A. Archer", "time_zone": "Asia/Tokyo", "theme": "dark"}
    assert browser.post("/profile/", fields).status_code == 302
    page = browser.get("/profile/").content.decode()
    assert 'data-theme="dark"' in page
    assert 'media="screen"' in page
    alice.refresh_from_db()
    assert (alice.full_name, alice.time_zone) == ("Alice A. Archer", "Asia/Tokyo")
    assert browser.post("/profile/", {**fields, "time_zone": "Mars/Crater"}).status_code == 200
