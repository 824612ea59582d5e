"""How many wrong passwords lock whom out: a person at an address soon, a person or an address alone only much later."""

from typing import Any, Final

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from django.http import HttpRequest

PAIR_WEIGHT: Final = 1.0
NAME_WEIGHT: Final = 1 / 6
"""One name from many addresses: a guess that is spread. Wide, because otherwise a stranger could lock somebody out."""
ADDRESS_WEIGHT: Final = 1 / 10
"""Many names from one address: spraying. Wider, because an office shares an address."""


class LoginLimits(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts failures within ``AXES_COOLOFF_TIME`` per pair, per name and per address, each with its weight.

    Whichever reaches ``AXES_FAILURE_LIMIT`` locks: 5 for the pair, 30 for the name, 50 for the address.
    """

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        # In the order of AXES_LOCKOUT_PARAMETERS.
        weights = (PAIR_WEIGHT, NAME_WEIGHT, ADDRESS_WEIGHT)
        counted = [
            sum(attempts.values_list("failures_since_start", flat=True))
            for attempts in self.get_user_attempts(request, credentials)
        ]
        if not get_client_username(request, credentials):
            counted[1] = 0
        return max(int(weight * count + 1e-9) for weight, count in zip(weights, counted, strict=True))
