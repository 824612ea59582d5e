"""What all API views share: how a refusal of a service becomes an answer."""

from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.core.exceptions import ValidationError as Refused
from django.http import Http404
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import exception_handler

from interviews.models import User


class SignedInRequest(Request):
    """A request of somebody who is logged in, as every view of the API requires by default."""

    user: User


def refusal_answered(error: Exception, context: dict[str, Any]) -> Response | None:
    """Services refuse with Django's ``ValidationError``: 400 with a list of sentences by field.

    A row that was deleted after the view had fetched it is as absent as one that never was: 404.
    """
    if isinstance(error, Refused):
        by_field = error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}
        error = ValidationError(by_field)
    elif isinstance(error, ObjectDoesNotExist):
        error = Http404()
    return exception_handler(error, context)
