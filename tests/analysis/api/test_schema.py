"""The OpenAPI description is whole and free of warnings."""

from io import StringIO

from django.core.management import call_command


def test_the_schema_is_valid_and_free_of_warnings(capsys):
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    schema = out.getvalue()
    assert "/api/v1/runs/{run_id}/report/:" in schema
    assert "/api/v1/interviews/{interview_id}/questions/{question_id}/:" in schema
    assert capsys.readouterr().err == ""


def test_the_schema_is_served_with_the_routes_of_both_apps(alice, client_of):
    paths = client_of(alice).get("/api/v1/schema/").json()["paths"]
    assert {"/api/v1/uploads/{upload_id}/", "/api/v1/interviews/", "/api/v1/runs/{run_id}/report/"} <= set(paths)
