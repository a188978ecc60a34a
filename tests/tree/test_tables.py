"""Checks that the number in the row "rows" of a table is the number of its rows: with a smaller one, a table that lost rows
would be accepted."""
import glob
import os
import unittest

SOURCE = os.environ.get('DRAGOMAN_SOURCE') or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def rows_of(path):
    with open(path, encoding='utf8') as file:
        return [line for line in file if line.strip() and not line.startswith('#')]


class Tables(unittest.TestCase):
    def test_rows_are_counted(self):
        counted = 0
        for path in glob.glob(os.path.join(SOURCE, 'config', 'tables', '**', '*.tsv'), recursive=True):
            rows = rows_of(path)
            if not rows or not rows[0].startswith('rows\t'):
                continue
            with self.subTest(table=os.path.relpath(path, SOURCE)):
                self.assertEqual(int(rows[0].split('\t')[1]), len(rows) - 1)
            counted += 1
        self.assertGreater(counted, 5)


if __name__ == '__main__':
    unittest.main()
