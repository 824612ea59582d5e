"""Presence: the members of a room, from the view of one connection.

No list is stored. Every connection announces itself to the room's channel group when it joins and every few seconds
after that, and the others answer a newcomer. That works on any number of web nodes, and the connections of a node that
died expire.
"""

from dataclasses import dataclass
from typing import Final

from analysis.live.parts import Participant, PresenceState

CANDIDATE: Final = "candidate"
HOST: Final = "host"
OBSERVER: Final = "observer"

ANNOUNCED_S: Final = 15.0
EXPIRED_S: Final = 45.0


@dataclass(frozen=True, slots=True)
class Member:
    """One connection; ``channel`` is its address in the channel layer, ``since_ms`` when it came."""

    participant: str
    role: str
    name: str
    channel: str
    since_ms: float


class Presence:
    """The members of a room. Times are seconds of the monotonic clock."""

    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._seen_s: dict[str, float] = {}

    def add(self, member: Member, now_s: float) -> bool:
        """Add or renew a member. True where it is new."""
        is_new = member.participant not in self._members
        self._members[member.participant] = member
        self._seen_s[member.participant] = now_s
        return is_new

    def remove(self, participant: str) -> bool:
        """True where there was one."""
        self._seen_s.pop(participant, None)
        return self._members.pop(participant, None) is not None

    def expire(self, now_s: float, *, but: str) -> bool:
        """Remove the members who have not been announced for long, except ``but``. True where there were any."""
        expired = [p for p, seen_s in self._seen_s.items() if p != but and now_s - seen_s > EXPIRED_S]
        for participant in expired:
            self.remove(participant)
        return bool(expired)

    def get(self, participant: str) -> Member | None:
        return self._members.get(participant)

    def state(self) -> PresenceState:
        """The members by role; of two tabs of the same host, or of the candidate, the newer one counts."""
        members = sorted(self._members.values(), key=lambda m: m.since_ms)
        newest = {m.role: Participant(m.participant, m.name) for m in members}
        return PresenceState(
            host=newest.get(HOST),
            observers=[Participant(m.participant, m.name) for m in members if m.role == OBSERVER],
            candidate=newest.get(CANDIDATE),
        )
