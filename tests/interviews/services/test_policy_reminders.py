"""A lift that stands on something dated, such as New York City's bias audit, ends; administrators are told before."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from interviews.models import AuditEntry, PolicySetting
from interviews.services.policy import policy_setting_set
from interviews.services.policy_reminders import lifts_remind

AUDIT = "us-new-york-city-audit"


@pytest.fixture
def confirm(northwind: Any, carol: Any) -> Any:
    """``confirm(days_ago)``: an audit of that day."""

    def confirm(days_ago: int | None) -> None:
        lifted_on = {} if days_ago is None else {AUDIT: timezone.localdate() - timedelta(days=days_ago)}
        policy_setting_set(
            organization=northwind,
            by=carol,
            purpose="recruitment",
            lifted=[AUDIT],
            lifted_on=lifted_on,
            reason="Audited.",
        )

    return confirm


def pass_days(days: int) -> None:
    """As if the audit had been so many days earlier."""
    row = PolicySetting.objects.get(purpose="recruitment")
    row.lifted_on = {AUDIT: (timezone.localdate() - timedelta(days=days)).isoformat()}
    row.save()


@pytest.mark.parametrize("days_ago", [None, -1, 366])
def test_an_audit_of_no_day_of_the_future_or_older_than_a_year_is_refused(confirm: Any, days_ago: int | None) -> None:
    with pytest.raises(ValidationError) as refused:
        confirm(days_ago)
    assert "Day of the bias audit" in refused.value.message_dict["lifted"][0]
    assert not PolicySetting.objects.filter(purpose="recruitment").exists()


def test_administrators_are_told_once_before_each_step_and_once_after(
    confirm: Any, carol: Any, mailoutbox: Any
) -> None:
    confirm(0)
    assert AuditEntry.objects.filter(details__lifted_on__has_key=AUDIT).exists()
    said = []
    for days in (0, 300, 305, 306, 350, 351, 352, 365, 366, 380):
        pass_days(days)
        said.append(lifts_remind())
    assert said == [0, 0, 1, 0, 0, 1, 0, 1, 1, 0]
    assert {address for mail in mailoutbox for address in mail.to} == {carol.email}
    assert "ends on" in mailoutbox[0].body
    assert "results are hidden" in mailoutbox[-1].body
    confirm(1)
    pass_days(310)
    assert lifts_remind() == 1, "a new audit is told of anew"


def test_the_page_asks_for_the_day_and_warns(client_of: Any, carol: Any, northwind: Any) -> None:
    browser = client_of(carol)
    fields = {"do": "setting", "purpose_of": "recruitment", "recruitment-lifted": [AUDIT], "recruitment-reason": "So."}
    assert "Day of the bias audit: enter it" in browser.post("/policy/", fields).content.decode()
    day = timezone.localdate() - timedelta(days=340)
    fields[f"recruitment-on_{AUDIT}"] = day.isoformat()
    assert browser.post("/policy/", fields).status_code == 302
    page = browser.get("/policy/").content.decode()
    assert "Enter the day of the new one before" in page
    assert f'value="{day.isoformat()}"' in page
    pass_days(380)
    assert "results are hidden; they are erased from" in browser.get("/policy/").content.decode()
    pass_days(400)
    assert "results were erased after" in browser.get("/policy/").content.decode()
