"""Who is in a room, as one connection knows it.

Nobody keeps the list: every connection tells the room's group that it is there, when it comes and every few seconds,
and whoever was there answers the newcomer. So it is right on any number of web nodes, and a node that dies fades out.
"""

from dataclasses import dataclass
from typing import Any, Final

CANDIDATE: Final = "candidate"
HOST: Final = "host"
OBSERVER: Final = "observer"

ANNOUNCED_S: Final = 15.0
FADED_S: Final = 45.0


@dataclass(frozen=True, slots=True)
class Member:
    """One connection; ``channel`` is its address in the channel layer, ``since_ms`` when it came."""

    participant: str
    role: str
    name: str
    channel: str
    since_ms: float


class Roster:
    def __init__(self) -> None:
        self._members: dict[str, Member] = {}
        self._seen_s: dict[str, float] = {}

    def see(self, member: Member, now_s: float) -> bool:
        """Whether that is news."""
        is_new = member.participant not in self._members
        self._members[member.participant] = member
        self._seen_s[member.participant] = now_s
        return is_new

    def remove(self, participant: str) -> bool:
        self._seen_s.pop(participant, None)
        return self._members.pop(participant, None) is not None

    def fade(self, now_s: float, *, but: str) -> bool:
        """Remove those of whom nothing was heard for long; whether there were any."""
        faded = [p for p, seen_s in self._seen_s.items() if p != but and now_s - seen_s > FADED_S]
        for participant in faded:
            self.remove(participant)
        return bool(faded)

    def get(self, participant: str) -> Member | None:
        return self._members.get(participant)

    def presence(self) -> dict[str, Any]:
        """The protocol's ``Presence``; of two tabs of the same host, or of the candidate, the newer one counts."""
        members = sorted(self._members.values(), key=lambda m: m.since_ms)
        newest = {m.role: {"participant": m.participant, "name": m.name} for m in members}
        return {
            "host": newest.get(HOST),
            "observers": [{"participant": m.participant, "name": m.name} for m in members if m.role == OBSERVER],
            "candidate": newest.get(CANDIDATE),
        }
