"""Doubts about a sentence stay with it: in the summary and in every output that shows the sentence."""
import html
import json
import os
import sys
import unittest
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import Workspace                                            # noqa: E402

# Source, English, and the finding of the checks: a number, a month, a negation.
DOUBTFUL = [('El puerto recibe 17 barcos cada semana desde el verano.', 'The harbour receives 71 ships each week since the summer.', '17'),
            ('La feria del libro abre en marzo con 300 editores.', 'The book fair opens in August with 300 publishers.', 'the source'),
            ('El viento es suave y no hay lluvia en toda la costa.', 'The wind is mild and there is rain along the whole coast.', 'no')]
SOUND = [('Los vecinos piden un tren nuevo para la ciudad.', 'The residents ask for a new train for the city.'),
         ('El museo abre una sala dedicada a los pescadores.', 'The museum opens a room devoted to the fishermen.'),
         ('La escuela canta en la plaza durante la fiesta.', 'The school sings in the square during the feast.')]


def segment(source, target):
    return {'source': source, 'target': target, 'status': 'ok'}


def article(name, title, sentences):
    return {'id': name, 'title': segment(*title), 'language': {'code': 'es'},
            'body': [{'kind': 'paragraph', 'text': s, 'segments': [segment(s, t)]} for s, t in sentences]}


