"""The page on which an organization's administrator writes the notice to candidates."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from interviews.models import User
from interviews.notice import PARTS
from interviews.selectors.notice import notice_version, organization_notice
from interviews.selectors.people import managed_organization
from interviews.services.notice import notice_write


class NoticeForm(forms.Form):
    """One text for each part; empty means the default."""

    def __init__(self, *args: object, shown: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        for part, heading in PARTS.items():
            widget = forms.Textarea(attrs={"rows": 4, "placeholder": shown[heading]})
            self.fields[part] = forms.CharField(label=heading, required=False, widget=widget)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest) -> HttpResponse:
    """The texts with what candidates see."""
    user = cast(User, request.user)
    organization = managed_organization(user=user)
    version = notice_version(organization=organization)
    notice = organization_notice(organization=organization, owner=user)
    form = NoticeForm(request.POST or None, shown=dict(notice.parts), initial=version.texts if version else {})
    if request.method == "POST" and form.is_valid():
        try:
            written = notice_write(organization=organization, by=user, texts=form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Candidates see this from now on." if written else "Nothing was changed.")
            return redirect("notice")
    context = {"organization": organization, "version": version, "notice": notice, "form": form}
    return render(request, "interviews/notice.html", context)
