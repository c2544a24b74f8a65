#!/usr/bin/env python3
# SPDX-FileCopyrightText: the fromguard authors
# SPDX-License-Identifier: Apache-2.0
"""When the benchmark says that something was lost, reached or cannot be told."""
import unittest

import baseline
import instructions
import report
import table

ROW = {row.key: row for row in [*table.ROWS, *table.COUNTS]}


def seen(median, lower=None, upper=None, **more):
    return {"median": median, "lower": lower or median, "upper": upper or median, **more}


class AgainstTheBaseline(unittest.TestCase):
    def test_a_tenth_more_instructions_is_lost(self):
        self.assertEqual(baseline.judge(ROW["instructions"], 4.0, seen(4.5)), "LOST")
        self.assertEqual(baseline.judge(ROW["instructions"], 4.0, seen(4.3)), "as before")
        self.assertEqual(baseline.judge(ROW["instructions"], 4.0, seen(2.0)), "as before")

    def test_fewer_messages_in_every_round_are_lost(self):
        self.assertEqual(baseline.judge(ROW["messages"], 0.9, seen(0.75, 0.74, 0.76, blur=0.02)), "LOST")

    def test_a_middle_half_that_reaches_back_decides_nothing(self):
        self.assertIn("undecided", baseline.judge(ROW["messages"], 0.9, seen(0.79, 0.74, 0.83, blur=0.01)))

    def test_what_the_null_milter_differs_from_itself_decides_nothing(self):
        self.assertIn("undecided", baseline.judge(ROW["messages"], 0.9, seen(0.78, 0.78, 0.78, blur=0.04)))

    def test_clocks_lose_nothing_in_the_short_form(self):
        lost = (ROW["messages"], 0.9, seen(0.75, 0.74, 0.76, blur=0.02))
        self.assertEqual(baseline.said("full", *lost), baseline.LOST)
        self.assertNotEqual(baseline.said("short", *lost), baseline.LOST)
        self.assertEqual(baseline.said("short", ROW["instructions"], 4.0, seen(4.5)), baseline.LOST)

    def test_busy_neighbours_decide_nothing(self):
        self.assertIn("undecided", baseline.judge(ROW["cpu"], 1.2, seen(1.6, others=0.5)))


class AgainstTheBars(unittest.TestCase):
    def test_the_whole_middle_half_must_reach_it(self):
        row = ROW["messages"]
        self.assertEqual(table.verdict(row, seen(0.98, 0.975, 0.99)), "aim")
        self.assertEqual(table.verdict(row, seen(0.95, 0.92, 0.98)), "bar")
        self.assertEqual(table.verdict(row, seen(0.91, 0.88, 0.95)), "undecided")
        self.assertEqual(table.verdict(row, seen(0.7, 0.68, 0.75)), "MISSED")

    def test_what_wants_the_whole_machine_is_not_missed_while_others_use_it(self):
        self.assertEqual(table.verdict(ROW["explain"], seen(60_000, others=0.5)), "undecided")
        self.assertEqual(table.verdict(ROW["explain"], seen(60_000, others=0.02)), "MISSED")

    def test_less_may_be_better(self):
        self.assertEqual(table.verdict(ROW["cpu"], seen(1.03)), "aim")
        self.assertEqual(table.verdict(ROW["cpu"], seen(1.4)), "MISSED")

    def test_a_gain_that_the_blur_could_make_is_none(self):
        self.assertEqual(table.verdict(ROW["added_p99"], seen(-2000, -2200, -1600, blur=3000)), "undecided")


class Reading(unittest.TestCase):
    def test_the_spread_is_the_middle_half(self):
        self.assertEqual([report.spread([1, 2, 3, 4, 100])[key] for key in ("lower", "median", "upper")], [2, 3, 4])

    def test_a_function_has_a_name_without_what_it_takes(self):
        for name, short in (("policy::name_keys(std::basic_string_view<char, std::char_traits<char> >)'2", "policy::name_keys"),
                            ("std::vector<int, std::allocator<int> >::push_back(int const&)", "std::vector::push_back"),
                            ("operator new(unsigned long)", "operator new"),
                            ("(anonymous namespace)::Words::next()", "Words::next")):
            self.assertEqual(instructions.short_name(name), short)


if __name__ == "__main__":
    unittest.main()
