"""Runs: the model versions chosen for a run, and its results."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from analysis.models.keys import MetricKey, Modality
from analysis.models.model_versions import ModelVersion
from analysis.models.work import FiveStates, Work
from analysis.querysets import AnalysisRunQuerySet, RunPartQuerySet
from interviews.models import Identified


class AnalysisRun(Work, FiveStates):
    """One request to analyse one recording. The row is authoritative for the state of the work, not the queue.

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

    Every transition is one conditional UPDATE on ``status`` (and on ``claim`` when a worker makes it). So two workers
    never execute the same run, and a worker whose claim was taken over can no longer write. ``succeeded``, ``failed``
    and ``cancelled`` are final: no transition leaves :attr:`TERMINAL`.
    """

    recording = models.ForeignKey("interviews.Recording", on_delete=models.CASCADE, related_name="runs")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    options = models.JSONField(default=dict, blank=True, help_text="Fields of analysis.pipeline.Options.")

    remaining_s = models.FloatField(null=True, blank=True, help_text="Estimated seconds left; empty while unknown.")
    failure_reason = models.TextField(blank=True, help_text="One sentence for the recruiter.")

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


class RunModel(Identified):
    """The model version of one modality of a run: chosen when the run is requested, kept for ever.

    ``primary`` makes the report. ``shadow`` is the other version of a trial (:class:`Canary`). It gets the same frames
    and audio in the same pass, and its results are stored only as :class:`ShadowResult`.
    """

    class Role(models.TextChoices):
        PRIMARY = "primary", "Makes the report"
        SHADOW = "shadow", "Compared with it"

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="models")
    modality = models.CharField(max_length=32, choices=Modality.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="run_models")
    sha256 = models.CharField("SHA-256", max_length=64)
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.PRIMARY)

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "modality", "role"]
        constraints = [
            models.UniqueConstraint(fields=["run", "modality", "role"], name="one_version_per_role_of_a_run")
        ]

    def __str__(self) -> str:
        return f"{self.modality} of run {self.run_id}: {self.sha256[:12]} ({self.role})"


class ModalityResult(Identified):
    """The result of one recogniser for the whole recording; its timeline is in the run's file."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="modalities")
    modality = models.CharField(max_length=32, choices=Modality.choices)
    available = models.BooleanField(help_text="Whether anything could be measured.")
    reason = models.TextField(blank=True, help_text="Why nothing, or little, could be measured.")
    counts = models.JSONField(default=dict, help_text="Observations per label.")
    shares = models.JSONField(default=dict, help_text="Share of observed time per label, 0..1.")
    observed_s = models.FloatField(default=0.0)
    coverage = models.FloatField(default=0.0, help_text="Observed time over recording time, 0..1.")
    gaps_s = models.JSONField(default=dict, help_text="Seconds without a reading by reason (a key of ml.gaps).")
    mean_confidence = models.FloatField(null=True, blank=True, help_text="Over the observed time, 0..1.")
    confidence_histogram = models.JSONField(
        default=list, help_text="Observed seconds per tenth of confidence; empty in reports older than this column."
    )
    class_prior = models.JSONField(
        null=True, blank=True, help_text="The class prior that was corrected for (ml.class_prior); empty without one."
    )
    model_version = models.ForeignKey(
        ModelVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="results"
    )
    # Copied, so that a report names its model without another query, also one older than the version's row.
    model_name = models.CharField(max_length=100, blank=True)
    model_version_label = models.CharField(max_length=100, blank=True)
    model_sha256 = models.CharField(max_length=64, blank=True)

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "modality"]
        constraints = [models.UniqueConstraint(fields=["run", "modality"], name="one_result_per_modality")]

    def __str__(self) -> str:
        return f"{self.modality} of run {self.run_id}"


class ShadowResult(Identified):
    """The result of a trial's shadow version, from the same pass as a :class:`ModalityResult`; no report shows it."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="shadows")
    modality = models.CharField(max_length=32, choices=Modality.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="shadow_results")
    available = models.BooleanField()
    reason = models.TextField(blank=True, help_text="Why nothing, or little, could be measured.")
    counts = models.JSONField(default=dict, help_text="Observations per label.")
    shares = models.JSONField(default=dict, help_text="Share of observed time per label, 0..1.")
    observed_s = models.FloatField(default=0.0)
    mean_confidence = models.FloatField(null=True, blank=True, help_text="Over the observed time, 0..1.")
    confidence_histogram = models.JSONField(default=list, help_text="Observed seconds per tenth of confidence.")
    agreement = models.FloatField(
        null=True,
        blank=True,
        help_text="Share of the time that both versions observed in which they gave the same label, 0..1.",
    )
    compared_s = models.FloatField(default=0.0, help_text="The time that both versions observed.")

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "modality"]
        constraints = [models.UniqueConstraint(fields=["run", "modality"], name="one_shadow_per_modality")]

    def __str__(self) -> str:
        return f"shadow of {self.modality} of run {self.run_id}"


class MetricResult(Identified):
    """One nonverbal metric of one run for the current question marks; replaced when they change."""

    run = models.ForeignKey(AnalysisRun, on_delete=models.CASCADE, related_name="metrics")
    metric = models.CharField(max_length=32, choices=MetricKey.choices)
    value = models.FloatField(null=True, blank=True, help_text="0..1; empty when it could not be measured.")
    reason = models.TextField(blank=True, help_text="Why there is no value.")
    definition = models.CharField(max_length=20, help_text="Version of the definition that made the value.")
    coverage = models.FloatField(null=True, blank=True, help_text="Share of the recording the metric could see.")
    evidence = models.JSONField(default=list, help_text="Objects with start_s, end_s, kind, text and spans.")

    objects = RunPartQuerySet.as_manager()

    class Meta:
        ordering = ["run", "metric"]
        constraints = [models.UniqueConstraint(fields=["run", "metric"], name="one_result_per_metric")]

    def __str__(self) -> str:
        return f"{self.metric} of run {self.run_id}"
