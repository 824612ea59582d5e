"""Pages of this app, and those that show interviews together with their analyses."""

from analysis.views.answers import interview_answer, interview_answers
from analysis.views.candidates_compared import interviews_compare
from analysis.views.consent import consent_evidence_file, interview_consent
from analysis.views.exports import interview_export_file, interview_exports, interviews_export
from analysis.views.interview_list import interview_list
from analysis.views.label_corrections import label_corrections_file, label_corrections_page
from analysis.views.label_feedback import label_feedback
from analysis.views.own_files import own_page_copy, own_page_recording
from analysis.views.own_page import (
    own_page,
    own_page_answers,
    own_page_comment,
    own_page_erasure,
    own_page_report,
    own_page_withdraw,
)
from analysis.views.playback import playback_copy, playback_poster
from analysis.views.purpose import interview_purpose
from analysis.views.report import interview_detail, run_compare
from analysis.views.retention import interview_held, interview_retention, retention
from analysis.views.rooms import room
from analysis.views.sharing import interview_sharing, share_link_revoke, shared_page, shared_recording

__all__ = [
    "consent_evidence_file",
    "interview_answer",
    "interview_answers",
    "interview_consent",
    "interview_detail",
    "interview_export_file",
    "interview_exports",
    "interview_held",
    "interview_list",
    "interview_purpose",
    "interview_retention",
    "interview_sharing",
    "interviews_compare",
    "interviews_export",
    "label_corrections_file",
    "label_corrections_page",
    "label_feedback",
    "own_page",
    "own_page_answers",
    "own_page_comment",
    "own_page_copy",
    "own_page_erasure",
    "own_page_recording",
    "own_page_report",
    "own_page_withdraw",
    "playback_copy",
    "playback_poster",
    "retention",
    "room",
    "run_compare",
    "share_link_revoke",
    "shared_page",
    "shared_recording",
]
