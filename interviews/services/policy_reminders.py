"""Telling administrators by mail that what they confirmed, such as a yearly audit, ends or has ended."""

from typing import Final

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from interviews.models import Membership, PolicySetting
from interviews.selectors.policy import lift_sentence
from interviews.services.mailing import mail_send

DAYS_BEFORE: Final = (60, 14, 0)
"""Before which days of a lift's last ones a mail is sent, once each; another once it has ended."""
ENDED: Final = -1


def lifts_remind() -> int:
    """Mail what is due; returns how many lifts administrators were told of."""
    told = 0
    for row in PolicySetting.objects.exclude(lifted=[]).select_related("organization"):
        for rule, ends in row.lift_ends.items():
            left = ENDED if ends is None else (ends - timezone.localdate()).days
            due = ENDED if left < 0 else min((days for days in DAYS_BEFORE if left <= days), default=None)
            if due is not None and _is_new(row, rule, due):
                _mail(row, lift_sentence(row, rule, ends))
                told += 1
    return told


@transaction.atomic
def _is_new(row: PolicySetting, rule: str, due: int) -> bool:
    """Whether nobody was told of this step yet; it counts as told from now on."""
    locked = PolicySetting.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if locked.lift_told.get(rule) == due:
        return False
    PolicySetting.objects.filter(pk=row.pk).update(lift_told={**locked.lift_told, rule: due})
    return True


def _mail(row: PolicySetting, sentence: str) -> None:
    administrators = Membership.objects.filter(
        organization=row.organization, role=Membership.Role.ADMINISTRATOR, user__is_active=True
    )
    message = f"{sentence}\n\n{settings.SITE_URL}{reverse('policy')}\n"
    for address in administrators.values_list("user__email", flat=True):
        mail_send(to=address, subject="Candor: a confirmation of your policy ends", message=message)
