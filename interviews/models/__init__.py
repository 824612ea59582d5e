"""People, organizations, and what a recruiter brings: candidates, interviews, recordings, consents, live rooms."""

from interviews.models.accounts import LoginSession, MemberInvitation
from interviews.models.audit import AuditEntry, AuditHead
from interviews.models.interviews import Assignment, Consent, Interview, Question, Recording, Upload
from interviews.models.notes import Note, NoteRevision
from interviews.models.people import Candidate, Identified, Membership, Organization, Position, User
from interviews.models.policy import LegalHold, PolicySetting
from interviews.models.rooms import (
    Agreement,
    Chunk,
    GazeCalibration,
    Invitation,
    PreparedQuestion,
    Room,
    Take,
)

__all__ = [
    "Agreement",
    "Assignment",
    "AuditEntry",
    "AuditHead",
    "Candidate",
    "Chunk",
    "Consent",
    "GazeCalibration",
    "Identified",
    "Interview",
    "Invitation",
    "LegalHold",
    "LoginSession",
    "MemberInvitation",
    "Membership",
    "Note",
    "NoteRevision",
    "Organization",
    "PolicySetting",
    "Position",
    "PreparedQuestion",
    "Question",
    "Recording",
    "Room",
    "Take",
    "Upload",
    "User",
]
