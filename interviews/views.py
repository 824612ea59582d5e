"""Pages of this app."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


@login_required
def interview_list(request: HttpRequest) -> HttpResponse:
    return render(request, "interviews/interview_list.html")


@login_required
def interview_new(request: HttpRequest) -> HttpResponse:
    return render(request, "interviews/interview_new.html")
