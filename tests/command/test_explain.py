"""`explain` and `retry` for articles in every state: what they say, and what is asked of the service again."""
import json
import os
import sqlite3
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from program import Workspace                                            # noqa: E402

# Sentences of which some are echoed while the service is bad: those with "eco".
PLACES = {'sound': 'puerto', 'failed': 'eco', 'partial': 'mercado', 'duplicate': 'puerto'}


def texts(name):
    place = PLACES[name]
    return ['El pleno aprobó ayer la reforma del %s con los votos de once concejales de la ciudad.' % place,
            'La alcaldesa explicó a los vecinos que las obras del %s durarán hasta el verano.' % ('eco' if name == 'partial' else place),
            'Los comerciantes del %s piden que se abra la calle antes de las fiestas del barrio.' % place,
            'La empresa encargada promete que en el %s se trabajará también por la noche.' % place]


def item(name, language, paragraphs, title):
    return json.dumps({'id': name, 'url': 'https://news.example/' + name, 'language': {'code': language}, 'title': {'source': title},
                       'body': [{'kind': 'paragraph', 'text': text} for text in paragraphs]}, ensure_ascii=False) + '\n'


ENGLISH = ['The bridge reopened on Thursday after two years of works, the mayor said.', 'Traffic would return to the old street soon, she told the residents.']
FRENCH = ['Le conseil municipal a approuvé hier la réparation de la fontaine de la place.', 'Les commerçants du quartier craignent que la rue reste fermée.']


