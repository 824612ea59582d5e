"""Serializers of the API: they validate requests, and describe answers, which selectors build."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from analysis.models import AnalysisRun
from interviews.api.parsing import FiniteField

NO_SECOND = "Enter the second of the question as a number."


class QuestionWriteSerializer(serializers.Serializer[Any]):
    at_s = FiniteField(
        help_text="Seconds from the start of the recording.",
        error_messages=dict.fromkeys(["required", "null", "invalid", "overflow", "max_string_length"], NO_SECOND),
    )
    text = serializers.CharField(required=False, allow_blank=True, max_length=500)


class QuestionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at_s = serializers.FloatField()
    text = serializers.CharField(allow_blank=True)


class EvidenceSerializer(serializers.Serializer[Any]):
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    kind = serializers.CharField()
    text = serializers.CharField()
    spans = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField()),
        help_text="[start_s, end_s] of each stretch, where the evidence groups several; otherwise empty.",
    )


class MetricSerializer(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text="0..1; null when it could not be measured.")
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no value.")
    definition = serializers.CharField()
    coverage = serializers.FloatField(allow_null=True, help_text="Share of the recording the metric could see.")
    evidence = EvidenceSerializer(many=True)


class MetricsSerializer(serializers.Serializer[Any]):
    """A metric that policy leaves out is missing."""

    attentiveness = MetricSerializer(required=False)
    deep_thinking = MetricSerializer(required=False)
    confidence = MetricSerializer(required=False)
    potential_lie = MetricSerializer(required=False)


class QuestionsSerializer(serializers.Serializer[Any]):
    questions = QuestionSerializer(many=True)


class QuestionsAndMetricsSerializer(QuestionsSerializer):
    metrics = MetricsSerializer(help_text="Recomputed for these questions; empty while no run has succeeded.")


class RunSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=AnalysisRun.Status.choices)
    stage = serializers.CharField(allow_blank=True)
    progress = serializers.FloatField(help_text="0..1")
    remaining_s = serializers.FloatField(allow_null=True)
    failure_reason = serializers.CharField(allow_blank=True)
    attempts = serializers.IntegerField()
    queue_position = serializers.IntegerField(allow_null=True, help_text="1 for the run that a worker takes next.")
    starts_in_s = serializers.FloatField(allow_null=True, help_text="Estimated; null while there is no estimate.")
    cancel_requested = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class ReportRecordingSerializer(serializers.Serializer[Any]):
    duration_s = serializers.FloatField()
    fps = serializers.FloatField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    has_audio = serializers.BooleanField()
    sha256 = serializers.CharField()


class ReportModelSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    version = serializers.CharField()
    sha256 = serializers.CharField()


class CalmSerializer(serializers.Serializer[Any]):
    start_s = serializers.FloatField()
    end_s = serializers.FloatField()
    is_marked = serializers.BooleanField(help_text="By a recruiter; otherwise it was found.")


class RelativeSerializer(serializers.Serializer[Any]):
    available = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no relative reading.")
    calm = CalmSerializer(allow_null=True)
    weight = serializers.FloatField(help_text="How far the baseline is believed, 0..1: more with a longer stretch.")
    counts = serializers.DictField(child=serializers.IntegerField())
    shares = serializers.DictField(child=serializers.FloatField(), help_text="Share of observed time, 0..1.")


class PersonWriteSerializer(serializers.Serializer[Any]):
    second = FiniteField(min_value=0.0, help_text="A second of the recording at which the face is in view.")
    box = serializers.ListField(
        child=FiniteField(min_value=-0.5, max_value=1.5),
        min_length=4,
        max_length=4,
        help_text="Left, top, right and bottom of the face there, as shares of the picture.",
    )

    def validate_box(self, box: list[float]) -> list[float]:
        if box[0] >= box[2] or box[1] >= box[3]:
            raise serializers.ValidationError("Left must be less than right, and top less than bottom.")
        return box


class RunWriteSerializer(serializers.Serializer[Any]):
    person = PersonWriteSerializer(
        required=False,
        allow_null=True,
        help_text="Whose face is read: a person of the report. Null lets the rule choose; without it, whoever was "
        "chosen last is read again.",
    )


class PersonSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["person", "still_picture"])
    first_s = serializers.FloatField()
    last_s = serializers.FloatField()
    live_s = serializers.FloatField(help_text="Seconds in view, without those of a still picture.")
    still_s = serializers.FloatField(help_text="Seconds in view as a still picture.")
    at_s = serializers.FloatField(help_text="The second of the box and of the picture.")
    box = serializers.ListField(
        child=serializers.FloatField(), help_text="Left, top, right and bottom of the face, as shares of the picture."
    )
    is_candidate = serializers.BooleanField(help_text="Whose face was read.")
    is_close = serializers.BooleanField(help_text="As likely the candidate as the one who was read.")


class ClassPriorSerializer(serializers.Serializer[Any]):
    training = serializers.DictField(child=serializers.FloatField(), help_text="Share by label in training, 0..1.")
    use = serializers.DictField(child=serializers.FloatField(), help_text="Share by label in conversation, 0..1.")
    source = serializers.CharField()  # type: ignore[assignment]  # the base class has an attribute of this name


class ModalitySerializer(serializers.Serializer[Any]):
    available = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    shares = serializers.DictField(child=serializers.FloatField(), help_text="Share of observed time, 0..1.")
    observed_s = serializers.FloatField()
    coverage = serializers.FloatField()
    enough = serializers.BooleanField(help_text="Whether this is what the metrics need; otherwise shares mean little.")
    gaps_s = serializers.DictField(
        child=serializers.FloatField(), help_text="Seconds without a reading by reason, the longest first."
    )
    model = ReportModelSerializer(allow_null=True)
    class_prior = ClassPriorSerializer(
        allow_null=True, help_text="Corrected for; null where the probabilities are as the network gives them."
    )
    relative = RelativeSerializer(required=False, help_text="Relative to the person's baseline; absent while off.")


class ModalitiesSerializer(serializers.Serializer[Any]):
    """A modality that policy leaves out is missing."""

    facial_expression = ModalitySerializer(required=False)
    eye_emotion = ModalitySerializer(required=False)
    eye_gaze = ModalitySerializer(required=False)
    speech_emotion = ModalitySerializer(required=False)


class LeftOutSerializer(serializers.Serializer[Any]):
    rule = serializers.CharField(help_text="The rule's key in the table of policy.")
    title = serializers.CharField()
    sentence = serializers.CharField()
    # The base class has an attribute of this name.
    source = serializers.CharField(help_text="The law, or whose rule it is.")  # type: ignore[assignment]
    url = serializers.CharField(allow_blank=True)
    keys = serializers.ListField(child=serializers.CharField(), help_text="Of modalities, metrics, or transcript.")
    names = serializers.ListField(child=serializers.CharField())


class TimingSerializer(serializers.Serializer[Any]):
    wall_s = serializers.FloatField()
    decode_s = serializers.FloatField()
    realtime_factor = serializers.FloatField()


class MostApartSerializer(serializers.Serializer[Any]):
    label = serializers.CharField()  # type: ignore[assignment]  # the base class has an attribute of this name
    live = serializers.FloatField()
    final = serializers.FloatField()


class LiveModalitySerializer(serializers.Serializer[Any]):
    shares = serializers.DictField(child=serializers.FloatField(), help_text="Read live: share of observed time, 0..1.")
    counts = serializers.DictField(child=serializers.IntegerField())
    coverage = serializers.FloatField()
    observed_s = serializers.FloatField()
    versions = serializers.ListField(child=serializers.CharField())
    final_coverage = serializers.FloatField(help_text="That of the report.")
    agreement = serializers.FloatField(allow_null=True, help_text="1 minus half the sum of the differences, 0..1.")
    most = MostApartSerializer(allow_null=True, help_text="The label whose shares are most apart.")
    sentence = serializers.CharField()


class LiveMetricSerializer(serializers.Serializer[Any]):
    live = serializers.FloatField(allow_null=True)
    final = serializers.FloatField(allow_null=True)


class LiveDifferenceSerializer(serializers.Serializer[Any]):
    modalities = serializers.DictField(child=LiveModalitySerializer())
    metrics = serializers.DictField(child=LiveMetricSerializer())
    statement = serializers.CharField()


class ReportSerializer(serializers.Serializer[Any]):
    run = RunSerializer()
    recording = ReportRecordingSerializer()
    modalities = ModalitiesSerializer()
    metrics = MetricsSerializer()
    left_out = LeftOutSerializer(many=True, help_text="What policy leaves out, by rule.")
    timing = TimingSerializer()
    people = PersonSerializer(many=True, help_text="Whom the recording shows; empty for older reports.")
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What was read and what was left out, in sentences."
    )
    statement = serializers.CharField(help_text="What these numbers are not.")
    live = LiveDifferenceSerializer(allow_null=True, help_text="How live readings differed; null for an upload.")
    questions = QuestionSerializer(many=True)


class LaneSerializer(serializers.Serializer[Any]):
    labels = serializers.ListField(child=serializers.CharField())
    intervals = serializers.ListField(
        child=serializers.ListField(help_text="[start_s, end_s, label, confidence]"),
    )
    gaps = serializers.ListField(
        child=serializers.ListField(help_text="[start_s, end_s, reason]: a stretch without a reading, and why"),
    )


class TimelinesSerializer(serializers.Serializer[Any]):
    duration_s = serializers.FloatField()
    modalities = serializers.DictField(child=LaneSerializer())


class LaneTileSerializer(serializers.Serializer[Any]):
    from_s = serializers.FloatField()
    to_s = serializers.FloatField()
    modalities = serializers.DictField(
        child=serializers.ListField(
            child=serializers.ListField(help_text="[start_s, end_s, label or reason of the gap, confidence]")
        )
    )


class WithinSerializer(serializers.Serializer[Any]):
    from_s = FiniteField(required=False, min_value=0, help_text="Only within a part that begins here")
    to_s = FiniteField(required=False, min_value=0, help_text="and ends here.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs and not (len(attrs) == 2 and attrs["from_s"] < attrs["to_s"]):
            raise serializers.ValidationError("A part has a beginning and a later end.")
        return attrs


class StretchesSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField(help_text="Stretches in all.")
    seconds = serializers.FloatField(help_text="Seconds in all of them.")
    stretches = serializers.ListField(
        child=serializers.ListField(help_text="[start_s, end_s, mean confidence]"),
        help_text="The longest thousand, in order of time.",
    )


class TermSerializer(StretchesSerializer):
    key = serializers.CharField()
    name = serializers.CharField()


class ExplanationSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    measures = serializers.CharField(help_text="What the metric measures, in a sentence.")
    value = serializers.FloatField(allow_null=True)
    reason = serializers.CharField(allow_blank=True, help_text="Why there is no value.")
    definition = serializers.CharField()
    formula = serializers.CharField(allow_blank=True, help_text="In words.")
    filled = serializers.CharField(allow_blank=True, help_text="With this recording's seconds.")
    terms = TermSerializer(many=True)
    is_current = serializers.BooleanField(help_text="False where the report's value belongs to other question marks.")
