"""requirements.txt names what the code imports, and nothing without a reason."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PACKAGES = ("analysis", "interviewplatform", "interviews", "ml")
ALTERNATIVES = {"tensorflow": "tensorflow-cpu"}
"""The same modules from another distribution, by platform."""


def requirement_lines() -> list[tuple[str, str]]:
    """``(requirement, comment)`` of each line that names a distribution; the comment is its reason."""
    lines = [line.partition("#") for line in (ROOT / "requirements.txt").read_text().splitlines()]
    return [(named.strip(), reason.strip()) for named, _, reason in lines if named.strip()]


def name_of(requirement: str) -> str:
    return canonicalize_name(Requirement(requirement).name)


REQUIREMENTS = requirement_lines()
DECLARED = {name_of(requirement) for requirement, _ in REQUIREMENTS}


def modules_imported() -> dict[str, str]:
    """Top-level modules from elsewhere, each with one file that imports it."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module or ""]
                else:
                    continue
                for name in names:
                    found[name.partition(".")[0]] = str(path.relative_to(ROOT))
    return {name: file for name, file in found.items() if name not in {*PACKAGES, *sys.stdlib_module_names}}


def distributions_imported() -> dict[str, str]:
    """The distributions of those modules. One that several provide is that of its own name, or else a declared one."""
    providers = packages_distributions()
    found = {}
    for module, file in modules_imported().items():
        names = {canonicalize_name(name) for name in providers[module]}
        found.update(dict.fromkeys(names & {module} or names & DECLARED or names, f"{module} in {file}"))
    return found


@pytest.fixture(scope="module")
def imported() -> dict[str, str]:
    return distributions_imported()


def test_what_is_imported_is_declared(imported):
    undeclared = {name: where for name, where in imported.items() if name not in DECLARED}
    assert not undeclared, "add these to requirements.txt, with their reasons"


@pytest.mark.parametrize(("requirement", "reason"), REQUIREMENTS)
def test_a_requirement_has_a_reason_and_is_imported_or_says_why_not(imported, requirement, reason):
    assert re.search(r"\w{3}", reason), f"{requirement}: write the reason beside it"
    name = name_of(requirement)
    is_imported = name in imported or ALTERNATIVES.get(name) in imported
    assert is_imported != reason.startswith("not imported:"), (
        f"{requirement}: imported is {is_imported}, which its reason contradicts"
    )


@pytest.mark.parametrize("requirement", [requirement for requirement, _ in REQUIREMENTS])
def test_a_requirement_is_bounded_above(requirement):
    assert re.search(r"<|==", requirement), f"{requirement}: the next major version may break what is written here"
