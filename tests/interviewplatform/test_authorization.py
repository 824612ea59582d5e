"""The authorization matrix: every address, opened by every role. A new route has to say here who opens it."""

import re
from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from drf_spectacular.generators import SchemaGenerator

from analysis.live.room.access import candidate_enter, recruiter_enter
from analysis.live.room.presence import HOST as HOST_ROLE
from analysis.models import AnalysisRun, Canary, ModelJob, ModelVersion, Playback, Transcript, TranscriptSentence
from interviews.models import Assignment, MemberInvitation, Note, Question, Room, User
from interviews.services import rooms as rooms_services
from interviews.services import upload_begin
from tests.conftest import member
from tests.factories.runs import make_run

SEES = {"owner", "colleague", "administrator", "reviewer"}
CHANGES = {"owner", "administrator"}
HOST = {"owner"}
RECRUITS = {"owner", "colleague", "administrator", "outsider"}
READS_LOG = {"administrator", "privacy_officer", "auditor", "superuser"}
KEEPS = {"administrator", "privacy_officer"}
MANAGES = {"administrator"}
CANDIDATE = {"candidate"}
ROOT = {"superuser"}
PERSONS = SEES | RECRUITS | READS_LOG | {"unassigned", "homeless", "staff"}
EVERYBODY = PERSONS | CANDIDATE | {"stranger", "other_candidate"}

