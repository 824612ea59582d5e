"""The first page of an installation: its organization and administrator."""

from django import forms
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from interviews.policy import Jurisdiction, Purpose
from interviews.services import accounts


class FirstRunForm(forms.Form):
    organization = forms.CharField(label="Organization", max_length=150)
    jurisdiction = forms.ChoiceField(
        label="Where does it work?",
        choices=Jurisdiction.choices,
        help_text="The law of that place decides what is read.",
    )
    usual_purpose = forms.ChoiceField(label="What are its interviews for?", choices=Purpose.choices)
    full_name = forms.CharField(label="Your name", max_length=150)
    email = forms.EmailField(label="Your e-mail address")
    password = forms.CharField(
        label="A new password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters, not your name, and none of the common ones.",
    )
    test_mail = forms.BooleanField(label="Send me a test mail", required=False, initial=True)


def first_run(request: HttpRequest, token: str) -> HttpResponse:
    """Not found without its token, and as soon as there is an account."""
    if not accounts.first_run_is_open(token):
        raise Http404
    form = FirstRunForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        wants_mail = fields.pop("test_mail")
        try:
            user = accounts.first_run(**fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            if wants_mail:
                if accounts.mail_test(user=user):
                    messages.success(request, f"A test mail is on its way to {user.email}.")
                else:
                    messages.warning(request, "The test mail was not sent: see EMAIL_URL, and the log.")
            return redirect("team")
    return render(request, "interviews/accounts/first_run.html", {"form": form})
