"""The translation memory: what new editions and reruns cost, and export to and import from TMX."""
import json
import os
import sys
import unittest
import xml.etree.ElementTree as ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService, FakeServices                                     # noqa: E402
from program import Workspace                                                 # noqa: E402
from protocol_fakes import KEY                                                 # noqa: E402

LANGUAGE = '{http://www.w3.org/XML/1998/namespace}lang'
PARAGRAPHS = [' '.join('La obra %d de la calle %d avanza según lo previsto.' % (p * 10 + s, p + s) for s in range(3)) for p in range(8)]


class Memory(unittest.TestCase):
    def setUp(self):
        self.service = FakeService()
        self.workspace = self.new_workspace()
        self.write(self.workspace, PARAGRAPHS)

    def tearDown(self):
        self.service.close()

    def new_workspace(self):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n' % self.service.url)
        self.addCleanup(workspace.close)
        return workspace

    def write(self, workspace, paragraphs, version='1'):
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'title': {'source': 'Avanzan las obras'}, 'language': {'code': 'es'}, 'evidence': {'version': version},
                                'body': [{'kind': 'paragraph', 'text': p} for p in paragraphs]}, ensure_ascii=False) + '\n')

    def run_and_count(self, workspace):
        requests, texts = self.service.requests, len(self.service.bills)
        self.assertEqual(workspace.call('run').returncode, 0)
        bills = self.service.bills[texts:]
        return self.service.requests - requests, sum(map(len, bills))

    def test_a_new_edition_translates_only_changes(self):
        first = self.run_and_count(self.workspace)
        again = self.run_and_count(self.workspace)
        changed = PARAGRAPHS[3].replace('según lo previsto', 'con mucho retraso', 1)
        self.write(self.workspace, PARAGRAPHS[:3] + [changed] + PARAGRAPHS[4:], '2')
        edition = self.run_and_count(self.workspace)
        print('first run %d requests, %d characters; rerun %d, %d; one sentence changed %d, %d' % (*first, *again, *edition))
        self.assertEqual(again, (0, 0))
        self.assertEqual(edition[0], 1)
        self.assertEqual(edition[1], len(changed.split('. ')[0]) + 1)

    def test_a_new_edition_sends_one_paragraph_to_a_service_that_uses_paragraphs(self):
        services = FakeServices()
        os.environ['FAKE_KEY'] = KEY
        self.addCleanup(services.close)
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + services.sections(['openai']))
        self.addCleanup(workspace.close)
        self.write(workspace, PARAGRAPHS)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(services.bills['openai'].count(PARAGRAPHS[3]), 1)
        before = len(services.bills['openai'])
        changed = PARAGRAPHS[3].replace('según lo previsto', 'con mucho retraso', 1)
        self.write(workspace, PARAGRAPHS[:3] + [changed] + PARAGRAPHS[4:], '2')
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual(services.bills['openai'][before:], [changed])
        self.assertEqual(services.complaints, [])

    def export(self, workspace, *words):
        result = workspace.call('export', 'tmx', *words)
        self.assertEqual(result.returncode, 0, result.stderr)
        path = os.path.join(workspace.folder, 'memory.tmx')
        with open(path, 'wb') as f:
            f.write(result.stdout)
        return path, ElementTree.fromstring(result.stdout)

    def test_an_export_moves_the_memory_to_another_machine(self):
        self.run_and_count(self.workspace)
        path, tree = self.export(self.workspace)
        self.assertEqual((tree.tag, tree.get('version')), ('tmx', '1.4'))
        units = {u.find("tuv[@{0}='es']/seg".format(LANGUAGE)).text: u.find("tuv[@{0}='en']/seg".format(LANGUAGE)).text for u in tree.iter('tu')}
        self.assertEqual(set(units), set(self.service.bills))
        self.assertTrue(all(self.service.translate(source) == target for source, target in units.items()))
        other = self.new_workspace()
        self.write(other, PARAGRAPHS)
        self.assertEqual(other.call('import', path).returncode, 0)
        self.assertEqual(self.run_and_count(other), (0, 0))
        _, again = self.export(other)
        self.assertEqual(ElementTree.tostring(again), ElementTree.tostring(tree))
        self.assertEqual(list(other.records().values())[0]['providers'][0]['service'], 'fake')

    def test_the_pairs_of_a_day_can_be_exported(self):
        self.run_and_count(self.workspace)
        day = self.workspace.days()[0]
        _, tree = self.export(self.workspace, day)
        self.assertEqual(len(list(tree.iter('tu'))), len(self.service.bills))

    def test_imported_translations_are_used_before_any_service(self):
        sentence = 'La obra 0 de la calle 0 avanza según lo previsto.'
        path = os.path.join(self.workspace.folder, 'theirs.tmx')
        with open(path, 'w', encoding='utf16') as f:
            f.write('<?xml version="1.0" encoding="UTF-16"?><tmx version="1.4"><header/><body><tu><tuv xml:lang="en-GB"><seg>Site 0 in street 0 is on '
                    'schedule.</seg></tuv><tuv xml:lang="es-ES"><seg>%s</seg></tuv></tu></body></tmx>' % sentence)
        result = self.workspace.call('import', path)
        self.assertEqual((result.returncode, result.stdout), (0, b'imported 1 translation pair; skipped 0 units without one\n'))
        self.run_and_count(self.workspace)
        record = list(self.workspace.records().values())[0]
        segment = record['body'][0]['segments'][0]
        self.assertEqual((segment['source'], segment['target']), (sentence, 'Site 0 in street 0 is on schedule.'))
        self.assertEqual(record['providers'][segment['translated_by']]['service'], 'memory')
        self.assertNotIn(sentence, self.service.bills)

    def test_an_imported_sentence_is_used_within_a_paragraph_too(self):
        """A service that takes paragraphs is not asked for the sentence, and gets the sentences around it as before."""
        services = FakeServices()
        os.environ['FAKE_KEY'] = KEY
        self.addCleanup(services.close)
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n' + services.sections(['openai']))
        self.addCleanup(workspace.close)
        self.write(workspace, PARAGRAPHS)
        sentence = 'La obra 21 de la calle 3 avanza según lo previsto.'
        path = os.path.join(workspace.folder, 'theirs.tmx')
        with open(path, 'w', encoding='utf8') as f:
            f.write('<tmx version="1.4"><body><tu><tuv xml:lang="en"><seg>Site 21 in street 3 is on schedule.</seg></tuv><tuv xml:lang="es"><seg>%s'
                    '</seg></tuv></tu></body></tmx>' % sentence)
        self.assertEqual(workspace.call('import', path).returncode, 0)
        self.assertEqual(workspace.call('run').returncode, 0)
        record = list(workspace.records().values())[0]
        middle = record['body'][2]['segments'][1]
        self.assertEqual((middle['source'], middle['target'], middle['from_memory']), (sentence, 'Site 21 in street 3 is on schedule.', True))
        self.assertEqual(record['status'], 'complete')
        self.assertEqual(services.bills['openai'].count(PARAGRAPHS[0]), 1)    # the others are still whole
        self.assertFalse([text for text in services.bills['openai'] if sentence in text])
        self.assertEqual(services.complaints, [])

    def test_files_other_than_tmx_are_rejected(self):
        path = os.path.join(self.workspace.folder, 'bad.tmx')
        for text in ('<html><body>no</body></html>', '<tmx version="1.4"><body><tu>', ''):
            with open(path, 'w', encoding='utf8') as f:
                f.write(text)
            result = self.workspace.call('import', path)
            self.assertEqual(result.returncode, 65)
            self.assertIn(b'as TMX: line', result.stderr)

    def pairs(self, *languages):
        path = os.path.join(self.workspace.folder, 'pairs.tmx')
        units = ''.join('<tu><tuv xml:lang="%s"><seg>La obra %d termina.</seg></tuv><tuv xml:lang="%s"><seg>Work %d is over.</seg></tuv></tu>'
                        % (language, n, english, n) for n, (language, english) in enumerate(languages))
        with open(path, 'w', encoding='utf8') as f:
            f.write('<?xml version="1.0"?><tmx version="1.4"><header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" '
                    'adminlang="en" srclang="es" datatype="plaintext"/><body>%s</body></tmx>' % units)
        return path

    def test_imported_pairs_match_if_their_languages_are_in_capitals(self):
        path = self.pairs(('ES', 'EN'), ('es-ES', 'en-GB'), ('ES_MX', 'EN_US'))
        self.assertEqual(self.workspace.call('import', path).returncode, 0)
        self.write(self.workspace, ['La obra %d termina.' % n for n in range(3)])
        self.run_and_count(self.workspace)
        record = next(iter(self.workspace.records().values()))
        self.assertEqual([s['target'] for b in record['body'] for s in b['segments']], ['Work %d is over.' % n for n in range(3)])
        self.assertFalse([text for text in self.service.bills if 'termina' in text])

    def test_a_file_that_cannot_be_read(self):
        for path in '/no/such.tmx', self.workspace.folder:
            result = self.workspace.call('import', path)
            self.assertEqual(result.returncode, 74, result.stderr)
            self.assertIn(path.encode(), result.stderr)


if __name__ == '__main__':
    unittest.main()
