"""An editor's answers: `accept` removes a doubt, and `import` of a corrected XLIFF replaces sentences. Both change record, pages, memory and
index, and nothing else does."""
import fcntl
import json
import os
import re
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, SAMPLES, SOURCE, files_source                  # noqa: E402

BOMB = ('<!DOCTYPE xliff [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>')


class Editor(unittest.TestCase):
    """One Croatian article, partial and with many doubts, translated by the embedded engine."""

    def setUp(self):
        self.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'hr-tourism.html')))
        self.addCleanup(self.workspace.close)
        self.out = self.workspace.out
        self.workspace.call('run')
        self.day = self.workspace.days()[0]
        self.id = self.record()['id']

    def call(self, *words, code=0):
        result = self.workspace.call(*words)
        self.assertEqual(result.returncode, code, (words, result.stderr))
        return (result.stdout if code == 0 else result.stderr).decode()

    def json(self, command, *words, **options):
        """The object that --json prints, checked against its schema."""
        result = self.workspace.call(command, '--json', *words, **options)
        with open(os.path.join(SOURCE, 'config', 'commands.schema.json'), encoding='utf8') as f:
            schema = json.load(f)
        object = json.loads(result.stdout)
        jsonschema.Draft202012Validator({**schema, '$ref': '#/$defs/' + command}).validate(object)
        return object

    def path(self):
        folder = os.path.join(self.out, self.day, 'articles')
        return os.path.join(folder, os.listdir(folder)[0])

    def record(self):
        return json.loads(self.bytes())

    def bytes(self):
        with open(self.path(), 'rb') as f:
            return f.read()

    def segments(self):
        record = self.record()
        with open(os.path.join(SOURCE, 'config', 'article.schema.json'), encoding='utf8') as f:
            jsonschema.Draft202012Validator(json.load(f)).validate(record)
        return {s.get('id', 0): s for s in [record['title']] + [s for b in record['body'] for s in b['segments']]}

    def page(self, name=None):
        """The page of the only story, unless another is named."""
        folder = os.path.join(self.out, self.day)
        name = name or os.path.join('stories', os.listdir(os.path.join(folder, 'stories'))[0])
        with open(os.path.join(folder, name), encoding='utf8') as f:
            return f.read()

    def suspects(self):
        return [i for i, s in self.segments().items() if s['status'] == 'suspect']

    def failed(self):
        return [i for i, s in self.segments().items() if s['status'] == 'failed']

    def assert_sound(self):
        self.assertIn('1 record is sound, 0 damaged, 0 missing, 0 foreign; the pages of 0 days are out of date', self.call('verify'))

    def memory(self):
        return self.call('export', 'tmx')


