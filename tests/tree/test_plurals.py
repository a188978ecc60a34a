"""A number that users see agrees with its noun: "1 article", never "1 articles"."""
import os
import re
import unittest

SOURCE = os.environ['DRAGOMAN_SOURCE']
NOUNS = ('articles sources services days files records sentences texts segments pages stories requests characters languages problems items mails readers '
         'times runs minutes hours seconds bytes words paragraphs authors addresses translations warnings options arguments names letters tokens rows '
         'reasons events').split()
COUNTED = re.compile(r'"(?:[^"\\\n]|\\.)*%(?:zu|lu|u|d|lld|ld)(?: more| new| other)? (?:' + '|'.join(NOUNS) + r')\b(?:[^"\\\n]|\\.)*"')
CONSTANT = re.compile(r'(more than|larger than|at most|longer than|limit of|first) %')
# Said only if there are two or more.
SEVERAL = (' (%u times until %s)', ' in %zu mails', '%zu of %zu letters are not', 'the document is too large (%zu bytes)', ' %zu times',
           'Read all %zu articles', 'Grown: %zu of %zu articles', 'The article has %zu paragraphs', 'The headline has %zu characters',
           'the %zu sentences of this paragraph')


def counted(text):
    return [found.group(0) for found in COUNTED.finditer(re.sub(r'"\s*\n\s*"', '', text))
            if not CONSTANT.search(found.group(0)) and not found.group(0)[1:].startswith(SEVERAL)]


class Plurals(unittest.TestCase):
    def test_a_noun_behind_a_number_has_its_ending_from_plural(self):
        for folder in 'program', 'pipeline', 'stages', 'config':
            for root, _, names in os.walk(os.path.join(SOURCE, folder)):
                for name in names:
                    if name.endswith('.c'):
                        with open(os.path.join(root, name), encoding='utf8') as f:
                            self.assertEqual(counted(f.read()), [], os.path.join(root, name))

    def test_what_is_found(self):
        self.assertEqual(len(counted('print("%zu articles wait", n); print("%lu "\n    "new items", n);')), 2)
        self.assertEqual(counted('print("%zu article%s", n, PLURAL(n)); print("more than %d words", MAX);'), [])


if __name__ == '__main__':
    unittest.main()
