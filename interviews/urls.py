"""Pages of this app; the report page is in analysis.urls, the JSON API in interviews.api.urls."""

from django.urls import path
from django.views.generic import RedirectView

from interviews import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="interview_list"), name="home"),
    path("interviews/", views.interview_list, name="interview_list"),
    path("interviews/new/", views.interview_new, name="interview_new"),
    path("interviews/live/new/", views.room_new, name="room_new"),
    path("rooms/<uuid:room_id>/", views.room, name="room"),
    path("join/<str:token>/", views.join, name="join"),
    path("join/room/<uuid:room_id>/", views.candidate_room, name="candidate_room"),
]
