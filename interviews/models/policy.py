"""What an organization has set beyond the table of :mod:`interviews.policy`, and holds that keep interviews."""

from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from interviews.models.interviews import Interview
from interviews.models.people import Identified, Organization, User
from interviews.policy.decision import Setting
from interviews.policy.keys import Purpose
from interviews.policy.table import TABLE
from interviews.querysets import InterviewPartQuerySet, ScopedQuerySet


class PolicySetting(Identified):
    """An organization's own rules for one purpose; see :class:`interviews.policy.Setting`.

    What is ``lifted`` counts while what it stands on is new enough.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="policy_settings")
    purpose = models.CharField(max_length=20, choices=Purpose.choices)
    lifted = models.JSONField(default=list, blank=True, help_text="Ids of rules that do not apply.")
    lifted_on = models.JSONField(
        default=dict, blank=True, help_text="By rule, the day of what its lift stands on, such as an audit (ISO 8601)."
    )
    lift_told = models.JSONField(
        default=dict, blank=True, help_text="By rule, of how many days before its end administrators were told last."
    )
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
        lapsed = self.lapsed
        lifted = tuple(rule for rule in self.lifted if rule not in lapsed)
        return Setting(lifted, tuple(self.blocked), self.retention_days)

    @property
    def lift_ends(self) -> dict[str, date | None]:
        """By rule with a lift that ends: its last day; None where no day was entered, and it does not count."""
        rules = [rule for rule in TABLE.rules if rule.id in self.lifted and rule.lift_days]
        days = {rule: self.lifted_on.get(rule.id) for rule in rules}
        return {rule.id: rule.lift_ends(date.fromisoformat(day)) if day else None for rule, day in days.items()}

    @property
    def lapsed(self) -> set[str]:
        """Rules whose lift has ended."""
        today = timezone.localdate()
        return {rule for rule, ends in self.lift_ends.items() if ends is None or ends < today}


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
    file = models.FileField(upload_to="evidence/", max_length=255, blank=True, help_text="Such as a signed waiver.")
    original_name = models.CharField(max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file.")
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


class HeldRevision(Identified):
    """What a row was before it was changed or removed while a legal hold stood. Erased when the hold has ended."""

    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="held_revisions")
    model = models.CharField(max_length=50, help_text="Such as interviews.question.")
    row = models.CharField(max_length=36)
    fields = models.JSONField(encoder=DjangoJSONEncoder)
    replaced_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: Candor itself, or the candidate."
    )
    replaced_at = models.DateTimeField(default=timezone.now)

    objects = InterviewPartQuerySet.as_manager()

    class Meta:
        ordering = ("replaced_at", "pk")

    def __str__(self) -> str:
        return f"{self.model} before {self.replaced_at:%Y-%m-%d %H:%M}"
