"""What `retry` asks for again, and what becomes of it."""
import glob
import json
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import translate                                       # noqa: E402
from waiting import section, Waiting                                     # noqa: E402


class Retry(Waiting):
    def retry(self, workspace, *words, code=0):
        result = workspace.call('retry', *words)
        self.assertEqual(result.returncode, code, result.stderr.decode())
        return result.stdout.decode() + result.stderr.decode()

    def test_a_service_is_added(self):
        workspace = self.workspace(configuration=section(self.service, 'languages = de\n'))
        self.run_workspace(workspace, 3)
        self.add(workspace, 'languages = es\n')
        self.assertIn('2 articles will be tried again in the next run: 2 failed', self.retry(workspace))
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)

    def test_a_line_that_needs_no_translation_makes_no_record(self):
        for line in ('+34 600 10 20 30', '"We are not going to wait for another winter in this place," she said in English.', '12:30 - 14:45'):
            workspace = self.workspace(count=1, configuration=section(self.service, 'languages = de\n'))
            with open(os.path.join(workspace.folder, 'Alcoba.txt'), 'a', encoding='utf8') as f:
                f.write('\n%s\n' % line)
            self.run_workspace(workspace, 3)
            self.assertEqual((workspace.status()['failed'], len(workspace.records())), (1, 0), line)
            self.add(workspace, 'languages = es\n')
            self.retry(workspace)
            self.run_workspace(workspace, 0)
            self.assert_all_complete(workspace, 1)
            workspace.close()

    def test_a_file_that_a_limit_has_cut(self):
        """Once the limit is raised, the rest of the file is asked for; before, the text that is there stays."""
        text = ''.join('\n\nEl ayuntamiento aprobó ayer la obra del %s por %d votos, según explicó la alcaldesa a los vecinos.' % (name, number)
                       for number, name in enumerate('puente río mercado hospital valle monte molino faro'.split()))
        for limit in ('max_paragraphs = 3', 'max_characters = 250'):
            workspace = self.workspace(count=1, configuration=section(self.service, 'languages = es\n') + '[segment]\n%s\n' % limit)
            with open(os.path.join(workspace.folder, 'Alcoba.txt'), 'w', encoding='utf8') as file:
                file.write('El pleno aprueba las obras' + text)
            self.run_workspace(workspace, 0)
            (record,) = workspace.records().values()
            self.assertEqual(record['status'], 'partial')
            before = len(record['body'])
            self.assertIn('1 article will be tried again in the next run: 1 partial with 1 page cut', self.retry(workspace, record['id']))
            self.run_workspace(workspace, 0)
            (record,) = workspace.records().values()
            self.assertEqual((record['status'], len(record['body'])), ('partial', before))
            with open(workspace.config, encoding='utf8') as file:
                raised = file.read().replace(limit, limit.split()[0] + ' = 3000')
            with open(workspace.config, 'w', encoding='utf8') as file:
                file.write(raised)
            self.assertIn('1 article will be tried again', self.retry(workspace))
            self.run_workspace(workspace, 0)
            (record,) = workspace.records().values()
            self.assertEqual((record['status'], len(record['body'])), ('complete', 8))
            self.assertIn('nothing to retry', self.retry(workspace, record['id']))

    def test_a_file_that_was_cut_and_is_gone_keeps_its_text(self):
        workspace = self.workspace(count=1, configuration=section(self.service, 'languages = es\n') + '[segment]\nmax_characters = 100\n')
        self.run_workspace(workspace, 0)
        (before,) = workspace.records().values()
        self.assertEqual(before['status'], 'partial')
        os.remove(os.path.join(workspace.folder, 'Alcoba.txt'))
        with open(os.path.join(workspace.folder, 'other.txt'), 'w', encoding='utf8') as file:
            file.write('Uno.')
        self.retry(workspace, before['id'])
        workspace.call('run')
        record = workspace.records()[before['id'] + '.json']
        self.assertEqual([b['segments'][0]['target'] for b in record['body']], [b['segments'][0]['target'] for b in before['body']])
        self.assertEqual(record['status'], 'partial')

    def echo(self, word):
        """Translates everything except sentences with this word."""
        self.fault = lambda texts: (200, {}, json.dumps({'translatedText': [t if word in t else translate(t) for t in texts]}).encode())

    def partial_workspace(self):
        workspace = self.workspace()
        self.echo('concejal')
        self.run_workspace(workspace, 0)
        self.assertEqual({r['status'] for r in workspace.records().values()}, {'partial'})
        paths = sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*')))
        self.fault = lambda texts: None
        self.service.bills.clear()
        return workspace, paths

    def test_retry_requests_only_the_missing_parts_of_a_partial_record(self):
        workspace, paths = self.partial_workspace()
        self.run_workspace(workspace, 0)
        self.assertEqual(self.service.bills, [])
        self.assertIn('2 articles will be tried again in the next run: 2 partial with 2 sentences missing', self.retry(workspace))
        self.run_workspace(workspace, 0)
        self.assertEqual([b for b in self.service.bills if 'concejal' not in b], [])
        self.assertEqual(len(self.service.bills), 1)                       # the sentence is the same in both articles
        self.assert_all_complete(workspace, 2)
        self.assertEqual(sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*'))), paths)

    def test_retry_of_one_article_leaves_the_others_alone(self):
        workspace, paths = self.partial_workspace()
        name = os.path.basename(paths[0])[:-5]
        self.retry(workspace, name[:8])
        self.run_workspace(workspace, 0)
        self.assertEqual({n: r['status'] for n, r in workspace.records().items()},
                         {os.path.basename(paths[0]): 'complete', os.path.basename(paths[1]): 'partial'})
        self.assertIn('nothing to retry: %s is done' % name, self.retry(workspace, name))

    def test_a_deleted_record_is_rebuilt_from_the_source(self):
        workspace, paths = self.partial_workspace()
        for path in paths:
            os.unlink(path)
        self.retry(workspace)
        self.run_workspace(workspace, 0)
        self.assertEqual([b for b in self.service.bills if 'concejal' not in b], [])
        self.assert_all_complete(workspace, 2)

    def test_when_it_fails_again_nothing_is_lost(self):
        workspace, paths = self.partial_workspace()
        self.retry(workspace)
        self.fault = lambda texts: (403, {}, b'{"error": "Invalid API key"}')
        self.run_workspace(workspace, 69)
        self.assertEqual({r['status'] for r in workspace.records().values()}, {'partial'})
        self.fault = lambda texts: None
        self.run_workspace(workspace, 0)
        self.assert_all_complete(workspace, 2)
        self.assertEqual(sorted(glob.glob(os.path.join(workspace.out, '2*', 'articles', '*'))), paths)

    def test_a_copy_of_a_failed_article_is_not_a_duplicate(self):
        workspace = self.workspace(count=1, configuration='')
        text = '\n\n'.join('En el pueblo número %d los vecinos esperan desde hace %d meses la respuesta del ministerio.' % (i, i + 3) for i in range(12))
        for name, more in ('a.json', 'eu'), ('b.json', 'es'):
            self.item(workspace, name, text, more)
        with open(workspace.config, 'w', encoding='utf8') as f:
            f.write('[run]\noutput = %s\nstate = %s/state.db\n[source "a"]\nkind = ndjson\npath = a.json\n' % (workspace.out, workspace.out)
                    + section(self.service, 'languages = es\n'))
        self.run_workspace(workspace, 3)
        self.add(workspace, '[source "b"]\nkind = ndjson\npath = b.json\n')
        self.run_workspace(workspace, 0)
        self.assertEqual((workspace.status()['failed'], workspace.status()['done'], workspace.status()['duplicate']), (1, 1, 0))

    def item(self, workspace, name, text, language):
        with open(os.path.join(workspace.folder, name), 'w', encoding='utf8') as f:
            f.write(json.dumps({'id': name, 'language': {'code': language},
                                'body': [{'kind': 'paragraph', 'text': t} for t in text.split('\n\n')]}, ensure_ascii=False) + '\n')

    def test_an_unknown_id(self):
        workspace = self.workspace(count=1)
        self.run_workspace(workspace, 0)
        for word in 'xyz', '0123456789abcdef0123456789abcdef':
            self.assertIn("no article has an id that begins with '%s'" % word, self.retry(workspace, word, code=65))

if __name__ == '__main__':
    unittest.main()
