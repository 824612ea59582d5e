"""The Django admin of analyses and of the model versions that make them. Importing it registers the pages."""

from analysis.admin import model_changes, model_jobs, model_versions, playback, robustness, runs, transcripts

__all__ = ["model_changes", "model_jobs", "model_versions", "playback", "robustness", "runs", "transcripts"]
