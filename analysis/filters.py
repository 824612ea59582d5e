"""The filters of the list of interviews: query parameters of the API, and a form on the page."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django import forms
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils import timezone
from django_filters import CharFilter, ChoiceFilter, DateFilter, Filter, FilterSet, ModelChoiceFilter, UUIDFilter

from analysis.reporting.run_status import STATUS_WORDS
from analysis.selectors import interviews_of_status
from interviews.models import Candidate, Interview, Position, Room, User

ALL: Final = "All"
ROOM_STATUSES: Final = (Room.Status.WAITING, Room.Status.LIVE, Room.Status.UNRECORDED)
"""States of a live interview that the list shows where there is no analysis."""
SORTS: Final = {
    "newest": ("Newest first", F("created_at").desc()),
    "oldest": ("Oldest first", F("created_at").asc()),
    "candidate": ("By candidate", Lower("candidate__name")),
    "position": ("By position", Lower("position__title").asc(nulls_last=True)),
    "owner": ("By owner", Lower("owner__full_name")),
}
"""In which order the list can be read: by what people entered, never by a reading."""


def day_filter(method: str, *, label: str, help_text: str) -> DateFilter:
    """An inclusive bound of the day on which an interview was added, in the format 2026-12-31."""
    widget = forms.DateInput(attrs={"type": "date"})
    return DateFilter(method=method, label=label, help_text=help_text, input_formats=["%Y-%m-%d"], widget=widget)


def midnight(day: date) -> datetime:
    """Where the day begins: moments are compared as they are stored, which an index can do."""
    return timezone.make_aware(datetime.combine(day, time.min))


class InterviewFilter(FilterSet):  # type: ignore[misc]  # django-filter has no types
    """Narrows and sorts interviews; every parameter may be left out.

    An unknown status or id is not an error: it matches nothing.
    """

    q = CharFilter(
        label="Search",
        method="filter_words",
        max_length=200,
        help_text="Words of name, address or position.",
        widget=forms.SearchInput(attrs={"placeholder": "Name, e-mail or position"}),
    )
    status = CharFilter(
        label="Status", method="filter_status", help_text="Of the newest run, or of a live interview without one."
    )
    position = UUIDFilter(label="Position", help_text="Id of the position.")
    owner = UUIDFilter(label="Owner", help_text="Id of the owner.")
    sort = ChoiceFilter(
        label="Sort",
        method="filter_sort",
        choices=[(key, words) for key, (words, _) in SORTS.items()],
        empty_label=None,
        help_text="Without it, the newest first.",
    )

    @classmethod
    def get_filters(cls) -> dict[str, Filter]:
        # "from" is a Python keyword, so these two cannot be class attributes.
        days = {
            "from": day_filter("filter_from", label="From", help_text="Added on this day or later."),
            "to": day_filter("filter_to", label="To", help_text="Added on this day or earlier."),
        }
        return {**super().get_filters(), **days}

    def filter_words(self, interviews: QuerySet[Interview], name: str, text: str) -> QuerySet[Interview]:
        """Keep interviews in which each word is in the candidate's name or address or in the position."""
        for word in text.split():
            candidates = Candidate.objects.filter(searched__contains=Lower(Value(word)))
            positions = Position.objects.filter(title__icontains=word)
            if self.request is not None:
                candidates = candidates.visible_to(self.request.user)
                positions = positions.visible_to(self.request.user)
            interviews = interviews.filter(Q(candidate__in=candidates) | Q(position__in=positions))
        return interviews

    def filter_status(self, interviews: QuerySet[Interview], name: str, status: str) -> QuerySet[Interview]:
        if status in ROOM_STATUSES:
            return interviews.filter(room__status=status).exclude(recordings__runs__isnull=False)
        return interviews_of_status(interviews=interviews, status=status)

    def filter_from(self, interviews: QuerySet[Interview], name: str, day: date) -> QuerySet[Interview]:
        return interviews.filter(created_at__gte=midnight(day))

    def filter_to(self, interviews: QuerySet[Interview], name: str, day: date) -> QuerySet[Interview]:
        return interviews.filter(created_at__lt=midnight(day + timedelta(days=1)))

    def filter_sort(self, interviews: QuerySet[Interview], name: str, sort: str) -> QuerySet[Interview]:
        if sort == "candidate":  # always so, and said for databases: an index of candidates has the order
            interviews = interviews.filter(candidate__organization=F("organization"))
        return interviews.order_by(SORTS[sort][1], "-created_at")


def positions_offered(request: HttpRequest) -> QuerySet[Position]:
    return Position.objects.visible_to(request.user)


def owners_offered(request: HttpRequest) -> QuerySet[User]:
    """The members of the user's organizations."""
    return User.objects.filter(organizations__memberships__user=request.user.pk).distinct()


class InterviewFilterForm(InterviewFilter):
    """The same filters as a form with choices. Any other value is an error at its field."""

    status = ChoiceFilter(
        label="Status",
        method="filter_status",
        choices=(*STATUS_WORDS.items(), *((status.value, status.label) for status in ROOM_STATUSES)),
        empty_label=ALL,
    )
    position = ModelChoiceFilter(label="Position", queryset=positions_offered, empty_label=ALL)
    owner = ModelChoiceFilter(label="Owner", queryset=owners_offered, empty_label=ALL)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.form.fields.values():
            field.help_text = ""  # the labels are enough

    @property
    def order(self) -> str:
        """A key of :data:`SORTS`."""
        self.form.is_valid()  # leaves out what is none
        return self.form.cleaned_data.get("sort") or "newest"

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is set to a value that is possible; an order narrows nothing."""
        self.form.is_valid()  # leaves out what is not
        return any(value for name, value in self.form.cleaned_data.items() if name != "sort")
