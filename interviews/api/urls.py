"""Routes below /api/v1/."""

from django.urls import path

from interviews.api import views

urlpatterns = [
    path("uploads/", views.UploadsView.as_view(), name="api_uploads"),
    path("uploads/<uuid:upload_id>/", views.UploadView.as_view(), name="api_upload"),
    path("interviews/", views.InterviewsView.as_view(), name="api_interviews"),
    path("interviews/<uuid:interview_id>/", views.InterviewView.as_view(), name="api_interview"),
]
