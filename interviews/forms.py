"""Forms of the pages. What a recruiter enters for a new interview goes to the API, which checks it there."""

from typing import Any

from django import forms

from interviews.models import Position, User
from interviews.templatetags.formatting import STATUS_WORDS


class InterviewFilterForm(forms.Form):
    """The filter column of the list, sent by GET; every field may be left open."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"placeholder": "Name, e-mail or position"}),
    )
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "All"), *STATUS_WORDS.items()])

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(organizations__in=user.organizations.all()).distinct()
        for name, rows in (("position", Position.objects.visible_to(user)), ("owner", colleagues)):
            self.fields[name] = forms.ModelChoiceField(required=False, queryset=rows, empty_label="All")
        # "from" is a word of Python's, so these two cannot be class attributes.
        for name, label in (("from", "From"), ("to", "To")):
            self.fields[name] = forms.DateField(
                label=label, required=False, widget=forms.DateInput(attrs={"type": "date"})
            )

    @property
    def is_narrowing(self) -> bool:
        """Whether any filter is set."""
        return any(self.cleaned_data.values())
