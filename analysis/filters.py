"""The filters of the list of interviews: query parameters of the API, and a form on the page."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django_filters import CharFilter, ChoiceFilter, DateFilter, Filter, FilterSet, ModelChoiceFilter, UUIDFilter

from analysis.reporting.run_status import STATUS_WORDS
from interviews.models import Interview, Position, User

ALL: Final = "All"


def day_filter(lookup: str, *, label: str, help_text: str) -> DateFilter:
    """An inclusive bound of the day on which an interview was added, in the format 2026-12-31."""
    widget = forms.DateInput(attrs={"type": "date"})
    return DateFilter(
        field_name="created_at",
        lookup_expr=f"date__{lookup}",
        label=label,
        help_text=help_text,
        input_formats=["%Y-%m-%d"],
        widget=widget,
    )


class InterviewFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Narrows interviews that are annotated with their newest run; every parameter may be left out.

    An unknown status or id is not an error: it matches nothing.
    """

    q = CharFilter(
        label="Search",
        method="filter_words",
        max_length=200,
        help_text="Words of name, address or position.",
        widget=forms.SearchInput(attrs={"placeholder": "Name, e-mail or position"}),
    )
    status = CharFilter(label="Status", field_name="run_status", help_text="Status of the newest run.")
    position = UUIDFilter(label="Position", help_text="Id of the position.")
    owner = UUIDFilter(label="Owner", help_text="Id of the owner.")

    @classmethod
    def get_filters(cls) -> dict[str, Filter]:
        # "from" is a Python keyword, so these two cannot be class attributes.
        days = {
            "from": day_filter("gte", label="From", help_text="Added on this day or later."),
            "to": day_filter("lte", label="To", help_text="Added on this day or earlier."),
        }
        return {**super().get_filters(), **days}

    def filter_words(self, interviews: QuerySet[Interview], name: str, text: str) -> QuerySet[Interview]:
        """Keep interviews in which each word is in the candidate's name or address or in the position."""
        for word in text.split():
            interviews = interviews.filter(
                Q(candidate__name__icontains=word)
                | Q(candidate__email__icontains=word)
                | Q(position__title__icontains=word)
            )
        return interviews


def positions_offered(request: HttpRequest) -> QuerySet[Position]:
    return Position.objects.visible_to(request.user)


def owners_offered(request: HttpRequest) -> QuerySet[User]:
    """The members of the user's organizations."""
    return User.objects.filter(organizations__memberships__user=request.user.pk).distinct()


class InterviewFilterForm(InterviewFilter):
    """The same filters as a form with choices. Any other value is an error at its field."""

    status = ChoiceFilter(label="Status", field_name="run_status", choices=tuple(STATUS_WORDS.items()), empty_label=ALL)
    position = ModelChoiceFilter(label="Position", queryset=positions_offered, empty_label=ALL)
    owner = ModelChoiceFilter(label="Owner", queryset=owners_offered, empty_label=ALL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.help_text = ""  # the labels are enough

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is set to a value that is possible."""
        self.form.is_valid()  # leaves out what is not
        return any(self.form.cleaned_data.values())
