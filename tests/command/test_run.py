"""A run over the samples with the real engine: what it writes and prints, and what a second run costs."""
import glob
import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
import jsonschema                                                        # noqa: E402
from program import Workspace, SAMPLES, SOURCE, files_source                  # noqa: E402


class Run(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles')))
        begin = time.monotonic()
        cls.result = cls.workspace.call('run')
        cls.seconds = time.monotonic() - begin
        cls.records = cls.workspace.records()
        assert len(cls.records) > 10            # so the loop below checks at least some of them

    @classmethod
    def tearDownClass(cls):
        cls.workspace.close()

    def record(self, ending):
        return next(r for r in self.records.values() if r['url'].endswith(ending))

    def test_is_silent_and_succeeds(self):
        self.assertEqual((self.result.returncode, self.result.stdout, self.result.stderr), (0, b'', b''))

    def test_the_report_says_how_long_it_took(self):
        with open(glob.glob(os.path.join(self.workspace.out, '2*', 'report.json'))[0], 'rb') as f:
            told = json.load(f)['seconds']
        self.assertGreater(told, 0)
        self.assertLess(told, self.seconds)

    def test_every_article_is_a_record_or_a_skip(self):
        files = glob.glob(os.path.join(SAMPLES, 'articles', '*'))
        status = self.workspace.status()
        self.assertEqual(status['done'] + status['skipped'], len(files))
        self.assertEqual(status['skipped'], 1)

    def test_records_fit_the_schema(self):
        with open(os.path.join(SOURCE, 'config', 'article.schema.json'), encoding='utf8') as f:
            validator = jsonschema.Draft202012Validator(json.load(f))
        for record in self.records.values():
            validator.validate(record)

    def test_known_fields_say_where_they_were_found(self):
        fields = ('title', 'authors', 'published', 'modified', 'section', 'site', 'canonical', 'image')
        for record in self.records.values():
            known = {field for field in fields if field in record}
            known |= {'stand-first' for block in record['body'] if block['kind'] == 'stand-first'}
            self.assertEqual(set(record.get('metadata_evidence', {})), known, record['url'])

    def test_languages_are_identified(self):
        for name, code in (('bg-budget.txt', 'bg'), ('mk-health.html', 'mk'), ('sr-media-law.html', 'sr-Cyrl'),
                           ('es-train.html', 'es'), ('is-fishing.html', 'is'), ('eu-industry.html', 'eu')):
            self.assertEqual(self.record(name)['language']['code'], code, name)

    def test_the_text_page_loses_its_counter_and_its_caption(self):
        record = self.record('bg-budget.txt')
        sources = [s['source'] for b in record['body'] for s in b['segments']]
        self.assertEqual(record['title']['source'], 'Правителството прие бюджета за 2026 година')
        self.assertFalse([s for s in sources if 'прегледа' in s or 'Новини днес' in s or s.endswith(' 1')])
        self.assertEqual(record['body'][0]['kind'], 'stand-first')

    def test_navigation_and_related_boxes_are_left_out(self):
        for record in self.records.values():
            text = ' '.join(s['source'] for b in record['body'] for s in b['segments'])
            for word in ('Facebook', '©', 'Portada', 'Начало'):
                self.assertNotIn(word, text, record['url'])

    def test_mojibake_is_repaired_and_recorded(self):
        record = self.record('es-mojibake.html')
        self.assertIn('inundación', record['title']['source'])
        self.assertTrue(record['encoding'].get('repairs'))

    def test_summaries_cite_segments_that_did_not_fail(self):
        for record in self.records.values():
            status = {s['id']: s['status'] for b in record['body'] for s in b['segments']}
            for sentence in record['summary']['sentences']:
                for segment in sentence['segments']:
                    self.assertIn(status[segment], ('ok', 'suspect'))

    def test_a_second_run_sends_no_requests(self):
        before = self.workspace.status()
        self.assertEqual(self.workspace.call('run').returncode, 0)
        self.assertEqual(self.workspace.status()['requests'], before['requests'])
        self.assertEqual(self.workspace.records().keys(), self.records.keys())

    def test_verify_accepts_the_folder(self):
        self.assertEqual(self.workspace.call('verify').returncode, 0)

    def test_digest_is_there_and_loads_nothing(self):
        with open(glob.glob(os.path.join(self.workspace.out, '2*', 'index.html'))[0], encoding='utf8') as f:
            page = f.read()
        self.assertNotIn('<script', page)
        self.assertNotIn('src=', page)
        self.assertIn("default-src 'none'", page)

    def test_articles_about_one_event_form_the_only_story(self):
        with open(os.path.join(os.path.dirname(glob.glob(os.path.join(self.workspace.out, '2*', 'index.html'))[0]), 'digest.json'), 'rb') as f:
            digest = json.load(f)
        urls = {a['id']: os.path.basename(a['url']) for a in digest['articles']}
        shared = [sorted(urls[i] for i in story['articles']) for story in digest['stories'] if len(story['articles']) > 1]
        self.assertEqual(shared, [['ca-water.html', 'es-embalses.html']])


class Verify(unittest.TestCase):
    def test_a_modified_record_is_detected(self):
        workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        workspace.call('run')
        path = glob.glob(os.path.join(workspace.out, '2*', 'articles', '*.json'))[0]
        with open(path, encoding='utf8') as f:
            text = f.read()
        with open(path, 'w', encoding='utf8') as f:
            f.write(text.replace('64', '65'))
        result = workspace.call('verify')
        self.assertEqual(result.returncode, 65)
        self.assertIn(b'damaged', result.stdout)
        workspace.close()


if __name__ == '__main__':
    unittest.main()
