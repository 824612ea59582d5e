"""Routes below /api/v1/."""

from django.urls import path

from analysis.api import views

urlpatterns = [
    path("interviews/<uuid:interview_id>/questions/", views.QuestionsView.as_view(), name="api_questions"),
    path(
        "interviews/<uuid:interview_id>/questions/<uuid:question_id>/",
        views.QuestionView.as_view(),
        name="api_question",
    ),
    path("interviews/<uuid:interview_id>/runs/", views.InterviewRunsView.as_view(), name="api_interview_runs"),
    path("runs/<uuid:run_id>/", views.RunView.as_view(), name="api_run"),
    path("runs/<uuid:run_id>/cancel/", views.RunCancelView.as_view(), name="api_run_cancel"),
    path("runs/<uuid:run_id>/retry/", views.RunRetryView.as_view(), name="api_run_retry"),
    path("runs/<uuid:run_id>/report/", views.ReportView.as_view(), name="api_run_report"),
    path("runs/<uuid:run_id>/timelines/", views.TimelinesView.as_view(), name="api_run_timelines"),
]
