"""What people are told on the page and by mail, and which of it they want."""

from django.db import models

from interviews.models.interviews import Interview
from interviews.models.people import Identified, User


class Notification(Identified):
    """Something that happened to an interview, told to one person. It has no content of the interview."""

    class Kind(models.TextChoices):
        REPORT_READY = "report_ready", "A report is ready"
        REPORT_FAILED = "report_failed", "An analysis failed"
        CANDIDATE_WAITING = "candidate_waiting", "A candidate waits in my live room"
        MENTION = "mention", "Somebody mentions me in a note"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=32, choices=Kind.choices)
    interview = models.ForeignKey(Interview, on_delete=models.CASCADE, related_name="notifications")
    caused_by = models.ForeignKey(User, on_delete=models.SET_NULL, related_name="+", null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-created_at",)
        indexes = (models.Index(fields=("user", "read_at"), name="notification_unread"),)

    def __str__(self) -> str:
        return self.get_kind_display()


class NotificationChoice(Identified):
    """Where somebody wants to be told of one kind. Without a row: on the page, and no mail."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notification_choices")
    kind = models.CharField(max_length=32, choices=Notification.Kind.choices)
    on_page = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "kind"), name="one_choice_a_kind"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: page {self.on_page}, mail {self.by_mail}"
