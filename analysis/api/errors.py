"""What the API answers when a service refuses: a status, a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework import serializers, status
from rest_framework.exceptions import APIException

from analysis.services import BaselineRefused, ModelRefused, RunConflict, TranscriptRefused
from analysis.timelines import TimelinesError


class Conflict(APIException):
    """409 with ``{"code": ..., "detail": sentence}``."""

    status_code = status.HTTP_409_CONFLICT

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__({"code": code, "detail": sentence})


class ConflictSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence that can be shown.")


@contextmanager
def conflicts_answered() -> Iterator[None]:
    """Turn conflicts that services report into 409. (Wrong fields: ``interviewplatform.api.refusal_answered``.)"""
    try:
        yield
    except RunConflict as error:
        raise Conflict("run_conflict", str(error)) from error
    except TranscriptRefused as error:
        raise Conflict("transcript_refused", str(error)) from error
    except BaselineRefused as error:
        raise Conflict("no_calm_stretch", str(error)) from error
    except ModelRefused as error:
        raise Conflict("model_refused", str(error)) from error
    except TimelinesError as error:
        raise Conflict("timelines_unreadable", str(error)) from error
