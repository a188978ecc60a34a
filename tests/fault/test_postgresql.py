"""A PostgreSQL server that crashes in the middle of a run. What was committed but not flushed is then gone, as after a power cut: the
caps hold nevertheless, and no record that can be seen is lost."""
import os
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
import postgresql                                                             # noqa: E402
import program                                                                # noqa: E402
from fake_service import FakeService                                     # noqa: E402
from test_budget import billed, service_section, workspace_with               # noqa: E402

BUILT_IN = b'PostgreSQL: yes' in subprocess.run([program.PROGRAM, '--version'], capture_output=True).stdout
CAP, ARTICLES = 6000, 60


@unittest.skipUnless(BUILT_IN, 'built without PostgreSQL')
@unittest.skipUnless(postgresql.programs(), 'PostgreSQL is not installed')
class Crash(unittest.TestCase):
    def crash(self, workspace, service, request):
        """Lets the server crash when the service has received that many requests. Returns the exit code of the run."""
        before, process = service.requests, workspace.start('run')
        while process.poll() is None and service.requests < before + request:
            time.sleep(0.002)
        self.server.stop(signal.SIGQUIT)
        code = process.wait(timeout=200)
        self.server.start()
        return code

    def test_no_cap_is_exceeded_and_no_record_lost(self):
        with postgresql.Server() as self.server:
            program.SERVER = self.server.address
            for request in 1, 3, 5:
                service = FakeService(delay=0.05)
                workspace = workspace_with(ARTICLES, service_section('paid', service, 'price = 20\ncharacters_per_day = %d' % CAP))
                self.assertEqual(self.crash(workspace, service, request), 74, request)
                records = set(workspace.records())
                workspace.call('run')
                status = workspace.status()
                self.assertLessEqual(billed(service), CAP, request)
                self.assertGreater(billed(service), CAP / 3, request)
                self.assertGreaterEqual(status['characters'], billed(service), request)
                self.assertEqual((status['done'] + status['waiting'], status['failed']), (ARTICLES, 0), request)
                self.assertLessEqual(records, set(workspace.records()), request)
                self.assertIn(b'0 damaged, 0 missing, 0 foreign', workspace.call('verify').stdout)
                service.close()
                workspace.close()


if __name__ == '__main__':
    unittest.main()
