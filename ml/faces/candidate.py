"""The rule by which one of the people in a recording is the candidate.

The candidate is live, speaks, is present and large. Each person with a live face has the score::

    score = live seconds x size of the face x (1 + SPEAKS x speaking)

- *live*: time in view without that of a still picture; somebody who is a still picture is never the candidate;
- *large*: median height of the face as a share of the picture;
- *speaking*, 0..1: the correlation of the mouth's movement with voice activity
  (:func:`ml.faces.mouth.speaking`), 0 where there is too little of either to tell.

The person with the highest score is the candidate. Where another one reaches :data:`CLOSE` of it, it cannot be told
whose recording this is: the report reads the first one, says so, and asks. A recruiter's choice overrides the rule.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from ml.faces.mouth import MouthMovement, speaking
from ml.faces.people import Person, person_at
from ml.faces.sighting import Box
from ml.gaps import FACE_SMALL, OTHER_PERSON, STILL_PICTURE
from ml.spans import Span, intersect, seconds, subtract, union

SPEAKS: Final = 2.0
"""How much speaking counts: who speaks like clockwork has three times the score of who never moves the mouth."""
CLOSE: Final = 0.75
"""Share of the candidate's score from which another person is close."""
NOBODY: Final = MouthMovement(np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class PersonAt:
    """A recruiter's choice: whose face is in ``box`` (shares of the picture) at ``second``. It means the same person in
    every analysis of the recording, because no track has a name."""

    second: float
    box: Box


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """The candidate's tracks, when they were in view and live, and the movement of the mouth; ``others``: that of the
    other live people. ``mouth_covered``: when something covered the mouth, whose movement is not known then.

    ``causes``: for each reason of :mod:`ml.gaps` that the people in view give, when it holds, the stronger one first.
    ``close``: the people who are as likely the candidate. ``is_chosen``: a recruiter chose them.
    """

    person: Person | None = None
    close: tuple[Person, ...] = ()
    is_chosen: bool = False
    causes: tuple[tuple[str, list[Span]], ...] = ()
    tracks: frozenset[int] = field(default=frozenset())
    live: list[Span] = field(default_factory=list)
    mouth: MouthMovement = NOBODY
    others: tuple[MouthMovement, ...] = ()
    mouth_covered: list[Span] = field(default_factory=list)

    @property
    def seen_s(self) -> float:
        """Seconds in which the candidate was in view, and not as a still picture."""
        return seconds(self.live)

    def with_mouth_covered(self, spans: Sequence[Span]) -> "Candidate":
        """The same with a covered mouth in these spans, ascending."""
        covered = intersect(self.live, spans)
        return replace(self, mouth=self.mouth.outside(covered), mouth_covered=covered)


def choose(people: Sequence[Person], voice: Sequence[Span], *, chosen: PersonAt | None = None) -> Candidate:
    """The candidate among these people. ``voice``: when somebody speaks. A ``chosen`` person who is not found again, or
    is a still picture, leaves the choice to the rule."""
    live = [person for person in people if person.is_live]
    person = person_at(live, chosen.second, chosen.box) if chosen is not None else None
    is_chosen = person is not None
    close: tuple[Person, ...] = ()
    if person is None and live:
        scores = [score(one, voice) for one in live]
        best = int(np.argmax(scores))
        person = live[best]
        close = tuple(
            one for i, one in enumerate(live) if i != best and scores[i] >= CLOSE * scores[best] and scores[i] > 0
        )
    causes = _causes(person, people)
    if person is None:
        return Candidate(causes=causes)
    others = tuple(one.mouth for one in live if one is not person)
    return Candidate(person, close, is_chosen, causes, person.tracks, person.live, person.mouth, others)


def score(person: Person, voice: Sequence[Span]) -> float:
    """See the module."""
    return seconds(person.live) * person.size * (1 + SPEAKS * speaking(person.mouth, voice))


def _causes(candidate: Person | None, people: Sequence[Person]) -> tuple[tuple[str, list[Span]], ...]:
    """A still picture beside the candidate, such as on a slide, is no cause of a gap. One in their place is."""
    in_view = candidate.in_view if candidate is not None else []
    others = [person for person in people if person is not candidate]
    still = [*candidate.still] if candidate is not None else []
    for other in others:
        if not intersect(other.still, candidate.live if candidate is not None else []):
            still += other.still
    somebody = union(span for other in others if other.is_live for span in other.live)
    return (
        (FACE_SMALL, candidate.small if candidate is not None else []),
        (STILL_PICTURE, union(still)),
        (OTHER_PERSON, subtract(somebody, in_view)),
    )
