"""Rights on the registry of model versions: one rule for the pages of the admin and for the API."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from interviews.models import User
from interviews.selectors import Viewer


def may(user: Viewer, action: str, model: str) -> bool:
    """``action`` as in Django's permissions (``view``, ``add``, ``change``, ``delete``) on a ``model`` of this app."""
    return isinstance(user, User) and user.is_staff and user.has_perm(f"analysis.{action}_{model}")


class RegistryPermission(BasePermission):
    """The permission that the admin's page of the same thing asks for.

    A view says in ``registry_model`` what it is about, and in ``registry_post`` what its POST does to it.
    """

    actions: ClassVar[dict[str, str]] = {"GET": "view", "HEAD": "view", "OPTIONS": "view", "DELETE": "delete"}

    def has_permission(self, request: Request, view: APIView) -> bool:
        fields: Any = view
        action = self.actions.get(request.method or "", getattr(fields, "registry_post", "change"))
        return may(request.user, action, fields.registry_model)
