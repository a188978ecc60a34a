"""Checks the units for systemd as an administrator would: systemd finds no fault in them, and how exposed the service is, as it
is installed and with each drop-in, is what docs/operations.md says."""
import os
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ['DRAGOMAN']
SOURCE = os.environ['DRAGOMAN_SOURCE']
UNITS = os.path.join(SOURCE, 'config', 'units')
EXPOSURE = re.compile(r'Overall exposure level for \S+: ([\d.]+)')


@unittest.skipUnless(shutil.which('systemd-analyze'), 'systemd-analyze is not installed')
class Units(unittest.TestCase):
    def setUp(self):
        """A folder with the units as they are installed, but for the place of the program."""
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)
        self.place = os.path.join(self.folder, 'etc', 'systemd', 'system')
        os.makedirs(self.place)
        for name in os.listdir(UNITS):
            if name.endswith(('.service.in', '.timer')):
                with open(os.path.join(UNITS, name), encoding='utf8') as file:
                    text = file.read().replace('@CMAKE_INSTALL_FULL_BINDIR@/dragoman', PROGRAM)
                with open(os.path.join(self.place, name.removesuffix('.in')), 'w', encoding='utf8') as file:
                    file.write(text)

    def add(self, drop_in):
        folder = os.path.join(self.place, 'dragoman.service.d')
        os.makedirs(folder, exist_ok=True)
        shutil.copy(os.path.join(UNITS, drop_in), folder)

    def verify(self):
        return subprocess.run(['systemd-analyze', 'verify', '--man=no', 'dragoman.service', 'dragoman.timer', 'dragoman-failure@x.service'],
                              env={**os.environ, 'SYSTEMD_UNIT_PATH': self.place + ':'}, capture_output=True, text=True, timeout=120)

    def exposure(self):
        result = subprocess.run(['systemd-analyze', 'security', '--offline=true', '--root=' + self.folder, 'dragoman.service'],
                                capture_output=True, text=True, timeout=120)
        self.assertEqual(result.returncode, 0, result.stderr)
        return float(EXPOSURE.search(result.stdout).group(1))

    def test_systemd_finds_no_fault(self):
        for drop_in in (None, 'dynamic-user.conf', 'programs.conf', 'sendmail.conf'):
            with self.subTest(drop_in=drop_in):
                if drop_in:
                    self.add(drop_in)
                result = self.verify()
                self.assertEqual((result.returncode, result.stdout + result.stderr), (0, ''))

    def test_a_fault_would_be_found(self):
        self.add('programs.conf')
        with open(os.path.join(self.place, 'dragoman.service.d', 'programs.conf'), 'a', encoding='utf8') as file:
            file.write('ProtectSytem=strict\n')
        self.assertIn('ProtectSytem', self.verify().stderr)

    def test_how_exposed_the_service_is(self):
        with open(os.path.join(SOURCE, 'docs', 'operations.md'), encoding='utf8') as file:
            docs = file.read()
        for drop_in, most in ((None, 1.5), ('dynamic-user.conf', 1.5), ('programs.conf', 3), ('sendmail.conf', 6.5)):
            with self.subTest(drop_in=drop_in):
                shutil.rmtree(os.path.join(self.place, 'dragoman.service.d'), ignore_errors=True)
                if drop_in:
                    self.add(drop_in)
                exposure = self.exposure()
                self.assertLessEqual(exposure, most)
                self.assertIn(f'{drop_in or "dragoman.service"}` | {exposure:.1f} |', docs)


if __name__ == '__main__':
    unittest.main()
