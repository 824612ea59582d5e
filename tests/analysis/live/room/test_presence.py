"""Who is in a room, as one connection knows it."""

from analysis.live.parts import Participant, PresenceState
from analysis.live.room.presence import CANDIDATE, EXPIRED_S, HOST, OBSERVER, Member, Presence


def member(participant: str, role: str, since_ms: float = 0.0) -> Member:
    return Member(participant, role, participant.title(), f"channel-{participant}", since_ms)


def test_the_newest_connection_of_a_role_counts():
    presence = Presence()
    for number, (name, role) in enumerate([("ann", HOST), ("dan", CANDIDATE), ("eve", OBSERVER), ("new", CANDIDATE)]):
        assert presence.add(member(name, role, number), now_s=0)
    assert not presence.add(member("ann", HOST), now_s=1)
    state = presence.state()
    assert state.host == Participant("ann", "Ann")
    assert state.candidate == Participant("new", "New")
    assert state.observers == [Participant("eve", "Eve")]
    assert presence.remove("new")
    assert presence.state().candidate == Participant("dan", "Dan")
    assert not presence.remove("new")


def test_a_member_who_is_not_announced_expires():
    presence = Presence()
    presence.add(member("ann", HOST), now_s=0)
    presence.add(member("dan", CANDIDATE), now_s=EXPIRED_S)
    assert presence.expire(EXPIRED_S + 1, but="dan")
    assert presence.state().host is None
    assert not presence.expire(3 * EXPIRED_S, but="dan")


def test_an_empty_room_has_nobody():
    assert Presence().state() == PresenceState(host=None, observers=[], candidate=None)
