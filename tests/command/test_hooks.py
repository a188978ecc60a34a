"""Hooks: programs that are run after a run, and pings for a monitoring service; and every way in which they fail, none of which
changes what the run did. What is news is tested in tests/fault/test_stories.py."""
import json
import os
import signal
import subprocess
import sys
import time
import unittest

SOURCE = os.environ['DRAGOMAN_SOURCE']
sys.path.insert(0, os.path.join(SOURCE, 'tests'))
sys.path.insert(0, os.path.join(SOURCE, 'tests', 'fault'))
from program import Workspace, files_source  # noqa: E402
from receiver import TOKEN, Receiver  # noqa: E402

class Case(unittest.TestCase):
    def setUp(self):
        self.space = Workspace('')
        self.addCleanup(self.space.close)
        self.inbox = self.path('inbox')
        os.mkdir(self.inbox)
        self.sections = files_source('"%s"' % self.inbox)

    def path(self, *names):
        return os.path.join(self.space.folder, *names)

    def configure(self, hooks, more=''):
        with open(self.space.config, 'w', encoding='utf8') as file:
            file.write('[run]\noutput = %s\n[hooks]\n%s\n%s%s' % (self.space.out, hooks, self.sections, more))

    def program(self, name, text):
        with open(self.path(name), 'w', encoding='utf8') as file:
            file.write('#!/bin/sh\n' + text)
        os.chmod(self.path(name), 0o755)
        return self.path(name)

    def read(self, name):
        with open(self.path(name), encoding='utf8', errors='replace') as file:
            return file.read()

    def receiver(self, *script):
        receiver = Receiver(*script)
        self.addCleanup(receiver.close)
        return receiver

    def run_it(self, code=0, *words, **options):
        result = self.space.call('run', *words, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        return result

    def notes(self):
        with open(os.path.join(self.space.out, self.space.days()[-1], 'report.json'), encoding='utf8') as file:
            return [note['what'] for note in json.load(file)['notes'] if note.get('where', '').startswith('hook ')]

    def break_source(self):
        """Makes the next run end with 69."""
        self.sections += '[source "gone"]\nkind = feed\nurl = http://127.0.0.1:9/feed\n'


class Programs(Case):
    def test_success_gets_the_report_and_no_key(self):
        self.configure('success = %s one \'two three\'' % self.program('ok', 'printf "%%s|" "$@" >%s; env >%s; cat >%s' % tuple(
            map(self.path, ('words', 'env', 'in')))), '[service "libre"]\nkind = libretranslate\nurl = http://127.0.0.1:9\nkey_env = SECRET_KEY\n')
        command, options = self.space.command('run', '--json', capture_output=True)
        options['env']['SECRET_KEY'] = options['env']['OTHER_TOKEN'] = 'much-secret-4711'
        result = subprocess.run(command, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.read('words'), 'one|two three|')
        environment = self.read('env')
        self.assertNotIn('much-secret', environment)
        for line in ('DRAGOMAN_EVENT=success', 'DRAGOMAN_EXIT=0', 'DRAGOMAN_DAY=' + self.space.days()[-1],
                     'DRAGOMAN_OUTPUT=' + os.path.realpath(self.space.out)):
            self.assertIn(line, environment.splitlines())
        self.assertRegex(environment, 'DRAGOMAN_REASON=.+')
        printed, given = json.loads(result.stdout), json.loads(self.read('in'))
        printed.pop('seconds'), given.pop('seconds')
        self.assertEqual(printed, given)
        self.assertEqual(self.notes(), [])

    def test_failure_says_why_and_tolerate_makes_it_a_success(self):
        self.break_source()
        hooks = 'success = %s\nfailure = %s\n' % (self.program('ok', 'touch %s' % self.path('succeeded')),
                                                 self.program('bad', 'echo "$DRAGOMAN_EXIT $DRAGOMAN_REASON" >%s' % self.path('why')))
        self.configure(hooks)
        self.run_it(69)
        self.assertRegex(self.read('why'), '^69 .*source gone failed: ')
        self.assertFalse(os.path.exists(self.path('succeeded')))
        self.configure(hooks + 'tolerate = 3 69\n')
        self.run_it(69)
        self.assertTrue(os.path.exists(self.path('succeeded')))

    def test_a_run_that_could_not_begin_is_a_failure_but_one_that_found_another_is_none(self):
        self.configure('failure = %s\n' % self.program('bad', 'echo "$DRAGOMAN_EXIT $DRAGOMAN_REASON" >>%s; cat >>%s' % (
            self.path('why'), self.path('why'))))
        os.mkdir(self.space.out)
        os.mkdir(os.path.join(self.space.out, 'state.db'))
        result = self.space.call('run')
        self.assertNotIn(result.returncode, (0, 3, 69, 75))
        self.assertRegex(self.read('why'), '^%d .*state.db' % result.returncode)

    def test_each_way_to_fail_is_a_warning_and_no_more(self):
        for text, said in (('exit 1', 'ended with exit code 1'),
                           ('echo no paper; exit 7', 'ended with exit code 7: no paper'),
                           ('kill -9 $$', 'ended with signal 9'),
                           ('sleep 3600 & sleep 3600', 'did not end in time and was killed'),
                           (None, 'cannot be run: No such file or directory; check success in [hooks]')):
            path = self.program('hook', text) if text else self.path('nowhere')
            self.configure('success = %s\ntimeout = %s\n' % (path, '300ms' if 'time' in said else '1m'))
            before = self.space.records()
            result = self.run_it(0)
            self.assertIn(said, result.stderr.decode())
            self.assertRegex(' '.join(self.notes()), 'success hook .*' + said.split(':')[0].replace('[', r'\['))
            self.assertEqual(self.space.records(), before)
            # Said once, and again when it is another failure.
            self.assertNotIn(said, self.run_it(0).stderr.decode())
        logged = self.space.call('--log', 'json', 'run').stderr.decode()
        self.assertIn('"event":"hook-failed","where":"hook success"', logged)

    def test_output_goes_to_the_log_and_children_that_hold_it_do_not_delay(self):
        self.configure('success = %s\ntimeout = 5m\n' % self.program(
            'hook', 'echo "all is \x1b[2Jwell"; sleep 3600 & echo $! >%s; head -c 3000000 /dev/zero' % self.path('child')))
        result = self.space.call('--log', 'text', 'run', timeout=200)
        os.kill(int(self.read('child')), signal.SIGKILL)
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr.decode(), 'hook-output where=success what=.*all is .*well')
        self.assertNotIn(b'\x1b', result.stderr)
        self.assertEqual(self.notes(), [])

    def test_a_program_in_the_sandbox_can_be_started_and_is_restricted(self):
        self.configure('success = %s\n' % self.program('hook', 'cat >%s/inside; cat %s' % (self.space.out, self.program('other', 'secret words'))))
        result = self.space.call('--set', 'run.sandbox=yes', '--log', 'text', 'run')
        if b'no sandbox is available' in result.stderr:
            self.skipTest('this kernel has no Landlock')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(json.loads(self.read('out/inside')))
        self.assertNotIn(b'secret words', result.stderr)
        self.assertIn('Permission denied', result.stderr.decode() + ' '.join(self.notes()))

    def test_an_interrupted_run_is_a_failure(self):
        receiver = self.receiver('hang')
        self.sections = '[source "slow"]\nkind = feed\nurl = %s\n' % receiver.server.url
        self.configure('failure = %s\n' % self.program('bad', 'echo "$DRAGOMAN_EXIT $DRAGOMAN_REASON" >%s' % self.path('why')),
                       '')
        running = self.space.start('--set', 'run.grace_period=0s', 'run')
        until = time.monotonic() + 120
        while not receiver.got and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        self.assertEqual(running.wait(120), 130)
        self.assertRegex(self.read('why'), '^130 ')


