"""Routes below /api/v1/; what joins interviews and analyses is in analysis.api.urls."""

from django.urls import path

from interviews.api import joining, notes, rooms, uploads

urlpatterns = [
    path("uploads/", uploads.UploadsView.as_view(), name="api_uploads"),
    path("uploads/<uuid:upload_id>/", uploads.UploadView.as_view(), name="api_upload"),
    path("interviews/<uuid:interview_id>/notes/", notes.NotesView.as_view(), name="api_notes"),
    path("interviews/<uuid:interview_id>/notes/<uuid:note_id>/", notes.NoteView.as_view(), name="api_note"),
    path("rooms/", rooms.RoomsView.as_view(), name="api_rooms"),
    path("rooms/<uuid:room_id>/invitation/", rooms.RoomInvitationView.as_view(), name="api_room_invitation"),
    path("rooms/<uuid:room_id>/device/", rooms.RoomDeviceView.as_view(), name="api_room_device"),
    path(
        "rooms/<uuid:room_id>/prepared-questions/",
        rooms.RoomPreparedQuestionsView.as_view(),
        name="api_room_prepared_questions",
    ),
    path("rooms/<uuid:room_id>/questions/", rooms.RoomQuestionsView.as_view(), name="api_room_questions"),
    path(
        "rooms/<uuid:room_id>/questions/<uuid:question_id>/",
        rooms.RoomQuestionView.as_view(),
        name="api_room_question",
    ),
    path("rooms/<uuid:room_id>/notes/", rooms.RoomNotesView.as_view(), name="api_room_notes"),
    path("rooms/<uuid:room_id>/notes/<uuid:note_id>/", rooms.RoomNoteView.as_view(), name="api_room_note"),
    path("rooms/<uuid:room_id>/frame/", rooms.RoomFrameView.as_view(), name="api_room_frame"),
    path("join/<uuid:room_id>/", joining.JoinView.as_view(), name="api_join"),
    path("join/<uuid:room_id>/agreements/", joining.JoinAgreementsView.as_view(), name="api_join_agreements"),
    path("join/<uuid:room_id>/calibration/", joining.JoinCalibrationView.as_view(), name="api_join_calibration"),
    path("join/<uuid:room_id>/takes/", joining.JoinTakesView.as_view(), name="api_join_takes"),
    path("join/<uuid:room_id>/takes/<int:number>/", joining.JoinTakeView.as_view(), name="api_join_take"),
    path(
        "join/<uuid:room_id>/takes/<int:number>/chunks/<int:sequence>/",
        joining.JoinChunkView.as_view(),
        name="api_join_chunk",
    ),
    path(
        "join/<uuid:room_id>/takes/<int:number>/finish/",
        joining.JoinTakeFinishView.as_view(),
        name="api_join_take_finish",
    ),
    path("join/<uuid:room_id>/leave/", joining.JoinLeaveView.as_view(), name="api_join_leave"),
]
