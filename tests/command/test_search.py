"""The search over all days: what is found in which script, what the index follows, and what hostile words and files do."""
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace, SAMPLES, SOURCE, files_source                  # noqa: E402

NEWS = [
    ('2026-03-01', 'pt', 'costa', 'Cheia em Viana', 'Flood in Viana',
     [('A proteção civil fechou a ponte velha.', 'Civil protection closed the old bridge.', 'ok'),
      ('O rio subiu três metros.', 'The river rose by two metres.', 'suspect')]),
    ('2026-03-01', 'zh-Hans', 'jiang', '江边发生洪水', 'Flood by the river', [('消防员救出了十二人。', 'Firefighters rescued twelve people.', 'ok')]),
    ('2026-03-02', 'ja', 'minato', '港で大雨', 'Heavy rain in the port', [('東京都は避難所を開いた。', 'The city of Tokyo opened shelters.', 'ok')]),
    ('2026-03-02', 'th', 'mekong', 'น้ำท่วมริมแม่น้ำ', 'High water along the river', [('ชาวบ้านย้ายไปที่วัด', 'Villagers moved to the temple.', 'ok')]),
    ('2026-03-03', 'ko', 'hangang', '대통령이 다리를 열었다', 'President opens bridge', [('시민들이 박수를 쳤다.', 'Citizens applauded.', 'ok')]),
    ('2026-03-03', 'pl', 'costa', 'Powódź w Łodzi', 'Łódź under water', [('Szkoły są zamknięte.', None, 'failed')]),
    ('2026-03-03', 'lo', 'mekong', 'ຝົນຕົກໜັກ', 'Heavy rain', [('ໂຮງຮຽນປິດ', 'Schools are closed.', 'ok')]),
]


def segment(source, target, status, **more):
    found = {'source': source, 'status': status}
    if target:
        found['rejected' if status == 'failed' else 'target'] = target
    if status == 'suspect':
        found['findings'] = [{'check': 'numbers', 'severity': 'warning', 'message': 'the source says 3, the English 2'}]
    return dict(found, **more)


def write_record(out, day, language, source, title, english, sentences):
    id = hashlib.sha256((day + title).encode()).hexdigest()[:32]
    record = {'format': 'dragoman-article/2', 'id': id, 'status': 'complete', 'source': source, 'site': source.title() + ' News',
              'title': segment(title, english, 'ok'), 'language': {'code': language, 'certainty': 1},
              'body': [{'kind': 'paragraph', 'segments': [segment(*s, id=i + 1) for i, s in enumerate(sentences)]}],
              'summary': {'method': 'extractive', 'sentences': []}}
    text = json.dumps(record, ensure_ascii=False, separators=(',', ':')).encode()[:-1]
    path = os.path.join(out, day, 'articles', id + '.json')
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + '.tmp', 'wb') as f:
        f.write(text + b',"checksum":"sha256:%s"}\n' % hashlib.sha256(text).hexdigest().encode())
    os.replace(path + '.tmp', path)
    return path


class Archive(unittest.TestCase):
    """A few days of news in several scripts; the index is made by --rebuild."""

    def setUp(self):
        self.workspace = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'pt-short.txt')))
        self.addCleanup(self.workspace.close)
        self.out = self.workspace.out
        self.paths = {n[3]: write_record(self.out, *n) for n in NEWS}
        self.index = os.path.join(self.out, 'search.db')

    def call(self, *words, code=0):
        result = self.workspace.call('search', *words)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(b'ERROR: ' in result.stderr, False)
        return (result.stdout if code == 0 else result.stderr).decode()

    def rebuild(self):
        return self.call('--rebuild')

    def json(self, *words):
        results = json.loads(self.call('--json', *words))
        with open(os.path.join(SOURCE, 'config', 'commands.schema.json'), encoding='utf8') as f:
            jsonschema.Draft202012Validator({**json.load(f), '$ref': '#/$defs/search'}).validate(results)
        return results

    def found(self, *words):
        results = self.json(*words)
        self.assertEqual(results['matches'], len(results['results']))
        return [r['title_source'] for r in results['results']]


