"""The user's glossary: sent as placeholders to services without glossaries, checked in all answers, and part of the memory's
keys."""
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import Answer, FakeService, Server, translate                                     # noqa: E402
from program import Workspace                                                 # noqa: E402

TEXTS = ['El ayuntamiento de Villaluz aprobó ayer las cuentas del año.', 'La Hoja del Lunes lo contó en su portada.',
         'Los vecinos celebraron la noticia con música en la plaza.']


def copying(lose=()):
    """Translates as usual but keeps words in capitals, as engines do with names. Drops those in `lose`."""
    def answer(_, texts):
        def one(text):
            names = [w.strip('.,') for w in text.split() if w.strip('.,').isupper()]
            return FakeService.translate(text)[:-1] + ' ' + ' '.join(n for n in names if n not in lose) + '.'
        service.seen += texts
        return 200, {}, json.dumps({'translatedText': [one(t) for t in texts]}).encode()
    service = FakeService(answer)
    service.seen = []
    return service


class DeepL(Server):
    """Stores glossaries unless `refuses` is set, and records the glossary that each translation request names."""

    def __init__(self, refuses=False):
        self.kept, self.seen, self.made = {}, [], []

        def answer(request):
            if request.path == '/v3/glossaries' and not request.body:
                return Answer(200, {'glossaries': [{'glossary_id': i, 'name': n} for n, i in self.kept.items()]})
            if request.path == '/v3/glossaries':
                body = request.json()
                if refuses:
                    return Answer(403, {'message': 'not with this plan'})
                self.made.append(body)
                self.kept[body['name']] = 'id-%d' % len(self.made)
                return Answer(201, {'glossary_id': self.kept[body['name']], 'name': body['name']})
            body = request.json()
            self.seen.append((body.get('glossary_id'), body['text']))
            answers = [translate(t)[:-1] + ' ' + ' '.join(w.strip('.,') for w in t.split() if w.strip('.,').isupper()) + '.' for t in body['text']]
            return Answer(200, {'translations': [{'text': t} for t in answers]})
        super().__init__(answer)


class Glossary(unittest.TestCase):
    def workspace(self, service, terms, more=''):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[glossary]\nfile = terms.tsv\n[service "fake"]\n'
                    'kind = libretranslate\nurl = %s\n%s' % (service.url, more))
        self.write(workspace, 'terms.tsv', terms)
        self.write_article(workspace, TEXTS)
        self.addCleanup(workspace.close)
        self.addCleanup(service.close)
        return workspace

    def write(self, workspace, name, text):
        with open(os.path.join(workspace.folder, name), 'w', encoding='utf8') as f:
            f.write(text)

    def write_article(self, workspace, texts):
        self.write(workspace, 'items.ndjson', json.dumps({'id': 'a', 'evidence': {'version': str(len(texts))}, 'title': {'source': 'Cuentas aprobadas en Villaluz'}, 'language': {'code': 'es'},
                                                          'body': [{'kind': 'paragraph', 'text': t} for t in texts]}) + '\n')

    def segments(self, workspace):
        record = list(workspace.records().values())[0]
        return record, [s for b in record['body'] for s in b['segments']]

    def test_terms_and_names_are_carried_through(self):
        service = copying()
        workspace = self.workspace(service, '# ours\nes\tayuntamiento\ttown council\nes\tHoja del Lunes\n')
        self.assertEqual(workspace.call('run').returncode, 0)
        record, segments = self.segments(workspace)
        self.assertIn('town council', segments[0]['target'])
        self.assertIn('Hoja del Lunes', segments[1]['target'])
        self.assertNotIn('ZQ', json.dumps(record))
        self.assertTrue(record['providers'][0]['glossary'])
        self.assertFalse([t for t in service.seen if 'ayuntamiento' in t])

    def test_a_lost_placeholder_is_retried_without_and_the_term_reported(self):
        service = copying(lose=('ZQAX',))
        workspace = self.workspace(service, 'es\tayuntamiento\ttown council\n')
        workspace.call('run')
        _, segments = self.segments(workspace)
        self.assertEqual(len([t for t in service.seen if 'ZQAX' in t]), 1)
        self.assertIn(TEXTS[0], service.seen)
        self.assertEqual(segments[0]['status'], 'suspect')
        self.assertIn('glossary', [f['check'] for f in segments[0]['findings']])

    def test_a_new_term_retranslates_only_texts_that_contain_it(self):
        service = copying()
        workspace = self.workspace(service, 'es\tayuntamiento\ttown council\n')
        workspace.call('run')
        before = len(service.seen)
        self.write(workspace, 'terms.tsv', 'es\tayuntamiento\ttown council\nes\tvecinos\tneighbours\n')
        self.write_article(workspace, TEXTS + ['Hoy se reparten los libros.'])
        workspace.call('run')
        self.assertEqual(len(service.seen) - before, 2)

    def deepl_workspace(self, service):
        os.environ['DEEPL_TEST_KEY'] = 'k'
        workspace = self.workspace(service, 'es\tayuntamiento\ttown council\nfr\tmairie\ttown hall\n*\tHoja del Lunes\n')
        with open(workspace.config, encoding='utf8') as f:
            text = f.read().replace('[service "fake"]\nkind = libretranslate', '[service "fake"]\nkind = deepl\nkey_env = DEEPL_TEST_KEY')
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write(text)
        return workspace

    def test_a_service_with_glossaries_gets_the_user_s_once(self):
        service = DeepL()
        workspace = self.deepl_workspace(service)
        self.assertEqual(workspace.call('run').returncode, 0)
        made, = service.made
        self.assertRegex(made['name'], '^Dragoman es [0-9a-f]{12}$')
        dictionary, = made['dictionaries']
        self.assertEqual((dictionary['source_lang'], dictionary['target_lang'], dictionary['entries_format']), ('es', 'en', 'tsv'))
        self.assertEqual(set(dictionary['entries'].splitlines()), {'ayuntamiento\ttown council', 'Hoja del Lunes\tHoja del Lunes'})
        self.assertEqual({i for i, _ in service.seen}, {'id-1'})
        self.assertIn(TEXTS[0], service.seen[0][1])
        self.write_article(workspace, TEXTS + ['El ayuntamiento abre hoy.'])
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual((len(service.made), service.seen[-1][0]), (1, 'id-1'))

    def test_if_the_service_refuses_the_glossary_placeholders_are_used(self):
        service = DeepL(refuses=True)
        workspace = self.deepl_workspace(service)
        self.assertEqual(workspace.call('run').returncode, 0)
        self.assertEqual({i for i, _ in service.seen}, {None})
        _, segments = self.segments(workspace)
        self.assertIn('town council', segments[0]['target'])

    def test_a_bad_glossary_is_refused_before_anything_is_done(self):
        service = copying()
        workspace = self.workspace(service, 'ayuntamiento = town council\n')
        result = workspace.call('run')
        self.assertEqual((result.returncode, service.requests), (78, 0))
        self.assertIn(b'language TAB source TAB English', result.stderr)


if __name__ == '__main__':
    unittest.main()
