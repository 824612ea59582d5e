"""Routes below /api/v1/."""

from django.urls import path

from analysis.api import baselines, interviews, model_jobs, model_versions, questions, rooms, runs, transcripts

urlpatterns = [
    path("interviews/", interviews.InterviewsView.as_view(), name="api_interviews"),
    path("interviews/<uuid:interview_id>/", interviews.InterviewView.as_view(), name="api_interview"),
    path("interviews/<uuid:interview_id>/questions/", questions.QuestionsView.as_view(), name="api_questions"),
    path(
        "interviews/<uuid:interview_id>/questions/<uuid:question_id>/",
        questions.QuestionView.as_view(),
        name="api_question",
    ),
    path("interviews/<uuid:interview_id>/runs/", runs.InterviewRunsView.as_view(), name="api_interview_runs"),
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
    path("rooms/<uuid:room_id>/", rooms.RoomView.as_view(), name="api_room"),
    path("rooms/<uuid:room_id>/open/", rooms.RoomOpenView.as_view(), name="api_room_open"),
    path("rooms/<uuid:room_id>/end/", rooms.RoomEndView.as_view(), name="api_room_end"),
    path("rooms/<uuid:room_id>/store/", rooms.RoomStoreView.as_view(), name="api_room_store"),
    path("runs/<uuid:run_id>/", runs.RunView.as_view(), name="api_run"),
    path("runs/<uuid:run_id>/cancel/", runs.RunCancelView.as_view(), name="api_run_cancel"),
    path("runs/<uuid:run_id>/retry/", runs.RunRetryView.as_view(), name="api_run_retry"),
    path("runs/<uuid:run_id>/baseline/", baselines.RunBaselineView.as_view(), name="api_run_baseline"),
    path("runs/<uuid:run_id>/report/", runs.ReportView.as_view(), name="api_run_report"),
    path("runs/<uuid:run_id>/timelines/", runs.TimelinesView.as_view(), name="api_run_timelines"),
    path("runs/<uuid:before_id>/compare/<uuid:after_id>/", runs.RunComparisonView.as_view(), name="api_run_comparison"),
    path("models/", model_versions.ModelVersionsView.as_view(), name="api_models"),
    path("models/changes/", model_versions.ModelChangesView.as_view(), name="api_model_changes"),
    path("models/import/", model_jobs.ModelImportView.as_view(), name="api_model_import"),
    path("models/uploads/", model_jobs.ModelUploadsView.as_view(), name="api_model_uploads"),
    path("models/jobs/", model_jobs.ModelJobsView.as_view(), name="api_model_jobs"),
    path("models/jobs/<uuid:job_id>/", model_jobs.ModelJobView.as_view(), name="api_model_job"),
    path("models/jobs/<uuid:job_id>/cancel/", model_jobs.ModelJobCancelView.as_view(), name="api_model_job_cancel"),
    path("models/jobs/<uuid:job_id>/resume/", model_jobs.ModelJobResumeView.as_view(), name="api_model_job_resume"),
    path("models/rollback/", model_versions.ModelRollbackView.as_view(), name="api_model_rollback"),
    path("models/canaries/<uuid:canary_id>/", model_versions.CanaryView.as_view(), name="api_canary"),
    path("models/canaries/<uuid:canary_id>/end/", model_versions.CanaryEndView.as_view(), name="api_canary_end"),
    path("models/<uuid:version_id>/", model_versions.ModelVersionView.as_view(), name="api_model"),
    path("models/<uuid:version_id>/activate/", model_versions.ModelActivateView.as_view(), name="api_model_activate"),
    path("models/<uuid:version_id>/retire/", model_versions.ModelRetireView.as_view(), name="api_model_retire"),
    path("models/<uuid:version_id>/verify/", model_versions.ModelVerifyView.as_view(), name="api_model_verify"),
    path("models/<uuid:version_id>/canaries/", model_versions.ModelCanariesView.as_view(), name="api_model_canaries"),
]
