"""Addresses of the sockets."""

from django.urls import path

from analysis.live.room.consumers import CandidateSocket, RecruiterSocket

urlpatterns = [
    path("ws/rooms/<uuid:room_id>/candidate/", CandidateSocket.as_asgi()),
    path("ws/rooms/<uuid:room_id>/recruiter/", RecruiterSocket.as_asgi()),
]
