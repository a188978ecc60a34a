"""The state in a PostgreSQL database: what a user sees of it. The server is one of the test's own (tests/postgresql.py)."""
import os
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
import postgresql                                                             # noqa: E402
import program                                                                # noqa: E402
from program import SAMPLES, Workspace, files_source                          # noqa: E402

SOURCE = files_source(os.path.join(SAMPLES, 'articles'))
BUILT_IN = b'PostgreSQL: yes' in subprocess.run([program.PROGRAM, '--version'], capture_output=True).stdout


class OnServer(Workspace):
    def __init__(self, server, configuration=SOURCE):
        program.SERVER = server.address
        super().__init__(configuration)


class WithAddress(Workspace):
    """A workspace whose store has this address."""

    def __init__(self, address, more=''):
        self.line = 'store = %s\n%s' % (address, more)
        super().__init__(SOURCE)

    def store_line(self):
        self.store = None
        return self.line


@unittest.skipUnless(BUILT_IN, 'built without PostgreSQL')
class Refused(unittest.TestCase):
    def refused(self, workspace, code, *said):
        result = workspace.call('status')
        text = (result.stderr + result.stdout).decode()
        self.assertEqual(result.returncode, code, text)
        for words in said:
            self.assertIn(words, text)
        self.assertNotIn('hunter', text)
        workspace.close()

    def test_a_password_in_the_address_is_refused_and_not_printed(self):
        for address in ('postgresql://user:hunter2@localhost/news', 'postgres://localhost/news?user=a&password=hunter2',
                        'postgresql://localhost/news?password=hunter2', 'postgresql://user:hunter?2@localhost/news',
                        'postgresql://localhost/news?sslpassword=hunter2', 'postgresql://localhost/news?%70assword=hunter2'):
            self.refused(WithAddress(address), 78, 'secrets must not be stored in the configuration file', 'store_password_file')

    def test_an_address_that_libpq_cannot_read_is_refused_and_not_printed(self):
        self.refused(WithAddress('postgresql://user:hunter2@localhost/news?pasword=hunter2'), 78, "the address in 'store' cannot be read")

    def test_a_password_in_the_address_is_not_logged(self):
        workspace = WithAddress('postgresql://user:hunter2@localhost/news')
        self.addCleanup(workspace.close)
        result = workspace.call('check-config', '-v')
        self.assertIn(b'started', result.stderr + result.stdout)
        self.assertIn(b'news on localhost', result.stderr + result.stdout)
        self.assertNotIn(b'hunter', result.stderr + result.stdout)

    def test_another_address_is_refused(self):
        self.refused(WithAddress('mysql://localhost/news'), 78, "invalid value 'mysql://localhost/news' for 'store'",
                     'postgresql://user@host/database')

    def test_a_password_in_another_address_is_not_printed(self):
        for address in ('mysql://user:hunter2@localhost/news', 'mysql://user:%s@localhost/news' % ('hunter2' * 20), 'postgres:/user:hunter2@localhost',
                        "mysql://user:it's hunter 2@localhost/news", 'host=localhost user=user password=hunter2', "host=localhost password = 'hunter 2'",
                        'mysql://localhost/news?password=hunter2'):
            self.refused(WithAddress(address), 78, "invalid value '", "for 'store'", 'the configuration has 1 problem')

    def test_a_server_that_is_not_there_is_named(self):
        with tempfile.TemporaryDirectory() as folder:
            self.refused(WithAddress('postgresql:///news?host=%s' % folder), 74, 'cannot connect to the PostgreSQL server', folder)


