"""Links that let one candidate into one room."""

from django.utils import timezone

from interviews.models import Invitation


def invitation_use(*, invitation: Invitation) -> None:
    """Remember when the candidate first came; using it again is fine until it expires or is revoked."""
    Invitation.objects.filter(pk=invitation.pk, first_used_at=None).update(first_used_at=timezone.now())