UPLOAD = {"file_name": "a.mp4", "size_bytes": 5}
ROUTES: dict[str, tuple[str, set[str], Any]] = {
    # name: (method, who it is for, body). Those it is for only look: the rest would change things.
    **dict.fromkeys(
        ("login", "password_reset", "password_reset_done", "password_reset_complete"), ("get", EVERYBODY, None)
    ),
    **dict.fromkeys(("password_reset_confirm", "health", "home", "member_join"), ("get", EVERYBODY, None)),
    "logout": ("post", EVERYBODY, None),
    **dict.fromkeys(("profile", "password_change", "login_again", "second_factor"), ("get", PERSONS, None)),
    **dict.fromkeys(("second_factor_setup", "interview_list", "interview_new", "room_new"), ("get", PERSONS, None)),
    **dict.fromkeys(("second_factor_remove", "session_end"), ("post", PERSONS, None)),
    "api_schema": ("get", PERSONS, None),
    "first_run": ("get", set(), None),
    "audit_log": ("get", READS_LOG, None),
    "notice": ("get", MANAGES, None),
    **dict.fromkeys(("team", "criteria", "label_corrections"), ("get", MANAGES, None)),
    "label_corrections_file": ("get", MANAGES, None),
    **dict.fromkeys(("criterion_do", "rate_first"), ("post", MANAGES, None)),
    **dict.fromkeys(("scorecard", "interview_exports", "interview_export_file"), ("get", SEES, None)),
    **dict.fromkeys(
        ("interviews_export", "interviews_compare", "notifications", "notifications_state"), ("get", PERSONS, None)
    ),
    "notifications_do": ("post", PERSONS, None),
    "label_feedback": ("get", SEES, None),
    "interview_sharing": ("get", CHANGES, None),
    "share_link_revoke": ("post", CHANGES, None),
    **dict.fromkeys(("shared_page", "shared_recording"), ("get", set(), None)),
    "decide": ("post", CHANGES, None),
    **dict.fromkeys(("member_withdraw", "member_change", "visibility_set"), ("post", MANAGES, None)),
    **dict.fromkeys(("interview_access", "interview_edit", "interview_purpose"), ("get", CHANGES, None)),
    "policy": ("get", READS_LOG - ROOT, None),
    **dict.fromkeys(("retention", "interview_retention", "interview_held"), ("get", KEEPS, None)),
    "processing_records": ("get", KEEPS, None),
    **dict.fromkeys(("interview_detail", "run_compare", "room"), ("get", SEES, None)),
    "recording_media": ("head", SEES, None),
    **dict.fromkeys(("playback_copy", "playback_poster", "api_playback", "api_interview"), ("get", SEES, None)),
    **dict.fromkeys(("api_questions", "api_transcript", "transcript_vtt", "transcript_txt"), ("get", SEES, None)),
    **dict.fromkeys(("api_run", "api_run_report", "api_run_timelines", "api_run_comparison"), ("get", SEES, None)),
    "api_run_robustness": ("get", SEES, None),
    "api_run_robustness_cancel": ("post", SEES, {}),
    **dict.fromkeys(("interview_answers", "interview_answer"), ("get", SEES, None)),
    **dict.fromkeys(("api_run_lane_tile", "api_run_stretches", "api_run_explanation"), ("get", SEES, None)),
    **dict.fromkeys(("run_person_picture", "api_room", "api_room_notes", "api_room_frame"), ("get", SEES, None)),
    **dict.fromkeys(("api_room_prepared_questions", "api_room_questions"), ("get", SEES, None)),
    **dict.fromkeys(("interview_notes", "api_notes"), ("get", SEES, None)),
    "api_note": ("delete", {"owner"}, None),
    "api_room_note": ("delete", {"owner"}, None),
    **dict.fromkeys(("api_interview_runs", "api_run_cancel", "api_run_retry"), ("post", CHANGES, {})),
    **dict.fromkeys(("api_transcript_cancel", "api_transcript_questions"), ("post", CHANGES, {})),
    **dict.fromkeys(("api_question", "api_transcript_sentence"), ("patch", CHANGES, {})),
    **dict.fromkeys(("api_room_invitation", "api_room_device", "api_room_open"), ("post", HOST, {})),
    **dict.fromkeys(("api_room_end", "api_room_store"), ("post", HOST, {})),
    "api_room_question": ("delete", HOST, None),
    "api_interviews": ("get", PERSONS, None),
    "api_uploads": ("post", RECRUITS, UPLOAD),
    "api_rooms": ("post", RECRUITS, {"candidate_name": "Eve", "candidate_email": "eve@mail.example"}),
    "api_upload": ("get", {"owner"}, None),
    **dict.fromkeys(("api_join", "candidate_room"), ("get", CANDIDATE, None)),
    **dict.fromkeys(("api_join_agreements", "api_join_calibration", "api_join_chunk"), ("put", CANDIDATE, {})),
    **dict.fromkeys(("api_join_takes", "api_join_take_finish", "api_join_leave"), ("post", CANDIDATE, {})),
    "api_join_take": ("get", CANDIDATE, None),
    "join": ("get", EVERYBODY - SEES, None),
    "interview_consent": ("get", CHANGES, None),
    "consent_evidence_file": ("get", SEES, None),
    "own_page_door": ("get", EVERYBODY, None),
    "own_page": ("get", CANDIDATE, None),
    **dict.fromkeys(("own_page_withdraw", "own_page_erasure", "own_page_answers"), ("post", CANDIDATE, None)),
    "own_page_report": ("get", CANDIDATE, None),
    "own_page_comment": ("post", CANDIDATE, None),
    "own_page_copy": ("post", CANDIDATE, None),
    "own_page_recording": ("head", CANDIDATE, None),
    "own_page_confirm": ("post", CANDIDATE, None),
    **dict.fromkeys(("api_models", "api_model_changes", "api_model_jobs", "api_model_job"), ("get", ROOT, None)),
    **dict.fromkeys(("api_canary", "api_model", "api_model_canaries"), ("get", ROOT, None)),
    **dict.fromkeys(("api_model_import", "api_model_uploads", "api_model_rollback"), ("post", ROOT, {})),
    **dict.fromkeys(("api_model_job_cancel", "api_model_job_resume", "api_canary_end"), ("post", ROOT, {})),
    **dict.fromkeys(("api_model_activate", "api_model_retire", "api_model_verify"), ("post", ROOT, {})),
    "admin_break_glass": ("get", ROOT, None),
}
NOT_READY = {
    *("playback_copy", "playback_poster", "run_person_picture", "api_join_take", "transcript_vtt", "transcript_txt"),
    *("run_compare", "api_run_comparison", "consent_evidence_file", "label_corrections_file"),
    *("run_compare", "api_run_comparison", "interview_answers", "interview_answer"),
}
"""Here the rows of this test have no file and no report: 404 or 409 also for those it is for."""
METHODS: dict[tuple[str, str], set[str]] = {
    # (name, method): who it is for, where that is another method than the one above.
    **dict.fromkeys((("api_upload", "put"), ("api_upload", "delete"), ("api_note", "put")), HOST),
    **dict.fromkeys((("api_notes", "post"), ("api_room_notes", "post"), ("api_run_robustness", "post")), SEES),
    **dict.fromkeys((("api_interview", "patch"), ("api_interview", "delete"), ("api_question", "delete")), CHANGES),
    **dict.fromkeys((("api_questions", "post"), ("api_transcript", "post"), ("api_playback", "post")), CHANGES),
    **dict.fromkeys((("api_room_invitation", "delete"), ("api_room_device", "delete"), ("api_room", "patch")), HOST),
    **dict.fromkeys((("api_room_prepared_questions", "put"), ("api_room_questions", "post")), HOST),
    **dict.fromkeys((("api_model_jobs", "post"), ("api_model", "delete"), ("api_model_canaries", "post")), ROOT),
    ("api_interviews", "post"): RECRUITS,
    **dict.fromkeys((("policy", "post"), ("notice", "post"), ("criteria", "post"), ("team", "post")), MANAGES),
    **dict.fromkeys((("scorecard", "post"), ("label_feedback", "post")), SEES),
    **dict.fromkeys((("interview_edit", "post"), ("interview_purpose", "post"), ("interview_access", "post")), CHANGES),
    **dict.fromkeys((("interview_consent", "post"), ("interview_sharing", "post")), CHANGES),
    **dict.fromkeys((("retention", "post"), ("interview_retention", "post")), KEEPS),
    ("admin_break_glass", "post"): ROOT,
}
NO_ORGANIZATION = {"api_uploads", "api_rooms"}
"""Refused with a sentence (400) where somebody adds interviews in no organization."""


