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
