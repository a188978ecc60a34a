"""The descriptions of services: the page in docs/ is up to date, every adapter has tests, and the example is valid."""
import os
import re
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import Workspace, SOURCE                                         # noqa: E402
from protocol_fakes import PROTOCOLS, kind_of                                  # noqa: E402

EXAMPLE = os.path.join(SOURCE, 'config', 'examples', 'services.conf')


def call(configuration, *words):
    workspace = Workspace(configuration)
    result = workspace.call(*words)
    workspace.close()
    return result.returncode, result.stdout.decode(), result.stderr.decode()


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


def kinds():
    return re.findall(r'(?m)^  (\S+) ', call('', 'services')[1].split('configured:')[0])


class Services(unittest.TestCase):
    def test_the_page_is_up_to_date(self):
        code, page, _ = call('', 'services', '--markdown')
        self.assertEqual(code, 0)
        self.assertTrue(page == read(os.path.join(SOURCE, 'docs', 'services.md')),
                        'docs/services.md is old: dragoman services --markdown > docs/services.md')

    def test_every_adapter_has_unit_and_fault_tests(self):
        self.assertGreaterEqual(len(kinds()), 14)
        for kind in kinds():
            with self.subTest(kind=kind):
                self.assertTrue(os.path.exists(os.path.join(SOURCE, 'tests', 'unit', 'stages', 'services', 'test_%s.c' % kind)))
                self.assertIn(kind, {kind_of(name) for name in PROTOCOLS} | {'apertium'})

    def test_an_unusable_service_is_named(self):
        code, said, _ = call('[service "deepl"]\n[service "mtran"]\n', 'services')
        self.assertEqual(code, 0)
        self.assertRegex(said, r'deepl +cannot be used: \S+/dragoman\.conf:\d+: \[service "deepl"\] needs a key')
        self.assertRegex(said, r'mtran +mtran, to English from: ar az be bg ')


class Example(unittest.TestCase):
    def setUp(self):
        self.names = re.findall(r'_env = (\S+)', read(EXAMPLE))
        os.environ.update({name: 'x' for name in self.names})

    def tearDown(self):
        for name in self.names:
            os.environ.pop(name, None)

    def test_it_is_sound(self):
        code, said, wrong = call(read(EXAMPLE) + '[source "costa"]\nkind = feed\nurl = https://costa.example/rss\n', 'check-config')
        self.assertEqual((code, wrong), (0, ''))
        self.assertRegex(said, r'the configuration is valid: 1 source, 17 services')

    def test_it_has_every_adapter(self):
        _, said, _ = call(read(EXAMPLE), 'services')
        configured = said.split('configured:')[1]
        self.assertNotIn('cannot be used', configured)
        for kind in kinds():
            self.assertRegex(configured, r'(?m)^  \S+ +%s, to English from: \S' % kind)


if __name__ == '__main__':
    unittest.main()
