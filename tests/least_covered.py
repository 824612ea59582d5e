"""``python -m tests.least_covered``: the packages with the least covered code, from the file that slipcover writes."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Final

MEASURED: Final = Path(__file__).parents[1] / ".coverage.json"
ROWS: Final = 10
LEAST_LINES: Final = 30
"""Packages with fewer lines are left out: a single line is several per cent of them."""


def main() -> None:
    if not MEASURED.exists():
        print("No coverage was measured.")
        return
    lines: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, file in json.loads(MEASURED.read_text())["files"].items():
        count = lines[str(Path(name).parent).replace("/", ".")]
        count[0] += len(file["executed_lines"]) + len(file["missing_lines"])
        count[1] += len(file["missing_lines"])
    total, missed = (sum(count[i] for count in lines.values()) for i in (0, 1))
    print(f"\nCoverage: {1 - missed / total:.1%} of {total:,} lines (subprocesses are not measured). Least covered:")
    rows = [(1 - missed / total, package, total, missed) for package, (total, missed) in lines.items() if total]
    for share, package, total, missed in sorted(row for row in rows if row[2] >= LEAST_LINES)[:ROWS]:
        print(f"  {share:>6.1%}  {missed:>4} of {total:>5} lines missed  {package}")


if __name__ == "__main__":
    main()
