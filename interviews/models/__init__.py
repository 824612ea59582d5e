"""People, organizations, and what a recruiter brings: candidates, interviews, recordings, consents, live rooms."""

from interviews.models.accounts import LoginSession, MemberInvitation
from interviews.models.audit import AuditEntry, AuditHead
from interviews.models.consent import ConsentEvent, ConsentEvidence
from interviews.models.file_keys import FileKey
from interviews.models.interviews import Assignment, Interview, Question, Recording, Upload
from interviews.models.notes import Note, NoteRevision
from interviews.models.notice import NoticeVersion
from interviews.models.notifications import Notification, NotificationChoice
from interviews.models.own_page import CandidateComment, CandidateRequest, OwnPageLink
from interviews.models.people import Candidate, Identified, Membership, Organization, Position, User
from interviews.models.policy import HeldRevision, LegalHold, PolicySetting, RuleRecord
from interviews.models.rooms import (
    Chunk,
    GazeCalibration,
    Invitation,
    PreparedQuestion,
    Room,
    Take,
)
from interviews.models.scorecards import Criterion, Decision, Score, Scorecard
from interviews.models.sharing import ShareLink

__all__ = [
    "Assignment",
    "AuditEntry",
    "AuditHead",
    "Candidate",
    "CandidateComment",
    "CandidateRequest",
    "Chunk",
    "ConsentEvent",
    "ConsentEvidence",
    "Criterion",
    "Decision",
    "FileKey",
    "GazeCalibration",
    "HeldRevision",
    "Identified",
    "Interview",
    "Invitation",
    "LegalHold",
    "LoginSession",
    "MemberInvitation",
    "Membership",
    "Note",
    "NoteRevision",
    "NoticeVersion",
    "Notification",
    "NotificationChoice",
    "Organization",
    "OwnPageLink",
    "PolicySetting",
    "Position",
    "PreparedQuestion",
    "Question",
    "Recording",
    "Room",
    "RuleRecord",
    "Score",
    "Scorecard",
    "ShareLink",
    "Take",
    "Upload",
    "User",
]
