"""A PostgreSQL server that is stopped, or crashes, in the middle of a run and comes back. In a crash, what was committed but not flushed
is gone, as after a power cut. The run waits and goes on, and nothing is lost, done twice or billed twice."""
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
class Return(unittest.TestCase):
    def interrupt(self, workspace, service, request, how):
        """Stops the server when the service has received that many requests, and starts it again later. Returns the exit code of the
        run."""
        before, process = service.requests, workspace.start('run')
        while process.poll() is None and service.requests < before + request:
            time.sleep(0.002)
        self.assertIsNone(process.poll())
        self.server.stop(how)
        time.sleep(1.5)
        self.server.start()
        return process.wait(timeout=200)

    def check_all(self, how):
        with postgresql.Server() as self.server:
            program.SERVER = self.server.address
            for request in 1, 7, 30, 55:
                service = FakeService(delay=0.05)
                workspace = workspace_with(ARTICLES, service_section('paid', service, 'price = 20\n'))
                self.assertEqual(self.interrupt(workspace, service, request, how), 0, request)
                status = workspace.status()
                self.assertEqual((status['done'], status['waiting'], status['failed']), (ARTICLES, 0, 0), request)
                self.assertEqual((status['requests'], status['characters']), (service.requests, billed(service)), request)
                self.assertEqual(status['reserved']['requests'], 0, request)
                self.assertEqual(len(workspace.records()), ARTICLES, request)
                self.assertIn(b'0 damaged, 0 missing, 0 foreign', workspace.call('verify').stdout)
                self.assertEqual(workspace.rows('SELECT count(*) FROM session'), [('0',)], request)
                service.close()
                workspace.close()

    def test_a_server_that_is_restarted_costs_time_only(self):
        self.check_all(signal.SIGINT)

    def test_a_server_that_crashes_costs_time_only(self):
        self.check_all(signal.SIGQUIT)

    def test_no_cap_is_exceeded(self):
        with postgresql.Server() as self.server:
            program.SERVER = self.server.address
            for request in 1, 3, 5:
                service = FakeService(delay=0.05)
                workspace = workspace_with(ARTICLES, service_section('paid', service, 'price = 20\ncharacters_per_day = %d' % CAP))
                self.interrupt(workspace, service, request, signal.SIGQUIT)
                status = workspace.status()
                self.assertLessEqual(billed(service), CAP, request)
                self.assertGreater(billed(service), CAP / 3, request)
                self.assertEqual(status['characters'], billed(service), request)
                self.assertEqual((status['done'] + status['waiting'], status['failed']), (ARTICLES, 0), request)
                self.assertIn(b'0 damaged, 0 missing, 0 foreign', workspace.call('verify').stdout)
                service.close()
                workspace.close()


@unittest.skipUnless(BUILT_IN, 'built without PostgreSQL')
@unittest.skipUnless(postgresql.programs(), 'PostgreSQL is not installed')
class Distance(unittest.TestCase):
    # Turns of the conversation: an article asks the memory once or twice, without waiting for the answer; and what a run asks for once.
    # About 43 statements an article are sent.
    QUESTIONS, ONCE = 2, 150

    def test_a_run_waits_for_questions_only(self):
        with postgresql.Server() as server:
            proxy = postgresql.Proxy(server, 0.02)
            program.SERVER = proxy.address
            service = FakeService()
            workspace = workspace_with(ARTICLES, service_section('paid', service, 'price = 20\n'))
            self.assertEqual(workspace.call('run').returncode, 0)
            self.assertEqual(len(workspace.records()), ARTICLES)
            self.assertLess(max(proxy.waits), self.QUESTIONS * ARTICLES + self.ONCE)
            service.close()
            workspace.close()
            proxy.close()


if __name__ == '__main__':
    unittest.main()