def routes(patterns: Any, inside: str = "") -> dict[str, str]:
    """Name and pattern of every route outside the admin."""
    found: dict[str, str] = {}
    for pattern in patterns:
        path = inside + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            found[str(pattern.name)] = path
        elif path != "admin/":
            found |= routes(pattern.url_patterns, path)
    return found


@pytest.fixture
def cast(northwind, southwind, alice, carol, bob) -> dict[str, Any]:
    """The people, by role."""
    made = {role: member(northwind, f"{role}@northwind.example", role, role) for role in ("auditor", "privacy_officer")}
    return {
        "owner": alice,
        "administrator": carol,
        "outsider": bob,
        "colleague": member(northwind, "sam@northwind.example", "Sam", "recruiter"),
        "reviewer": member(northwind, "rae@northwind.example", "Rae", "reviewer"),
        "unassigned": member(northwind, "una@northwind.example", "Una", "reviewer"),
        "homeless": User.objects.create_user("nobody@mail.example", full_name="Nobody"),
        "staff": User.objects.create_user("staff@mail.example", full_name="Staff", is_staff=True),
        "superuser": User.objects.create_superuser("root@mail.example", full_name="Root"),
        **made,
    }


@pytest.fixture
def things(cast, make_interview, northwind) -> dict[str, Any]:
    """One of everything of Northwind's, by the name of its part of an address."""
    owner = cast["owner"]
    interview = make_interview(owner)
    recording = interview.recordings.get()
    run = make_run(interview, "failed")
    room = Room.objects.create(interview=interview, host=owner)
    transcript = Transcript.objects.create(recording=recording)
    sentence = TranscriptSentence.objects.create(transcript=transcript, position=0, start_s=0, end_s=1, text="Hello.")
    version = ModelVersion.objects.create(modality="eye_gaze", name="net", version="v1", sha256="0" * 64)
    for role in ("reviewer",):
        Assignment.objects.create(interview=interview, user=cast[role], assigned_by=owner)
    invitation = MemberInvitation.objects.create(
        organization=northwind,
        email="x@mail.example",
        role="reviewer",
        token_sha256="1" * 64,
        created_by=owner,
        expires_at=room.created_at,
    )
    return {
        "interview_id": interview.pk,
        "recording_id": recording.pk,
        "run_id": run.pk,
        "before_id": run.pk,
        "after_id": make_run(interview, "failed").pk,
        "room_id": room.pk,
        "question_id": Question.objects.create(interview=interview, at_s=1, created_by=owner).pk,
        "note_id": Note.objects.create(interview=interview, author=owner, text="A note").pk,
        "sentence_id": sentence.pk,
        "playback_id": Playback.objects.create(recording=recording).pk,
        "upload_id": upload_begin(by=owner, file_name="a.mp4", size_bytes=5).pk,
        "version_id": version.pk,
        "job_id": ModelJob.objects.create(kind="evaluate", modality="eye_gaze", status="failed").pk,
        "canary_id": Canary.objects.create(modality="eye_gaze", model_version=version).pk,
        "membership_id": northwind.memberships.get(user=cast["colleague"]).pk,
        "invitation_id": invitation.pk,
        "criterion_id": northwind.criteria.create(name="Clarity").pk,
        "file": "interview.json",
        "share_id": interview.pk,
        "session_id": interview.pk,
        "evidence_id": interview.consent_evidence.get().pk,
        **{"level": 0, "number": 1, "modality": "eye_gaze", "label": "center", "metric": "attentiveness"},
        "sequence": 0,
        "uidb64": "x",
        "token": rooms_services.invitation_create(room=room, by=owner).token,
    }


