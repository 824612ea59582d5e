"""Addresses of the sockets."""

from django.urls import path

from analysis.live.room.candidate import CandidateSocket
from analysis.live.room.recruiter import RecruiterSocket

urlpatterns = [
    path("ws/rooms/<uuid:room_id>/candidate/", CandidateSocket.as_asgi()),
    path("ws/rooms/<uuid:room_id>/recruiter/", RecruiterSocket.as_asgi()),
]
