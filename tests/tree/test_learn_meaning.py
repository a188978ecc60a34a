"""tools/learn_meaning.py computes the same features as stages/check/meaning.c, which test_meaning.c compares with the
same file. Needs numpy."""
import os
import sys
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FIXTURE = os.path.join(ROOT, 'tests', 'unit', 'stages', 'check', 'features')
sys.path.insert(0, os.path.join(ROOT, 'tools'))
try:
    import numpy
    import learn_meaning
except ImportError:
    numpy = None


def rows(path):
    with open(path, encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file if not line.startswith('#')]


def numbers(cell):
    return [float(value) for value in cell.split()]


def read_table(path):
    words = [numpy.zeros((classes, learn_meaning.BANDS)) for classes in learn_meaning.CLASSES]
    normal = {}
    for kind, what, *cells in rows(path):
        if kind in ('english', 'source'):
            words[kind == 'source'][int(what)] = numbers(cells[0])
        elif kind == 'normal':
            normal[what] = numpy.array(numbers(cells[0])), numpy.array(numbers(cells[1]))
    return words, normal


def compute(language, evidence, words, normal):
    pair = learn_meaning.Pair('\t'.join((language, '', '', '', '')))
    pair.read(evidence)
    pair.relatives = learn_meaning.relatives(pair, words) if pair.has_words else None
    return learn_meaning.features(pair, normal)


@unittest.skipIf(numpy is None, 'numpy is not installed')
class Features(unittest.TestCase):
    def test_they_are_those_of_the_fixture(self):
        words, normal = read_table(os.path.join(FIXTURE, 'tables', 'check', 'meaning.tsv'))
        for language, evidence, expected in rows(os.path.join(FIXTURE, 'tables', 'features.tsv')):
            with self.subTest(language=language, evidence=evidence):
                got = compute(language, evidence, words, normal)
                self.assertEqual(len(got), len(numbers(expected)))
                for index, (value, wanted) in enumerate(zip(got, numbers(expected))):
                    self.assertAlmostEqual(value, wanted, 3, 'feature %d' % index)

    def test_a_blank_table_has_the_shape_of_the_delivered_one(self):
        delivered = rows(os.path.join(ROOT, 'config', 'tables', 'check', 'meaning.tsv'))
        weights = learn_meaning.blank_model()[2]['other'][0]
        self.assertEqual([len(numbers(row[2])) for row in delivered if row[0] == 'fault'], [len(weights)] * 3)


if __name__ == '__main__':
    unittest.main()
