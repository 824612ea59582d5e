"""Interviews and their parts. The access helpers raise ``Http404`` for what the viewer may not know of."""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from interviews.models import Interview, Membership, Organization, Question, Recording, Upload, User
from interviews.permissions import can_change_interview
from interviews.selectors.consent import watching_require

Viewer = User | AnonymousUser


def get_interview(user: Viewer, interview_id: UUID | str) -> Interview:
    """Raises ``Http404`` when ``user`` may not know of it."""
    interviews = Interview.objects.visible_to(user).select_related("candidate", "position", "owner", "organization")
    return get_object_or_404(interviews, pk=interview_id)


def get_changeable_interview(user: User, interview_id: UUID | str) -> Interview:
    """The interview for what changes it. Raises as :func:`get_interview`, and ``PermissionDenied`` for who may look."""
    interview = get_interview(user, interview_id)
    changeable_require(user, interview)
    return interview


def changeable_require(user: User, interview: Interview) -> None:
    """Raises ``PermissionDenied`` unless ``user`` may change what they see."""
    if not can_change_interview(user, interview):
        raise PermissionDenied(f"You may look at this interview; {interview.owner} and administrators change it.")


def get_recording(user: Viewer, recording_id: UUID | str) -> Recording:
    """Raises ``Http404`` when ``user`` may not know of it, and ``PermissionDenied`` when nobody may watch it."""
    recordings = Recording.objects.visible_to(user).select_related("interview__candidate")
    recording = get_object_or_404(recordings, pk=recording_id)
    watching_require(interview=recording.interview)
    return recording


def get_question(user: Viewer, interview: Interview, question_id: UUID | str) -> Question:
    """Raises ``Http404`` when ``user`` may not know of it or it marks another interview."""
    return get_object_or_404(Question.objects.visible_to(user), pk=question_id, interview=interview)


def get_upload(user: Viewer, upload_id: UUID | str) -> Upload:
    """The upload of a recording. Raises ``Http404`` unless it is the user's own, for their organization."""
    return get_object_or_404(Upload.objects.visible_to(user), pk=upload_id, created_by=user)


def get_own_upload(user: Viewer, upload_id: UUID | str) -> Upload:
    """An upload of any kind. Raises ``Http404`` unless it is the user's own."""
    return get_object_or_404(Upload, pk=upload_id, created_by=user)


def organization_of(user: User) -> Organization | None:
    """The organization that ``user`` adds interviews to: the first joined as recruiter or administrator, or None."""
    memberships = user.memberships.filter(role__in=(Membership.Role.RECRUITER, Membership.Role.ADMINISTRATOR))
    membership = memberships.select_related("organization").order_by("created_at").first()
    return membership.organization if membership is not None else None


def interviews_visible(*, user: Viewer) -> QuerySet[Interview]:
    """Interviews that ``user`` may see, newest first, with the related rows that a list shows."""
    interviews = Interview.objects.visible_to(user).select_related(
        "candidate", "position", "owner", "room", "organization"
    )
    if isinstance(user, User) and len(found := user.memberships.values_list("organization_id", flat=True)[:2]) == 1:
        # What the rule says already, as an equation: an index on organization and time answers it in order.
        interviews = interviews.filter(organization=found[0])
    return interviews.order_by("-created_at")
