"""The statements that a candidate is asked to agree to, and the answers."""

from interviews.models import Agreement, Room

Purpose = Agreement.Purpose


def agreement_statements(*, room: Room) -> dict[str, str]:
    """The words that stand beside each box, by purpose. They are stored as they are with the answer."""
    organization = room.interview.organization.name
    return {
        Purpose.RECORDING: (
            f"I agree that {organization} records this interview with sound and picture and keeps the recording for"
            " this application. People of the organization can watch it; it is deleted when they delete the interview,"
            " which I can ask for at any time."
        ),
        Purpose.ANALYSIS: (
            "I agree that software analyses the recording, and the call while it lasts, for facial expression, eye"
            f" emotion, eye gaze and speech emotion, and shows the results to people of {organization}. The results"
            " describe behaviour on the recording; no decision is made by the software."
        ),
        Purpose.TRANSCRIPT: (
            "I agree that software writes down what is said on the recording, word by word, if English is spoken, and"
            f" shows this transcript to people of {organization}. It can contain errors, which they can correct;"
            " deleting the recording deletes it."
        ),
    }


def room_agreements(*, room: Room) -> dict[str, bool | None]:
    """By purpose (``recording``, ``analysis``, ``transcript``) whether the candidate agreed; None before the answer."""
    answers: dict[str, bool] = dict(room.agreements.values_list("purpose", "given"))
    return {purpose: answers.get(purpose) for purpose in Purpose.values}
