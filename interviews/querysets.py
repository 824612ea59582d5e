"""The one rule of visibility: people see the rows of the organizations they are members of."""

from typing import TYPE_CHECKING, Self, TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

if TYPE_CHECKING:
    from interviews.models import User

Row = TypeVar("Row", bound=models.Model, covariant=True)


class ScopedQuerySet(models.QuerySet[Row]):
    """Base of every manager whose rows belong to an organization.

    ``organization_path`` is the lookup from the row to its organization, such as ``"interview__organization"``.
    """

    organization_path = "organization"

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """The rows of the organizations ``user`` is a member of; none for somebody who is not logged in."""
        if isinstance(user, AnonymousUser) or not user.is_active:
            return self.none()
        return self.filter(**{f"{self.organization_path}__in": user.memberships.values("organization_id")})


class OrganizationQuerySet(ScopedQuerySet[Row]):
    organization_path = "pk"


class InterviewPartQuerySet(ScopedQuerySet[Row]):
    """Rows that hang on an interview: recordings, consents, questions."""

    organization_path = "interview__organization"


class RoomPartQuerySet(ScopedQuerySet[Row]):
    """Rows that hang on a live room: invitations, agreements, takes."""

    organization_path = "room__interview__organization"
