"""Numbers look the same whether the server or a script writes them."""

from interviews import formatting
from tests.scripts.node import evaluate

VALUES = [0, 0.001, 0.004, 0.125, 0.5, 0.996, 0.9999, 1, 3.25, 59.96, 75.2, 3675.5]
SHARES = [value for value in VALUES if value <= 1]


def test_scripts_write_numbers_as_the_server_does():
    written = evaluate(
        """
        const { clock, fraction, percent } = await import("./static/js/shared/format.js");
        const [values, shares] = given;
        answer = { clock: values.map(clock), percent: shares.map(percent), fraction: shares.map(fraction) };
        """,
        [VALUES, SHARES],
    )
    assert written["clock"] == [formatting.clock(value) for value in VALUES]
    assert written["percent"] == [formatting.percent(share) for share in SHARES]
    assert written["fraction"] == [formatting.fraction(share) for share in SHARES]
