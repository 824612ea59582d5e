"""Serializers of the transcript's API."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from analysis.api.serializers import MetricsSerializer, QuestionSerializer, ReportModelSerializer, ReportSerializer
from analysis.models import Transcript
from analysis.selectors.transcripts import NONE, NOT_AGREED

STATES = [(NONE, "Not asked for"), (NOT_AGREED, "Not agreed to"), *Transcript.Status.choices]


class SpanReadingSerializer(serializers.Serializer[Any]):
    label = serializers.CharField(help_text="Read for most of the sentence.")  # type: ignore[assignment]  # as in MostApartSerializer
    confidence = serializers.FloatField(help_text="Mean over the time of that label, 0..1.")
    coverage = serializers.FloatField(help_text="Observed share of the sentence, 0..1.")


class CorrectionSerializer(serializers.Serializer[Any]):
    author = serializers.CharField()
    at = serializers.DateTimeField()


class SentenceSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    text = serializers.CharField(allow_blank=True, help_text="What is shown: the correction, where there is one.")
    original = serializers.CharField(allow_blank=True, help_text="As recognised; empty where it was not readable.")
    readable = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, help_text="Why it was not readable.")
    is_question = serializers.BooleanField()
    voice = SpanReadingSerializer(allow_null=True)
    face = SpanReadingSerializer(allow_null=True)
    correction = CorrectionSerializer(allow_null=True)


class QuestionOfferSerializer(serializers.Serializer[Any]):
    sentence = serializers.UUIDField()
    at_s = serializers.FloatField()
    text = serializers.CharField()


class TranscriptSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=STATES)
    progress = serializers.FloatField(help_text="0..1")
    stage = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why there is none, as a sentence.")
    can_start = serializers.BooleanField()
    can_cancel = serializers.BooleanField()
    model = ReportModelSerializer(allow_null=True)
    created_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    sentences = SentenceSerializer(many=True)
    question_offers = QuestionOfferSerializer(many=True, help_text="Questions that were heard and are not marked.")


class TranscriptMarkedSerializer(TranscriptSerializer):
    questions = QuestionSerializer(many=True)
    metrics = MetricsSerializer(help_text="Recomputed for these questions; empty while no run has succeeded.")


class ReportWithTranscriptSerializer(ReportSerializer):
    transcript = TranscriptSerializer()


class CorrectionWriteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        allow_null=True, allow_blank=True, max_length=10_000, help_text="Null takes the correction back."
    )


class QuestionsMarkSerializer(serializers.Serializer[Any]):
    sentences = serializers.ListField(child=serializers.UUIDField(), max_length=1000)
