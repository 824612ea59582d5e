"""What travels over the two sockets of a live room. ``static/js/room/protocol.js`` carries the same contract as data,
and a test compares the two; :mod:`analysis.live.wire` reads and writes it. Standard library only.

Sockets: ``/ws/rooms/<room_id>/candidate/`` and ``/ws/rooms/<room_id>/recruiter/`` (host and observers).

Refusal. Origin, session and permission are checked before a socket is accepted. A refused one never opens (browsers
see code 1006): the page then asks its REST address, whose 401, 403 or 404 says why. An accepted socket is checked
again every 15 s, and closed with one of :data:`CLOSE_CODES`; whatever does not say ``reconnect: false`` is worth
another try.

First the browser says ``hello`` (within 10 s), then the server ``welcome``; before that nothing else is accepted.

Binary messages, candidate to server only: a header of 16 bytes, little endian, then the payload.

    u8 kind (1 frame, 2 audio) | u8 version (1) | u16 0, or sample rate / 100 | u32 sequence | f64 capture time

- A frame is a JPEG, ``frame_width`` pixels wide, at most ``frame_bytes``. At most ``max_in_flight`` are
  unacknowledged; each gets a ``frame_ack`` once it was analysed, or dropped for a newer one. How many to send a
  second is told in ``analysis.fps`` (0: none); the browser adapts below that, down to ``min_fps``, by how long
  acknowledgements take.
- Audio is PCM16 mono, ``audio_ms`` long, captured from ``capture time`` on, while ``analysis.audio`` is true.
  Sequences are consecutive: a chunk that could not be sent leaves a hole, and ``audio_ack.lost`` counts the holes so
  far.
- Sequences of a kind rise within one connection and start anywhere. Capture times are the browser's epoch
  milliseconds; they need not agree with the server's clock, only run on one (``performance.timeOrigin + now()``).

Text messages: a JSON object with ``type`` and the fields of :data:`MESSAGES`. The server refuses unknown fields;
browsers ignore them. A field's type is ``string`` (at most 2000 characters), ``integer``, ``number`` (finite),
``boolean``, ``object`` (opaque), a shape of :data:`SHAPES`, ``[T]`` a list, ``{T}`` an object with values of T, or
``a|b`` one of these words; with ``?`` it may be null or absent.

Clocks. Browsers ping every ``ping_ms`` with ``rtt_ms``, the round trip of the one before; the server estimates each
browser's clock from that. All ``*_ms`` from the server are its own epoch milliseconds, ages are differences on it;
``at_s`` and ``duration_s`` are on the room's clock, where the recording begins at 0.

Calls. Anybody may signal to anybody in the same room: ``signal.to`` and ``signal.from`` are participants of
``presence``, one per connection (a reload is a new participant). ``data`` is ``{"description": …}`` or
``{"candidate": …}`` and opaque to the server. The recruiter of a pair makes the first offer, and is impolite in
perfect negotiation; between host and observer the observer does. The host exchanges sound and picture with the
candidate; observers only receive, from both.

Stages. The candidate's page says where it is: in ``check`` and ``waiting`` frames bring ``hints`` and nothing is
kept; in ``calibration`` each frame with readable eyes brings a ``gaze`` (a sample for the calibration, whose target
the page knows); in ``call``, once the room is live, readings go to the recruiters and into the room's journal.
Without the candidate's agreement to analysis no frame reaches a recogniser.

Readings. ``modalities`` holds only what was read anew: eye emotion has its own, lower rate, and speech comes in
readings of its own (``sequence`` is then an audio sequence) for each window, whose ``window`` is [start, end); one
that was singing, music or a tone has no label and says so in its ``reason``.
Nothing older than ``shown_age_ms`` is to be shown. ``reading`` and ``metrics`` do not reach the host in blind mode.

``changed`` says what to fetch again over REST: ``questions``, ``prepared_questions`` or ``notes``.

The fallback picture: a recruiter who says ``picture{wanted: true}`` finds the newest frame at ``GET
rooms/<id>/frame/``; the wish ends with ``wanted: false`` or with the connection. Frames then come at ``min_fps`` even
while nothing is analysed.
"""

from typing import Any, Final

VERSION: Final = 1

FRAME: Final = 1
AUDIO: Final = 2
HEADER: Final = "<BBHId"
HEADER_BYTES: Final = 16

