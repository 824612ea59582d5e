"""The one rule of visibility: people see the interviews that their role in the organization lets them see.

============== ================================================================================
administrator  every interview of the organization
recruiter      every interview; only their own and assigned ones where the organization says so
reviewer       the interviews that were assigned to them
others         no interview
============== ================================================================================
"""

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from interviews.models import ConsentEvent, Interview, User  # noqa: F401  (named in a base class)

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[Row]):
    """Base of every manager whose rows belong to an organization as a whole: positions, candidates, uploads.

    ``organization_path`` is the lookup from the row to its organization; ``roles`` are those that see the rows.
    """

    organization_path = "organization"
    roles: tuple[str, ...] = ("administrator", "recruiter")

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows that ``user`` may see; none for somebody who is not logged in."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        memberships = user.memberships.filter(role__in=self.roles)
        return self.filter(**{f"{self.organization_path}__in": memberships.values("organization_id")})


class OrganizationQuerySet(ScopedQuerySet[Row]):
    organization_path = "pk"
    roles = ("administrator", "recruiter", "reviewer", "privacy_officer", "auditor")


class InterviewQuerySet(models.QuerySet["Interview"]):
    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The interviews that ``user`` may see; none for somebody who is not logged in."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        roles = user.memberships.all()
        whole = roles.filter(Q(role="administrator") | Q(role="recruiter", organization__recruiters_see_all=True))
        own = roles.filter(role="recruiter")
        assignable = roles.filter(role__in=("recruiter", "reviewer"))
        return self.filter(
            Q(organization__in=whole.values("organization_id"))
            | Q(organization__in=own.values("organization_id"), owner=user)
            | Q(organization__in=assignable.values("organization_id"), pk__in=user.assignments.values("interview_id"))
        )


class InterviewPartQuerySet(models.QuerySet[Row]):
    """Rows that hang on an interview: recordings, consents, questions. ``interview_path`` is the lookup to it."""

    interview_path = "interview"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows of the interviews that ``user`` may see."""
        from interviews.models import Interview

        return self.filter(**{f"{self.interview_path}__in": Interview.objects.visible_to(user)})


class RoomPartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that hang on a live room: invitations, takes."""

    interview_path = "room__interview"


class NotePartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that hang on a note: its earlier texts."""

    interview_path = "note__interview"


class ScorecardPartQuerySet(InterviewPartQuerySet[Row]):
    """Rows that hang on a scorecard: its scores."""

    interview_path = "scorecard__interview"


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Rows that are written once."""

    def update(self, **fields: Any) -> int:
        raise TypeError("A line of a log is never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A line of a log is never deleted.")


class ConsentEventQuerySet(  # type: ignore[override]  # two managers of generated types
    AppendOnlyQuerySet["ConsentEvent"], InterviewPartQuerySet["ConsentEvent"]
):
    def latest_by_purpose(self) -> "dict[str, ConsentEvent]":
        """The answers that stand, of the events of one interview."""
        return {event.purpose: event for event in self.order_by("pk")}
