"""The shapes of the live room's API, on both sides."""

from typing import Any, Final

from rest_framework import serializers

from interviews.api.parsing import FiniteField
from interviews.models import Interview, Room
from interviews.policy import Jurisdiction, Purpose

MAXIMUM_SAMPLES: Final = 2000
AREAS: Final = (
    *("top_left", "top_center", "top_right"),
    *("center_left", "center", "center_right"),
    *("bottom_left", "bottom_center", "bottom_right"),
)


class RoomCreateSerializer(serializers.Serializer[Any]):
    candidate_name = serializers.CharField(allow_blank=True, max_length=1000)
    candidate_email = serializers.CharField(allow_blank=True, max_length=1000)
    position = serializers.CharField(allow_blank=True, default="", max_length=1000)
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
    blind = serializers.BooleanField(default=False)
    questions = serializers.ListField(child=serializers.CharField(max_length=5000), default=list, max_length=200)


class IssuedSerializer(serializers.Serializer[Any]):
    url = serializers.CharField(help_text="The candidate's link. It is shown this once and not stored.")
    expires_at = serializers.DateTimeField()
    mailed = serializers.BooleanField(help_text="Whether the mail server took it; otherwise send it yourself.")


class RoomCreatedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    url = serializers.CharField(help_text="The room's page.")
    invitation = IssuedSerializer()


class RoomChangeSerializer(serializers.Serializer[Any]):
    blind = serializers.BooleanField()


class AskingSerializer(serializers.Serializer[Any]):
    browser = serializers.CharField(help_text="Such as “Firefox on Linux”.")
    at = serializers.DateTimeField()


class InvitationSerializer(serializers.Serializer[Any]):
    expires_at = serializers.DateTimeField()
    first_used_at = serializers.DateTimeField(allow_null=True)
    stands = serializers.BooleanField(help_text="Whether the link opens the room.")
    asking = AskingSerializer(allow_null=True, help_text="Another device that wants to be let in instead.")


class CalibrationSerializer(serializers.Serializer[Any]):
    calibrated = serializers.BooleanField()
    error_degrees = serializers.FloatField(allow_null=True)


class AnswersSerializer(serializers.Serializer[Any]):
    recording = serializers.BooleanField(allow_null=True)
    analysis = serializers.BooleanField(allow_null=True)
    transcript = serializers.BooleanField(allow_null=True)


class ReceivedPartsSerializer(serializers.Serializer[Any]):
    chunks = serializers.IntegerField()
    bytes = serializers.IntegerField()


class _RoomCommonSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Room.Status.choices)
    candidate_name = serializers.CharField()
    interviewer_name = serializers.CharField()
    organization = serializers.CharField()
    position = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True, help_text="When the host let the candidate in.")
    recording_started_at = serializers.DateTimeField(allow_null=True, help_text="Second 0 of the room's clock.")
    ended_at = serializers.DateTimeField(allow_null=True)
    end_reason = serializers.CharField(help_text="A sentence that can be shown.")
    calibration = CalibrationSerializer()


class RoomStateSerializer(_RoomCommonSerializer):
    interview = serializers.UUIDField()
    url = serializers.CharField()
    interview_url = serializers.CharField()
    blind = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    clock_s = serializers.FloatField(allow_null=True, help_text="The room's clock now.")
    failure_reason = serializers.CharField(help_text="Why nothing, or not everything, could be stored.")
    candidate_seen_at = serializers.DateTimeField(allow_null=True)
    host_seen_at = serializers.DateTimeField(allow_null=True)
    agreements = AnswersSerializer()
    invitation = InvitationSerializer(allow_null=True)
    received = ReceivedPartsSerializer()


class PreparedQuestionWriteSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=5000, allow_blank=True)


class PreparedQuestionsWriteSerializer(serializers.Serializer[Any]):
    questions = serializers.ListField(child=PreparedQuestionWriteSerializer(), max_length=200)


class MarkSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at_s = serializers.FloatField()


class PreparedQuestionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    text = serializers.CharField()
    asked = MarkSerializer(allow_null=True)


class PreparedQuestionsSerializer(serializers.Serializer[Any]):
    questions = PreparedQuestionSerializer(many=True)


