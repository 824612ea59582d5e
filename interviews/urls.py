"""Pages of this app; those that show analyses too are in analysis.urls, the JSON API in interviews.api.urls."""

from django.urls import path

from interviews import views

urlpatterns = [
    path("log/", views.audit_log, name="audit_log"),
    path("interviews/new/", views.interview_new, name="interview_new"),
    path("interviews/live/new/", views.room_new, name="room_new"),
    path("join/<str:token>/", views.join, name="join"),
    path("join/room/<uuid:room_id>/", views.candidate_room, name="candidate_room"),
]
