"""The code in docs/adding-*.md compiles without any of the project's warnings."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import SOURCE                                               # noqa: E402

INCLUDES = ['.', 'tests', 'tests/unit/stages/services']


def blocks(page, language):
    with open(os.path.join(SOURCE, 'docs', page), encoding='utf8') as f:
        return re.findall(r'(?ms)^```%s\n(.*?)^```$' % language, f.read())


class Tutorials(unittest.TestCase):
    def compile(self, page, count):
        found = blocks(page, 'c')
        self.assertEqual(len(found), count)
        with tempfile.TemporaryDirectory() as folder:
            for number, code in enumerate(found):
                path = os.path.join(folder, '%d.c' % number)
                with open(path, 'w', encoding='utf8') as f:
                    f.write(code)
                result = subprocess.run(['cc', '-std=c17', '-D_POSIX_C_SOURCE=200809L', '-DTEST_DATA=""', '-fsyntax-only', '-Wall', '-Wextra',
                                         '-Wshadow', '-Wconversion', '-Werror', '-isystem', '/usr/include/cjson',
                                         *['-I' + os.path.join(SOURCE, i) for i in INCLUDES], path], capture_output=True)
                self.assertEqual(result.stderr.decode(), '')

    def test_adding_a_service(self):
        self.compile('adding-a-service.md', 2)

    def test_adding_a_stage(self):
        self.compile('adding-a-stage.md', 1)

    def test_adding_a_source(self):
        self.compile('adding-a-source.md', 1)

    def test_the_protocol_fake_of_the_tutorial_works(self):
        sys.path.insert(0, os.path.join(SOURCE, 'tests', 'fault'))
        import protocol_fakes
        code, = blocks('adding-a-service.md', 'python')
        exec(code, vars(protocol_fakes))
        self.assertEqual(protocol_fakes.Parrot().good(['One.'], None)['chars'], 4)


if __name__ == '__main__':
    unittest.main()
