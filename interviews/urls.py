"""Pages of this app; those that show analyses too are in analysis.urls, the JSON API in interviews.api.urls."""

from django.urls import path

from interviews import views

urlpatterns = [
    path("first-run/<str:token>/", views.first_run, name="first_run"),
    path("interviews/<uuid:interview_id>/access/", views.interview_access, name="interview_access"),
    path("criteria/", views.criteria, name="criteria"),
    path("criteria/rate-first/", views.rate_first, name="rate_first"),
    path("criteria/<uuid:criterion_id>/", views.criterion_do, name="criterion_do"),
    path("interviews/<uuid:interview_id>/decision/", views.decide, name="decide"),
    path("interviews/<uuid:interview_id>/scorecard/", views.scorecard, name="scorecard"),
    path("interviews/<uuid:interview_id>/edit/", views.interview_edit, name="interview_edit"),
    path("interviews/<uuid:interview_id>/notes/", views.interview_notes, name="interview_notes"),
    path("login/again/", views.login_again, name="login_again"),
    path("login/code/", views.second_factor, name="second_factor"),
    path("profile/", views.profile, name="profile"),
    path("profile/password/", views.password_change, name="password_change"),
    path("profile/second-factor/", views.second_factor_setup, name="second_factor_setup"),
    path("profile/second-factor/remove/", views.second_factor_remove, name="second_factor_remove"),
    path("profile/sessions/<uuid:session_id>/end/", views.session_end, name="session_end"),
    path("notices/", views.notifications, name="notifications"),
    path("notices/do/", views.notifications_do, name="notifications_do"),
    path("notices/state/", views.notifications_state, name="notifications_state"),
    path("team/", views.team, name="team"),
    path("team/invitations/<uuid:invitation_id>/withdraw/", views.member_invitation_revoke, name="member_withdraw"),
    path("team/members/<uuid:membership_id>/", views.member_change, name="member_change"),
    path("team/visibility/", views.visibility_set, name="visibility_set"),
    path("welcome/<str:token>/", views.member_join, name="member_join"),
    path("policy/", views.policy, name="policy"),
    path("processing/", views.processing_records, name="processing_records"),
    path("log/", views.audit_log, name="audit_log"),
    path("interviews/new/", views.interview_new, name="interview_new"),
    path("interviews/live/new/", views.room_new, name="room_new"),
    path("notice/", views.notice, name="notice"),
    path("own/<str:token>/", views.own_page_door, name="own_page_door"),
    path("own/interview/<uuid:interview_id>/code/", views.own_page_confirm, name="own_page_confirm"),
    path("join/<str:token>/", views.join, name="join"),
    path("join/room/<uuid:room_id>/", views.candidate_room, name="candidate_room"),
]
