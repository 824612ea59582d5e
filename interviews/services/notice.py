"""Writing an organization's notice to candidates."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from interviews.models import AuditEntry, NoticeVersion, Organization, User
from interviews.notice import MAXIMUM_LENGTH, PARTS
from interviews.selectors.notice import notice_version
from interviews.services.audit import audit_append


@transaction.atomic
def notice_write(*, organization: Organization, by: User, texts: Mapping[str, str]) -> NoticeVersion | None:
    """Add a version with these texts by part; None where they are those that stand.

    Raises ``ValidationError`` by part. Answers about consent keep the number of the notice that was shown with them.
    """
    Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    own = {part: texts.get(part, "").strip() for part in PARTS}
    if long := [part for part, text in own.items() if len(text) > MAXIMUM_LENGTH]:
        raise ValidationError({part: f"Write at most {MAXIMUM_LENGTH} characters." for part in long})
    standing = notice_version(organization=organization)
    if own == (standing.texts if standing else dict.fromkeys(PARTS, "")):
        return None
    number = standing.number + 1 if standing else 1
    version = NoticeVersion.objects.create(organization=organization, number=number, texts=own, created_by=by)
    action = AuditEntry.Action.POLICY_CHANGED
    audit_append(action=action, by=by, organization=organization, change="notice to candidates", number=number)
    return version