class Pings(Case):
    def test_start_and_success(self):
        receiver = self.receiver()
        self.configure('ping = %s\n' % receiver.url)
        self.run_it()
        self.assertEqual(receiver.got, [('/start', ''), ('', '')])
        self.configure('ping = %s/?every=1h\n' % receiver.url)
        self.run_it()
        self.assertEqual(receiver.paths()[2:], ['/start?every=1h', '/?every=1h'])

    def test_a_long_answer_is_one(self):
        receiver = self.receiver('long')
        self.configure('ping = %s\n' % receiver.url)
        self.assertEqual(self.run_it().stderr, b'')
        self.assertEqual((self.notes(), receiver.paths()), ([], ['/start', '']))

    def test_no_address_is_quoted_however_wrong_it_is(self):
        for address in ('https://exa mple.example/%s', '%s', 'http://user:%s@127.0.0.1:9/x', 'https:///%s', 'ftp://hooks.example/%s',
                        'http://hooks.example/%s', 'http://127.0.0.1:9/%s?a=%s'):
            self.configure('ping = %s\n' % address.replace('%s', TOKEN))
            result = self.space.call('--log', 'text', 'run')
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(len(self.notes()), 2)
            self.assertNotIn(TOKEN[:8], result.stderr.decode() + ' '.join(self.notes()))

    def test_failure_sends_the_reason(self):
        receiver = self.receiver()
        with open(self.path('address'), 'w', encoding='utf8') as file:
            file.write(receiver.url + '\n')
        os.chmod(self.path('address'), 0o600)
        self.break_source()
        self.configure('ping_file = address\n')
        self.run_it(69)
        self.assertEqual(receiver.paths(), ['/start', '/fail'])
        self.assertIn('source gone failed', receiver.got[1][1])

    def test_a_run_that_finds_another_pings_nothing(self):
        receiver = self.receiver()
        slow = self.receiver('hang')
        self.sections = '[source "slow"]\nkind = feed\nurl = %s\n' % slow.server.url
        self.configure('ping = %s\n' % receiver.url)
        running = self.space.start('run')
        self.addCleanup(running.wait)
        self.addCleanup(running.kill)
        until = time.monotonic() + 120
        while not slow.got and time.monotonic() < until:
            time.sleep(0.02)
        self.run_it(75)
        self.assertEqual(receiver.paths(), ['/start'])

    def test_what_fails_is_a_warning_without_the_token(self):
        gone = self.receiver()
        gone.close()
        for receiver, said in ((self.receiver(500), 'answered 500'), (self.receiver(302), 'a redirect'),
                               (self.receiver('hang'), 'time'), (gone, 'cannot be reached')):
            self.configure('ping = %s\nrequest_timeout = %s\n' % (receiver.url, '300ms' if said == 'time' else '1m'))
            result = self.space.call('--log', 'json', 'run')
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn('hook-failed', result.stderr.decode())
            self.assertRegex(' '.join(self.notes()), r'^\[hooks\] ping: .*' + said)
            self.assertNotIn(b'hooks', self.run_it().stderr)                # said once, for the start and for the end
            status = self.space.call('status', '--json').stdout + self.space.call('check-config').stdout
            for text in (result.stdout, result.stderr, status, ' '.join(self.notes()).encode()):
                self.assertNotIn(TOKEN[:8].encode(), text)


