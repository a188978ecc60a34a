"""The tests of the network: a program that has only the internet of the test, with a proxy or without."""
import json
import os
import re
import subprocess
import time
import unittest

from fake_service import FakeService, translate
from hostile import PUBLIC, Hostile, Internet, answer
from program import Workspace
from web import page

WITH_PROXY = False, True
HTML, JSON, RSS, XML = 'text/html; charset=utf-8', 'application/json', 'application/rss+xml', 'application/xml'


def article(name):
    """Returns a page in Spanish that differs from those with other names."""
    return page('Obras en la calle %s' % name).replace('puente', 'puente ' + name).encode()


def translated(visit):
    return answer(json.dumps({'translatedText': [translate(t) for t in json.loads(visit.body)['q']]}), JSON)


class Network(unittest.TestCase):
    """Hosts named *.example are on the public internet, which is `self.server`, or behind the proxy that it is."""

    @classmethod
    def setUpClass(cls):
        cls.internet = Internet()
        cls.addClassCleanup(cls.internet.close)

    def setUp(self):
        self.server, self.service, self.names, self.ports, self.more = Hostile(), FakeService(), {}, {}, {}
        self.addCleanup(self.service.close)
        self.addCleanup(self.server.close)
        self.ports[80] = self.server.port

    def workspace(self, text, proxy=False, http='', route='default', collect=''):
        settings = 'proxy = %s\n' % self.server.url if proxy else ''
        workspace = Workspace('grace_period = 1s\n[dedupe]\ndays = 0\n[http]\n%s%s[collect]\ngap = 0s\nmax_bytes = 1M\n%s[service "fake"]\nkind = libretranslate\nurl = %s\n'
                              '[route "%s"]\nservices = fake\n%s' % (settings, http, collect, self.service.url, route, text))
        self.addCleanup(workspace.close)
        return workspace

    def call(self, workspace, *words):
        command, options = workspace.command(*words, stdin=subprocess.DEVNULL, capture_output=True, timeout=300)
        for name in list(options['env']):
            if name.lower().endswith('_proxy'):
                del options['env'][name]
        options['env'].update(self.internet.environment(self.names, self.ports), **self.more)
        return subprocess.run(command, **options)

    def run_workspace(self, workspace, code, command='run'):
        self.server.visits.clear()
        result = self.call(workspace, command)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return self.report(workspace)

    def report(self, workspace):
        day = workspace.days()[0]
        with open(os.path.join(workspace.out, day, 'report.json'), encoding='utf8') as f:
            return json.load(f)

    def notes(self, workspace):
        found = {}
        for note in self.report(workspace)['notes']:
            found.setdefault(note['where'], []).append(note['what'])
        return {where: ' '.join(what) for where, what in found.items()}

    def publish(self, host, page, robots=True):
        """Puts a page on all addresses of a host that has no robots.txt."""
        self.names.setdefault(host, PUBLIC)
        self.server.pages[host] = page
        if robots:
            self.server.pages[host + '/robots.txt'] = answer('', status=404)

    def records(self, workspace):
        return {r['url']: r for r in workspace.records().values()}

    def assert_asked(self, host, times):
        """The same for a server that the program has stopped waiting for: it may notice its requests late."""
        limit = time.monotonic() + 60
        while self.server.count(host) < times and time.monotonic() < limit:
            time.sleep(0.05)
        self.assertEqual(self.server.count(host), times)

    def states(self, workspace):
        """Returns {address: (state, what is waited for, reason)} of everything that has no record."""
        waiting, _, rest = self.call(workspace, 'status', '--limit', '1000').stdout.decode().partition('\nfailed (`dragoman retry')
        failed = rest.partition('\npartial (`dragoman retry')[0]
        return {m.group(1): (state, m.group(2)) for state, lines in (('waits', waiting.partition('\npartial (')[0]), ('failed', failed))
                for m in re.finditer(r'^ +[0-9a-f]{8}  (\S+)\n +(.*)$', lines, re.M)}
