"""Figures and descriptions as text for a terminal."""

from typing import Any


def evaluation_text(result: dict[str, Any]) -> str:
    """One evaluation, as :func:`ml.training.commands.versions.evaluate_version` gives it."""
    lines = [f"{result['modality']} {result['version']}: {result['title']}"]
    lines += _figures(result)
    for label, recall in result["per_class_recall"].items():
        lines.append(f"  recall {label:<12}{'none in the set' if recall is None else _percent(recall)}")
    lines.append("  confusion (rows: truth, columns: recognised as)")
    width = max(len(label) for label in result["labels"])
    for label, row in zip(result["labels"], result["confusion"], strict=True):
        lines.append(f"  {label:>{width}} " + "".join(f"{count:>7}" for count in row))
    if result["note"]:
        lines.append(f"  note: {result['note']}")
    for further in ("deduplicated", "majority", "whole_faces", "unseen_persons"):
        if further in result:
            lines += [result[further]["title"], *_figures(result[further])]
            if result[further]["note"]:
                lines.append(f"  note: {result[further]['note']}")
    return "\n".join(lines)


def description_text(result: dict[str, Any]) -> str:
    """One manifest, as :func:`ml.training.commands.versions.describe_version` gives it."""
    default = ", the default version" if result["is_default"] else ""
    lines = [
        f"{result['name']}: {result['modality']} {result['version']}{default}",
        f"  kind        {result['kind']}",
        f"  parameters  {result['parameters']:,}",
        f"  input       {result['input'].get('description', result['input'])}",
        f"  labels      {', '.join(result['labels'])}",
        f"  temperature {result['temperature']}",
        f"  file        {result['file']} ({result['bytes']:,} bytes)",
        f"  sha256      {result['sha256']}",
        f"  data        {result['data']}",
        f"  terms       {result['licence']}",
        f"  protocol    {result['protocol']}",
        f"  made        {result['created_at']}",
    ]
    lines += [f"  figure      {name} = {value}" for name, value in result["figures"].items()]
    return "\n".join(lines)


def _figures(scores: dict[str, Any]) -> list[str]:
    low, high = scores["accuracy_interval"]
    return [
        f"  n {scores['n']}",
        f"  accuracy {_percent(scores['accuracy'])} (95 % interval {_percent(low)} to {_percent(high)})",
        f"  macro-F1 {_percent(scores['macro_f1'])}",
        f"  UAR {_percent(scores['uar'])}",
        f"  ECE {scores['ece']:.3f}",
    ]


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