class Words(Archive):
    def setUp(self):
        super().setUp()
        self.assertIn('indexed 7 records', self.rebuild())

    def test_both_languages_any_script_and_any_part_of_it(self):
        flood, jiang, minato, mekong, hangang, lodz, lao = [n[3] for n in NEWS]
        for words, wanted in [(['bridge'], {flood, hangang}), (['PONTE'], {flood}), (['proteccao'], set()), (['protecao'], {flood}),
                              (['洪水'], {jiang}), (['水'], {jiang}), (['边发生洪'], {jiang}), (['十二人'], {jiang}), (['水洪'], set()),
                              (['東京'], {minato}), (['東京都'], {minato}), (['雨'], {minato}), (['น้ำท่วม'], {mekong}), (['ท่วม'], {mekong}),
                              (['วัด'], {mekong}), (['대통령'], {hangang}), (['다리'], {hangang}), (['시민들'], {hangang}), (['lodz'], {lodz}),
                              (['Łódź'], {lodz}), (['powodz'], {lodz}), (['ຝົນ'], {lao}), (['ຮຽນ'], {lao}), (['river'], {flood, jiang, mekong}),
                              (['river', 'flood'], {flood, jiang}), (['river rose'], {flood}), (['rose river'], set()),
                              (['"civil protection" ponte'], {flood}), (['fire*'], {jiang}), (['fire'], set()), (['bridge the'], set())]:
            self.assertEqual(set(self.found(*words)), wanted, words)

    def test_a_rejected_translation_is_not_found_but_its_source_is(self):
        path = write_record(self.out, '2026-03-03', 'pl', 'costa', 'Szkoły', 'Schools', [('Dzieci zostają w domu.', 'Penguins', 'failed')])
        self.rebuild()
        self.assertEqual(self.found('penguins'), [])
        text = self.call('domu')
        self.assertIn('to check: not translated', text)
        self.assertIn('[domu]', text)
        self.assertNotIn('Penguins', text)
        self.assertTrue(os.path.exists(path))

    def test_a_doubt_travels_with_the_sentence(self):
        self.assertIn('to check: the source says 3, the English 2', self.call('metres'))
        sentence = self.json('metres')['results'][0]['sentence']
        self.assertEqual((sentence['status'], sentence['doubt'], sentence['segment']), ('suspect', 'the source says 3, the English 2', 2))
        self.assertEqual([p['text'] for p in sentence['english'] if p.get('hit')], ['metres'])
        self.assertEqual(''.join(p['text'] for p in sentence['english']), 'The river rose by two metres.')
        self.assertEqual(''.join(p['text'] for p in sentence['source']), 'O rio subiu três metros.')

    def test_the_headline_weighs_more(self):
        self.assertEqual(self.found('bridge')[0], NEWS[4][3])

    def test_a_result_says_where_it_is(self):
        text = self.call('ponte')
        for part in '2026-03-01', 'Portuguese', 'Costa News', 'Flood in Viana', 'Cheia em Viana', 'A proteção civil fechou a [ponte] velha.':
            self.assertIn(part, text)
        result = self.json('ponte')['results'][0]
        self.assertEqual((result['day'], result['language'], result['source']), ('2026-03-01', 'pt', 'costa'))
        self.assertEqual(os.path.join(self.out, result['record']), self.paths['Cheia em Viana'])
        self.assertNotIn('page', result)
        open(os.path.join(self.out, '2026-03-01', 'index.html'), 'w').close()
        self.assertEqual(self.json('ponte')['results'][0]['page'], '2026-03-01/index.html#a' + result['id'][:12])

    def test_the_page_is_that_of_the_story(self):
        day, id = os.path.join(self.out, '2026-03-01'), os.path.basename(self.paths['Cheia em Viana'])[:-5]
        os.mkdir(os.path.join(day, 'stories'))
        for name, story in ('index.html', None), ('stories/%s.html' % id, id), ('stories/e7.html', 'e7'), ('stories/e7.html', '../../../x'):
            open(os.path.join(day, name), 'w').close()
            with open(os.path.join(day, 'digest.json'), 'w', encoding='utf8') as f:
                json.dump({'stories': [{'takes': [{'id': 'other', 'story': 'e1'}, dict({'id': id}, **({'story': story} if story else {}))]}]}, f)
            wanted = name if story != '../../../x' else 'stories/%s.html' % id
            self.assertEqual(self.json('ponte')['results'][0]['page'], '2026-03-01/%s#a%s' % (wanted, id[:12]))

    def test_the_page_of_a_story_is_found_in_a_large_digest(self):
        day, id = os.path.join(self.out, '2026-03-01'), os.path.basename(self.paths['Cheia em Viana'])[:-5]
        os.mkdir(os.path.join(day, 'stories'))
        for name in 'index.html', 'stories/e7.html':
            open(os.path.join(day, name), 'w').close()
        digest = {'stories': [{'id': 'e7', 'articles': [id]}], 'articles': [{'id': id, 'story': 'e7', 'title': 'x' * (9 << 20)}]}
        with open(os.path.join(day, 'digest.json'), 'w', encoding='utf8') as f:
            json.dump(digest, f, separators=(',', ':'))
        self.assertEqual(self.json('ponte')['results'][0]['page'], '2026-03-01/stories/e7.html#a' + id[:12])

    def test_options_choose(self):
        self.assertEqual(len(self.found('river', '--day', '2026-03-01')), 2)
        self.assertEqual(self.found('river', '--since', '2026-03-02'), [NEWS[3][3]])
        self.assertEqual(self.found('flood', '--language', 'zh'), [NEWS[1][3]])
        self.assertEqual(self.found('flood', '--language', 'portuguese'), [NEWS[0][3]])
        self.assertEqual(self.found('river', '--source', 'mekong'), [NEWS[3][3]])
        self.assertEqual(self.found('river', '--day', '2026-02-01'), [])
        self.assertIn('1 of 3 articles', self.call('river', '--limit', '1'))

    def test_wrong_arguments_are_refused_with_the_nearest_right_one(self):
        for words, message in [(['x', '--day', '2026-03-32'], "did you mean '2026-03-0"), (['x', '--since', 'yesterday'], 'expected a day'),
                               (['x', '--day', '2026-02-30'], '2026-0'), (['x', '--language', 'Portugese'], "'pt' (Portuguese)"),
                               (['x', '--source', 'mekogn'], "'mekong'"), (['x', '--source', 'quux'], 'name of a source'),
                               (['x', '--lanuage', 'pt'], "did you mean '--language'"), (['x', '--limit', 'many'], 'number'), ([], 'WORD'),
                               (['x', '--limit', '0'], 'at least 1'),
                               (['--rebuild', 'x'], 'no words'), (['-- --'], "unknown option"), (['...'], 'no letters'), (['x' * 2000], 'longer'),
                               (['a b'] * 33, 'more than 32'), (['x', '--day', '2026-03-01', '--since', '2026-03-01'], 'combined')]:
            self.assertIn(message, self.call(*words, code=64))
        result = self.workspace.call('serach', 'x')
        self.assertEqual(result.returncode, 64)
        self.assertIn(b"did you mean 'search'", result.stderr)

    def test_hostile_words_are_only_words(self):
        for words in ['"', '"""', "'", '*', '^x', 'x^2', 'NEAR(a b, 3)', 'a OR b', 'a AND', 'NOT', 'title:flood', '{title text}: x', '- x', 'x + y',
                      '") OR 1=1 --', "'; DROP TABLE document; --", 'a* b*', '((((', 'x\x01y', '%s%n', '\\', '\u202eflood', '*flood', '水*']:
            result = self.workspace.call('search', '--', words)
            self.assertIn(result.returncode, (0, 64), (words, result.stderr))
            self.assertNotIn(b'damaged', result.stderr, words)
        self.assertEqual(self.found('title:flood'), [])
        self.assertEqual(len(self.found('flood')), 2)
        self.assertEqual(self.workspace.call('search', b'\xff\xfe').returncode, 64)

    def test_searching_makes_nothing(self):
        before = sorted((p, os.stat(os.path.join(self.out, p)).st_mtime_ns) for p in os.listdir(self.out))
        self.found('flood')
        self.assertEqual(sorted((p, os.stat(os.path.join(self.out, p)).st_mtime_ns) for p in os.listdir(self.out)), before)


