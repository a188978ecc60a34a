"""The state in a PostgreSQL database: what a user sees of it. The server is one of the test's own (tests/postgresql.py)."""
import json
import os
import signal
import sys
import tempfile
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from on_server import ARTICLES, Case, ServerCase, WithAddress, needs_libpq, stores_on  # noqa: E402
from program import Workspace                                                  # noqa: E402


@needs_libpq
class Refused(Case):
    def refused(self, workspace, code, *said):
        self.kept(workspace)
        for command in ('status', 'check-config') if code == 78 else ('status',):
            text = self.done(workspace, command, code=code)
            for words in said:
                self.assertIn(words, text)
            self.assertNotIn('hunter', text)

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


class Store(ServerCase):
    def test_a_run_writes_what_it_writes_with_a_file(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        with stores_on(None):
            other = self.kept(Workspace(ARTICLES))
        self.done(other, 'run')
        self.assertEqual(workspace.records().keys(), other.records().keys())
        ours, theirs = workspace.status(), other.status()
        for name in ('done', 'skipped', 'found', 'waiting', 'failed', 'characters'):
            self.assertEqual(ours[name], theirs[name], name)
        self.assertFalse(os.path.exists(os.path.join(workspace.out, 'state.db')))

    def test_a_second_run_does_nothing_again(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        before = workspace.records(), workspace.status()
        self.done(workspace, 'run')
        self.assertEqual((workspace.records(), workspace.status()['done']), (before[0], before[1]['done']))

    def test_the_commands_that_read_and_change_the_state_work(self):
        workspace = self.new_workspace()
        status = workspace.status() # there are no tables yet
        self.assertEqual((status['done'], status['runs']), (0, []))
        self.done(workspace, 'run')
        article = sorted(workspace.records())[0][:-len('.json')]
        self.assertIn(article, self.done(workspace, 'explain', article))
        self.done(workspace, 'retry')
        self.done(workspace, 'run', '--dry-run')
        self.done(workspace, 'digest')
        self.done(workspace, 'verify')
        self.done(workspace, 'prune', '--dry-run', '--days', '1')

    def test_commands_that_only_look_create_no_tables(self):
        workspace = self.new_workspace()
        for words, code in ((('run', '--dry-run'), 0), (('prune', '--dry-run', '--days', '1'), 74), (('verify',), 0),
                            (('export', 'opml'), 0), (('check-config', '--online'), 0), (('status',), 0),
                            (('backup', os.path.join(workspace.folder, 'copy')), 64)):
            self.done(workspace, *words, code=code)
            self.assertEqual(workspace.rows("SELECT to_regclass('dragoman_format') IS NULL"), [('t',)], words)

    def test_lost_records_are_written_again(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        wanted = workspace.records()
        day = os.path.join(workspace.out, workspace.days()[0], 'articles')
        for name in os.listdir(day):
            os.unlink(os.path.join(day, name))
        self.done(workspace, 'run')
        self.assertEqual(workspace.records(), wanted)

    def test_pages_show_what_the_store_has_and_not_an_edited_file(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        page = os.path.join(workspace.out, workspace.days()[0], 'index.html')
        with open(page, encoding='utf8') as file:
            wanted = file.read()
        for name, record in workspace.records().items():
            path = os.path.join(os.path.dirname(page), 'articles', name)
            with open(path, 'w', encoding='utf8') as file:
                file.write(json.dumps(dict(record, title={'source': 'Edited', 'target': 'Edited'})))
        os.unlink(page)
        self.done(workspace, 'digest')
        with open(page, encoding='utf8') as file:
            shown = file.read()
        self.assertNotIn('Edited', shown)
        self.assertEqual(shown.count('<article'), wanted.count('<article'))

    def test_backup_and_restore_name_the_tools_of_the_database(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        self.assertIn('pg_dump', self.done(workspace, 'backup', os.path.join(workspace.folder, 'copy'), code=64))
        self.assertIn('pg_restore', self.done(workspace, 'restore', workspace.config, code=64))

    def test_the_password_comes_from_a_secret(self):
        address = self.guarded_address()
        for password, code in (('hunter2', 0), ('hunter3', 77)):
            workspace = self.kept(WithAddress(address, 'store_password_file = %s\n' % self.write_password(password)))
            text = self.done(workspace, 'run', code=code)
            self.assertNotIn('hunter', text)
        self.assertIn('password authentication failed', text)

    def test_a_server_that_stops_ends_the_run_and_loses_nothing(self):
        workspace = self.new_workspace()
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


class Configuration(ServerCase):
    """What is wrong with `store` is said by every command, and by check-config before a run needs it. The codes are those of `run`;
    whatever does not answer check-config --online is 69."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(os.path.join(os.environ['DRAGOMAN_SOURCE'], 'config', 'commands.schema.json'), encoding='utf8') as file:
            cls.schema = dict(json.load(file), **{'$ref': '#/$defs/check-config'})

    def checked(self, workspace, works):
        """Returns what check-config --online says of the server, which must be the same as text and as JSON."""
        result = workspace.call('check-config', '--online', '--json')
        answer = json.loads(result.stdout)
        jsonschema.validate(answer, self.schema)
        store = answer['online_store']
        self.assertEqual((result.returncode, store['works'], 'reason' in store), (0 if works else 69, works, not works), answer)
        said = self.done(workspace, 'check-config', '--online', code=0 if works else 69)
        self.assertIn('[run] store works: %s\n' % store['store'] if works else store['reason'], said)
        return store.get('reason')

    def refused(self, address, code, *words, more=''):
        workspace = self.kept(WithAddress(address, more))
        self.done(workspace, 'check-config') # does not ask the server
        for said in self.done(workspace, 'run', code=code), self.checked(workspace, False):
            for word in words:
                self.assertIn(word, said)
            self.assertNotIn('hunter', said)

    def test_a_server_that_works(self):
        workspace = self.new_workspace()
        self.checked(workspace, True)
        self.assertEqual(workspace.rows("SELECT to_regclass('dragoman_format') IS NULL"), [('t',)])
        self.done(workspace, 'run')
        self.checked(workspace, True)

    def test_a_database_that_does_not_exist_is_a_wrong_configuration(self):
        self.refused(self.address('nowhere'), 78, 'the PostgreSQL database nowhere on %s does not exist' % self.server.folder, 'createdb', '`store`')

    def test_it_is_one_also_for_a_user_who_had_to_give_a_password(self):
        address = self.guarded_address().replace('/postgres?', '/nowhere?')
        self.refused(address, 78, 'does not exist', more='store_password_file = %s\n' % self.write_password('hunter2'))
        self.refused(address, 77, 'password authentication failed', more='store_password_file = %s\n' % self.write_password('hunter3'))
        self.refused(address, 77, 'no password supplied', 'store_password_file')

    def test_a_user_who_is_unknown(self):
        self.refused(self.address(user='nobody_at_all'), 77, 'cannot log in', 'nobody_at_all', 'check the user')

    def test_a_user_who_may_not_connect(self):
        self.run_sql('CREATE ROLE guest LOGIN', 'CREATE DATABASE closed', 'REVOKE CONNECT ON DATABASE closed FROM PUBLIC')
        self.refused(self.address('closed', user='guest'), 77, 'closed')

    def test_a_server_without_a_free_connection_is_too_busy(self):
        self.run_sql('CREATE ROLE many LOGIN CONNECTION LIMIT 0', 'CREATE ROLE one LOGIN CONNECTION LIMIT 1', 'CREATE SCHEMA one AUTHORIZATION one')
        self.refused(self.address(user='many'), 75, 'has no connection left', 'too many connections for role', 'raise the limit')
        said = self.done(self.kept(WithAddress(self.address(user='one', schema='one'))), 'run', code=75) # needs two
        self.assertIn('has no connection left for the database postgres on %s (schema one)' % self.server.folder, said)

    def test_a_schema_that_does_not_exist(self):
        self.refused(self.address(schema='absent'), 78, 'postgres on %s (schema absent)' % self.server.folder, 'CREATE SCHEMA')

    def test_a_schema_in_which_the_user_has_no_rights(self):
        self.run_sql('CREATE ROLE reader LOGIN', 'CREATE SCHEMA locked', 'CREATE SCHEMA "Shown"', 'GRANT USAGE ON SCHEMA "Shown" TO reader')
        for schema in 'locked', '"Shown"':
            self.refused(self.address(user='reader', schema=schema.replace('"', '%22')), 77, 'may not create tables in the schema %s' % schema,
                         '(schema %s)' % schema.strip('"'), 'GRANT USAGE, CREATE ON SCHEMA %s TO reader' % schema)

    def test_tables_that_are_not_those_of_dragoman(self):
        workspace = self.new_workspace()
        workspace.rows('CREATE TABLE dragoman_format (version BIGINT)')
        self.assertIn('are not of dragoman', self.checked(workspace, False))

    def test_a_server_that_is_not_there(self):
        self.refused('postgresql:///news?host=%s/none' % self.server.folder, 74, 'cannot connect to the PostgreSQL server', self.server.folder)

    def test_a_password_that_cannot_be_read(self):
        for line, said in (('store_password_file = /nowhere/secret', 'cannot read the store_password from /nowhere/secret: No such file'),
                           ('store_password_env = NOWHERE', 'NOWHERE')):
            workspace = self.kept(WithAddress(self.address(), line + '\n'))
            text = self.done(workspace, 'check-config', code=78)
            self.assertIn('dragoman.conf:5: ', text)
            self.assertIn(said, text)
            self.assertIn('the configuration has 1 problem\n', text)
        workspace = self.kept(WithAddress(self.address(), 'store_password_command = false\n'))
        self.done(workspace, 'check-config')
        self.assertIn('store_password_command', self.checked(workspace, False))


if __name__ == '__main__':
    unittest.main()
