"""What an organization has set beyond the table of :mod:`interviews.policy`, and holds that keep interviews."""

from django.db import models
from django.utils import timezone

from interviews.models.interviews import Interview
from interviews.models.people import Identified, Organization, User
from interviews.policy.decision import Setting
from interviews.policy.keys import Purpose
from interviews.querysets import InterviewPartQuerySet, ScopedQuerySet


class PolicySetting(Identified):
    """An organization's own rules for one purpose; see :class:`interviews.policy.Setting`."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="policy_settings")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    lifted = models.JSONField(default=list, blank=True, help_text="Ids of rules that do not apply.")
    blocked = models.JSONField(default=list, blank=True, help_text="Keys that are left out beyond the table.")
    retention_days = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: as the table has it.")
    changed_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("organization", "purpose")
        constraints = (
            models.UniqueConstraint(fields=("organization", "purpose"), name="one_policy_setting_per_purpose"),
        )

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_purpose_display()}"

    @property
    def setting(self) -> Setting:
        return Setting(tuple(self.lifted), tuple(self.blocked), self.retention_days)


class RuleRecord(Identified):
    """What was done about a rule of the table for one interview. Rows are added; the latest of a rule stands."""

    class Kind(models.TextChoices):
        DONE = "done", "Done"
        WAIVED = "waived", "Gone on without, by an administrator"
        TAKEN_BACK = "taken_back", "Taken back"

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="rule_records")
    rule = models.CharField(max_length=64, help_text="Its id in the table.")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    on = models.DateField(null=True, blank=True, help_text="The day on which it was done.")
    words = models.CharField(max_length=500, blank=True, help_text="What shows it, or why an administrator went on.")
    recorded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="rule_records",
        help_text="Empty: it was the setting of the whole organization before.",
    )
    at = models.DateTimeField(default=timezone.now)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.rule}: {self.get_kind_display()}"


class LegalHold(Identified):
    """An interview that must not be erased before ``until``, whatever retention or a request says."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=500)
    until = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holds_set")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="When it was ended before its time.")

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"hold of {self.interview} until {self.until:%Y-%m-%d}"

    @property
    def stands(self) -> bool:
        return self.ended_at is None and timezone.now() < self.until