class Accept(Editor):
    def test_the_doubt_is_gone_everywhere_and_kept_in_the_record(self):
        number = self.suspects()[0]
        before = self.segments()[number]
        self.assertIn('suspect', self.page('digest.json') + self.bytes().decode())
        self.assertIn('accepted segment %d' % number, self.call('accept', self.id[:6], str(number)))
        after = self.segments()[number]
        self.assertEqual((after['status'], after['target'], after.get('findings', [])), ('ok', before['target'], []))
        self.assertEqual(after['accepted']['findings'], before['findings'])
        self.assertRegex(after['accepted']['at'], r'^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$')
        others = {i: s for i, s in self.segments().items() if i != number}
        self.assertTrue(all('accepted' not in s for s in others.values()))
        self.assertNotIn(number, self.suspects())
        self.assertFalse([s for s in self.record()['summary']['sentences'] if s['segments'] == [number] and 'doubt' in s])
        self.assert_sound()
        self.assertNotIn('to check', self.call('search', '"%s"' % before['target']))
        self.assertIn('<prop type="x-dragoman-model">accepted</prop>', self.memory())

    def test_all_doubts_of_an_article(self):
        doubts = [self.page(name).count('class="doubt"') for name in (None, 'check.html', 'index.html')]
        self.assertTrue(doubts[0] and doubts[1], doubts)
        self.call('accept', self.id, *map(str, self.suspects()))
        self.assertEqual(self.suspects(), [])
        self.assertEqual([self.page(name).count('class="doubt"') for name in (None, 'check.html', 'index.html')], [0, 0, 0])
        self.assertTrue(self.failed())                                        # what is not translated is no doubt
        self.assertEqual(self.record()['status'], 'partial')

    def test_it_survives_digest_and_retry(self):
        numbers = self.suspects()[:3]
        self.call('accept', self.id, *map(str, numbers))
        accepted = {i: self.segments()[i] for i in numbers}
        self.call('digest', self.day)
        self.assertIn('1 article', self.call('retry'))
        self.workspace.call('run')
        self.assertEqual({i: self.segments()[i] for i in numbers}, accepted)
        self.assertTrue(self.suspects())
        self.assert_sound()

    def test_what_cannot_be_accepted(self):
        before, pages, memory = self.bytes(), self.page(), self.memory()
        sound = next(i for i, s in self.segments().items() if s['status'] == 'ok')
        self.assertIn('is not doubtful', self.call('accept', self.id, str(sound)))
        suspect = str(self.suspects()[0])
        for words, code, message in [([self.id, str(self.failed()[0])], 65, 'import FILE.xlf'), ([self.id, suspect, str(self.failed()[0])], 65, 'import'),
                                     ([self.id, '9999'], 65, 'last one is'), (['0' * 32, '1'], 65, 'no article'), ([self.id], 64, 'SEGMENT'),
                                     ([], 64, 'SEGMENT'), ([self.id, 'one'], 64, 'number'), ([self.id, '-1'], 64, '-1'), (['', '1'], 64, 'ID'),
                                     ([self.id, '1.5'], 64, 'number'), ([self.id + "' OR 1", '1'], 65, 'no article')]:
            self.assertIn(message, self.call('accept', *words, code=code), words)
            self.assertEqual((self.bytes(), self.page(), self.memory()), (before, pages, memory), words)

    def test_twice_is_once(self):
        number = str(self.suspects()[0])
        self.call('accept', self.id, number)
        before = self.bytes()
        self.assertIn('already', self.call('accept', self.id, 's' + number))
        self.assertEqual(self.bytes(), before)

    def test_what_programs_read(self):
        first, second = self.suspects()[:2]
        sound = next(i for i, s in self.segments().items() if s['status'] == 'ok')
        self.call('accept', self.id, str(first))
        answer = self.json('accept', self.id[:8], str(first), str(second), str(sound))
        self.assertEqual((answer['article'], answer['accepted']), (self.id, 1))
        self.assertEqual([(s['segment'], s['state']) for s in answer['segments']],
                         [(first, 'accepted before'), (second, 'accepted'), (sound, 'no doubt')])
        self.assertEqual([(s['source'], s['english']) for s in answer['segments']],
                         [(self.segments()[i]['source'], self.segments()[i]['target']) for i in (first, second, sound)])

    def test_not_during_a_run(self):
        with open(os.path.join(self.out, 'state.db.lock'), 'r+') as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn('another run', self.call('accept', self.id, '1', code=75))


class Again(unittest.TestCase):
    """An article that its source changes is made again from the beginning, on the new day's pages."""

    def setUp(self):
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n')
        self.addCleanup(self.workspace.close)

    def edition(self, version, *sentences):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'title': {'source': 'Obras en el puerto'}, 'language': {'code': 'es'}, 'evidence': {'version': version},
                                'body': [{'kind': 'paragraph', 'text': ' '.join(sentences)}]}) + '\n')
        self.workspace.call('run')
        return next(iter(self.workspace.records().values()))

    def test_an_answer_holds_as_long_as_source_and_english_do(self):
        first, second = 'Una nueva planta desalinizadora costará 290 millones de euros.', 'La vieja planta desalinizadora cerrará en mayo.'
        record = self.edition('1', first, second, 'El alcalde lo explicó ayer.')
        before = record['body'][0]['segments']
        self.assertEqual([s['status'] for s in before], ['suspect', 'suspect', 'ok'])
        id = next(iter(self.workspace.records()))[:-len('.json')]
        self.assertEqual(self.workspace.call('accept', id, '1', '2').returncode, 0)
        record = self.edition('2', first, second.replace('mayo', 'junio'), 'El alcalde lo explicó ayer.', 'Nadie protestó.')
        after = record['body'][0]['segments']
        self.assertEqual([s['status'] for s in after], ['ok', 'suspect', 'ok', 'ok'])
        self.assertEqual((after[0]['target'], after[0]['accepted']['findings']), (before[0]['target'], before[0]['findings']))
        self.assertNotIn('accepted', after[1])


