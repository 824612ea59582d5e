"""People, organizations, and what a recruiter brings: candidates, interviews, recordings, consents, live rooms."""

from interviews.models.interviews import Consent, Interview, Question, Recording, Upload
from interviews.models.people import Candidate, Identified, Membership, Organization, Position, User
from interviews.models.rooms import (
    Agreement,
    Chunk,
    GazeCalibration,
    Invitation,
    Note,
    PreparedQuestion,
    Room,
    Take,
)

__all__ = [
    "Agreement",
    "Candidate",
    "Chunk",
    "Consent",
    "GazeCalibration",
    "Identified",
    "Interview",
    "Invitation",
    "Membership",
    "Note",
    "Organization",
    "Position",
    "PreparedQuestion",
    "Question",
    "Recording",
    "Room",
    "Take",
    "Upload",
    "User",
]