@pytest.fixture
def browsers(cast, things, client_of, make_interview) -> dict[str, Client]:
    """A browser for each role, the candidates' among them."""
    found = {role: client_of(user) for role, user in cast.items()}
    found |= {role: Client() for role in ("stranger", "candidate", "other_candidate")}
    other = Room.objects.create(interview=make_interview(cast["outsider"]), host=cast["outsider"])
    found["candidate"].post(f"/join/{things['token']}/")
    found["other_candidate"].post(f"/join/{rooms_services.invitation_create(room=other, by=cast['outsider']).token}/")
    return found


def is_refused(answer: Any) -> bool:
    """Not found, not allowed, or sent to a login."""
    leads_to_login = answer.status_code == 302 and "login/" in answer["Location"]
    return answer.status_code in (401, 403, 404, 410) or leads_to_login


def address(name: str, pattern: str, things: dict[str, Any]) -> str:
    parts = re.findall(r"<(?:\w+:)?(\w+)>", pattern)
    return reverse(name, kwargs={part: things[part] for part in parts})


def ask(browser: Client, method: str, path: str, body: Any) -> Any:
    return getattr(browser, method)(path, *((body, "application/json") if body is not None else ()))


def test_every_route_is_opened_by_those_it_is_for_and_by_nobody_else(browsers, things, monkeypatch):
    monkeypatch.setattr(SchemaGenerator, "get_schema", lambda *_, **__: {})  # a second of work for every role
    cache.clear()
    patterns = routes(get_resolver().url_patterns)
    assert patterns.keys() == ROUTES.keys(), "a route is not in the table, or one in the table is gone"
    wrong = []
    for name, (method, roles, body) in ROUTES.items():
        given = {
            part: value
            for part, value in things.items()
            if f":{part}>" in patterns[name] or f"<{part}>" in patterns[name]
        }
        path = reverse(name, kwargs=given)
        for role, browser in browsers.items():
            is_for = role in roles
            if is_for and method not in ("get", "head"):
                continue
            answer = ask(browser, method, path, body)
            refused = is_refused(answer) or (name in NO_ORGANIZATION and answer.status_code == 400)
            allowed = answer.status_code < 500 and (name in NOT_READY or not refused)
            if name in ("home", "member_join", "password_reset_confirm", "first_run", "login"):
                allowed, refused = answer.status_code < 500, not is_for
            if not (allowed if is_for else refused):
                wrong.append(f"{role} {method.upper()} {path}: {answer.status_code}")
            if answer.streaming:
                answer.close()
    cache.clear()
    assert not wrong, "\n".join(wrong)


