"""``make audit``: known vulnerabilities of the locked packages, by pip-audit.

It fails where there are any. Without a network, or where the package index has no such data, it says how many packages
could not be audited, and fails nothing.
"""

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
LIMIT_S = 60
OPTIONS = ("--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json")


def verdict(lock: str, output: str, errors: str) -> tuple[list[str], bool]:
    """Sentences on what pip-audit has found in a lock file, and whether there are vulnerabilities."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = errors.strip().rpartition("\n")[2][:300] or "no answer"
        return [f"{lock}: NOTHING was audited, because pip-audit could not reach its data ({why})."], False
    audited = [package for package in packages if "skip_reason" not in package]
    found = [
        f"{lock}: {package['name']} {package['version']}: {one['id']}"
        f" (mended in {', '.join(one['fix_versions']) or 'no version yet'})"
        for package in audited
        for one in package["vulns"]
    ]
    total = f"{lock}: {len(audited)} of {len(packages)} packages were audited, {len(found)} vulnerabilities are known."
    if not audited:
        total = f"{lock}: NOTHING was audited: the package index here has no data on any of {len(packages)} packages."
    return [*found, total], bool(found)


def main() -> int:
    is_vulnerable = False
    for lock in LOCKS:
        command = [Path(sys.executable).with_name("pip-audit"), "--requirement", lock, *OPTIONS]
        try:
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S)
            sentences, found = verdict(lock, done.stdout, done.stderr)
        except subprocess.TimeoutExpired:
            sentences, found = verdict(lock, "", f"no answer within {LIMIT_S} s")
        print("\n".join(sentences))
        is_vulnerable |= found
    return int(is_vulnerable)


if __name__ == "__main__":
    sys.exit(main())
