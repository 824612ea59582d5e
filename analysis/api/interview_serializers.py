"""Serializers of interviews, with the state of their newest run."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from interviews.models import ConsentEvidence, Interview, Recording
from interviews.policy import Jurisdiction, Purpose


class InterviewCreateSerializer(serializers.Serializer[Any]):
    candidate_name = serializers.CharField(allow_blank=True, max_length=1000)
    candidate_email = serializers.CharField(allow_blank=True, max_length=1000)
    position = serializers.CharField(allow_blank=True, default="", max_length=1000)
    upload_id = serializers.UUIDField()
    spoken_language = serializers.ChoiceField(
        choices=Interview.SpokenLanguage.choices, default=Interview.SpokenLanguage.UNKNOWN
    )
    purpose = serializers.ChoiceField(
        choices=Purpose.choices,
        required=False,
        help_text="Without it, the usual one of the organization.",
    )
    candidate_jurisdiction = serializers.ChoiceField(
        choices=Jurisdiction.choices, required=False, help_text="Without it, where candidates usually are."
    )
    informed_consent = serializers.BooleanField(default=False)
    transcript_consent = serializers.BooleanField(
        default=False, help_text="The candidate agreed to a transcript. Without it none is made."
    )
    consent_basis = serializers.ChoiceField(
        choices=ConsentEvidence.Basis.choices,
        default=ConsentEvidence.Basis.OTHER,
        help_text="What shows that the candidate agreed.",
    )
    consent_evidence = serializers.CharField(
        allow_blank=True,
        default="",
        max_length=2000,
        help_text="It in words. Without any the recording is stored, and not analysed before something is recorded.",
    )
    allow_duplicate = serializers.BooleanField(default=False)


class InterviewChangeSerializer(serializers.Serializer[Any]):
    spoken_language = serializers.ChoiceField(choices=Interview.SpokenLanguage.choices)


class CreatedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField(help_text="The interview's page.")


class DuplicateSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(default="duplicate")
    detail = serializers.CharField(help_text="A sentence that can be shown.")
    url = serializers.CharField(help_text="The page of the interview that has the recording.")


class RecordingSerializer(serializers.ModelSerializer[Recording]):
    url = serializers.SerializerMethodField(help_text="Streams the recording; understands ranges.")

    class Meta:
        model = Recording
        fields = (
            *("id", "url", "original_name", "sha256", "size_bytes", "container", "duration_s", "fps"),
            *("width", "height", "has_audio", "uploaded_at"),
        )

    def get_url(self, recording: Recording) -> str:
        return reverse("recording_media", args=[recording.pk])


class InterviewSerializer(serializers.ModelSerializer[Interview]):
    candidate_name = serializers.CharField(source="candidate.name")
    candidate_email = serializers.EmailField(source="candidate.email")
    position = serializers.CharField(source="position.title", default=None, allow_null=True)
    owner = serializers.CharField(source="owner.full_name")
    url = serializers.SerializerMethodField(help_text="The interview's page.")
    run_id = serializers.UUIDField(allow_null=True, help_text="The newest analysis run.")
    status = serializers.CharField(source="run_status", allow_null=True, help_text="Status of the newest run.")

    class Meta:
        model = Interview
        fields = (
            *("id", "url", "candidate_name", "candidate_email", "position", "spoken_language"),
            *("purpose", "candidate_jurisdiction"),
            *("owner", "created_at", "run_id", "status"),
        )

    def get_url(self, interview: Interview) -> str:
        return reverse("interview_detail", args=[interview.pk])


class InterviewDetailSerializer(InterviewSerializer):
    recordings = RecordingSerializer(many=True)

    class Meta(InterviewSerializer.Meta):
        fields = (*InterviewSerializer.Meta.fields, "recordings")  # type: ignore[assignment]
