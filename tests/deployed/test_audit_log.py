"""The audit log on PostgreSQL: several programs write at once, and the chain has no gap."""

import json
import subprocess
import sys

from tests.deployed.conftest import ROOT

WRITE = """
import sys
import django
django.setup()
from django.db import transaction
from interviews.models import AuditEntry
from interviews.services.audit import audit_append

sys.stdin.readline()  # all begin together
for number in range(60):
    details = {"program": sys.argv[1], "at_s": number / 7, "why": "Straße 面接", "none": None, "many": [1e-7, 0]}
    try:
        with transaction.atomic():
            audit_append(action=AuditEntry.Action.MARKS_CHANGED, **details)
            if number % 5 == 4:
                raise InterruptedError  # what is rolled back leaves no number behind
    except InterruptedError:
        pass
"""
CHECK = """
import json
import django
django.setup()
from django.db import connection
from interviews.models import AuditEntry, AuditHead
from interviews.selectors.audit import audit_problems

def after(*statements):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        found = list(audit_problems())
        cursor.execute("ROLLBACK")
    return " ".join(found)

numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
last, log = numbers[-1], "interviews_auditentry"
print(json.dumps({
    "gaps": numbers != list(range(1, last + 1)),
    "by_program": [AuditEntry.objects.filter(details__program=program).count() for program in "abc"],
    "problems": list(audit_problems()),
    "changed": after(f"UPDATE {log} SET details = details || '{{\\"at_s\\": 1}}' WHERE number = {last - 3}"),
    "missing": after(f"DELETE FROM {log} WHERE number = {last - 3}"),
    "moved": after(f"UPDATE {log} SET number = 0 WHERE number = {last - 3}",
                   f"UPDATE {log} SET number = {last - 3} WHERE number = {last - 2}",
                   f"UPDATE {log} SET number = {last - 2} WHERE number = 0"),
    "cut_off": after(f"DELETE FROM {log} WHERE number > {last - 3}"),
    "cut_off_with_the_head": after(f"DELETE FROM {log} WHERE number > {last - 3}", "DELETE FROM interviews_audithead"),
    "last": last,
}))
"""


def python(deployment: dict[str, str], code: str, *arguments: str) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env={**deployment, "DJANGO_SETTINGS_MODULE": "interviewplatform.settings"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_programs_that_write_at_once_leave_one_chain_without_gaps(deployment: dict[str, str]):
    writers = [python(deployment, WRITE, program) for program in "abc"]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate(timeout=120)
        assert writer.returncode == 0, errors[-2000:]
    said, errors = python(deployment, CHECK).communicate(timeout=120)
    found = json.loads(said.splitlines()[-1]) if said else errors
    last = found["last"]
    assert (found["gaps"], found["problems"], found["by_program"]) == (False, [], [48, 48, 48])
    assert found["changed"] == f"Entry {last - 3} was changed after it was written."
    assert f"Entry {last - 3} is missing." in found["missing"]
    assert f"Entry {last - 3} does not follow entry {last - 4}" in found["moved"]
    assert found["cut_off"] == f"The log ends with entry {last - 3}, and its last one was {last}."
    assert found["cut_off_with_the_head"].startswith(f"The log ends with entry {last - 3}")
    verified = subprocess.run(
        [sys.executable, "manage.py", "verify_log"], cwd=ROOT, env=deployment, capture_output=True, text=True
    )
    assert f"{last} entries, whole and in order." in verified.stdout, verified.stderr