class Doubts(unittest.TestCase):
    def run_over(self, articles):
        workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n')
        self.addCleanup(workspace.close)
        with open(os.path.join(workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(json.dumps(a, ensure_ascii=False) + '\n' for a in articles)
        result = workspace.call('run')
        self.assertEqual(result.returncode, 0, result.stderr)
        return workspace

    def outputs(self, workspace):
        day = workspace.days()[0]
        for name in 'index.html', 'digest.md', 'digest.json', 'feed.xml':
            with open(os.path.join(workspace.out, day, name), encoding='utf8') as f:
                yield name, f.read()
        for name in 'ninjs', 'jsonfeed', 'ndjson':
            yield name, workspace.call('export', name).stdout.decode()

    def test_a_doubtful_sentence_is_marked_in_every_output(self):
        ran = 0
        for source, target, reason in DOUBTFUL:
            workspace = self.run_over([article('a', SOUND[1], [(source, target), SOUND[0]])])
            sentences = list(workspace.records().values())[0]['summary']['sentences']
            self.assertEqual([bool(s.get('doubt')) for s in sentences], [True, False], sentences)
            doubt = sentences[0]['doubt']
            self.assertIn(reason, doubt)
            for name, text in self.outputs(workspace):
                plain = html.unescape(text.replace('\\', ''))
                with self.subTest(name):
                    self.assertTrue(name != 'index.html' or '<mark class="doubt">%s</mark>' % target in plain)
                    wanted = {'index.html': 'Check before you use it:</b> %s' % doubt,
                              'digest.md': '%s **(to check: %s)**' % (target, doubt),
                              'digest.json': '"doubt":"%s"' % doubt, 'ndjson': '"doubt":"%s"' % doubt}
                    self.assertIn(wanted.get(name, '%s [to check: %s]' % (target, doubt)), plain)
                    ran += 1
        self.assertEqual(ran, 7 * len(DOUBTFUL))

    def test_sound_sentences_are_taken_first(self):
        for source, target, _ in DOUBTFUL:
            workspace = self.run_over([article('a', SOUND[1], [(source, target), *SOUND])])
            texts = [s['text'] for s in list(workspace.records().values())[0]['summary']['sentences']]
            self.assertNotIn(target, texts)
            self.assertGreater(len(texts), 1)

    def test_a_doubtful_headline_is_marked_in_every_output(self):
        ran = 0
        for source, target, reason in DOUBTFUL:
            workspace = self.run_over([article('a', (source, target), SOUND)])
            doubt = next(f['message'] for f in list(workspace.records().values())[0]['title']['findings'] if reason in f['message'])
            for name, text in self.outputs(workspace):
                plain = html.unescape(text.replace('\\', ''))
                with self.subTest(name):
                    self.assertTrue(name != 'index.html' or '<mark class="doubt">%s</mark>' % target in plain)
                    wanted = {'index.html': 'Check the headline:</b> %s' % doubt,
                              'digest.md': '## %s **(to check: %s)**' % (target, doubt),
                              'digest.json': '"title_doubt":"%s"' % doubt, 'ndjson': '"message":"%s"' % doubt}
                    self.assertIn(wanted.get(name, '%s [to check: %s]' % (target, doubt)), plain)
                    ran += 1
        self.assertEqual(ran, 7 * len(DOUBTFUL))

    def pairs(self, workspace):
        """Returns status, findings and notes of each pair of the day's TMX, by its English."""
        day = workspace.days()[0]
        root = xml.etree.ElementTree.fromstring(workspace.call('export', 'tmx', day).stdout)
        for unit in root.iter('tu'):
            properties = [(p.get('type'), p.text) for p in unit.iter('prop')]
            yield unit.findall('tuv/seg')[1].text, ([v for n, v in properties if n == 'x-dragoman-status'],
                                                    [v for n, v in properties if n == 'x-dragoman-finding'], [n.text for n in unit.iter('note')])

    def test_sentence_pairs_carry_their_doubts(self):
        for source, target, reason in DOUBTFUL:
            workspace = self.run_over([article('a', SOUND[1], [(source, target), SOUND[0]])])
            pairs = dict(self.pairs(workspace))
            record, = workspace.records().values()
            segment = next(s for b in record['body'] for s in b['segments'] if s['target'] == target)
            doubts = [f for f in segment['findings'] if f['severity'] != 'note']
            self.assertEqual(pairs[target], (['suspect'], [f['check'] for f in doubts], [f['message'] for f in doubts]))
            self.assertIn(reason, ' '.join(pairs[target][2]))
            self.assertEqual(pairs[SOUND[0][1]], (['ok'], [], []))

    def test_english_given_for_two_sentences_is_doubted_in_every_output(self):
        same = 'The wind tore the roofs off four barns near the coast.'
        sources = ['El viento arrancó los techos de cuatro graneros cerca de la costa.', 'La maestra repartió libros nuevos entre sus alumnos más pequeños.']
        workspace = self.run_over([article('a', SOUND[1], [(s, same) for s in sources])])
        record, = workspace.records().values()
        found = [[f for f in s['findings'] if f['check'] == 'reused'] for b in record['body'] for s in b['segments']]
        self.assertEqual([len(f) for f in found], [1, 1], record)
        for (finding,), other in zip(found, reversed(sources)):
            self.assertEqual(finding['severity'], 'warning')
            self.assertIn(other, finding['message'])
        for name, text in self.outputs(workspace):
            with self.subTest(name):
                self.assertIn(found[0][0]['message'], html.unescape(text.replace('\\', '')))
        self.assertEqual([found[:2] for english, found in self.pairs(workspace) if english == same],
                         [(['suspect'], ['reused']), (['suspect'], ['meaning', 'reused'])])
        xliff = workspace.call('export', 'xliff').stdout.decode()
        self.assertEqual(html.unescape(xliff).count(found[0][0]['message'][:40]), 2, xliff)

    def test_markup_and_other_languages_reach_the_record_and_the_page(self):
        planted = [('markup', 'La biblioteca abre los domingos.', 'The library **opens** on Sundays.'),
                   ('address', 'La biblioteca abre los domingos.', 'The library opens on Sundays, see reading-room.org.'),
                   ('invisible', 'La biblioteca abre los domingos.', 'The library opens on \u202eSundays.')]
        for check, source, target in planted:
            with self.subTest(check):
                workspace = self.run_over([article('a', SOUND[1], [(source, target), SOUND[0]])])
                record, = workspace.records().values()
                segment = record['body'][0]['segments'][0]
                self.assertEqual((segment['status'], [f['check'] for f in segment['findings']]), ('suspect', [check]))
                pages = dict(self.outputs(workspace))
                self.assertIn(segment['findings'][0]['message'], html.unescape(pages['ndjson'].replace('\\', '')))
                self.assertIn('class="doubt"', pages['index.html'], check)

    def test_english_that_says_something_else_reaches_the_record_and_every_output(self):
        school = 'La maestra repartió libros nuevos entre sus alumnos más pequeños.'
        storm = 'El viento arrancó los techos de cuatro graneros cerca de la costa.'
        planted = [('meaning', school, 'The wind tore the roofs off four barns near the coast.', 'the English seems to say something different', 'from the source'),
                   ('truncated', school + ' ' + storm, 'The teacher handed out new books among her youngest pupils.', 'missing from the English', 'techos'),
                   ('added', school, 'The teacher handed out new books among her youngest pupils. The wind tore the roofs off four barns near the coast.',
                    'the source does not seem to say', 'roofs')]
        for check, source, target, said, quoted in planted:
            with self.subTest(check):
                workspace = self.run_over([article('a', SOUND[1], [(source, target), SOUND[0]])])
                record, = workspace.records().values()
                segment, sound = (block['segments'][0] for block in record['body'])
                self.assertEqual((segment['status'], [f['check'] for f in segment['findings']]), ('suspect', [check]))
                self.assertEqual((sound['status'], sound.get('findings', [])), ('ok', []))
                message = segment['findings'][0]['message']
                self.assertEqual(segment['findings'][0]['severity'], 'warning')
                self.assertIn(said, message)
                self.assertIn(quoted, message)
                self.assertIn('Check before you use it:</b> ' + message, html.unescape(dict(self.outputs(workspace))['index.html']))
                for name, text in self.outputs(workspace):
                    self.assertIn(message, html.unescape(text.replace('\\', '')), name)

    def test_sound_sentences_are_not_marked(self):
        workspace = self.run_over([article('a', SOUND[1], [SOUND[0], SOUND[2]])])
        for name, text in self.outputs(workspace):
            self.assertNotIn('to check: ', text, name)
            self.assertNotIn('doubt"', text.split('</style>')[-1], name)


if __name__ == '__main__':
    unittest.main()
