"""Pages of this app; the JSON API is in analysis.api.urls."""

from django.urls import path

from analysis import views

urlpatterns = [
    path("interviews/<uuid:interview_id>/", views.interview_detail, name="interview_detail"),
    path("runs/<uuid:before_id>/compare/<uuid:after_id>/", views.run_compare, name="run_compare"),
]
