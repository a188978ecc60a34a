"""The README is correct: its configurations are valid, its commands exist, and its links work."""
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import PROGRAM, SOME_SOURCE, SOURCE                         # noqa: E402


def blocks(text):
    return re.findall(r'(?:^    .*\n|^\n(?=    ))+', text, re.M)


class Readme(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(SOURCE, 'README.md'), encoding='utf8') as f:
            cls.text = f.read()

    def test_its_configurations_are_valid(self):
        configurations = [b for b in blocks(self.text) if b.lstrip().startswith('[')]
        self.assertGreaterEqual(len(configurations), 2)
        for configuration in configurations:
            with tempfile.TemporaryDirectory() as folder:
                key, path = os.path.join(folder, 'key'), os.path.join(folder, 'dragoman.conf')
                with open(os.open(key, os.O_WRONLY | os.O_CREAT, 0o600), 'w') as f:
                    f.write('secret\n')
                os.mkdir(os.path.join(folder, 'inbox'))
                with open(path, 'w', encoding='utf8') as f:
                    f.write(re.sub(r'/etc/dragoman/\S+\.key', key, configuration).replace('/srv', folder) +
                            ('' if '[source' in configuration else SOME_SOURCE))
                result = subprocess.run([PROGRAM, '--config', path, 'check-config'], capture_output=True)
                self.assertEqual(result.returncode, 0, configuration + result.stderr.decode())

    def test_its_commands_exist(self):
        names = set(re.findall(r'dragoman ([a-z][a-z-]+)', self.text)) | set(re.findall(r'dragoman ([a-z-]+)', ' '.join(blocks(self.text))))
        self.assertGreater(len(names), 14)
        for name in names:
            result = subprocess.run([PROGRAM, name, '--help'], capture_output=True)
            self.assertEqual(result.returncode, 0, name)

    def test_its_links_lead_somewhere(self):
        targets = re.findall(r'\]\(([^)]+)\)', self.text)
        self.assertGreater(len(targets), 3)
        for target in targets:
            self.assertTrue(os.path.exists(os.path.join(SOURCE, target)), target)


if __name__ == '__main__':
    unittest.main()