class States(unittest.TestCase):
    """One article in every state. The French one waits for a service that cannot be reached."""

    def setUp(self):
        self.bad, self.asked = True, []
        self.service = FakeService(self.answer)
        self.addCleanup(self.service.close)
        # One at a time, so that the service has proven itself when it echoes.
        self.workspace = Workspace(
            'in_flight = 1\n[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\n[service "absent"]\n'
            'kind = libretranslate\nurl = http://127.0.0.1:9\nattempts = 1\n[route "default"]\nservices = fake\n[route "fr"]\nservices = absent\n'
            % self.service.url)
        self.addCleanup(self.workspace.close)
        self.lines = [item(name, 'es', texts(name), title) for name, title in
                      (('sound', 'Obras en el puerto nuevo'), ('failed', 'Obras en el eco nuevo'), ('partial', 'Obras en el mercado'))]
        self.lines += [item('skipped', 'en', ENGLISH, 'The bridge is open again'), item('waiting', 'fr', FRENCH, 'La fontaine de la place')]
        self.write(self.lines)
        self.run_once(3)
        self.write(self.lines + [item('duplicate', 'es', texts('duplicate'), 'Obras en el puerto nuevo')])
        self.run_once(69)
        self.ids = {article['address'].rsplit('/', 1)[1]: article['id'] for article in self.workspace.status()['articles']}
        self.ids.update((record['url'].rsplit('/', 1)[1], file[:-len('.json')]) for file, record in self.workspace.records().items())
        self.assertEqual(set(self.ids), {'sound', 'failed', 'partial', 'skipped', 'waiting', 'duplicate'})
        self.asked.clear()

    def answer(self, _, given):
        self.asked += given
        if self.bad and any(' eco ' in text for text in given):
            body = json.dumps({'translatedText': [text if ' eco ' in text else FakeService.translate(text) for text in given]})
            return 200, {}, body.encode()
        return None

    def write(self, lines):
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(lines)

    def run_once(self, code=0):
        result = self.workspace.call('run')
        self.assertEqual(result.returncode, code, result.stderr)

    def say(self, *words):
        result = self.workspace.call(*words)
        self.assertEqual((result.returncode, result.stderr), (0, b''), words)
        return result.stdout.decode()

    def explain(self, name):
        """Returns what is said about the article, by its first word, and the same as JSON."""
        rows = [line.split(None, 1) for line in self.say('explain', self.ids[name]).splitlines()]
        return {row[0]: row[1] for row in rows}, json.loads(self.say('explain', self.ids[name], '--json'))

    def states(self):
        return {name: json.loads(self.say('explain', one, '--json'))['state'] for name, one in self.ids.items()}

    STATES = {'sound': 'done', 'failed': 'failed', 'partial': 'partial', 'skipped': 'skipped', 'waiting': 'waiting', 'duplicate': 'duplicate'}

    def test_explain_says_what_became_of_each(self):
        self.assertEqual(self.states(), self.STATES)
        for name in self.ids:
            said, data = self.explain(name)
            self.assertEqual((said['id'], said['source'], said['address']), (self.ids[name], 'items', 'https://news.example/' + name))
            self.assertEqual((data['id'], data['source'], data['address']), (said['id'], said['source'], said['address']))
            self.assertEqual(said['state'], 'done' if name == 'partial' else data['state'])
        said, _ = self.explain('sound')
        self.assertTrue(os.path.isfile(os.path.join(self.workspace.out, said['record'])), said)
        self.assertNotIn('missing', said)
        self.assertIn('1 sentence (`dragoman retry %s`)' % self.ids['partial'][:8], self.explain('partial')[0]['missing'])
        self.assertRegex(self.explain('failed')[0]['note'], 'translat')
        self.assertRegex(self.explain('skipped')[0]['note'], 'English|en')
        said, data = self.explain('waiting')
        self.assertEqual((said['waits'], data['for'], data['on']), ('for service absent', 'service', 'absent'))
        self.assertIn('127.0.0.1:9', said['note'])
        self.assertRegex(data['since'], r'^\d{4}-\d\d-\d\dT')
        said, data = self.explain('duplicate')
        self.assertEqual((said['copy'], data['duplicate_of']), ('of   ' + self.ids['sound'], self.ids['sound']))
        self.assertEqual(self.asked, [])

    def history(self, name):
        events = json.loads(self.say('explain', self.ids[name], '--json'))['events']
        lines = self.say('explain', self.ids[name]).split('oldest first:\n')[1].splitlines()
        self.assertEqual(len(lines), len(events))
        for line, event in zip(lines, events):
            self.assertRegex(line, r'^  \d{4}-\d\d-\d\d \d\d:\d\d  %s' % event['event'])
        return [event['event'] for event in events], events, lines

    def test_explain_says_what_happened_and_what_it_cost(self):
        for name, kinds in (('sound', ['found', 'asked', 'done']), ('failed', ['found', 'asked', 'failed']), ('skipped', ['found', 'skipped']),
                            ('waiting', ['found', 'waiting']), ('duplicate', ['found', 'duplicate']), ('partial', ['found', 'asked', 'done'])):
            self.assertEqual(self.history(name)[0], kinds, name)
        _, events, lines = self.history('sound')
        sent = [event for event in events if event['event'] == 'asked'][0]
        self.assertEqual((sent['service'], sent['characters'], sent['cost']), ('fake', sum(map(len, texts('sound'))) + len('Obras en el puerto nuevo'), 0))
        self.assertIn('asked fake: %d request' % sent['requests'], lines[1])
        self.assertIn('done: 1 sentence is not translated', self.history('partial')[2][-1])
        self.assertIn('duplicate of ' + self.ids['sound'], self.history('duplicate')[2][-1])
        _, events, lines = self.history('waiting')              # two runs
        self.assertEqual((events[1]['times'], '127.0.0.1:9' in lines[1]), (2, True))

    def test_the_history_goes_on_and_is_bounded(self):
        for number in range(12):
            self.say('retry', self.ids['failed'])
            self.workspace.call('run')                          # after some, its service is closed, and it waits
        kinds, events, _ = self.history('failed')
        self.assertEqual((len(kinds), 'retried' in kinds), (20, True))
        self.assertNotIn('found', kinds)
        self.assertEqual(sorted(event['at'] for event in events), [event['at'] for event in events])
        with sqlite3.connect(os.path.join(self.workspace.out, 'state.db')) as state:
            self.assertEqual(state.execute('SELECT max(n) FROM (SELECT count(*) AS n FROM event GROUP BY id)').fetchone(), (20,))
        state.close()

    def test_a_price_is_in_the_history(self):
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[budget]\ncurrency = EUR\n')
        self.say('retry', self.ids['failed'])
        self.bad = False
        result = self.workspace.call('--set', 'service.fake.price=20', 'run')
        self.assertEqual(result.returncode, 69, result.stderr)
        kinds, events, lines = self.history('failed')
        self.assertEqual(kinds[-3:], ['retried', 'asked', 'done'])
        self.assertAlmostEqual(events[-2]['cost'], events[-2]['characters'] * 20 / 1e6, 6)
        self.assertRegex(lines[-2], r', 0\.\d{4} EUR$')

    def test_retry_of_all_asks_for_what_failed_and_nothing_else(self):
        self.assertEqual(self.say('retry'), '2 articles will be tried again in the next run: 1 failed, 1 partial with 1 sentence missing\n')
        self.assertEqual(self.states(), {**self.STATES, 'failed': 'found', 'partial': 'found'})
        self.assertEqual(self.say('retry'), '0 articles will be tried again in the next run\n')
        self.bad = False
        self.run_once(69)                                       # the French one still waits
        self.assertEqual(set(self.asked), {text for text in texts('failed') + texts('partial') if ' eco ' in text} | {'Obras en el eco nuevo'})
        self.assertEqual(self.states(), {**self.STATES, 'failed': 'done', 'partial': 'done'})
        self.assertEqual({record['status'] for record in self.workspace.records().values()}, {'complete'})
        self.assertEqual(self.say('retry'), '0 articles will be tried again in the next run\n')

    def test_retry_of_one_leaves_the_others(self):
        self.assertEqual(self.say('retry', self.ids['failed'][:12]), '1 article will be tried again in the next run: 1 failed\n')
        self.assertEqual(self.states(), {**self.STATES, 'failed': 'found'})
        self.assertEqual(self.say('retry', self.ids['failed']), '%s is already due in the next run\n' % self.ids['failed'])
        self.run_once(3)                                        # it fails again, for the same reason
        self.assertEqual(self.states(), self.STATES)
        self.assertTrue(self.asked)

    def test_retry_of_a_waiting_one(self):
        self.assertEqual(json.loads(self.say('retry', self.ids['waiting'], '--json')),
                         {'articles': 1, 'failed': 0, 'waiting': 1, 'partial': 0, 'missing': 0, 'cut': 0})
        self.assertEqual(self.states(), {**self.STATES, 'waiting': 'found'})
        with open(self.workspace.config, encoding='utf8') as f:
            text = f.read()
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write(text.replace('http://127.0.0.1:9', self.service.url))
        self.run_once()
        self.assertEqual(self.states(), {**self.STATES, 'waiting': 'done'})

    def test_what_there_is_nothing_to_retry_of(self):
        for name, state in ('sound', 'done'), ('skipped', 'skipped'), ('duplicate', 'a duplicate'):
            self.assertEqual(self.say('retry', self.ids[name]), 'nothing to retry: %s is %s\n' % (self.ids[name], state))
            self.assertEqual(json.loads(self.say('retry', self.ids[name], '--json'))['articles'], 0)
        self.assertEqual(self.states(), self.STATES)
        self.run_once(69)
        self.assertEqual(self.asked, [])


if __name__ == '__main__':
    unittest.main()
