"""``make pin``: pull the images that compose.yaml names, and write them with their digests into .env.

Run as a file by any Python 3.11 with the standard library alone: the machine that runs the containers has no packages
of ours. It needs ``docker``, and a registry that answers.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
NAMED: Final = re.compile(r"\$\{(\w+_IMAGE):-([^}@]+)\}")
DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")


class NotPinned(Exception):
    """One sentence why."""


def images_named(compose: str) -> dict[str, str]:
    """By variable, the image with its tag that compose.yaml runs where the variable has no value."""
    return dict(NAMED.findall(compose))


def pinned_name(image: str, repo_digests: str) -> str:
    """``image`` with its digest, from the ``RepoDigests`` that ``docker image inspect`` gives as JSON: those of the
    image in every registry and mirror that it was pulled from. Raises :class:`NotPinned`."""
    try:
        known = dict(str(one).rsplit("@", 1) for one in json.loads(repo_digests) or [])
    except ValueError:
        known = {}
    name = image.rpartition(":")[0] or image
    digest = next((digest for repository, digest in known.items() if f"/{repository}".endswith(f"/{name}")), "")
    if not DIGEST.fullmatch(digest):
        raise NotPinned(f"docker knows no digest of {image}; was it built here instead of pulled?")
    return f"{image}@{digest}"


def env_pinned(env: str, pins: Mapping[str, str]) -> str:
    """The text of .env with these values: in the place of earlier ones, and otherwise at its end."""
    lines, left = [], dict(pins)
    for line in env.splitlines():
        variable = line.partition("=")[0].strip()
        if variable not in pins:
            lines.append(line)
        elif variable in left:
            lines.append(f"{variable}={left.pop(variable)}")
    return "\n".join([*lines, *(f"{variable}={image}" for variable, image in left.items())]) + "\n"


def images_pin(*, compose: Path, env: Path) -> dict[str, str]:
    """Pull, and write the digests; returns what was written. Raises :class:`NotPinned`, with .env as it was."""
    if not env.is_file():
        raise NotPinned(f"There is no {env}. Copy .env.example there first.")
    pins = {}
    for variable, image in images_named(compose.read_text()).items():
        _docker("pull", "--quiet", image)
        pins[variable] = pinned_name(image, _docker("image", "inspect", "--format", "{{json .RepoDigests}}", image))
    draft = env.with_name(f"{env.name}.new")
    draft.touch(mode=0o600)
    draft.write_text(env_pinned(env.read_text(), pins))
    draft.chmod(env.stat().st_mode & 0o777)
    os.replace(draft, env)
    return pins


def _docker(*arguments: str) -> str:
    try:
        done = subprocess.run(("docker", *arguments), capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise NotPinned("docker is not installed here.") from error
    except subprocess.CalledProcessError as error:
        raise NotPinned(f"docker {arguments[0]} {arguments[-1]}: {error.stderr.strip() or 'it failed'}") from error
    return done.stdout


def main() -> int:
    try:
        pins = images_pin(compose=ROOT / "compose.yaml", env=ROOT / ".env")
    except NotPinned as error:
        print(f"Nothing was pinned. {error}", file=sys.stderr)
        return 1
    for variable, image in pins.items():
        print(f"{variable}={image}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