TEXT_BYTES: Final = 64 * 1024
FRAME_BYTES: Final = 256 * 1024
AUDIO_BYTES: Final = 32 * 1024
STRING_LENGTH: Final = 2000

FRAME_WIDTH: Final = 640
AUDIO_MS: Final = 100
LOWEST_RATE_HZ: Final = 8_000
HIGHEST_RATE_HZ: Final = 96_000
MAX_IN_FLIGHT: Final = 2
MIN_FPS: Final = 2
MAX_FPS: Final = 15
PING_MS: Final = 2_000
IDLE_MS: Final = 15_000
"""A socket on which nothing arrives for this long is closed; pings keep it open."""
SHOWN_AGE_MS: Final = 2_000

LIMITS: Final[dict[str, int]] = {
    "frame_bytes": FRAME_BYTES,
    "frame_width": FRAME_WIDTH,
    "audio_bytes": AUDIO_BYTES,
    "audio_ms": AUDIO_MS,
    "lowest_rate_hz": LOWEST_RATE_HZ,
    "highest_rate_hz": HIGHEST_RATE_HZ,
    "text_bytes": TEXT_BYTES,
    "max_in_flight": MAX_IN_FLIGHT,
    "min_fps": MIN_FPS,
    "max_fps": MAX_FPS,
    "ping_ms": PING_MS,
    "idle_ms": IDLE_MS,
    "shown_age_ms": SHOWN_AGE_MS,
}

PROTOCOL_ERROR: Final = 4400
NOT_ALLOWED: Final = 4401
NO_ROOM: Final = 4404
IDLE: Final = 4408
TAKEN_OVER: Final = 4409
ENDED: Final = 4410
TOO_LARGE: Final = 4413
TOO_FAST: Final = 4429

CLOSE_CODES: Final[dict[int, dict[str, Any]]] = {
    PROTOCOL_ERROR: {
        "name": "protocol_error",
        "reconnect": False,
        "sentence": "This page and the server do not understand each other. Reload the page.",
    },
    NOT_ALLOWED: {
        "name": "not_allowed",
        "reconnect": False,
        "sentence": "You may no longer be in this room. Log in again, or ask for a new invitation.",
    },
    NO_ROOM: {"name": "no_room", "reconnect": False, "sentence": "This room no longer exists."},
    IDLE: {"name": "idle", "reconnect": True, "sentence": "The connection was too slow or silent, and was closed."},
    TAKEN_OVER: {
        "name": "taken_over",
        "reconnect": False,
        "sentence": "The interview goes on in another tab or on another device. You can close this one.",
    },
    ENDED: {"name": "ended", "reconnect": False, "sentence": "The interview has ended."},
    TOO_LARGE: {"name": "too_large", "reconnect": False, "sentence": "A message was larger than the server accepts."},
    TOO_FAST: {"name": "too_fast", "reconnect": True, "sentence": "This page sent faster than the server accepts."},
}

ERRORS: Final = ("bad_message", "bad_frame", "bad_audio", "nobody_there", "internal")
"""Codes of ``error``: it answers one message, and the connection goes on."""

Shape = dict[str, str]

ROOM_STATUSES: Final = "waiting|live|ended|stored|unrecorded|failed"
ANALYSIS_STATES: Final = "starting|on|paused|off|overloaded|interrupted"

SHAPES: Final[dict[str, Shape]] = {
    "Participant": {"participant": "string", "name": "string"},
    "Presence": {"host": "Participant?", "observers": "[Participant]", "candidate": "Participant?"},
    "Room": {"status": ROOM_STATUSES, "opened": "boolean", "blind": "boolean", "recording_started_ms": "number?"},
    "Analysis": {"state": ANALYSIS_STATES, "sentence": "string", "fps": "integer", "audio": "boolean"},
    "Agreements": {"recording": "boolean?", "analysis": "boolean?", "transcript": "boolean?"},
    "Calibration": {"calibrated": "boolean", "error_degrees": "number?"},
    "Media": {
        "camera": "boolean",
        "microphone": "boolean",
        "recording": "boolean",
        "analysis_paused": "boolean",
        "visible": "boolean",
    },
    "Candidate": {"agreements": "Agreements", "calibration": "Calibration", "media": "Media?", "stage": "string?"},
    "IceServer": {"urls": "[string]", "username": "string?", "credential": "string?"},
    "Read": {
        "available": "boolean",
        "reason": "string",
        "label": "string?",
        "confidence": "number?",
        "probabilities": "{number}",
        "window": "[number]?",
    },
    "Metric": {"value": "number?", "reason": "string", "coverage": "number?"},
    "Distribution": {"shares": "{number}", "counts": "{integer}", "coverage": "number", "observed_s": "number"},
    "Metrics": {"at_s": "number", "values": "{Metric}", "distributions": "{Distribution}"},
    "CandidateState": {
        "room": "Room",
        "presence": "Presence",
        "analysis": "Analysis",
        "agreements": "Agreements",
        "calibration": "Calibration",
    },
    "RecruiterState": {
        "room": "Room",
        "presence": "Presence",
        "analysis": "Analysis?",
        "candidate": "Candidate?",
        "metrics": "Metrics?",
    },
}

