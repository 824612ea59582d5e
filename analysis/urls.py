"""Pages of this app; the JSON API is in analysis.api.urls."""

from django.urls import path
from django.views.generic import RedirectView

from analysis import views

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="interview_list"), name="home"),
    path("interviews/", views.interview_list, name="interview_list"),
    path("interviews/<uuid:interview_id>/", views.interview_detail, name="interview_detail"),
    path("interviews/<uuid:interview_id>/purpose/", views.interview_purpose, name="interview_purpose"),
    path("retention/", views.retention, name="retention"),
    path("retention/<uuid:interview_id>/", views.interview_retention, name="interview_retention"),
    path("retention/<uuid:interview_id>/held/", views.interview_held, name="interview_held"),
    path("labels/", views.label_corrections_page, name="label_corrections"),
    path("labels/<str:file>", views.label_corrections_file, name="label_corrections_file"),
    path("interviews/<uuid:interview_id>/labels/", views.label_feedback, name="label_feedback"),
    path("interviews/compare/", views.interviews_compare, name="interviews_compare"),
    path("interviews/export.csv", views.interviews_export, name="interviews_export"),
    path("interviews/<uuid:interview_id>/export/", views.interview_exports, name="interview_exports"),
    path("interviews/<uuid:interview_id>/export/<str:file>", views.interview_export_file, name="interview_export_file"),
    path("interviews/<uuid:interview_id>/answers/", views.interview_answers, name="interview_answers"),
    path("interviews/<uuid:interview_id>/answers/<int:number>/", views.interview_answer, name="interview_answer"),
    path("interviews/<uuid:interview_id>/sharing/", views.interview_sharing, name="interview_sharing"),
    path(
        "interviews/<uuid:interview_id>/sharing/<uuid:share_id>/revoke/",
        views.share_link_revoke,
        name="share_link_revoke",
    ),
    path("shared/<str:token>/", views.shared_page, name="shared_page"),
    path("shared/<str:token>/recording/", views.shared_recording, name="shared_recording"),
    path("media/playback/<uuid:playback_id>/", views.playback_copy, name="playback_copy"),
    path("media/playback/<uuid:playback_id>/poster.jpg", views.playback_poster, name="playback_poster"),
    path("rooms/<uuid:room_id>/", views.room, name="room"),
    path("interviews/<uuid:interview_id>/consent/", views.interview_consent, name="interview_consent"),
    path(
        "interviews/<uuid:interview_id>/consent/<uuid:evidence_id>/",
        views.consent_evidence_file,
        name="consent_evidence_file",
    ),
    path("own/interview/<uuid:interview_id>/", views.own_page, name="own_page"),
    path("own/interview/<uuid:interview_id>/answers/", views.own_page_answers, name="own_page_answers"),
    path("own/interview/<uuid:interview_id>/withdraw/", views.own_page_withdraw, name="own_page_withdraw"),
    path("own/interview/<uuid:interview_id>/report/", views.own_page_report, name="own_page_report"),
    path("own/interview/<uuid:interview_id>/comment/", views.own_page_comment, name="own_page_comment"),
    path("own/interview/<uuid:interview_id>/copy/", views.own_page_copy, name="own_page_copy"),
    path("own/interview/<uuid:interview_id>/recording/", views.own_page_recording, name="own_page_recording"),
    path("own/interview/<uuid:interview_id>/erasure/", views.own_page_erasure, name="own_page_erasure"),
    path("runs/<uuid:before_id>/compare/<uuid:after_id>/", views.run_compare, name="run_compare"),
]
