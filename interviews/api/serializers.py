"""The shapes of uploads. What comes in is checked here for its kind, services check its meaning."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from interviews.api.parsing import LARGEST_INTEGER
from interviews.models import Upload


class UploadBeginSerializer(serializers.Serializer[Any]):
    file_name = serializers.CharField(max_length=4096, trim_whitespace=False)
    size_bytes = serializers.IntegerField(min_value=0, max_value=LARGEST_INTEGER)


class UploadSerializer(serializers.ModelSerializer[Upload]):
    chunk_bytes = serializers.SerializerMethodField(help_text="Largest piece that a PUT may carry.")

    class Meta:
        model = Upload
        fields = ("id", "file_name", "size_bytes", "received_bytes", "chunk_bytes", "created_at")

    def get_chunk_bytes(self, upload: Upload) -> int:
        return int(settings.UPLOAD_CHUNK_BYTES)


class ReceivedSerializer(serializers.Serializer[Any]):
    received_bytes = serializers.IntegerField(help_text="The offset at which the next piece starts.")
