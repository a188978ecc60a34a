"""The first three days of the simulated month of tests/long/month.py."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'long'))
from month import Month                                                  # noqa: E402


class ShortMonth(unittest.TestCase):
    DAYS = 3

    def test_nothing_is_lost_or_duplicated_and_the_bill_is_right(self):
        month = Month(self.DAYS, seed=2, most_runs=2, say=print)
        self.addCleanup(month.close)
        self.assertEqual(month.play(), [])
        self.assertGreater(month.runs, 2 * self.DAYS)
        self.assertGreater(month.kills, 0)


if __name__ == '__main__':
    unittest.main()
