"""Pages of this app; the report page is in analysis.urls, the JSON API in interviews.api.urls."""

from django.urls import path
from django.views.generic import RedirectView

from interviews import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="interview_list"), name="home"),
    path("interviews/", views.interview_list, name="interview_list"),
    path("interviews/new/", views.interview_new, name="interview_new"),
]