_FROM_ANYBODY: Final[dict[str, Shape]] = {
    "ping": {"sent_ms": "number", "rtt_ms": "number?"},
    "signal": {"to": "string", "data": "object"},
}
_TO_ANYBODY: Final[dict[str, Shape]] = {
    "pong": {"sent_ms": "number", "server_ms": "number"},
    "presence": {"presence": "Presence"},
    "signal": {"from": "string", "data": "object"},
    "room": {"room": "Room"},
    "analysis": {"analysis": "Analysis"},
    "ended": {"sentence": "string"},
    "error": {"code": "|".join(ERRORS), "sentence": "string"},
}
_WELCOME: Final[Shape] = {
    "protocol": "integer",
    "participant": "string",
    "server_ms": "number",
    "ice_servers": "[IceServer]",
    "limits": "{integer}",
}

FROM_CANDIDATE: Final = "from_candidate"
TO_CANDIDATE: Final = "to_candidate"
FROM_RECRUITER: Final = "from_recruiter"
TO_RECRUITER: Final = "to_recruiter"

MESSAGES: Final[dict[str, dict[str, Shape]]] = {
    FROM_CANDIDATE: {
        "hello": {"protocol": "integer", "tab": "string", "sent_ms": "number"},
        "stage": {"stage": "check|calibration|waiting|call"},
        "media": {"media": "Media"},
        "leave": {},
        **_FROM_ANYBODY,
    },
    TO_CANDIDATE: {
        "welcome": {**_WELCOME, "state": "CandidateState"},
        "frame_ack": {"sequence": "integer", "analysed": "boolean"},
        "audio_ack": {"sequence": "integer", "lost": "integer"},
        "hints": {
            "sequence": "integer",
            "face": "none|one|several",
            "framing": "good|far|near|left|right|high|low|unknown",
            "light": "good|dark|bright|backlit|unknown",
            "sentence": "string",
        },
        "gaze": {"sequence": "integer", "iris": "[number]", "head": "[number]", "openness": "number"},
        "calibration": {"calibration": "Calibration"},
        "taken_over": {"sentence": "string"},
        **_TO_ANYBODY,
    },
    FROM_RECRUITER: {
        "hello": {"protocol": "integer", "sent_ms": "number"},
        "picture": {"wanted": "boolean"},
        **_FROM_ANYBODY,
    },
    TO_RECRUITER: {
        "welcome": {**_WELCOME, "role": "host|observer", "state": "RecruiterState"},
        "reading": {
            "sequence": "integer",
            "captured_ms": "number",
            "age_ms": "number",
            "faces": "integer?",
            "modalities": "{Read}",
            "models": "{string}",
        },
        "metrics": {"metrics": "Metrics"},
        "candidate": {"candidate": "Candidate"},
        "changed": {"what": "questions|prepared_questions|notes"},
        **_TO_ANYBODY,
    },
}


def contract() -> dict[str, Any]:
    """Everything above as plain data, as ``protocol.js`` carries it."""
    return {
        "version": VERSION,
        "kinds": {"frame": FRAME, "audio": AUDIO},
        "header_bytes": HEADER_BYTES,
        "string_length": STRING_LENGTH,
        "limits": LIMITS,
        "close_codes": {str(code): meaning for code, meaning in CLOSE_CODES.items()},
        "shapes": SHAPES,
        "messages": MESSAGES,
    }
