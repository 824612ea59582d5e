"""Rows of runs, results, model versions, jobs, transcripts, playback and robustness. Services write them."""

from analysis.models.jobs import ModelJob
from analysis.models.keys import MetricKey, Modality
from analysis.models.label_feedback import LabelFeedback
from analysis.models.live import LiveSummary
from analysis.models.model_versions import Canary, ModelChange, ModelVersion
from analysis.models.playback import Playback
from analysis.models.robustness import Robustness
from analysis.models.runs import AnalysisRun, MetricResult, ModalityResult, RunModel, ShadowResult
from analysis.models.transcripts import Transcript, TranscriptSentence
from analysis.models.work import Work

__all__ = [
    "AnalysisRun",
    "Canary",
    "LabelFeedback",
    "LiveSummary",
    "MetricKey",
    "MetricResult",
    "Modality",
    "ModalityResult",
    "ModelChange",
    "ModelJob",
    "ModelVersion",
    "Playback",
    "Robustness",
    "RunModel",
    "ShadowResult",
    "Transcript",
    "TranscriptSentence",
    "Work",
]