class RoomQuestionWriteSerializer(serializers.Serializer[Any]):
    prepared = serializers.UUIDField(required=False, help_text="A prepared question; or give a text.")
    text = serializers.CharField(required=False, allow_blank=True, default="", max_length=5000)


class RoomQuestionSerializer(MarkSerializer):
    text = serializers.CharField()
    prepared = serializers.UUIDField(allow_null=True)


class RoomQuestionsSerializer(serializers.Serializer[Any]):
    questions = RoomQuestionSerializer(many=True)


class NoteWriteSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=10000, allow_blank=True)


class NoteSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    at_s = serializers.FloatField(allow_null=True, help_text="Null for what was written outside the recording.")
    text = serializers.CharField()
    author = serializers.CharField()
    author_id = serializers.UUIDField()
    created_at = serializers.DateTimeField()


class NotesSerializer(serializers.Serializer[Any]):
    notes = NoteSerializer(many=True)


class AgreementsWriteSerializer(serializers.Serializer[Any]):
    recording = serializers.BooleanField()
    analysis = serializers.BooleanField()
    transcript = serializers.BooleanField()
    sharing = serializers.BooleanField(default=False)
    without = serializers.MultipleChoiceField(
        choices=["face", "eyes", "voice"], default=set, help_text="Analyses that the candidate leaves out."
    )
    recorded = serializers.ChoiceField(
        choices=["erase", "keep"],
        default="erase",
        help_text="What becomes of what was recorded until now, where the recording is taken back.",
    )


class AgreementSerializer(serializers.Serializer[Any]):
    statement = serializers.CharField(help_text="The words to show; they are stored with the answer.")
    given = serializers.BooleanField(allow_null=True)


class AgreementsSerializer(serializers.Serializer[Any]):
    recording = AgreementSerializer()
    analysis = AgreementSerializer()
    face = AgreementSerializer()
    eyes = AgreementSerializer()
    voice = AgreementSerializer()
    transcript = AgreementSerializer()
    sharing = AgreementSerializer()


class TakeStateSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    started_ms = serializers.IntegerField()
    next_sequence = serializers.IntegerField()
    finished = serializers.BooleanField()


class CandidateRoomSerializer(_RoomCommonSerializer):
    agreements = AgreementsSerializer()
    kept_statement = serializers.CharField(help_text="The words of who stops the recording and has it kept.")
    hold_statement = serializers.CharField(help_text="Why nothing is erased while a legal hold stands; or empty.")
    is_held = serializers.BooleanField(help_text="Whether a hold keeps what the candidate had erased.")
    takes = TakeStateSerializer(many=True)


class SampleSerializer(serializers.Serializer[Any]):
    target = serializers.ChoiceField(choices=AREAS, help_text="The dot that was looked at, candidate's own left.")
    iris = serializers.ListField(child=FiniteField(), min_length=2, max_length=2)
    head = serializers.ListField(child=FiniteField(), min_length=2, max_length=2)
    openness = FiniteField()


class CalibrationWriteSerializer(serializers.Serializer[Any]):
    samples = serializers.ListField(child=SampleSerializer(), max_length=MAXIMUM_SAMPLES)


class CalibrationAnswerSerializer(CalibrationSerializer):
    sentence = serializers.CharField(help_text="Why these samples make no calibration; otherwise empty.")


class TakeBeginSerializer(serializers.Serializer[Any]):
    mime_type = serializers.CharField(max_length=100)
    started_ms = serializers.IntegerField(min_value=0, max_value=2**53, help_text="Candidate's clock, epoch.")
    sent_ms = serializers.IntegerField(
        min_value=0,
        max_value=2**53,
        required=False,
        help_text="Candidate's clock when this request is sent: how long ago the recorder started.",
    )


class TakeSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    next_sequence = serializers.IntegerField(help_text="The chunk that comes next.")


class NextSequenceSerializer(serializers.Serializer[Any]):
    next_sequence = serializers.IntegerField(help_text="The chunk that comes next.")


class TakeFinishSerializer(serializers.Serializer[Any]):
    chunks = serializers.IntegerField(min_value=0, max_value=10**6, help_text="How many the recorder made in all.")
