import sys

import pytest

from ml.benchmarks.cost import analysis
from ml.benchmarks.cost.checkout import HERE, checkout
from ml.benchmarks.cost.processes import BenchmarkFailed, Cost, measure

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
    result = analysis.benchmark(tmp_path / "a.mp4", fps=10, stages=lambda: STAGES, compare=str(tmp_path), pairs=3)

    assert order == ["bare", "here", "there", "bare", "there", "here", "bare", "here", "there"]
    assert result["compared"]["ratio"]["pairs"] == [0.5, 0.5, 0.5]
    assert result["ratio_to_bare_decoding"]["processor"] == 3.0
    assert result["stages_ms_per_frame"] == {"speech_emotion": 2.0}
    assert result["sound_realtime_factor"] == 50.0
    assert "takes 0.50 of it" in analysis.text(result)
