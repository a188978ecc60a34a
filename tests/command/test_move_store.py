"""move-store: a state that is moved to PostgreSQL and back is the same state to all commands, and nothing is translated again."""
import json
import os
import pty
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
import program                                                                # noqa: E402
from on_server import ARTICLES, BUILT_IN, Case, ServerCase, needs_libpq, stores_on  # noqa: E402
from program import SOURCE, Workspace                                         # noqa: E402


if not BUILT_IN:
    class NotBuiltIn(Case):
        def test_it_says_so(self):
            self.assertIn('built without PostgreSQL', self.done(self.kept(Workspace(ARTICLES)), 'move-store', 'postgresql:///news', code=78))


@needs_libpq
class Refused(Case):
    def test_what_is_no_target(self):
        workspace = self.kept(Workspace(ARTICLES))
        self.assertIn('move-store TARGET', self.done(workspace, 'move-store', code=64))
        self.assertIn('`dragoman backup`', self.done(workspace, 'move-store', 'copy.db', code=64))
        self.assertIn('there is no state in', self.done(workspace, 'move-store', 'postgresql:///news', code=74))
        self.assertIn('cannot be read', self.done(workspace, 'move-store', 'postgresql:///news?hots=a', code=64))

    def test_a_password_on_the_command_line(self):
        said = self.done(self.kept(Workspace(ARTICLES)), 'move-store', 'postgresql://user:hunter2@localhost/news', code=64)
        self.assertIn('store_password_file', said)
        self.assertNotIn('hunter', said)


class Moved(ServerCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with open(os.path.join(SOURCE, 'config', 'commands.schema.json'), encoding='utf8') as file:
            cls.schema = json.load(file)

    def new_workspace(self, configuration=ARTICLES):
        """Its state is in a file."""
        return self.kept(Workspace(configuration))

    def new_address(self):
        with stores_on(self.server):
            return program.new_store()

    def set_lines(self, workspace, *lines):
        """Writes what a user is told to write, in the place of the present lines."""
        with open(workspace.config, encoding='utf8') as file:
            kept = [line for line in file if not line.startswith(('state =', 'store ='))]
        with open(workspace.config, 'w', encoding='utf8') as file:
            file.write(''.join(kept).replace('[run]\n', '[run]\n' + ''.join(line + '\n' for line in lines), 1))

    def said_setting(self, said):
        return [line.strip() for line in said.splitlines() if line.startswith('    ')]

    def seen(self, workspace):
        """Returns what users and programs see of the state, but for the runs at work, which are not known of a file."""
        status = workspace.status()
        status.pop('runs', None)
        return status, self.done(workspace, 'verify'), self.done(workspace, 'export', 'tmx'), workspace.records()

    def assert_nothing_new(self, workspace):
        report = json.loads(workspace.call('run', '--json').stdout)
        self.assertEqual((report['found'], report['known'], report['limiters']), (0, len(workspace.records()) + 1, []))

    def test_there_and_back(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        before, state = self.seen(workspace), os.path.join(workspace.out, 'state.db')
        address = self.new_address()
        said = self.done(workspace, 'move-store', address)
        self.assertIn('Copied the state from %s to postgres on %s (schema %s).' % (state, self.server.folder, address.rpartition('%3D')[2]), said)
        self.assertIn('%d articles, ' % (len(before[3]) + 1), said)
        self.assertIn(state + ' is unchanged', said)
        self.assertEqual(self.said_setting(said), ['store = ' + address])
        self.assertEqual(self.seen(workspace), before)
        self.set_lines(workspace, 'state = ' + state, *self.said_setting(said))
        os.rename(state, state + '.old')
        self.assertEqual(self.seen(workspace), before)
        self.assert_nothing_new(workspace)
        before = self.seen(workspace)
        said = self.done(workspace, 'move-store', state)
        self.assertIn('remove `store` from [run]', said)
        self.assertEqual(self.said_setting(said), [])
        self.set_lines(workspace, 'state = ' + state)
        self.assertEqual(self.seen(workspace), before)
        self.assert_nothing_new(workspace)

    def test_another_file_is_named_with_the_setting(self):
        workspace, address = self.new_workspace(), self.new_address()
        self.done(workspace, 'run')
        self.done(workspace, 'move-store', address)
        self.set_lines(workspace, 'store = ' + address)
        copy = os.path.join(workspace.folder, 'new', 'copy.db')
        said = self.done(workspace, 'move-store', copy)
        self.assertEqual(self.said_setting(said), ['state = ' + copy])
        self.assertIn('is never overwritten', self.done(workspace, 'move-store', copy, code=64))
        self.assertIn('pg_dump and pg_restore', self.done(workspace, 'move-store', address, code=64))
        self.assertIn('dragoman move-store FILE', self.done(workspace, 'backup', workspace.folder, code=64))
        self.assertIn('dragoman move-store', self.done(workspace, 'restore', copy, code=64))
        other = self.new_workspace() # for which the file is a backup
        self.done(other, 'restore', copy)
        self.assertEqual(other.records(), workspace.records())

    def test_json_has_the_rows_of_all_tables(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        data = json.loads(self.done(workspace, 'move-store', '--json', self.new_address()))
        jsonschema.Draft202012Validator({**self.schema, '$ref': '#/$defs/move-store'}).validate(data)
        for table in ('article', 'memory', 'kept', 'told'):
            self.assertEqual([(str(data['tables'][table]),)], workspace.rows('SELECT count(*) FROM ' + table), table)
        self.assertEqual(sum(data['tables'].values()), data['rows'])
        self.assertIn('store = postgresql:', data['setting'])

    def shown_on_a_terminal(self, workspace, *words):
        """Returns what is written to standard error if that is a terminal; it must fit into the terminal's buffer."""
        ours, theirs = pty.openpty()
        command, options = workspace.command(*words, stdout=subprocess.DEVNULL, stderr=theirs)
        options['env']['TERM'] = 'xterm'
        code = subprocess.run(command, timeout=300, **options).returncode
        os.close(theirs)
        with os.fdopen(ours, 'rb', buffering=0) as terminal:
            self.assertEqual(code, 0)
            try:
                return terminal.read(4000).decode()
            except OSError: # nothing was written
                return ''

    def test_a_terminal_shows_how_far_it_is(self):
        workspace = self.new_workspace()
        self.done(workspace, 'run')
        self.assertRegex(self.shown_on_a_terminal(workspace, 'move-store', self.new_address()),
                         '^\r\x1b\\[K256 of [0-9]+ rows copied.*\r\x1b\\[K$')
        for option in ('--quiet', '--json'):
            self.assertEqual(self.shown_on_a_terminal(workspace, 'move-store', option, self.new_address()), '')

    def test_the_password_may_be_set_while_store_is_not(self):
        address, workspace = self.guarded_address(), self.new_workspace()
        self.done(workspace, 'run')
        self.set_lines(workspace, 'store_password_file = ' + self.write_password(''))
        for password, code in (('hunter3', 77), ('hunter2', 0)):
            self.write_password(password)
            said = self.done(workspace, 'move-store', address, code=code)
            self.assertNotIn('hunter', said)
        self.set_lines(workspace, 'store = ' + address)
        self.done(workspace, 'check-config')
        self.assertIn('articles', self.done(workspace, 'move-store', os.path.join(workspace.folder, 'back.db')))


if __name__ == '__main__':
    unittest.main()
