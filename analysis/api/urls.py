"""Routes below /api/v1/."""

from django.urls import path

from analysis.api import baselines, job_views, model_views, transcripts, views

urlpatterns = [
    path("interviews/<uuid:interview_id>/questions/", views.QuestionsView.as_view(), name="api_questions"),
    path(
        "interviews/<uuid:interview_id>/questions/<uuid:question_id>/",
        views.QuestionView.as_view(),
        name="api_question",
    ),
    path("interviews/<uuid:interview_id>/runs/", views.InterviewRunsView.as_view(), name="api_interview_runs"),
    path("interviews/<uuid:interview_id>/transcript/", transcripts.TranscriptView.as_view(), name="api_transcript"),
    path(
        "interviews/<uuid:interview_id>/transcript/cancel/",
        transcripts.TranscriptCancelView.as_view(),
        name="api_transcript_cancel",
    ),
    path(
        "interviews/<uuid:interview_id>/transcript/questions/",
        transcripts.TranscriptQuestionsView.as_view(),
        name="api_transcript_questions",
    ),
    path(
        "interviews/<uuid:interview_id>/transcript/sentences/<uuid:sentence_id>/",
        transcripts.TranscriptSentenceView.as_view(),
        name="api_transcript_sentence",
    ),
    path(
        "interviews/<uuid:interview_id>/transcript/transcript.vtt",
        transcripts.TranscriptWebVttView.as_view(),
        name="transcript_vtt",
    ),
    path(
        "interviews/<uuid:interview_id>/transcript/transcript.txt",
        transcripts.TranscriptTextView.as_view(),
        name="transcript_txt",
    ),
    path("runs/<uuid:run_id>/", views.RunView.as_view(), name="api_run"),
    path("runs/<uuid:run_id>/cancel/", views.RunCancelView.as_view(), name="api_run_cancel"),
    path("runs/<uuid:run_id>/retry/", views.RunRetryView.as_view(), name="api_run_retry"),
    path("runs/<uuid:run_id>/baseline/", baselines.RunBaselineView.as_view(), name="api_run_baseline"),
    path("runs/<uuid:run_id>/report/", views.ReportView.as_view(), name="api_run_report"),
    path("runs/<uuid:run_id>/timelines/", views.TimelinesView.as_view(), name="api_run_timelines"),
    path(
        "runs/<uuid:before_id>/compare/<uuid:after_id>/", views.RunComparisonView.as_view(), name="api_run_comparison"
    ),
    path("models/", model_views.ModelVersionsView.as_view(), name="api_models"),
    path("models/changes/", model_views.ModelChangesView.as_view(), name="api_model_changes"),
    path("models/import/", job_views.ModelImportView.as_view(), name="api_model_import"),
    path("models/uploads/", job_views.ModelUploadsView.as_view(), name="api_model_uploads"),
    path("models/jobs/", job_views.ModelJobsView.as_view(), name="api_model_jobs"),
    path("models/jobs/<uuid:job_id>/", job_views.ModelJobView.as_view(), name="api_model_job"),
    path("models/jobs/<uuid:job_id>/cancel/", job_views.ModelJobCancelView.as_view(), name="api_model_job_cancel"),
    path("models/jobs/<uuid:job_id>/resume/", job_views.ModelJobResumeView.as_view(), name="api_model_job_resume"),
    path("models/rollback/", model_views.ModelRollbackView.as_view(), name="api_model_rollback"),
    path("models/canaries/<uuid:canary_id>/", model_views.CanaryView.as_view(), name="api_canary"),
    path("models/canaries/<uuid:canary_id>/end/", model_views.CanaryEndView.as_view(), name="api_canary_end"),
    path("models/<uuid:version_id>/", model_views.ModelVersionView.as_view(), name="api_model"),
    path("models/<uuid:version_id>/activate/", model_views.ModelActivateView.as_view(), name="api_model_activate"),
    path("models/<uuid:version_id>/retire/", model_views.ModelRetireView.as_view(), name="api_model_retire"),
    path("models/<uuid:version_id>/verify/", model_views.ModelVerifyView.as_view(), name="api_model_verify"),
    path("models/<uuid:version_id>/canaries/", model_views.ModelCanariesView.as_view(), name="api_model_canaries"),
]
