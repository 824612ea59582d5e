"""What all views of the API share: who asks, the fields that were sent, and how a refusal becomes an answer."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as WrongFields
from django.http import Http404
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from interviews.errors import Refusal
from interviews.models import User


class SignedInRequest(Request):
    """A request of somebody who is logged in, as every view of the API requires by default."""

    user: User


# How a Refusal is answered. (A docstring would become part of the schema.)
class ConflictSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField(help_text="A sentence that can be shown.")


def validated(shape: type[serializers.Serializer[Any]], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The fields of the request's body. Raises DRF's ``ValidationError`` (400) for those that are not of ``shape``."""
    serializer = shape(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def refusal_answered(error: Exception, context: dict[str, Any]) -> Response | None:
    """The exception handler of the API.

    A :class:`Refusal` becomes its own answer. Django's ``ValidationError``, with which services refuse wrong fields,
    becomes 400 with a list of sentences by field. A row that was deleted after the view had fetched it is as absent
    as one that never was: 404.
    """
    if isinstance(error, Refusal):
        set_rollback()
        return Response(error.answer, status=error.status)
    if isinstance(error, WrongFields):
        by_field = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        error = ValidationError(by_field)
    elif isinstance(error, ObjectDoesNotExist):
        error = Http404()
    return exception_handler(error, context)