class Mistakes(Case):
    def test_check_config_finds_them_and_quotes_no_address(self):
        for line, said in (('sucess = /bin/true', "did you mean 'success'"),
                           ('success = /no/such/program', "'/no/such/program' is not a program that can be run"),
                           ("failure = '/bin/true", 'an unmatched quotation mark'),
                           ('tolerate = none', "'none' is not an exit code"),
                           ('ping = ftp://hooks.example/%s' % TOKEN, 'the value of ping is not an address'),
                           ('webhook = http://hooks.example/%s' % TOKEN, 'sent unencrypted'),
                           ('ping_file = nowhere', 'nowhere'),
                           ('growth_within = 1s', 'must be between')):
            self.configure(line)
            result = self.space.call('check-config')
            self.assertEqual(result.returncode, 78, line)
            self.assertIn(said, result.stderr.decode(), line)
            self.assertNotIn(TOKEN, result.stderr.decode())
        self.configure('success = true\nplain_http = yes\nwebhook = http://hooks.example/x\nping = http://127.0.0.1:9/x\ntolerate = 3, 69')
        result = self.space.call('check-config')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertRegex(result.stdout.decode(), r'sandbox of runs: off: (a program of \[hooks\]|this kernel)')


if __name__ == '__main__':
    unittest.main()