class Import(Editor):
    def setUp(self):
        super().setUp()
        self.file = os.path.join(self.workspace.folder, 'day.xlf')
        self.call('export', 'xliff', self.day, '--output', self.file)
        with open(self.file, encoding='utf8') as f:
            self.xliff = f.read()

    def write(self, text):
        with open(self.file, 'wb') as f:
            f.write(text if isinstance(text, bytes) else text.encode())

    def correct(self, number, target, state=None):
        """Changes the target of a segment in self.xliff."""
        begin = self.xliff.index('<segment id="s%d"' % number)
        end = self.xliff.index('</segment>', begin)
        segment = self.xliff[begin:end]
        if target is not None:
            segment = re.sub('<target>.*?</target>\n', '', segment) + '<target>%s</target>\n' % target
        if state:
            segment = re.sub('state="[a-z]+"', 'state="%s"' % state, segment)
        self.xliff = self.xliff[:begin] + segment + self.xliff[end:]

    def load(self, code=0):
        self.write(self.xliff)
        return self.call('import', self.file, code=code)

    def test_an_export_that_comes_back_changes_nothing(self):
        before, pages = self.bytes(), self.page()
        self.assertIn('corrected 0 sentences', self.load())
        self.assertEqual((self.bytes(), self.page()), (before, pages))

    def test_characters_that_xml_cannot_hold_are_no_change(self):
        workspace = Workspace('[source "wire"]\nkind = ndjson\npath = items.ndjson\n')
        self.addCleanup(workspace.close)
        odd = [('\x01 Uno\x08 abre.', 'One \x1bopens\x02.'), ('Dos\x0bcierra\x0c.', '\x0c Two\x0bcloses.'), ('Tres\ufffe.', 'Three\uffff \x1f.')]
        body = [{'kind': 'paragraph', 'text': s, 'segments': [{'source': s, 'target': t, 'status': 'ok'}]} for s, t in odd]
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': 'a', 'url': 'https://news.example/a', 'language': {'code': 'es'}, 'body': body}))
        workspace.call('run')
        path, before = os.path.join(workspace.folder, 'day.xlf'), workspace.records()
        workspace.call('export', 'xliff', '--output', path)
        result = workspace.call('import', path)
        self.assertIn(b'corrected 0 sentences in 0 records; 3 unchanged\n', result.stdout, result.stderr)
        self.assertEqual(workspace.records(), before)
        with open(path, encoding='utf8') as f:
            corrected = f.read().replace('opens', 'is open')
        with open(path, 'w', encoding='utf8') as f:
            f.write(corrected)
        self.assertIn(b'corrected 1 sentence in 1 record', workspace.call('import', path).stdout)

    def test_a_correction_replaces_the_sentence_and_the_old_text_is_kept(self):
        number, failed = self.suspects()[0], self.failed()
        before = self.segments()
        self.correct(number, 'In 2025, 21.3 million arrivals were recorded.')
        self.correct(failed[0], 'Ferries carried 4.1 million vehicles.')
        self.correct(failed[1], 'Groups of citizens &amp; others\n      <pc id="1">demand</pc> <mrk id="m1">a limit</mrk> on cruise ships.')
        self.assertIn('corrected 3 sentences in 1 record', self.load())
        after = self.segments()
        self.assertEqual(after[number]['target'], 'In 2025, 21.3 million arrivals were recorded.')
        self.assertEqual(after[number]['replaced']['target'], before[number]['target'])
        self.assertEqual(after[failed[0]]['replaced']['target'], before[failed[0]]['rejected'])
        self.assertEqual(after[failed[1]]['target'], 'Groups of citizens & others demand a limit on cruise ships.')
        record = self.record()
        self.assertEqual([record['providers'][after[i]['translated_by']]['service'] for i in (number, failed[0])], ['editor', 'editor'])
        self.assertEqual((record['status'], self.failed()), ('complete', []))
        self.assertEqual({i: s for i, s in before.items() if i not in [number] + failed[:2]},
                         {i: s for i, s in after.items() if i not in [number] + failed[:2]})
        self.assertIn('Ferries carried 4.1 million vehicles.', self.page())
        self.assertIn('[Ferries] carried', self.call('search', 'ferries'))
        self.assertEqual(self.workspace.status().get('articles', []), [])
        self.assert_sound()
        self.correct(number, 'In 2025, there were 21.3 million arrivals.')    # a correction corrected
        self.load()
        self.assertEqual(self.segments()[number]['replaced']['target'], before[number]['target'])

    def test_the_summary_says_what_was_corrected(self):
        cited = self.record()['summary']['sentences'][0]['segments'][0]
        self.correct(cited, 'The Adriatic had a record year, with 21.3 million arrivals in 2025.')
        self.load()
        text = ' '.join(s['text'] for s in self.record()['summary']['sentences'])
        self.assertNotIn(self.segments()[cited]['replaced']['target'], text)

    def test_the_checks_look_at_corrections_too(self):
        number = self.failed()[0]
        self.correct(number, 'Ferries carried 99 vehicles in 1066.')
        self.assertIn('1 of them doubtful', self.load())
        self.assertEqual(self.segments()[number]['status'], 'suspect')
        self.correct(number, None, state='final')
        self.assertIn('1 accepted unchanged', self.load())
        self.assertEqual((self.segments()[number]['status'], self.segments()[number]['accepted']['findings'][0]['check']), ('ok', 'numbers'))

    def test_a_reviewed_sentence_is_accepted(self):
        first, second = self.suspects()[:2]
        self.correct(first, None, state='final')
        self.correct(second, None, state='reviewed')
        self.assertIn('2 accepted unchanged', self.load())
        self.assertEqual([self.segments()[i]['status'] for i in (first, second)], ['ok', 'ok'])

    def test_what_programs_read(self):
        first, second = self.suspects()[:2]
        self.correct(self.failed()[0], 'Ferries carried 99 vehicles in 1066.')
        self.correct(first, None, state='final')
        self.write(self.xliff)
        memory = os.path.join(self.workspace.folder, 'memory.tmx')
        with open(memory, 'w', encoding='utf8') as f:
            f.write(self.memory())
        answer = self.json('import', memory, self.file, os.path.join(self.workspace.folder, 'none.tmx'))
        pairs, corrections = answer['files']                # those before the file that is not there
        self.assertEqual((pairs['file'], pairs['format'], pairs['skipped']), (memory, 'tmx', 0))
        self.assertEqual(pairs['pairs'], self.memory().count('<tu ') - 2)           # without the two that came after it
        wanted = {'corrected': 1, 'doubtful': 1, 'rejected': 0, 'accepted': 1, 'stale': 0, 'foreign': 0, 'records': 1}
        self.assertEqual({name: corrections[name] for name in wanted}, wanted)

    def test_a_pipe(self):
        self.correct(self.failed()[0], 'Ferries carried 4.1 million vehicles.')
        result = self.workspace.call('import', '-', stdin=self.xliff.encode())
        self.assertEqual((result.returncode, result.stdout.decode()[:23]), (0, 'corrected 1 sentence in'))
        self.assertIn('Ferries carried 4.1 million vehicles.', [s.get('target') for s in self.segments().values()])
        before = self.bytes()
        result = self.workspace.call('import', '-', stdin=self.xliff[:-200].encode())
        self.assertEqual((result.returncode, self.bytes()), (65, before))

    def test_the_memory_gives_the_correction_before_any_service(self):
        number = self.failed()[0]
        source = self.segments()[number]['source']
        self.correct(number, 'Ferries carried 4.1 million vehicles.')
        self.load()
        path = os.path.join(self.workspace.folder, 'again.txt')
        with open(path, 'w', encoding='utf8') as f:
            f.write('Trajekti ovog ljeta\n\n%s\n\nKapetani su zadovoljni brojem putnika i vozila na svim linijama prema otocima.\n' % source)
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('path = %s\nlanguage = hr\n' % path)
        self.workspace.call('run')
        record = next(r for r in self.workspace.records().values() if r['id'] != self.id)
        segment = next(s for b in record['body'] for s in b['segments'] if s['source'] == source)
        self.assertEqual((segment['target'], segment['from_memory']), ('Ferries carried 4.1 million vehicles.', True))
        self.assertEqual(record['providers'][segment['translated_by']]['service'], 'memory')

    def test_tools_may_write_it_otherwise(self):
        number = self.failed()[0]
        self.correct(number, 'Ferries carried 4.1 million vehicles.')
        self.xliff = re.sub('<(/?)([a-z])', r'<\1x:\2', self.xliff).replace('xmlns=', 'xmlns:x=').replace(
            '<x:xliff ', '<x:xliff xmlns:m="urn:oasis:names:tc:xliff:matches:2.0" ', 1).replace('version="2.1"', 'version="2.0"')
        self.xliff = self.xliff.replace('</x:source>', '</x:source>\n<m:note><m:target>No.</m:target></m:note>')
        self.assertIn('corrected 1 sentence', self.load())

    def test_sentences_that_are_not_here(self):
        number = self.failed()[0]
        source = self.segments()[number]['source']
        self.xliff = self.xliff.replace('<source>%s<' % source, '<source>Nešto drugo.<')
        self.correct(number, 'Something else.')
        self.assertIn('1 skipped, because their source has changed', self.load())
        self.assertEqual(self.failed()[0], number)
        self.xliff = self.xliff.replace(self.id, 'f' * 32)
        before = self.bytes()
        self.assertIn('no sentence', self.load(code=65))
        self.assertEqual(self.bytes(), before)

    def test_foreign_cut_off_and_hostile_files_are_refused_with_the_line(self):
        number = self.failed()[0]
        self.correct(number, 'Ferries carried 4.1 million vehicles.')
        before, memory, good = self.bytes(), self.memory(), self.xliff
        head, body = good.split('\n', 1)
        last = good.rindex('<segment ')
        for text, message in [(good[:len(good) // 2], 'line '), (good[:last], 'line '), ('', 'no element'), ('<xliff', 'line 1'),
                              (good.replace('version="2.1"', 'version="1.2"'), 'line 2: this is not XLIFF 2'),
                              (good.replace('urn:oasis:names:tc:xliff:document:2.0', 'urn:other'), 'not XLIFF 2'),
                              (good.replace('trgLang="en"', 'trgLang="de"'), 'line 2: the target language'),
                              (good.replace('trgLang="en"', ''), 'target language'), (good.replace('file id="f', 'file id="g'), 'not exported'),
                              (good.replace('file id="f' + self.id, 'file id="f../../x'), 'not exported'),
                              (good.replace('segment id="s1"', 'segment id="s1.2"'), 'split or joined'),
                              (good.replace('segment id="s1"', 'segment id="s99999999999999"'), 'split or joined'),
                              (head + BOMB + body.replace('4.1 million', '&c;'), 'line 1: it has a document type'),
                              (head + '<!DOCTYPE xliff SYSTEM "file:///etc/passwd">' + body, 'document type'),
                              (good.replace('4.1 million', '&#0;'), 'line '), (good.replace('4.1 million', '&unknown;'), 'undefined entity'),
                              (good.replace('4.1 million', 'x' * 70000), 'longer than'), (good.replace('<unit', '<group>' * 100 + '<unit', 1), 'deeply'),
                              (good.encode().replace(b'4.1 million', b'\xff\xfe'), 'line '), (good.replace('</file>', '</unit>'), 'mismatched')]:
            self.write(text)
            error = self.call('import', self.file, code=65)
            self.assertIn(message, error)
            self.assertRegex(error, r'line \d+')
            self.assertEqual((self.bytes(), self.memory()), (before, memory), message)
        self.call('import', os.path.join(self.workspace.folder, 'none.xlf'), code=74)


if __name__ == '__main__':
    unittest.main()
