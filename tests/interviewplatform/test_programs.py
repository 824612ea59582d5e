"""The programs of an installation are stated for each way to start it; here they are compared."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.core.management import load_command_class

ROOT = Path(__file__).resolve().parents[2]


def options_of(command: list[str]) -> dict[str, str]:
    """Queues, pool and clock of a Celery command."""
    words = iter(command)
    options = {"beat": "no", "pool": "prefork"}
    for word in words:
        if word == "-Q":
            options["queues"] = next(words)
        elif word == "-P":
            options["pool"] = next(words)
        elif word == "-B":
            options["beat"] = "yes"
    return options


def procfile() -> dict[str, dict[str, str]]:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    return {name: options_of(shlex.split(line)) for name, line in lines.items() if line.startswith("celery")}


def compose() -> dict[str, dict[str, str]]:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    commands = {name: service.get("command", "") for name, service in services.items()}
    return {name: options_of(shlex.split(line)) for name, line in commands.items() if line.startswith("celery")}


def embedded(settings, data: str) -> dict[str, dict[str, str]]:
    settings.TRAINING_DATA_DIR = data
    programs = load_command_class("interviewplatform", "run_platform")._ready("127.0.0.1", 8000, demo=False)
    return {program.name: options_of(list(program.command)) for program in programs}


def test_every_service_of_compose_has_no_more_than_it_needs():
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["pids_limit"], name
        assert service["mem_limit"], name
        assert service["cpus"], name
        assert set(service["secrets"]) <= set(compose["secrets"]), name
    readers = {name for name, service in compose["services"].items() if "secret_key" in service["secrets"]}
    assert readers == {"prepare", "web", "maintenance"}, "what decodes uploads signs no sessions"
    for name in set(compose["services"]) - readers - {"postgres", "redis"}:
        assert compose["services"][name]["environment"]["TURN_SECRET"] == "", "nor makes credentials of calls"


def test_every_way_to_start_the_web_server_hides_its_name_and_its_own_log():
    files = ("Procfile", "Dockerfile", "interviewplatform/management/commands/run_platform.py")
    for file in files:
        (_, start) = (ROOT / file).read_text().split("interviewplatform.web_server")
        assert "--no-server-name" in start, file
        assert re.search(r"-v['\"]?,? ['\"]?0", start), f"{file}: paths have the candidates' keys"


def test_the_procfile_and_compose_start_the_same_workers():
    assert procfile() == compose()


def test_an_embedded_installation_with_training_data_starts_the_same_workers(settings):
    assert embedded(settings, "/data") == procfile()


@pytest.mark.parametrize("data", ["", "/data"])
def test_every_queue_has_exactly_one_worker(settings, data):
    known = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    for workers in (procfile(), compose(), embedded(settings, data)):
        assert sorted(queue for worker in workers.values() for queue in worker["queues"].split(",")) == sorted(known)
        assert [worker["beat"] for worker in workers.values()].count("yes") == 1


@pytest.mark.parametrize("data", ["", "/data"])
def test_nothing_shares_the_worker_of_reaper_and_sweeps(settings, data):
    queues = {name: options["queues"] for name, options in embedded(settings, data).items() if "queues" in options}
    assert queues["maintenance"] == "maintenance"
    assert settings.CELERY_TASK_ROUTES["interviews.tasks.room_store"]["queue"] == queues["storing"] == "storing"
    served = {queue for of in queues.values() for queue in of.split(",")}
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} <= served
