"""The Django admin, for administrators of the installation: accounts and memberships are made here, rows are looked at.

Interviews, recordings and what hangs on them are read-only here: they come and go through the services, which look
after files, consent and analyses.
"""

from typing import Any, cast

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as BaseUserAdmin
from django.contrib.auth.forms import UserChangeForm, UserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from interviews.admin_changes import LoggedChanges
from interviews.break_glass import PeoplesData, ReadOnly
from interviews.models import (
    Candidate,
    ConsentEvent,
    Interview,
    Invitation,
    Membership,
    Organization,
    Position,
    Question,
    Recording,
    Room,
    Take,
    Upload,
    User,
)
from interviews.services.accounts import account_pseudonymize, totp_remove

admin.site.site_header = admin.site.site_title = "Candor"
admin.site.index_title = "Administration of the installation"
admin.site.unregister([TOTPDevice, StaticDevice])  # they hold the secrets of people's second factors
admin.site.unregister(Group)  # rights come from memberships


class PersonCreationForm(UserCreationForm):
    class Meta:
        model = User
        fields = ("email", "full_name")


class PersonChangeForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ("user", "organization")


@admin.register(User)
class UserAdmin(LoggedChanges, BaseUserAdmin):
    form = PersonChangeForm
    add_form = PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "full_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "organizations")
    search_fields = ("email", "full_name")
    readonly_fields = ("last_login", "created_at")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "created_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "full_name", "password1", "password2")}),)
    inlines = (MembershipInline,)
    actions = ("pseudonymize", "remove_second_factor")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # what people did stays, under a pseudonym

    @admin.action(description="Close the account and replace name and address by a pseudonym", permissions=["change"])
    def pseudonymize(self, request: HttpRequest, users: QuerySet[User]) -> None:
        by = cast(User, request.user)
        for user in users.exclude(pk=by.pk):
            account_pseudonymize(user=user, by=by)

    @admin.action(description="Remove the second factor of people who have lost it", permissions=["change"])
    def remove_second_factor(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            totp_remove(user=user, by=cast(User, request.user))


@admin.register(Organization)
class OrganizationAdmin(LoggedChanges):
    """Where it works, who sees and who rates first are set on its own pages, with reasons and in its own log."""

    fields = ("name", "slug", "corrects_prior")
    list_display = ("name", "slug", "created_at")
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    inlines = (MembershipInline,)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its recordings' files would stay behind


@admin.register(Position)
class PositionAdmin(LoggedChanges):
    list_display = ("title", "organization")
    list_filter = ("organization",)
    list_select_related = ("organization",)
    search_fields = ("title",)


@admin.register(Candidate)
class CandidateAdmin(PeoplesData):
    list_display = ("name", "email", "organization", "created_at")
    list_filter = ("organization",)
    list_select_related = ("organization",)
    search_fields = ("name", "email")


class RecordingInline(ReadOnly, admin.TabularInline):
    model = Recording
    fields = ("original_name", "duration_s", "size_bytes", "uploaded_by", "uploaded_at")
    readonly_fields = ("uploaded_at",)


class ConsentInline(ReadOnly, admin.TabularInline):
    model = ConsentEvent
    fields = ("purpose", "given", "at", "how", "recorded_by", "version", "language", "statement")


class QuestionInline(ReadOnly, admin.TabularInline):
    model = Question
    fields = ("at_s", "text", "created_by")


@admin.register(Interview)
class InterviewAdmin(PeoplesData):
    list_display = ("candidate", "position", "organization", "owner", "spoken_language", "created_at")
    list_filter = ("organization", "spoken_language", "created_at")
    list_select_related = ("candidate", "position", "organization", "owner")
    search_fields = ("candidate__name", "candidate__email", "position__title")
    inlines = (RecordingInline, ConsentInline, QuestionInline)


@admin.register(Recording)
class RecordingAdmin(PeoplesData):
    list_display = ("original_name", "interview", "duration_s", "size_bytes", "sha256", "uploaded_by", "uploaded_at")
    list_select_related = ("interview__candidate", "interview__position", "uploaded_by")
    search_fields = ("original_name", "sha256")
    exclude = ("file",)  # the admin's links to stored files lead nowhere


@admin.register(ConsentEvent)
class ConsentEventAdmin(PeoplesData):
    list_display = ("interview", "purpose", "given", "at", "how", "recorded_by", "version")
    list_filter = ("purpose", "given", "how")
    list_select_related = ("interview__candidate", "interview__position", "recorded_by")


@admin.register(Question)
class QuestionAdmin(PeoplesData):
    list_display = ("interview", "at_s", "text", "created_by")
    list_select_related = ("interview__candidate", "interview__position", "created_by")


@admin.register(Upload)
class UploadAdmin(PeoplesData):
    list_display = ("file_name", "organization", "created_by", "received_bytes", "size_bytes", "created_at")
    list_select_related = ("organization", "created_by")


class InvitationInline(ReadOnly, admin.TabularInline):
    model = Invitation
    fields = ("created_by", "created_at", "expires_at", "first_used_at", "revoked_at")
    readonly_fields = ("created_at",)


class TakeInline(ReadOnly, admin.TabularInline):
    model = Take
    fields = ("number", "mime_type", "offset_s", "created_at", "expected_chunks", "finished_at")
    readonly_fields = ("created_at",)


@admin.register(Room)
class RoomAdmin(PeoplesData):
    list_display = ("interview", "host", "status", "created_at", "opened_at", "ended_at")
    list_filter = ("status", "interview__organization")
    list_select_related = ("interview__candidate", "interview__position", "host")
    search_fields = ("interview__candidate__name", "interview__candidate__email")
    inlines = (InvitationInline, TakeInline)
