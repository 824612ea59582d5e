"""Attentiveness against values computed by hand from the definition."""

import pytest

from tests.factories.timelines import compute, stretches


class TestAttentiveness:
    def value(self, duration_s, gaze):
        return compute(duration_s, eye_gaze=gaze)["attentiveness"]

    def test_is_the_share_of_contact_when_no_look_away_is_prolonged(self):
        metric = self.value(10, [(0, 6, "center"), (6, 7.9, "top_left"), (7.9, 10, "center")])
        assert metric.value == pytest.approx(8.1 / 10)
        assert stretches(metric) == [(6, 7.9, "look_away")]
        assert metric.evidence[0].text == "looked up and to the candidate's left for 1.9 s"
        assert metric.definition == "v1"

    def test_discounts_half_of_each_prolonged_look_away(self):
        metric = self.value(10, [(0, 6, "center"), (6, 9, "center_left"), (9, 10, "center")])
        assert metric.value == pytest.approx((7 - 0.5 * 3) / 10)
        assert stretches(metric) == [(6, 9, "look_away")]
        assert metric.evidence[0].text == "looked to the candidate's left for 3.0 s"

    def test_a_look_away_of_exactly_two_seconds_is_prolonged(self):
        metric = self.value(10, [(0, 6.1, "center"), (6.1, 8.1, "top_center"), (8.1, 10, "center")])
        assert metric.value == pytest.approx((8 - 0.5 * 2) / 10)
        assert metric.evidence[0].text == "looked up for 2.0 s"

    def test_a_look_away_goes_on_while_its_direction_changes(self):
        gaze = [(0, 6, "center"), (6, 7.5, "top_left"), (7.5, 8.5, "center_left"), (8.5, 10, "center")]
        metric = self.value(10, gaze)
        assert metric.value == pytest.approx((7.5 - 0.5 * 2.5) / 10)
        assert metric.evidence[0].text == "looked away, mostly up and to the candidate's left, for 2.5 s"

    def test_a_blink_does_not_interrupt_a_look_away(self):
        gaze = [(0, 6, "center"), (6, 7, "center_right"), (7, 7.3, "unknown"), (7.3, 8.3, "center_right"),
                (8.3, 10, "center")]  # fmt: skip
        metric = self.value(10, gaze)
        # 7.7 s of contact, an episode of 2.3 s, 9.7 s observed: the blink itself is not observed time.
        assert metric.value == pytest.approx((7.7 - 0.5 * 2.3) / 9.7)
        assert stretches(metric) == [(6, 8.3, "look_away")]

    def test_closed_eyes_of_blink_length_or_more_end_a_look_away(self):
        gaze = [(0, 6, "center"), (6, 7, "center_right"), (7, 7.4, "unknown"), (7.4, 8.6, "center_right"),
                (8.6, 10, "center")]  # fmt: skip
        metric = self.value(10, gaze)
        assert metric.value == pytest.approx(7.4 / 9.6)
        assert stretches(metric) == [(6, 7, "look_away"), (7.4, 8.6, "look_away")]

    def test_a_blink_seen_in_several_frames_is_measured_as_one(self):
        blink = [(7 + i / 10, 7.1 + i / 10, "unknown") for i in range(5)]
        gaze = [(0, 6, "center"), (6, 7, "center_right"), *blink, (7.5, 8.6, "center_right"), (8.6, 10, "center")]
        assert stretches(self.value(10, gaze)) == [(6, 7, "look_away"), (7.5, 8.6, "look_away")]

    def test_a_short_gap_does_not_interrupt_a_look_away_and_a_longer_one_does(self):
        gaze = [(0, 6, "center"), (6, 7, "bottom_center"), (7.4, 8.4, "bottom_center")]
        assert stretches(self.value(9, gaze)) == [(6, 8.4, "look_away")]
        gaze = [(0, 6, "center"), (6, 7, "bottom_center"), (7.5, 8.5, "bottom_center")]
        assert stretches(self.value(9, gaze)) == [(6, 7, "look_away"), (7.5, 8.5, "look_away")]

    def test_two_blinks_in_one_long_hole_are_not_bridged(self):
        gaze = [(0, 6, "center"), (6, 7.5, "top_left"), (7.5, 7.8, "unknown"), (8.0, 8.3, "unknown"),
                (8.3, 9, "top_left")]  # fmt: skip
        assert stretches(self.value(9, gaze)) == [(6, 7.5, "look_away"), (8.3, 9, "look_away")]

    def test_many_short_looks_in_one_direction_are_one_item_with_its_seconds(self):
        glances = [(i + 0.5, i + 1, "bottom_center") for i in range(4)]
        gaze = sorted([(i, i + 0.5, "center") for i in range(10)] + glances + [(9.5, 10, "top_left")])
        down, up = self.value(10, gaze).evidence
        assert (down.start_s, down.end_s) == (0.5, 4)
        assert down.text == "looked down 4 times, each for less than 2 s, 2.0 s in all"
        assert down.spans == ((0.5, 1), (1.5, 2), (2.5, 3), (3.5, 4))
        assert up.text == "looked up and to the candidate's left for 0.5 s"
        assert up.spans == ()

    def test_a_few_short_looks_in_one_direction_are_listed_one_by_one(self):
        gaze = sorted([(i, i + 0.5, "center") for i in range(10)] + [(i + 0.5, i + 1, "top_center") for i in range(3)])
        assert stretches(self.value(10, gaze)) == [(i + 0.5, i + 1, "look_away") for i in range(3)]

    def test_a_prolonged_look_is_never_in_a_group(self):
        glances = [(i + 0.5, i + 1, "top_center") for i in range(5)]
        centers = [(0, 0.5, "center"), *((i + 1, i + 1.5, "center") for i in range(5))]
        metric = self.value(10, sorted([*centers, *glances, (6.5, 9, "top_center")]))
        assert [evidence.spans != () for evidence in metric.evidence] == [True, False]
        assert metric.evidence[1].text == "looked up for 2.5 s"

    def test_is_never_negative(self):
        metric = self.value(10, [(0, 1, "center"), (1, 10, "top_left")])
        assert metric.value == 0.0

    def test_is_measured_against_readable_gaze_not_against_the_recording(self):
        metric = self.value(10, [(0, 5, "center")])
        assert metric.value == 1.0
        assert metric.coverage == pytest.approx(0.5)

    def test_needs_forty_percent_of_readable_gaze(self):
        assert self.value(10, [(0, 4, "center")]).value == 1.0
        metric = self.value(10, [(0, 3.99, "center"), (4, 10, "unknown")])
        assert metric.value is None
        assert metric.reason == "not enough data: the gaze could be read for 39 % of the recording, 40 % are needed"
        assert metric.coverage == pytest.approx(0.399)
        assert metric.evidence == ()

    def test_observations_are_cut_at_the_end_of_the_recording(self):
        metric = self.value(10, [(0, 7, "center"), (7, 10.5, "top_left"), (11, 12, "top_left")])
        assert metric.value == pytest.approx((7 - 0.5 * 3) / 10)
        assert stretches(metric) == [(7, 10, "look_away")]
