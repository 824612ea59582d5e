"""Corruptions of pictures and sound that trainers, benchmarks and the robustness of a report share."""
