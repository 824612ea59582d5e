"""What all API views share: how a refusal of a service becomes an answer."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from interviews.errors import ChunkTooLarge, RoomConflict
from interviews.models import User


class SignedInRequest(Request):
    """A request of somebody who is logged in, as every view of the API requires by default."""

    user: User


class _Refusal(APIException):
    def __init__(self, detail: dict[str, str], status_code: int) -> None:
        self.status_code = status_code
        super().__init__(detail)


def refusal_answered(error: Exception, context: dict[str, Any]) -> Response | None:
    """Services refuse with Django's ``ValidationError``: 400 with a list of sentences by field.

    What a live room refuses because of its state is a 409 with ``code`` and ``detail``; what is too large, a 413.
    A row that was deleted after the view had fetched it is as absent as one that never was: 404.
    """
    if isinstance(error, Refused):
        by_field = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        error = ValidationError(by_field)
    elif isinstance(error, ObjectDoesNotExist):
        error = Http404()
    elif isinstance(error, RoomConflict):
        error = _Refusal({"code": error.code, "detail": str(error)}, status.HTTP_409_CONFLICT)
    elif isinstance(error, ChunkTooLarge):
        error = _Refusal({"code": "too_large", "detail": str(error)}, status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    return exception_handler(error, context)
