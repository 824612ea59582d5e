"""How many candidates are analysed at once."""

from analysis.live.engine.admission import Admission


def test_places_are_given_in_the_order_of_asking():
    admission, told = Admission(1), []
    assert admission.enter("a", lambda: told.append("a"))
    assert not admission.enter("b", lambda: told.append("b"))
    assert not admission.enter("c", lambda: told.append("c"))
    assert admission.enter("a", lambda: told.append("again"))
    admission.leave("b")
    admission.leave("a")
    assert told == ["c"]
    assert admission.enter("c", lambda: None)
    admission.leave("c")
    assert admission.enter("b", lambda: None)
