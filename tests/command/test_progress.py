"""The progress line of a run: on a terminal one row that is erased and written again, elsewhere nothing."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
import unittest
import urllib.request

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService, write_articles                     # noqa: E402
from program import Workspace                                            # noqa: E402

COUNT = 5
LINE = re.compile(r'\d+ of \d+\+? articles?, \d+ in progress, \d+\.\d per second')
ERASE = '\r\x1b[K'
FIRST = 'dragoman: first run: translating, checking and writing a digest; its address is shown at the end'


class Screen:
    """What a terminal of so many columns shows."""

    def __init__(self, columns):
        self.columns, self.rows, self.row, self.column = columns, [''], 0, 0

    def put(self, character):
        if self.column == self.columns:
            self.row, self.column = self.row + 1, 0
        while len(self.rows) <= self.row:
            self.rows.append('')
        line = self.rows[self.row].ljust(self.column)
        self.rows[self.row] = line[:self.column] + character + line[self.column + 1:]
        self.column += 1

    def show(self, text):
        for piece in re.findall('\x1b\\[K|[^\x1b]|\x1b', text):
            if piece == '\x1b[K':
                self.rows[self.row] = self.rows[self.row][:self.column]
            elif piece == '\r':
                self.column = 0
            elif piece == '\n':
                self.row += 1
                while len(self.rows) <= self.row:
                    self.rows.append('')
            else:
                self.put(piece)
        return [row for row in self.rows if row]


class Terminal:
    """A run whose standard error is a terminal. The service answers when `go` is set, with `answer` if that is given; `asked` counts
    its requests."""

    def __init__(self, case, columns, *words, term='xterm', answer=None, count=COUNT):
        self.go, self.asked = threading.Event(), threading.Semaphore(0)
        service = FakeService(lambda *_: self.asked.release() or (self.go.wait(100) and answer))
        case.addCleanup(service.close)
        case.addCleanup(self.go.set)
        self.workspace = Workspace('[source "Новини за моста"]\nkind = files\npath = *.html\n[dedupe]\ndays = 0\n[service "fake"]\nkind = libretranslate\n'
                                   'url = %s\n[route "default"]\nservices = fake\n' % service.url)
        case.addCleanup(self.workspace.close)
        write_articles(self.workspace.folder, count)
        self.begin(case, columns, *words, term=term)

    def begin(self, case, columns, *words, term='xterm'):
        self.master, slave = pty.openpty()
        case.addCleanup(os.close, self.master)
        self.resize(columns)
        command, options = self.workspace.command(*words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=slave)
        options['env'].update(TERM=term)
        self.process, self.text = subprocess.Popen(command, **options), ''
        case.addCleanup(self.process.kill)
        os.close(slave)

    def resize(self, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))

    def read(self, enough):
        """Reads until `enough(text)` or the end."""
        end = time.monotonic() + 120
        while not enough(self.text) and time.monotonic() < end:
            if not select.select([self.master], [], [], 1)[0]:
                continue
            try:
                self.text += os.read(self.master, 65536).decode(errors='replace')
            except OSError:                                      # the other end is closed
                break
        return self.text

    def finish(self):
        self.go.set()
        self.read(lambda _: False)
        return self.process.wait(60)


class Progress(unittest.TestCase):
    def test_the_row_is_written_again_and_the_last_counts_stay(self):
        terminal = Terminal(self, 120, 'run')
        terminal.read(lambda text: '0 of %d articles, %d in progress' % (COUNT, COUNT) in text and text.count(ERASE) > 2)
        self.assertEqual(len([row for row in Screen(120).show(terminal.text) if LINE.match(row)]), 1)
        self.assertEqual(terminal.finish(), 0)
        rows = Screen(120).show(terminal.text)
        self.assertEqual(rows[:2], [FIRST, 'dragoman: reading 1 source'])
        self.assertTrue(re.match(r'%d of %d articles, 0 in progress' % (COUNT, COUNT), rows[2]), rows)
        self.assertEqual([row for row in rows[3:] if LINE.search(row)], [])
        self.assertTrue(terminal.text.endswith('\n'))

    def test_the_first_run_says_what_to_open_and_only_the_first(self):
        terminal = Terminal(self, 200, 'run')
        self.assertEqual(terminal.finish(), 0)
        rows = Screen(200).show(terminal.text)
        address = next(row.strip() for row in rows if row.strip().startswith('file:'))
        self.assertTrue(address.endswith('/out/latest/index.html'))
        self.assertIn('мост', urllib.request.urlopen(address).read().decode())
        commands = [row.strip() for row in rows if row.startswith('  ') and '--config ' in row]
        self.assertEqual(len(commands), 3, rows)
        for command in commands:
            self.assertIn(' --config ' + terminal.workspace.config + ' ', command)
        for words in (('run',), ('status',)):
            result = terminal.workspace.call(*words)
            self.assertNotIn(b'file:', result.stdout + result.stderr)
        terminal.begin(self, 200, 'run')
        self.assertEqual(terminal.finish(), 0)
        self.assertNotIn('first', terminal.text)

    def test_a_first_run_without_a_terminal_says_nothing(self):
        terminal = Terminal(self, 80, 'status')
        terminal.finish()
        result = terminal.workspace.call('run')
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b'', b''))

    def test_a_narrow_terminal_shows_one_row_too(self):
        for columns in 40, 12:
            terminal = Terminal(self, columns, 'run')
            terminal.read(lambda text: text.count(ERASE) > 4 and not text.endswith(ERASE))
            first = len(Screen(columns).show(FIRST + '\r\ndragoman: reading 1 source\r\n'))
            rows = Screen(columns).show(terminal.text)
            self.assertEqual(len(rows), first + 1, rows)
            self.assertLess(len(rows[-1]), columns)
            self.assertEqual(terminal.finish(), 0)
            last = ''.join(Screen(columns).show(terminal.text)[first:])
            self.assertTrue(last.startswith('%d of %d articles, 0 in progress' % (COUNT, COUNT)), last)

    def test_a_terminal_that_is_resized(self):
        """Any number of lines may have been written before the program could notice, so the first that fits counts."""
        terminal = Terminal(self, 100, 'run')
        terminal.read(lambda text: text.count(ERASE) > 2)
        terminal.resize(30)
        terminal.process.send_signal(signal.SIGWINCH)
        terminal.read(lambda text: len(text.split(ERASE)[-2]) < 30)
        seen = terminal.text.count(ERASE)
        terminal.read(lambda text: text.count(ERASE) > seen + 3)
        lines = terminal.text.split(ERASE)[seen - 1:]
        self.assertGreater(len(lines), 4)
        for line in lines:
            self.assertLess(len(line), 30)
        terminal.resize(0)                                                # a terminal that does not know its size
        terminal.read(lambda text: LINE.match(text.split(ERASE)[-2]))
        self.assertTrue(LINE.match(terminal.text.split(ERASE)[-2]))
        self.assertEqual(terminal.finish(), 0)

    def test_lines_of_the_log_stand_alone(self):
        terminal = Terminal(self, 200, '--log', 'text', 'run', answer=(403, {}, b'{"error": "the key was refused"}'))
        terminal.read(lambda text: text.count(ERASE) > 2)
        self.assertEqual(terminal.finish(), 69)
        rows = Screen(200).show(terminal.text)
        logged = [row for row in rows if re.match(r'\d{4}-\d\d-\d\dT', row)]
        self.assertGreaterEqual(len(logged), COUNT, rows)
        self.assertEqual([row for row in rows if LINE.search(row) and re.search(r'\d{4}-\d\d-\d\dT', row)], [])
        self.assertEqual(len([row for row in rows if LINE.match(row)]), 1, rows)

    def test_no_line_where_it_could_not_be_erased(self):
        terminal = Terminal(self, 100, 'run', term='dumb')
        self.assertEqual(terminal.finish(), 0)
        self.assertNotIn('\x1b', terminal.text)
        self.assertNotIn('in progress', terminal.text)
        service = FakeService()
        self.addCleanup(service.close)
        workspace = Workspace('[source "files"]\nkind = files\npath = *.html\n[service "fake"]\nkind = libretranslate\nurl = %s\n'
                              '[route "default"]\nservices = fake\n' % service.url)
        self.addCleanup(workspace.close)
        write_articles(workspace.folder, 2)
        result = workspace.call('run')
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, b'', b''))

    def test_an_interruption_leaves_the_row_whole(self):
        terminal = Terminal(self, 100, '--set', 'run.grace_period=0s', 'run')
        terminal.read(lambda text: text.count(ERASE) > 1)
        terminal.process.send_signal(signal.SIGINT)
        self.assertEqual(terminal.finish(), 130)
        rows = Screen(100).show(terminal.text)
        self.assertEqual(len([row for row in rows if LINE.match(row)]), 1, rows)
        self.assertTrue(terminal.text.endswith('\n'))

    def interrupt(self, count, number=signal.SIGINT, words=('run',)):
        """Interrupts a run whose articles wait for the service, and returns it when it has answered."""
        terminal = Terminal(self, 100, *words, count=count)
        terminal.read(lambda text: '%d in progress' % count in text)
        for _ in range(count):
            self.assertTrue(terminal.asked.acquire(timeout=120))
        terminal.process.send_signal(number)
        terminal.read(lambda text: 'press ^C again' in text)
        return terminal

    def test_the_first_interruption_is_answered_and_the_second_ends_the_run(self):
        for count, number, said in (3, signal.SIGINT, '3 articles'), (1, signal.SIGTERM, '1 article'):
            terminal = self.interrupt(count, number)
            self.assertEqual(Screen(100).show(terminal.text).count('dragoman: finishing %s; press ^C again to stop now' % said), 1, terminal.text)
            self.assertIsNone(terminal.process.poll())           # the service has not answered yet
            terminal.process.send_signal(number)
            self.assertEqual(terminal.process.wait(60), 130)
            self.assertEqual(terminal.workspace.records(), {})

    def test_after_the_first_interruption_what_was_sent_is_finished(self):
        terminal = self.interrupt(2, words=('--log', 'text', 'run'))
        terminal.read(lambda text: ' notice run-stopping ' in text)
        self.assertIn('finishing 2 articles; a second signal stops at once', terminal.text)
        self.assertEqual(terminal.finish(), 130)
        self.assertEqual(terminal.text.count('run-stopping'), 1)
        self.assertTrue(terminal.workspace.status()['found'] + terminal.workspace.status()['waiting'] + terminal.workspace.status()['done'] == 2)

    def test_quiet_says_nothing_even_on_a_terminal(self):
        terminal = Terminal(self, 100, '-q', 'run')
        self.assertEqual((terminal.finish(), terminal.text), (0, ''))
        terminal = Terminal(self, 100, 'run', '--quiet', answer=(403, {}, b'{"error": "the key was refused"}'))
        self.assertEqual(terminal.finish(), 69)
        self.assertRegex(terminal.text, r'^dragoman: 5 articles, 5 waiting; [^\n]*key was refused[^\n]*\r\n$')


if __name__ == '__main__':
    unittest.main()
