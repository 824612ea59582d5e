"""What was computed: the run, its results, and the model versions that made them. Rows only; services write them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.querysets import AnalysisRunQuerySet, RunPartQuerySet
from interviews.models import Identified


class Modality(models.TextChoices):
    """The keys of :data:`ml.modalities.MODALITIES`, in the order of the report (a test holds the two together)."""

    FACIAL_EXPRESSION = "facial_expression", "Facial expression"
    EYE_EMOTION = "eye_emotion", "Eye emotion"
    EYE_GAZE = "eye_gaze", "Eye gaze"
    SPEECH_EMOTION = "speech_emotion", "Speech emotion"


class MetricKey(models.TextChoices):
    """The four nonverbal metrics, in the order of the report."""

    ATTENTIVENESS = "attentiveness", "Attentiveness"
    DEEP_THINKING = "deep_thinking", "Deep thinking"
    CONFIDENCE = "confidence", "Confidence"
    POTENTIAL_LIE = "potential_lie", "Voice-face incongruence (the paper's potential lie)"


class ModelVersion(Identified):
    """A recogniser's weights that this installation has seen, identified by their hash.

    Rows are copies of the manifests in ``ml/weights``, written by ``manage.py sync_model_versions``. A version that
    is no longer installed keeps its row: reports made with it go on naming it.
    """

    modality = models.CharField(max_length=32, choices=Modality.choices)
    name = models.CharField(max_length=100)
    version = models.CharField(max_length=100)
    sha256 = models.CharField("SHA-256", max_length=64)
    manifest = models.JSONField(default=dict, help_text="The manifest as it stood beside the weights.")
    is_default = models.BooleanField(default=False, help_text="Used by new runs of this modality.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["modality", "-is_default", "name", "version"]
        constraints = [
            models.UniqueConstraint(fields=["modality", "version", "sha256"], name="model_version_is_unique"),
            models.UniqueConstraint(
                fields=["modality"], condition=Q(is_default=True), name="one_default_version_per_modality"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.modality} {self.version}"


class AnalysisRun(Identified):
    """One request to analyse one recording. The row, not the queue, is the truth about the work.

    ::

                 run_request / run_retry (a new row each time)
                          |
                          v            run_cancel
        +------------> queued ---------------------------------+
        |                 | run_execute claims the row         |
        |                 v                                    v
        +------------- running ----------------------------> cancelled
          runs_reap:      |    |    run_cancel asks, the worker stops;
          no heartbeat    |    |    or runs_reap, when the worker is gone
          for 30 s; or    |    |
          the worker is   |    |
          told to stop    |    |
                          v    v
                   succeeded  failed   (an error, or interrupted on the third attempt)

    Every arrow is one conditional UPDATE on ``status`` (and on ``claim`` when a worker draws it), so two workers can
    never both execute a run, and a worker whose claim was taken over can no longer write. ``succeeded``, ``failed``
    and ``cancelled`` are final: nothing leads out of :attr:`TERMINAL`.
    """

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    ACTIVE: ClassVar = frozenset({Status.QUEUED, Status.RUNNING})
    TERMINAL: ClassVar = frozenset({Status.SUCCEEDED, Status.FAILED, Status.CANCELLED})

    recording = models.ForeignKey("interviews.Recording", on_delete=models.CASCADE, related_name="runs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    options = models.JSONField(default=dict, blank=True, help_text="Fields of analysis.pipeline.Options.")

    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    stage = models.CharField(max_length=100, blank=True, help_text="What the worker is doing, in words.")
    progress = models.FloatField(default=0.0, help_text="0..1")
    remaining_s = models.FloatField(null=True, blank=True, help_text="Estimated seconds left; empty while unknown.")
    failure_reason = models.TextField(blank=True, help_text="One sentence for the recruiter.")

    attempts = models.PositiveSmallIntegerField(default=0, help_text="Times a worker has claimed this run.")
    claim = models.UUIDField(null=True, blank=True, help_text="The attempt that may write to this row.")
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of the claiming worker.")
    published_at = models.DateTimeField(null=True, blank=True, help_text="When the queue last took a message for it.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True)

    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    media_info = models.JSONField(default=dict, blank=True, help_text="What was decoded: the report's recording part.")
    timing = models.JSONField(default=dict, blank=True, help_text="wall_s, decode_s, realtime_factor")
    timeline_file = models.FileField(max_length=200, blank=True, help_text="See analysis.timelines.")

    objects = AnalysisRunQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["status", "created_at"], name="run_status_created"),
            models.Index(fields=["recording", "-created_at"], name="run_recording_latest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"],
                condition=Q(status__in=["queued", "running"]),
                name="one_active_run_per_recording",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["queued", "running", "succeeded", "failed", "cancelled"]),
                name="run_status_is_known",
            ),
            models.CheckConstraint(condition=Q(progress__gte=0.0, progress__lte=1.0), name="run_progress_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"run {self.id} ({self.status})"

    @property
    def is_active(self) -> bool:
        return self.status in self.ACTIVE


class ModalityResult(Identified):
    """What one recogniser read over the whole recording; the timeline behind it is in the run's file."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="modalities")
    modality = models.CharField(max_length=32, choices=Modality.choices)
    available = models.BooleanField(help_text="Whether anything could be measured.")
    reason = models.TextField(blank=True, help_text="Why nothing, or little, could be measured.")
    counts = models.JSONField(default=dict, help_text="Observations per label.")
    shares = models.JSONField(default=dict, help_text="Share of observed time per label, 0..1.")
    observed_s = models.FloatField(default=0.0)
    coverage = models.FloatField(default=0.0, help_text="Observed time over recording time, 0..1.")
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="results"
    )
    # Copied, so that a report goes on naming its model when the ModelVersion row is gone.
    model_name = models.CharField(max_length=100, blank=True)
    model_version_label = models.CharField(max_length=100, blank=True)
    model_sha256 = models.CharField(max_length=64, blank=True)

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "modality"]
        constraints = [models.UniqueConstraint(fields=["run", "modality"], name="one_result_per_modality")]

    def __str__(self) -> str:
        return f"{self.modality} of run {self.run_id}"


class MetricResult(Identified):
    """One nonverbal metric of one run, for the question marks as they stand; replaced when they change."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="metrics")
    metric = models.CharField(max_length=32, choices=MetricKey.choices)
    value = models.FloatField(null=True, blank=True, help_text="0..1; empty when it could not be measured.")
    reason = models.TextField(blank=True, help_text="Why there is no value.")
    definition = models.CharField(max_length=20, help_text="Version of the definition that made the value.")
    coverage = models.FloatField(null=True, blank=True, help_text="Share of the recording the metric could see.")
    evidence = models.JSONField(default=list, help_text="Objects with start_s, end_s, kind and text.")

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "metric"]
        constraints = [models.UniqueConstraint(fields=["run", "metric"], name="one_result_per_metric")]

    def __str__(self) -> str:
        return f"{self.metric} of run {self.run_id}"
