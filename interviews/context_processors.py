"""What every page knows about the person's place in the organization, for its navigation."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from interviews.selectors.people import Workplace, workplace_of


def workplace(request: HttpRequest) -> dict[str, Any]:
    """``workplace``: see :class:`interviews.selectors.people.Workplace`. Read from the database where a page asks."""
    return {"workplace": SimpleLazyObject(lambda: workplace_of(getattr(request, "user", None)) or Workplace())}
