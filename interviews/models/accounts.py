"""What belongs to an account besides its memberships: where it is logged in, and invitations to become one."""

from django.db import models
from django.utils import timezone

from interviews.models.people import Identified, Membership, Organization, User
from interviews.querysets import ScopedQuerySet


class LoginSession(Identified):
    """One browser in which somebody is logged in, for their list of sessions."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    browser = models.CharField(max_length=100, help_text="Such as “Firefox on Linux”.")
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-last_seen_at",)

    def __str__(self) -> str:
        return f"{self.user}, {self.browser}"


class MemberInvitation(Identified):
    """A link by mail that makes somebody a member. The token is mailed and shown once; only its hash is kept."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="member_invitations")
    email = models.EmailField("e-mail address")
    role = models.CharField(max_length=20, choices=Membership.Role.choices)
    token_sha256 = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="member_invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"invitation of {self.email} to {self.organization}"

    @property
    def stands(self) -> bool:
        return self.accepted_at is None and self.revoked_at is None and timezone.now() < self.expires_at
