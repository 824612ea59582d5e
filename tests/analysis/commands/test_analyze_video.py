"""``manage.py analyze_video``: a report without a server, or one sentence why there is none."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.factories.media import make_audio_only, make_empty_file, make_recording, make_text_file, make_truncated

ROOT = Path(__file__).resolve().parents[3]


def run(*arguments: object, timeout_s: float = 60) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "analyze_video", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
    )


def call(*arguments: object) -> tuple[int, str, str]:
    """The command in this process: exit status, standard output, standard error."""
    out, err = StringIO(), StringIO()
    try:
        call_command("analyze_video", *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as exit:
        return int(exit.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def assert_one_sentence(err: str) -> None:
    assert err.endswith(".\n")
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recording(tmp_path_factory.mktemp("recording") / "interview.mp4", duration_s=2.0)


def test_a_recording_becomes_json_on_standard_output_beside_a_progress_bar(recording, tmp_path):
    """The real thing in its own process and terminal, with a database that does not even exist."""
    terminal, terminal_of_process = pty.openpty()
    result = subprocess.run(
        [sys.executable, "manage.py", "analyze_video", recording, "--fps", "5", "--timelines", "--json", "-"],
        cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=terminal_of_process,
        text=True,
        timeout=60,
    )
    os.close(terminal_of_process)
    shown = os.read(terminal, 1_000_000).decode(errors="replace")
    os.close(terminal)
    assert result.returncode == 0, shown
    assert not (tmp_path / "db.sqlite3").exists()
    assert "Opening the recording" in shown
    assert "%" in shown
    report = json.loads(result.stdout)
    assert set(report) == {"recording", "people", "modalities", "metrics", "notes", "left_out", "timing", "statement"}
    assert report["recording"]["duration_s"] == pytest.approx(2.0, abs=0.2)
    assert len(report["recording"]["sha256"]) == 64
    for modality in report["modalities"].values():
        assert isinstance(modality["intervals"], list)
        assert modality["available"] or modality["reason"]


def test_the_summary_is_readable(recording, pipeline):
    status, out, err = call(recording, "--questions", "1.0")
    assert (status, err) == (0, "")
    assert "Recording  20.0 s, 1280 x 720, 25.00 frames/s, with sound" in out
    assert "Eye gaze: 19.8 s observed, 99% of the recording" in out
    assert "Attentiveness: 0." in out
    assert "looked" in out
    assert " ".join(out.split()).endswith("no ground for a decision by themselves.")


def test_options_reach_the_pipeline_and_questions_the_metrics(recording, pipeline):
    status, out, _ = call(recording, "--fps", "2.5", "--questions", "1.5, 0.5", "--json", "-")
    assert status == 0
    assert pipeline.calls[0][1].fps == 2.5
    report = json.loads(out)
    assert report["metrics"]["deep_thinking"]["value"] is not None
    assert "intervals" not in report["modalities"]["eye_gaze"]


def test_a_chosen_person_reaches_the_pipeline_as_a_second_and_a_box(recording, pipeline):
    status, _, err = call(recording, "--person", "3.5,0.2,0.1,0.4,0.5")
    assert (status, err) == (0, "")
    assert pipeline.calls[0][1].person == {"second": 3.5, "box": [0.2, 0.1, 0.4, 0.5]}


def test_intervals_are_added_on_demand(recording, pipeline):
    _, out, _ = call(recording, "--timelines", "--json", "-")
    assert json.loads(out)["modalities"]["eye_gaze"]["intervals"][0] == [0.0, 0.1, "center", 0.9]


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """An empty folder."""
    folder = tmp_path / "reports"
    folder.mkdir()
    return folder


def test_json_goes_to_a_file_whole(recording, pipeline, reports):
    target = reports / "report.json"
    target.write_text("an older report")
    status, out, _ = call(recording, "--json", target)
    assert status == 0
    assert json.loads(target.read_text())["recording"]["duration_s"] == 20.0
    assert f"The report is in {target}." in out
    assert os.listdir(reports) == ["report.json"]


def test_a_failed_analysis_leaves_the_older_report(recording, pipeline, reports):
    from analysis.pipeline import MediaError

    target = reports / "report.json"
    target.write_text("an older report")
    pipeline.error = MediaError("truncated")
    status, out, err = call(recording, "--json", target)
    assert (status, out, err) == (2, "", MediaError("truncated").sentence + "\n")
    assert target.read_text() == "an older report"
    assert os.listdir(reports) == ["report.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("--questions", "abc"),
        ("--questions", "1.0,,2.0"),
        ("--questions", "1.0;1.5"),
        ("--questions=-1.0",),
        ("--questions", "nan"),
        ("--questions", "inf"),
        ("--questions", "1.0,2.5"),
        ("--fps", "0"),
        ("--fps=-5",),
        ("--fps", "61"),
        ("--fps", "nan"),
        ("--fps", "fast"),
        ("--fps", ""),
        ("--person", "3.5"),
        ("--person", "3.5,0.4,0.1,0.2,0.5"),
        ("--person", "3.5,nan,0.1,0.4,0.5"),
        ("--person", "her"),
        ("--json", "/nowhere/report.json"),
        ("--json", "/"),
    ],
)
def test_a_bad_option_is_refused_before_the_analysis(recording, pipeline, arguments):
    status, out, err = call(recording, *arguments)
    assert (status, out) == (2, "")
    assert_one_sentence(err)
    assert pipeline.calls == []


def test_the_recording_is_never_overwritten(recording, pipeline):
    before = recording.read_bytes()
    status, _, err = call(recording, "--json", recording)
    assert status == 2
    assert_one_sentence(err)
    assert recording.read_bytes() == before


def test_a_report_that_may_not_be_replaced_is_named_before_the_analysis(recording, pipeline, tmp_path, monkeypatch):
    target = tmp_path / "report.json"
    target.write_text("keep")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: path != target and allowed(path, mode))
    status, _, err = call(recording, "--json", target)
    assert status == 2
    assert_one_sentence(err)
    assert pipeline.calls == []


@pytest.mark.parametrize("make", [make_text_file, make_empty_file, make_audio_only, make_truncated])
def test_a_bad_file_exits_2_with_one_sentence(make, tmp_path):
    status, out, err = call(make(tmp_path / "interview.mp4"), "--json", "-")
    assert (status, out) == (2, "")
    assert_one_sentence(err)


@pytest.mark.parametrize("name", ["missing.mp4", "", ".", "x" * 5000, "a\0b"])
def test_what_is_no_file_exits_2_with_one_sentence(name, tmp_path):
    status, out, err = call(tmp_path / name)
    assert (status, out) == (2, "")
    assert_one_sentence(err)


def test_a_bad_file_says_nothing_else_in_a_terminal_either(tmp_path):
    result = run(make_text_file(tmp_path / "letter.mp4"))
    assert (result.returncode, result.stdout) == (2, "")
    assert_one_sentence(result.stderr)


def test_ctrl_c_exits_130_quietly(reports):
    recording = make_recording(reports / "long.mp4", duration_s=15.0)
    process = subprocess.Popen(
        [sys.executable, "manage.py", "analyze_video", recording, "--fps", "30", "--json", reports / "report.json"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    limit = time.monotonic() + 30
    while not list(reports.glob(".report.json.*")):  # it has begun
        assert time.monotonic() < limit
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert os.listdir(reports) == ["long.mp4"]


def test_what_is_said_is_written_down_on_request(tmp_path):
    recording = make_recording(tmp_path / "talk.mp4", duration_s=7.0, fps=5.0)
    status, out, err = call(recording, "--fps", "2", "--transcript", "--json", "-")
    assert status == 0, err
    transcript = json.loads(out)["transcript"]
    assert (transcript["status"], transcript["reason"]) == ("succeeded", "")
    assert transcript["model"]["name"] == "whisper-tiny.en"
    assert "engineer" in " ".join(sentence["text"] for sentence in transcript["sentences"])
    assert {"start_s", "end_s", "readable", "voice", "face"} <= set(transcript["sentences"][0])


def test_without_sound_there_is_nothing_to_write_down(tmp_path):
    recording = make_recording(tmp_path / "silent.mp4", duration_s=1.0, audio=None)
    status, out, err = call(recording, "--fps", "2", "--transcript")
    assert status == 0, err
    assert "Transcript: none" in out
    assert "no audio track" in out


def test_what_policy_does_not_allow_for_the_purpose_is_left_out_and_named(recording, pipeline):
    status, out, _ = call(recording, "--purpose", "recruitment", "--jurisdiction", "eu", "--json", "-")
    report = json.loads(out)
    assert status == 0
    assert (list(report["modalities"]), list(report["metrics"])) == (["eye_gaze"], ["attentiveness"])
    assert report["left_out"][0]["rule"] == "eu-emotion-at-work"
    assert pipeline.calls[-1][1].modalities == ("eye_gaze",)
    assert "Left out: Facial expression" in call(recording, "--purpose", "recruitment", "--jurisdiction", "eu")[1]
    assert call(recording, "--purpose", "recruitment", "--jurisdiction", "us_newyorkcity")[0] == 2