@unittest.skipUnless(BUILT_IN, 'built without PostgreSQL')
@unittest.skipUnless(postgresql.programs(), 'PostgreSQL is not installed')
class Store(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = postgresql.Server().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def workspace(self, configuration=SOURCE):
        workspace = OnServer(self.server, configuration)
        self.addCleanup(workspace.close)
        return workspace

    def done(self, workspace, *words, code=0):
        result = workspace.call(*words)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return (result.stdout + result.stderr).decode()

    def test_a_run_writes_what_it_writes_with_a_file(self):
        workspace = self.workspace()
        self.done(workspace, 'run')
        program.SERVER = None
        other = Workspace(SOURCE)
        self.addCleanup(other.close)
        self.done(other, 'run')
        self.assertEqual(workspace.records().keys(), other.records().keys())
        ours, theirs = workspace.status(), other.status()
        for name in ('done', 'skipped', 'found', 'waiting', 'failed', 'characters'):
            self.assertEqual(ours[name], theirs[name], name)
        self.assertFalse(os.path.exists(os.path.join(workspace.out, 'state.db')))

    def test_a_second_run_does_nothing_again(self):
        workspace = self.workspace()
        self.done(workspace, 'run')
        before = workspace.records(), workspace.status()
        self.done(workspace, 'run')
        self.assertEqual((workspace.records(), workspace.status()['done']), (before[0], before[1]['done']))

    def test_the_commands_that_read_and_change_the_state_work(self):
        workspace = self.workspace()
        self.assertEqual(workspace.status()['done'], 0) # there are no tables yet
        self.done(workspace, 'run')
        article = sorted(workspace.records())[0][:-len('.json')]
        self.assertIn(article, self.done(workspace, 'explain', article))
        self.done(workspace, 'retry')
        self.done(workspace, 'run', '--dry-run')
        self.done(workspace, 'digest')
        self.done(workspace, 'verify')
        self.done(workspace, 'prune', '--dry-run', '--days', '1')

    def test_commands_that_only_look_create_no_tables(self):
        workspace = self.workspace()
        for words, code in ((('run', '--dry-run'), 0), (('prune', '--dry-run', '--days', '1'), 74), (('verify',), 0),
                            (('export', 'opml'), 0), (('check-config', '--online'), 0), (('status',), 0),
                            (('backup', os.path.join(workspace.folder, 'copy')), 64)):
            self.done(workspace, *words, code=code)
            self.assertEqual(workspace.rows("SELECT to_regclass('dragoman_format') IS NULL"), [('t',)], words)

    def test_without_a_schema_the_user_is_told_to_create_one(self):
        workspace = WithAddress('%s&options=-csearch_path%%3Dnowhere' % self.server.address)
        self.addCleanup(workspace.close)
        self.assertIn('CREATE SCHEMA', self.done(workspace, 'run', code=78))

    def test_lost_records_are_written_again(self):
        workspace = self.workspace()
        self.done(workspace, 'run')
        wanted = workspace.records()
        day = os.path.join(workspace.out, workspace.days()[0], 'articles')
        for name in os.listdir(day):
            os.unlink(os.path.join(day, name))
        self.done(workspace, 'run')
        self.assertEqual(workspace.records(), wanted)

    def test_backup_and_restore_name_the_tools_of_the_database(self):
        workspace = self.workspace()
        self.done(workspace, 'run')
        self.assertIn('pg_dump', self.done(workspace, 'backup', os.path.join(workspace.folder, 'copy'), code=64))
        self.assertIn('pg_restore', self.done(workspace, 'restore', workspace.config, code=64))

    def test_the_password_comes_from_a_secret(self):
        subprocess.run(['psql', '-q', self.server.address, '-c', "CREATE ROLE clerk LOGIN PASSWORD 'hunter2'", '-c',
                        'CREATE SCHEMA clerk AUTHORIZATION clerk'], check=True)
        address = 'postgresql://clerk@/postgres?host=%s&port=%d&options=-csearch_path%%3Dclerk' % (self.server.folder, self.server.port)
        secret = os.path.join(self.server.folder, 'secret')
        for password, code in (('hunter2', 0), ('hunter3', 77)):
            with open(secret, 'w', encoding='utf8') as file:
                file.write(password)
            os.chmod(secret, 0o600)
            workspace = WithAddress(address, 'store_password_file = %s\n' % secret)
            self.addCleanup(workspace.close)
            text = self.done(workspace, 'run', code=code)
            self.assertNotIn('hunter', text)
        self.assertIn('password authentication failed', text)

    def test_a_server_that_stops_ends_the_run_and_loses_nothing(self):
        workspace = self.workspace()
        self.done(workspace, 'run')
        wanted = workspace.records()
        self.server.stop(signal.SIGQUIT)
        try:
            self.assertIn('cannot connect to the PostgreSQL server', self.done(workspace, 'run', code=74))
        finally:
            self.server.start()
        self.done(workspace, 'run')
        self.assertEqual(workspace.records(), wanted)
        self.assertEqual(workspace.status()['done'], len(wanted))


if __name__ == '__main__':
    unittest.main()