def views_of(patterns: Any) -> dict[str, Any]:
    """Name and view of every route outside the admin."""
    found: dict[str, Any] = {}
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            found[str(pattern.name)] = getattr(pattern.callback, "view_class", None)
        elif str(pattern.pattern) != "admin/":
            found |= views_of(pattern.url_patterns)
    return found


def methods_of_the_api() -> set[tuple[str, str]]:
    """(name, method) of everything in the API that changes something."""
    views = views_of(get_resolver().url_patterns)
    unsafe = ("post", "put", "patch", "delete")
    return {(name, one) for name, view in views.items() for one in unsafe if name[:4] == "api_" and hasattr(view, one)}


def test_every_method_is_for_those_alone_who_may_change_something(browsers, things):
    cache.clear()
    rows = {(name, method) for name, (method, _, _) in ROUTES.items()} | METHODS.keys()
    assert methods_of_the_api() - rows == set(), "a method is not in the table"
    patterns = routes(get_resolver().url_patterns)
    wrong = []
    for (name, method), roles in METHODS.items():
        for role in browsers.keys() - roles:
            body = {"text": "Changed"} if name == "api_note" else {}
            answer = ask(browsers[role], method, address(name, patterns[name], things), body)
            is_nowhere = name == "api_interviews" and answer.status_code == 400  # in no organization
            if not (is_refused(answer) or is_nowhere):
                wrong.append(f"{role} {method.upper()} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_who_may_not_open_a_route_can_do_nothing_there_by_another_method(browsers, things):
    cache.clear()
    patterns = routes(get_resolver().url_patterns)
    wrong = []
    for name, (method, roles, _) in ROUTES.items():
        for other in {"post", "put", "patch", "delete"} - {method}:
            for role in {"stranger", "outsider", "unassigned"} - roles - METHODS.get((name, other), set()):
                answer = ask(browsers[role], other, address(name, patterns[name], things), {})
                if not (is_refused(answer) or answer.status_code == 405):
                    wrong.append(f"{role} {other.upper()} {name}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_the_sockets_are_for_those_who_may_see_the_room(browsers, things):
    for role, browser in browsers.items():
        session_key = browser.session.session_key
        watches = recruiter_enter(session_key=session_key, room_id=things["room_id"])
        assert (watches is not None) is (role in SEES), role
        assert (watches is not None and watches.role == HOST_ROLE) is (role in HOST), role
        takes_part = candidate_enter(session_key=session_key, room_id=things["room_id"])
        assert (takes_part is not None) is (role in CANDIDATE), role


def admin_pages(things: dict[str, Any]) -> list[str]:
    """Every page of the admin: lists, forms, one row of each kind, and the pages of model versions."""
    found = []
    for model, page in admin.site._registry.items():
        row = model._default_manager.first()
        for pattern in page.get_urls():
            if not pattern.name or pattern.name.endswith("password_change"):
                continue
            names = {"object_id": row.pk if row else "x", "modality": "eye_gaze", "name": "MODEL_CARD.md", **things}
            wanted = pattern.pattern.converters.keys()
            found.append(reverse(f"admin:{pattern.name}", kwargs={name: names[name] for name in wanted}))
    return found


def test_every_page_of_the_admin_is_for_administrators_of_the_installation(browsers, things):
    wrong = []
    root = browsers["superuser"]
    root.post("/admin/people/", {"reason": "Every page is opened once.", "password": "x"})
    session = root.session
    session["break_glass_until"] = 2**40
    session.save()
    for path in admin_pages(things):
        for role in {"stranger", "administrator", "privacy_officer", "staff"}:
            for method in ("get", "post") if role == "staff" else ("get",):
                refused = getattr(browsers[role], method)(path)
                is_gone = refused.status_code == 302 and refused["Location"] == "/admin/"  # there is no such row
                if not (is_gone or is_refused(refused)):
                    wrong.append(f"{role} {method} {path}: {refused.status_code}")
        answer = root.get(path)
        if answer.status_code >= 500:
            wrong.append(f"superuser {path}: {answer.status_code}")
        if answer.streaming:
            answer.close()
    assert not wrong, "\n".join(wrong)
    assert AnalysisRun.objects.count() == 2, "looking changed nothing"
