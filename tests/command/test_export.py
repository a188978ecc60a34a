"""The export formats, on the samples translated by the embedded engine: well-formed, conforming to their standards, and without
loss."""
import json
import os
import re
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from program import Workspace, SAMPLES, files_source                          # noqa: E402
from web import Web, feed, page                                               # noqa: E402

XLIFF = '{urn:oasis:names:tc:xliff:document:2.0}'
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$')
# The members of ninjs 3.1 that we write, and their types.
NINJS = {'uri': str, 'type': str, 'representationType': str, 'profile': str, 'versionCreated': str, 'contentCreated': str, 'pubStatus': str,
         'language': str, 'title': str, 'headlines': list, 'bodies': list, 'descriptions': list, 'edNote': str, 'by': str, 'subjects': list,
         'infoSources': list, 'altIds': list, 'standard': dict}
NINJS_PART = {'role', 'contentType', 'value', 'charCount', 'wordCount'}


class Export(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles')))
        assert cls.workspace.call('run').returncode == 0
        cls.records = {r['id']: r for r in cls.workspace.records().values()}

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def export(self, *words, code=0):
        result = self.workspace.call('export', *words)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout if code == 0 else result.stderr

    def usable(self, record):
        return [s for b in record['body'] for s in b['segments'] if s['status'] in ('ok', 'suspect')]

    def test_ndjson_are_the_records(self):
        lines = self.export('ndjson').decode().splitlines()
        self.assertEqual({r['id']: r for r in map(json.loads, lines)}, self.records)
        shown = self.workspace.call('show', '--only', 'check', '--from', 'ndjson', stdin='\n'.join(lines).encode())
        self.assertEqual(len(shown.stdout.splitlines()), len(lines))

    def test_ninjs_has_only_members_of_the_standard(self):
        objects = json.loads(self.export('ninjs'))
        self.assertEqual({o['uri'] for o in objects}, {'urn:dragoman:' + i for i in self.records})
        for item in objects:
            record = self.records[item['uri'].rsplit(':', 1)[1]]
            self.assertEqual({k: type(v) for k, v in item.items()}, {k: NINJS[k] for k in item})
            self.assertEqual(item['standard'], {'name': 'ninjs', 'version': '3.1', 'schema': 'http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#'})
            for part in item['headlines'] + item['bodies'] + item.get('descriptions', []):
                self.assertLessEqual(set(part), NINJS_PART)
                self.assertTrue(part['value'])
            for name in 'versionCreated', 'contentCreated':
                self.assertTrue(TIME.match(item.get(name, '2026-01-29T00:00:00Z')))
            main = item['bodies'][0]
            self.assertEqual(main['charCount'], len(main['value']))
            self.assertEqual(main['wordCount'], len(main['value'].split()))
            for segment in self.usable(record):
                self.assertIn(segment['target'], main['value'])
            self.assertIn(record['title']['source'], [h['value'] for h in item['headlines']])

    def test_json_feed_is_valid(self):
        feed = json.loads(self.export('jsonfeed'))
        self.assertEqual((feed['version'], feed['language']), ('https://jsonfeed.org/version/1.1', 'en'))
        self.assertEqual({i['id'] for i in feed['items']}, set(self.records))
        for item in feed['items']:
            self.assertTrue(item['content_text'])
            self.assertLessEqual(set(item), {'id', 'url', 'title', 'content_text', 'summary', 'image', 'date_published', 'date_modified', 'authors',
                                             'tags', 'language', '_dragoman'})
            for name in 'date_published', 'date_modified':
                self.assertTrue(TIME.match(item.get(name, '2026-01-29T00:00:00Z')))
            self.assertEqual(item['_dragoman']['status'], self.records[item['id']]['status'])

    def test_xliff_has_every_sentence_with_its_state(self):
        tree = ElementTree.fromstring(self.export('xliff', '--language', 'es'))
        self.assertEqual((tree.tag, tree.attrib), (XLIFF + 'xliff', {'version': '2.1', 'srcLang': 'es', 'trgLang': 'en'}))
        wanted = {i: r for i, r in self.records.items() if r['language']['code'] == 'es'}
        self.assertEqual({f.get('id')[1:] for f in tree}, set(wanted))
        states = {'ok': ('translated', None), 'suspect': ('translated', 'dragoman:suspect'), 'failed': ('initial', None)}
        for file in tree:
            record = wanted[file.get('id')[1:]]
            segments = [record['title']] + [s for b in record['body'] for s in b['segments']]
            found = list(file.iter(XLIFF + 'segment'))
            self.assertEqual(len(found), len(segments))
            self.assertEqual(len({s.get('id') for s in found}), len(found))
            for segment, ours in zip(found, segments):
                self.assertEqual(segment.find(XLIFF + 'source').text, ours['source'])
                self.assertEqual((segment.get('state'), segment.get('subState')), states[ours['status']])
                if ours['status'] != 'failed':
                    self.assertEqual(segment.find(XLIFF + 'target').text, ours['target'])
            for unit in file:
                tags = [child.tag[len(XLIFF):] for child in unit]
                self.assertEqual(tags[1 if tags[0] == 'notes' else 0::2], ['segment'] * len(list(unit.iter(XLIFF + 'segment'))))

    def test_xliff_has_one_source_language(self):
        self.assertIn(b'choose one with --language', self.export('xliff', code=64))

    def test_days_and_files(self):
        day = self.workspace.days()[0]
        self.assertEqual(self.export('ndjson', day), self.export('ndjson'))
        self.assertEqual(self.export('ndjson', '1999-01-01'), b'')
        self.assertEqual(json.loads(self.export('ninjs', '1999-01-01')), [])
        path = os.path.join(self.workspace.folder, 'feed.json')
        self.export('jsonfeed', '--output', path)
        with open(path, 'rb') as f:
            self.assertEqual(f.read(), self.export('jsonfeed'))

    def test_an_export_that_fails_leaves_the_earlier_file(self):
        path = os.path.join(self.workspace.folder, 'day.xlf')
        for before in None, b'corrected for hours':
            if before:
                with open(path, 'wb') as f:
                    f.write(before)
            self.export('xliff', '--output', path, code=64)
            self.assertEqual(sorted(n for n in os.listdir(self.workspace.folder) if n.startswith('day')), ['day.xlf'] if before else [])
        with open(path, 'rb') as f:
            self.assertEqual(f.read(), before)
        self.export('ndjson', '--output', path)
        with open(path, 'rb') as f:
            self.assertEqual(f.read(), self.export('ndjson'))

    def test_what_is_no_file_is_written_and_not_replaced(self):
        path, link = (os.path.join(self.workspace.folder, name) for name in ('linked.ndjson', 'link.ndjson'))
        os.symlink(path, link)
        self.export('ndjson', '--output', link)
        self.assertTrue(os.path.islink(link))
        with open(path, 'rb') as f:
            self.assertEqual(f.read(), self.export('ndjson'))
        self.assertEqual(self.export('ndjson', '--output', '/dev/stdout'), self.export('ndjson'))

    def test_a_file_in_a_missing_folder(self):
        for path in '/no/such/folder/x.json', os.path.join(self.workspace.config, 'x.json'), self.workspace.folder:
            self.assertIn(path.encode(), self.export('ndjson', '--output', path, code=74))

    def test_json_feed_has_the_times_of_the_records(self):
        items = {i['id'].rsplit(':', 1)[-1]: i for i in json.loads(self.export('jsonfeed'))['items']}
        dated = [i for i, record in self.records.items() if TIME.match(record.get('published', ''))]
        self.assertTrue(dated)
        for id in dated:
            self.assertTrue(TIME.match(items[id].get('date_published', '')), items[id])

    def test_an_unknown_format_names_the_known_ones(self):
        self.assertIn(b'jsonfeed ndjson ninjs opml tmx xliff', self.export('docx', code=64))

    def test_a_damaged_record_is_left_out_and_reported(self):
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        workspace.call('run')
        name = next(iter(workspace.records()))
        path = next(os.path.join(folder, name) for folder, _, names in os.walk(workspace.out) if name in names)
        with open(path, 'r+b') as f:
            text = f.read().replace(b'"pt"', b'"es"')
            f.seek(0)
            f.write(text)
        result = workspace.call('export', 'ndjson')
        self.assertEqual((result.returncode, result.stdout), (3, b''))
        self.assertIn(b'1 damaged', result.stderr)
        workspace.close()



class Feeds(unittest.TestCase):
    """The feeds of the configuration as OPML, which the source kind opml reads again."""

    def setUp(self):
        items = feed(('http://costa.example/1', 'El puente nuevo', 'Abre en mayo.', page('El puente nuevo')))
        self.web = Web({'costa.example/rss': items, 'costa.example/1': page('El puente nuevo'),
                        'faro.example/': '<html><link rel="alternate" type="application/rss+xml" href="/faro.xml"><p>Faro', 'faro.example/faro.xml': items})
        self.addCleanup(self.web.close)

    def workspace(self, sources):
        workspace = Workspace('[http]\nproxy = %s\n%s' % (self.web.url, sources))
        self.addCleanup(workspace.close)
        return workspace

    def outlines(self, workspace, *words):
        result = workspace.call('export', 'opml', *words)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [o.attrib for o in ElementTree.fromstring(result.stdout).iter('outline')], result.stderr.decode()

    def test_feeds_sites_and_lists(self):
        workspace = self.workspace('[source "costa"]\nkind = feed\nurl = http://costa.example/rss\ntitle = La Costa & <más>\nsection = world/local\n'
                                   'language = es\n[source "faro"]\nkind = site\nurl = http://faro.example/\n[source "list"]\nkind = opml\npath = l.opml\n'
                                   '[source "here"]\nkind = feed\nurl = a.xml\n[source "files"]\nkind = files\npath = l.opml\n')
        with open(os.path.join(workspace.folder, 'l.opml'), 'w', encoding='utf8') as file:
            file.write('<opml version="2.0"><body><outline text="f"><outline title="Dos" xmlUrl="http://dos.example/rss?a=1&amp;b=2"/></outline></body></opml>')
        found, said = self.outlines(workspace)
        self.assertEqual([o['xmlUrl'] for o in found], ['http://costa.example/rss', 'http://dos.example/rss?a=1&b=2'])
        self.assertEqual(found[0], {'type': 'rss', 'text': 'La Costa & <más>', 'title': 'La Costa & <más>', 'xmlUrl': 'http://costa.example/rss',
                                    'language': 'es', 'category': 'world local'})
        self.assertEqual(found[1]['title'], 'Dos')
        self.assertIn('1 site was left out, because no run has found its feed so far', said)
        self.assertFalse(os.path.exists(workspace.out))
        workspace.call('run')
        found, said = self.outlines(workspace)
        self.assertEqual([(o['xmlUrl'], o.get('htmlUrl')) for o in found][1], ('http://faro.example/faro.xml', 'http://faro.example/'))
        self.assertEqual(said, '')
        self.assertEqual([o['title'] for o in self.outlines(workspace, '--language', 'Spanish')[0]], ['La Costa & <más>'])

    def test_no_secret_leaves(self):
        workspace = self.workspace(''.join('[source "s%d"]\nkind = feed\nurl = http://%s\n' % source for source in enumerate(
            ('eva:geheim@a.example/rss', 'b.example/rss?token=geheim', 'c.example/rss?x=1&API_KEY=geheim&y=2', 'd.example/rss?tokens=3'))))
        result = workspace.call('export', 'opml')
        self.assertNotIn(b'geheim', result.stdout + result.stderr)
        found, said = self.outlines(workspace)
        self.assertEqual([o['xmlUrl'] for o in found], ['http://' + a for a in ('a.example/rss', 'b.example/rss', 'c.example/rss?x=1&y=2', 'd.example/rss?tokens=3')])
        self.assertIn('3 addresses were exported without', said)

    def test_the_round_trip(self):
        first = self.workspace('[source "costa"]\nkind = feed\nurl = http://costa.example/rss\n')
        second = self.workspace('[source "list"]\nkind = opml\npath = l.opml\n')
        target = os.path.join(second.folder, 'l.opml')
        self.assertEqual(first.call('export', 'opml', '--output', target).returncode, 0)
        self.assertEqual(second.call('run').returncode, 0)
        self.assertEqual(len(second.records()), 1)
        self.assertEqual([o['xmlUrl'] for o in self.outlines(second)[0]], ['http://costa.example/rss'])

    def test_days_are_refused(self):
        workspace = self.workspace('')
        result = workspace.call('export', 'opml', '2026-01-29')
        self.assertEqual((result.returncode, result.stdout), (64, b''))
        self.assertIn(b"unexpected argument '2026-01-29'", result.stderr)
        self.assertEqual(self.outlines(workspace), ([], ''))

if __name__ == '__main__':
    unittest.main()
