"""Pages of this app. The report page is `interviews:interview_detail`; the JSON API is in `analysis.api.urls`."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