class Index(Archive):
    def setUp(self):
        """The records are found by a state that knows an article: one that knows none has been lost."""
        super().setUp()
        shutil.move(self.out, self.out + '.kept')
        note = os.path.join(self.workspace.folder, 'note.txt')
        with open(note, 'w', encoding='utf8') as f:
            f.write('The bridge over the river was opened again this morning, the mayor said to the people of the town.\n')
        self.workspace.call('run', '--set', 'source.note.kind=files', '--set', 'source.note.path=' + note)
        for name in os.listdir(self.out):
            if name.startswith('state.db'):
                os.rename(os.path.join(self.out, name), os.path.join(self.out + '.kept', name))
        shutil.rmtree(self.out)
        shutil.move(self.out + '.kept', self.out)

    def run_once(self):
        result = self.workspace.call('run')
        self.assertIn(result.returncode, (0, 3, 69), result.stderr)
        return result.stderr.decode()

    def words_in_index(self, word):
        """Asks the file itself, because the command also looks whether the record is there."""
        with sqlite3.connect('file:%s?mode=ro' % self.index, uri=True) as database:
            return database.execute('SELECT count(*) FROM word WHERE word MATCH ?', (word,)).fetchone()[0]

    def test_a_run_fills_it_and_follows_every_change(self):
        self.run_once()
        self.assertEqual(len(self.found('flood')), 2)
        self.assertEqual(self.words_in_index('viana'), 1)
        os.remove(self.paths['Cheia em Viana'])                               # removed
        self.assertEqual(self.found('flood'), [NEWS[1][3]])                   # at once, though the index still has it
        self.run_once()
        self.assertEqual(self.words_in_index('viana'), 0)
        moved = self.paths['Powódź w Łodzi']                                  # moved to another day
        os.makedirs(os.path.join(self.out, '2026-03-09', 'articles'))
        os.rename(moved, moved.replace('2026-03-03', '2026-03-09'))
        changed = list(NEWS[2])
        changed[5] = [('大阪は避難所を開いた。', 'The city of Osaka opened shelters.', 'ok')]
        write_record(self.out, *changed)                                      # changed
        shutil.rmtree(os.path.join(self.out, '2026-03-01'))                   # a whole day pruned
        self.run_once()
        self.assertEqual([r['day'] for r in self.json('lodz')['results']], ['2026-03-09'])
        self.assertEqual((self.found('東京'), len(self.found('大阪'))), ([], 1))
        self.assertEqual(self.words_in_index('tokyo'), 0)
        self.assertEqual(self.found('flood'), [])
        self.assertEqual(self.words_in_index('flood'), 0)
        with sqlite3.connect(self.index) as database:
            self.assertEqual(database.execute('SELECT count(*) FROM document').fetchone()[0],
                             sum(len(f) for p, _, f in os.walk(self.out) if p.endswith('articles')))
            database.execute("INSERT INTO word (word) VALUES ('integrity-check')")

    def test_a_run_killed_before_the_index_is_repaired_by_the_next(self):
        self.run_once()
        shutil.copy(self.index, self.index + '.old')
        write_record(self.out, '2026-03-04', 'pt', 'costa', 'Seca no sul', 'Drought in the south', [('Não chove.', 'It does not rain.', 'ok')])
        self.run_once()
        os.replace(self.index + '.old', self.index)                           # as if it had never been filled
        self.assertEqual(self.found('drought'), [])
        self.run_once()
        self.assertEqual(self.found('drought'), ['Seca no sul'])

    def test_a_rebuild_that_is_killed_is_completed_by_the_next_run(self):
        for i in range(600):
            write_record(self.out, '2026-04-01', 'pt', 'costa', 'Cheia %d' % i, 'Flood %d' % i, [('A ponte %d.' % i, 'Bridge %d.' % i, 'ok')])
        process = self.workspace.start('search', '--rebuild')
        try:
            process.wait(0.3)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
        self.run_once()
        self.assertIn('602', self.call('flood', '--limit', '1'))
        self.assertEqual(self.found('"bridge 599"'), ['Cheia 599'])

    def test_a_missing_damaged_foreign_or_newer_index_says_the_way_back(self):
        self.assertIn('there is no search index', self.call('flood', code=74))
        self.assertFalse(os.path.exists(self.index))
        self.rebuild()
        with open(self.index, 'rb') as f:
            whole = f.read()

        def garble(at, bytes):
            with open(self.index, 'wb') as f:
                f.write(whole[:at] + bytes + whole[at + len(bytes):])

        def foreign():
            os.remove(self.index)
            with sqlite3.connect(self.index) as database:
                database.execute('CREATE TABLE mine (x)')

        for damage, message in [(lambda: garble(0, b'#' * 100), 'damaged'), (lambda: garble(4096, b'\0' * (len(whole) - 4096)), 'damaged'),
                                (lambda: open(self.index, 'wb').close(), 'there is no search index'), (foreign, 'not a search index'),
                                (lambda: garble(60, b'\0\0\0\x63'), 'newer')]:
            damage()
            result = self.workspace.call('search', 'flood')
            self.assertIn(result.returncode, (74, 78))
            self.assertIn(message, result.stderr.decode())
            self.assertIn('dragoman search --rebuild', result.stderr.decode())
            self.assertNotIn(b'Traceback', result.stderr)
            self.rebuild()
            self.assertEqual(len(self.found('flood')), 2)

    def test_a_damaged_index_does_not_stop_a_run_and_is_reported_once(self):
        self.run_once()
        with open(self.index, 'r+b') as f:
            f.write(b'#' * 4096)
        self.assertIn('search --rebuild', self.run_once())
        self.assertNotIn('search --rebuild', self.run_once())
        self.rebuild()
        self.assertEqual(len(self.found('flood')), 2)
        self.run_once()
        with open(self.index, 'r+b') as f:
            f.write(b'#' * 4096)
        self.assertIn('search --rebuild', self.run_once())

    def test_rebuild_counts(self):
        self.assertEqual(self.json('--rebuild'), {'records': 7, 'damaged': 0})

    def test_a_damaged_record_is_left_out(self):
        with open(self.paths['Cheia em Viana'], 'r+b') as f:
            text = f.read().replace(b'Viana', b'Vigos')
            f.seek(0)
            f.write(text)
        self.assertIn('1 damaged', self.rebuild())
        self.assertEqual(self.found('flood'), [NEWS[1][3]])

    def test_a_run_writes_what_the_files_hold(self):
        """A run does not read again the records that it has just written; --rebuild reads all of them."""
        def documents():
            with sqlite3.connect('file:%s?mode=ro' % self.index, uri=True) as database:
                return database.execute('SELECT day, file, stamp, language, source, cut FROM document ORDER BY day, file').fetchall()

        path = os.path.join(self.workspace.folder, 'neve.txt')
        with open(path, 'w', encoding='utf8') as f:
            f.write('Neve em Quemado\n\nA neve fechou ontem a escola de Quemado, e as crianças ficaram dois dias em casa com os pais.\n')
        self.workspace.call('run', '--set', 'source.own.kind=files', '--set', 'source.own.path=' + path)
        self.assertEqual((self.words_in_index('quemado'), self.words_in_index('school')), (1, 1))
        before = documents()
        self.rebuild()
        self.assertEqual(documents(), before)


if __name__ == '__main__':
    unittest.main()
