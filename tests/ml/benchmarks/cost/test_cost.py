import sys

import pytest

from ml.benchmarks.cost import analysis, lengths
from ml.benchmarks.cost.checkout import HERE, checkout, compile_code
from ml.benchmarks.cost.processes import BenchmarkFailed, Cost, measure
from ml.media.probe import probe
from tests.factories.media import make_recording

STAGES = {"duration_s": 20.0, "frames": 200, "timing": {"wall_s": 5.0, "realtime_factor": 4.0, "speech_emotion_s": 0.4}}


def test_a_program_s_processor_time_and_memory_are_measured():
    cost = measure([sys.executable, "-c", "bytearray(60_000_000); print(sum(range(1_000_000)))"])
    assert 0 < cost.user_s < 10
    assert cost.wall_s > 0
    assert cost.peak_memory_mb > 57


def test_a_program_that_fails_is_named_with_its_last_line():
    with pytest.raises(BenchmarkFailed, match=r"status 3: nothing works"):
        measure([sys.executable, "-c", "import sys; print('nothing works', file=sys.stderr); sys.exit(3)"])


def test_a_folder_is_compared_in_place():
    with checkout(str(HERE)) as folder:
        assert folder == HERE


def test_what_is_neither_commit_nor_folder_is_refused(tmp_path):
    with pytest.raises(BenchmarkFailed, match="neither a commit"), checkout(str(tmp_path / "nowhere")):
        pass


def test_versions_take_turns_and_ratios_are_formed_within_a_turn(monkeypatch, tmp_path):
    (tmp_path / "manage.py").touch()
    load = {"now": 1.0}
    order = []

    def fake(command, *, folder):
        is_bare = "ml.benchmarks.cost.bare_decoding" in command
        order.append("bare" if is_bare else "here" if folder == HERE else "there")
        load["now"] += 0.0 if order[-1] != "bare" else 1.0  # the machine gets slower with every turn
        return Cost(1.0, {"bare": 1.0, "here": 3.0, "there": 6.0}[order[-1]] * load["now"], 0.0, 100.0)

    monkeypatch.setattr(analysis, "measure", fake)
    monkeypatch.setattr(analysis, "compile_code", lambda folder: None)
    result = analysis.benchmark(tmp_path / "a.mp4", fps=10, stages=lambda: STAGES, compare=str(tmp_path), pairs=3)

    assert order == ["bare", "here", "there", "bare", "there", "here", "bare", "here", "there"]
    assert result["compared"]["ratio"]["pairs"] == [0.5, 0.5, 0.5]
    assert result["ratio_to_bare_decoding"]["processor"] == 3.0
    assert result["stages_ms_per_frame"] == {"speech_emotion": 2.0}
    assert result["sound_realtime_factor"] == 50.0
    assert "takes 0.50 of it" in analysis.text(result)


def test_a_folder_is_compiled_as_in_an_installation(tmp_path):
    (tmp_path / "ml").mkdir()
    (tmp_path / "ml" / "a.py").write_text("A = 1")
    compile_code(tmp_path)
    assert list((tmp_path / "ml" / "__pycache__").glob("a.*.pyc"))


def test_a_recording_is_repeated_on_one_clock(tmp_path):
    video = make_recording(tmp_path / "a.mp4", duration_s=1.0)
    assert lengths.repeat(video, tmp_path / "long.mkv", times=3) == pytest.approx(3 * probe(video).duration_s)
    info = probe(tmp_path / "long.mkv")
    assert info.duration_s == pytest.approx(3 * probe(video).duration_s, abs=0.1)
    assert len(info.clock) == 1


def test_the_page_has_a_row_for_each_length_and_a_plot(tmp_path):
    run = {"fps": 10.0, "wall_s": 30.0, "processor_s": 45.0, "bare_processor_s": 9.0, "peak_memory_mb": 250.0}
    machine = {"at": "2026-01-01", "processors": 2, "processor": "P", "python": "3.11", "load_before": 0.1}
    runs = [{"duration_s": 60.0 * n, "realtime_factor": 2.0, **run} for n in (1, 5)]
    lengths.write_page({"machine": machine, "recording": "a.mp4", "runs": runs}, tmp_path)
    page = (tmp_path / lengths.PAGE).read_text()
    assert "| 5.0 min | 10 | 30 s | 2.0 | 45 s | 150 ms | 9 s | 250 MB |" in page
    assert (tmp_path / lengths.PLOT).read_bytes().startswith(b"\x89PNG")
