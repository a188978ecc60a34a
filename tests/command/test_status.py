"""`status` tells where everything stands: sources that fail or have fallen silent, what waits, failed or was left out, and
`--json` of it and of the other reporting commands matches its schema."""
import json
import os
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService                             # noqa: E402
from program import SOURCE, Workspace                                    # noqa: E402
from web import PARAGRAPH, Web, feed, page                               # noqa: E402

HOUR, START = 3600, time.mktime((2026, 1, 5, 8, 0, 0, 0, 0, -1))


def setUpModule():
    global FATE, folder
    folder = tempfile.TemporaryDirectory()
    FATE = os.path.join(folder.name, 'fate.so')
    subprocess.run(['cc', '-shared', '-fPIC', '-o', FATE, os.path.join(SOURCE, 'tests', 'fault', 'fate.c'), '-ldl'], check=True)


def tearDownModule():
    folder.cleanup()


def at(hours):
    return START + hours * HOUR


def local(hours):
    return time.strftime('%Y-%m-%d %H:%M', time.localtime(at(hours)))


def rss(count):
    """English, so that nothing is translated: each is skipped at once."""
    text = 'The bridge reopened on Thursday after two years of works. The mayor said that traffic would return soon. ' * 6
    return '<rss version="2.0"><channel>%s</channel></rss>' % ''.join(
        '<item><title>Bridge %d is open again</title><guid>g%d</guid><description>%s</description></item>' % (n, n, text)
        for n in range(count))


def read(path):
    with open(path, encoding='utf8') as f:
        return f.read()


class Case(unittest.TestCase):
    def desk_with(self, configuration):
        self.desk = Workspace(configuration)
        self.addCleanup(self.desk.close)

    def write(self, name, text):
        with open(os.path.join(self.desk.folder, name), 'w', encoding='utf8') as f:
            f.write(text)

    def call(self, *words, hours=None):
        command, options = self.desk.command(*words, capture_output=True, timeout=120)
        options['env'].update(LD_PRELOAD=FATE, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0')
        if hours is not None:
            options['env']['FATE_SECONDS'] = str(int(at(hours) - time.time()))
        return subprocess.run(command, **options)

    def status(self, hours, *words):
        """What it says, in words and as JSON."""
        text, data = self.call('status', *words, hours=hours), self.call('status', '--json', *words, hours=hours)
        self.assertEqual((text.returncode, data.returncode), (0, 0), text.stderr + data.stderr)
        return text.stdout.decode(), json.loads(data.stdout)

    def page(self, name='digest.html'):
        day = sorted(name for name in os.listdir(self.desk.out) if name[0] == '2')[-1]
        return read(os.path.join(self.desk.out, day, name))


class Sources(Case):
    def test_a_source_that_fails_is_named_until_it_recovers(self):
        good = feed(('http://costa.example/1', 'Obras', PARAGRAPH))
        web = Web({'costa.example/rss': good, 'costa.example/1': page('Uno'), 'lejos.example/rss': Answer(404, b'nothing')})
        service = FakeService()
        self.addCleanup(web.close)
        self.addCleanup(service.close)
        costa, lejos = ('[source "%s"]\nkind = feed\nurl = http://%s.example/rss\n' % (name, name) for name in ('costa', 'lejos'))
        self.desk_with('[collect]\ngap = 0s\n[http]\nproxy = %s\n[service "fake"]\nkind = libretranslate\nurl = %s\n%s%s'
                       % (web.url, service.url, costa, lejos))
        self.call('run', hours=0)
        web.pages['costa.example/rss'] = Answer(410, b'gone')
        self.call('run', hours=2)
        web.pages['costa.example/rss'] = Answer(403, b'no')
        self.call('run', hours=4)
        text, data = self.status(4)
        line, = (line for line in text.splitlines() if line.startswith('source costa '))
        for part in ('cannot be read since ' + local(2), '2 runs in a row', 'last read ' + local(0), '403'):
            self.assertIn(part, line)
        line, = (line for line in text.splitlines() if line.startswith('source lejos '))
        for part in ('cannot be read since ' + local(0), '3 runs in a row', 'never read', '404'):
            self.assertIn(part, line)
        first, second = data['sources']
        self.assertEqual((first['name'], first['failures'], second['name'], second['failures']), ('costa', 2, 'lejos', 3))
        self.assertIn('403', first['reason'])
        self.assertTrue(first['last_success'] < first['failing_since'])
        self.assertNotIn('last_success', second)
        self.assertIn('this source cannot be read since ' + local(2), self.page())
        web.pages['costa.example/rss'] = good
        self.call('run', hours=6)
        text, data = self.status(6)
        self.assertNotIn('source costa', text)
        self.assertEqual((data['sources'][0]['failures'], 'reason' in data['sources'][0]), (0, False))
        self.write('dragoman.conf', read(self.desk.config).replace(lejos, ''))
        text, data = self.status(6)
        self.assertNotIn('lejos', text)
        self.assertEqual([source['name'] for source in data['sources']], ['costa'])

    def test_a_source_that_has_fallen_silent_is_named_with_its_usual_pace(self):
        for usual, words, quiet, silent in ((6, '6 hours', 23, 25), (24, '24 hours', 71, 73), (72, '3 days', 215, 217)):
            with self.subTest(usual=usual):
                self.desk_with('[source "radio"]\nkind = feed\nurl = radio.xml\n[source "otro"]\nkind = feed\nurl = otro.xml\n')
                self.write('otro.xml', rss(1))
                for visit in range(7):
                    self.write('radio.xml', rss(visit + 1))
                    self.call('run', hours=visit * usual)
                last = 6 * usual
                self.call('run', hours=last + quiet)
                text, data = self.status(last + quiet)
                self.assertNotIn('source radio', text)
                self.assertNotIn('nothing new', self.page())
                self.call('run', hours=last + silent)
                text, data = self.status(last + silent)
                self.assertIn('source radio has given nothing new since %s: it usually has something new every %s\n' % (local(last), words), text)
                self.assertNotIn('source otro', text)
                radio, otro = data['sources']
                self.assertEqual((radio['silent'], radio['usual_minutes'], otro['silent'], otro.get('usual_minutes')),
                                 (True, usual * 60, False, None))
                for name in ('digest.html', 'digest.md'):
                    self.assertIn('this source has given nothing new since %s: it usually has' % local(last), self.page(name))
                self.assertEqual(self.call('verify', hours=last + silent).returncode, 0)
                self.write('radio.xml', rss(8))
                self.call('run', hours=last + silent + 1)
                text, data = self.status(last + silent + 1)
                self.assertNotIn('source radio', text)
                self.assertFalse(data['sources'][0]['silent'])
                self.assertIn('this source gave nothing new from ' + local(last), self.page())


if __name__ == '__main__':
    unittest.main()
