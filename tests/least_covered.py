"""``python -m tests.least_covered``: the packages with the least covered code, after a run with ``--cov``."""

from collections import defaultdict
from pathlib import Path
from typing import Final

from coverage import Coverage
from coverage.exceptions import CoverageException

ROOT: Final = Path(__file__).parents[1]
ROWS: Final = 10
LEAST_LINES: Final = 30
"""Packages with fewer lines are left out: a single line is several per cent of them."""


def main() -> None:
    coverage = Coverage()
    coverage.load()
    lines: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name in coverage.get_data().measured_files():
        try:
            _, statements, _, missing, _ = coverage.analysis2(name)
        except CoverageException:  # a file that a test wrote and removed
            continue
        count = lines[str(Path(name).relative_to(ROOT).parent).replace("/", ".")]
        count[0] += len(statements)
        count[1] += len(missing)
    if not any(total for total, _ in lines.values()):
        print("No coverage was measured.")
        return
    total, missed = (sum(count[i] for count in lines.values()) for i in (0, 1))
    print(f"\nCoverage: {1 - missed / total:.1%} of {total:,} lines (subprocesses are not measured). Least covered:")
    rows = [(1 - missed / total, package, total, missed) for package, (total, missed) in lines.items() if total]
    for share, package, total, missed in sorted(row for row in rows if row[2] >= LEAST_LINES)[:ROWS]:
        print(f"  {share:>6.1%}  {missed:>4} of {total:>5} lines missed  {package}")


if __name__ == "__main__":
    main()
