"""Pages of this app, and those that show interviews together with their analyses."""

from analysis.views.interview_list import interview_list
from analysis.views.report import interview_detail, run_compare
from analysis.views.rooms import room

__all__ = ["interview_detail", "interview_list", "room", "run_compare"]
