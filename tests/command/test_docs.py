"""The pages in docs/ and the README are right: links lead somewhere, commands exist and can be entered, configurations are accepted,
and recipes give something."""
import datetime
import glob
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests'))
from program import PROGRAM, SOURCE, SAMPLES, Workspace  # noqa: E402

PAGES = sorted(glob.glob(os.path.join(SOURCE, 'docs', '*.md'))) + [os.path.join(SOURCE, name) for name in ('README.md', 'CONTRIBUTING.md', 'SECURITY.md')]
BLOCK = re.compile(r'(?:^    .*\n|^\n(?=    ))+|^```\w*\n(?:.*\n)*?^```$', re.M)
ENVIRONMENT = {**{k: v for k, v in os.environ.items() if not k.startswith('DRAGOMAN')}, 'DRAGOMAN_DATA': os.path.join(SOURCE, 'config')}


def text_of(page):
    with open(page, encoding='utf8') as file:
        return file.read()


def blocks_of(page):
    return [re.sub(r'^    ', '', block, flags=re.M).strip('\n') + '\n' for block in BLOCK.findall(text_of(page))]


def commands_of(page):
    """Yields the words of each command line in a block that runs dragoman."""
    for block in blocks_of(page):
        for line in block.replace('\\\n', ' ').splitlines():
            line = re.sub(r'  +.*', '', re.sub(r'\s#.*', '', line.strip()))
            found = re.match(r'(?:\S+/)?dragoman (.*)', line)
            if found and '=' != found.group(1)[:1]:
                yield line, shlex.split(re.sub(r'\s*[|<>].*', '', found.group(1)))


def anchors_of(page):
    """The places that GitHub gives the headings: lower case, without signs, hyphens for spaces."""
    headings = re.findall(r'^#+ (.*)$', re.sub(r'^```.*?^```$', '', text_of(page), flags=re.M | re.S), re.M)
    return {re.sub(r'[^\w\- ]', '', heading.lower()).replace(' ', '-') for heading in headings}


class Docs(unittest.TestCase):
    def test_links_lead_somewhere(self):
        count = 0
        for page in PAGES:
            for target in re.findall(r'\]\(([^)\s]+)\)', text_of(page)):
                if re.match(r'https?:', target):
                    continue
                file, _, anchor = target.partition('#')
                path = os.path.join(os.path.dirname(page), file) if file else page
                self.assertTrue(os.path.exists(path), '%s: %s' % (os.path.basename(page), target))
                if anchor:
                    self.assertIn(anchor, anchors_of(path), '%s: %s' % (os.path.basename(page), target))
                count += 1
        self.assertGreater(count, 40)

    def test_every_page_is_in_the_index(self):
        index = text_of(os.path.join(SOURCE, 'docs', 'README.md'))
        for page in PAGES:
            name = os.path.relpath(page, os.path.join(SOURCE, 'docs'))
            if name != 'README.md':
                self.assertIn('(%s)' % name, index, 'not in the index')

    def test_the_tour_names_what_exists(self):
        """Each path is a file or folder, a bare file name is that of some file, and each function is defined somewhere."""
        tour = text_of(os.path.join(SOURCE, 'docs', 'tour.md'))
        files = [path for folder in ('config', 'pipeline', 'stages', 'program')
                 for path in glob.glob(os.path.join(SOURCE, folder, '**', '*.[ch]'), recursive=True)]
        names = {os.path.basename(path) for path in files}
        code = '\n'.join(text_of(path) for path in files if path.endswith('.c'))
        paths = set(re.findall(r'`([\w/.-]+(?:/|\.(?:[ch]|txt|tsv|py|cmake)))`', tour))
        for path in paths:
            self.assertTrue(os.path.exists(os.path.join(SOURCE, path)) or path in names or '/' not in path[:-1] and path.endswith('/'), path)
        functions = set(re.findall(r'`(\w+)\(\)`', tour)) - {'SETTING', 'ask', 'work', 'edit', 'step', 'open'}
        for function in functions:
            self.assertRegex(code, r'(?m)^\w[^;=\n(]*\b%s\(' % function)
        self.assertGreater(len(paths), 25)
        self.assertGreater(len(functions), 25)

    def test_the_tables_of_a_language_exist(self):
        page = text_of(os.path.join(SOURCE, 'docs', 'adding-a-language.md'))
        folder, tables = '', []
        for row in re.findall(r'(?m)^\| (`[^|]*) \|', page):
            folder = ''
            for name in re.findall(r'`([^`]+)`', row):
                folder = os.path.dirname(name) or folder
                tables.append(os.path.join(folder, os.path.basename(name)))
        for table in tables:
            self.assertTrue(glob.glob(os.path.join(SOURCE, 'config', 'tables', table)), table)
        self.assertGreater(len(tables), 20)

    def help_of(self, name):
        result = subprocess.run([PROGRAM, name, '--help'], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
        return result.stdout if result.returncode == 0 else ''

    def test_commands_and_options_exist(self):
        known, count = {}, 0
        for page in PAGES:
            for line, words in commands_of(page):
                with self.subTest(page=os.path.basename(page), line=line):
                    while words and words[0] in ('--config', '--set', '--log'):
                        words = words[2:]
                    if not words or words[0] in ('--version', '--help'):
                        continue
                    name = words[0].rstrip(',')
                    known.setdefault(name, self.help_of(name))
                    self.assertTrue(known[name], 'there is no such command')
                    for option in re.findall(r'(?<!\S)--[a-z-]+', ' '.join(words)):
                        self.assertRegex(known[name], r'(?m)^  %s( |$)' % option)
                    count += 1
        self.assertGreater(count, 30)
        self.assertGreater(len(known), 12)

    def test_configurations_are_accepted(self):
        count = 0
        for page in PAGES:
            for block in blocks_of(page):
                if not re.match(r'\[[a-z]+( "[^"]*")?\]\n', block):
                    continue
                with self.subTest(page=os.path.basename(page), block=block), tempfile.TemporaryDirectory() as folder:
                    path = os.path.join(folder, 'dragoman.conf')
                    with open(path, 'w', encoding='utf8') as file:
                        file.write(block)
                    result = subprocess.run([PROGRAM, '--config', path, 'check-config'], env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
                    for fault in ('unknown', 'invalid', 'expected', 'twice'):
                        self.assertNotRegex(result.stderr, r'dragoman\.conf:\d+: .*\b%s\b' % fault)
                    count += 1
        self.assertGreater(count, 10)


class Commands(unittest.TestCase):
    """The commands and recipes of the pages, entered in a folder with records of two languages."""

    @classmethod
    def setUpClass(cls):
        cls.space = Workspace('[source "tagblatt"]\nkind = files\nsection = Politics\npath = inbox\n')
        cls.addClassCleanup(cls.space.close)
        inbox = os.path.join(cls.space.folder, 'inbox')
        os.mkdir(inbox)
        for name in ('pt-short.txt', 'bg-budget.txt'):
            shutil.copy(os.path.join(SAMPLES, 'articles', name), inbox)
        shutil.copy(os.path.join(SAMPLES, 'articles', 'pt-energy.html'), os.path.join(cls.space.folder, 'page.html'))
        assert cls.space.call('run').returncode in (0, 3)
        cls.day = cls.space.days()[0]
        name = next(iter(cls.space.records()))
        with open(os.path.join(cls.space.out, cls.day, 'articles', name), 'rb') as record:
            cls.record = b' '.join(record.read().split(b'\n'))
        year, week, _ = datetime.date.fromisoformat(cls.day).isocalendar()
        cls.words = {'ID': name[:8], '[ID]': name[:8], '3f2a': name[:8], 'SEGMENT': '0', '4': '0', '7': '1', 'ru': 'bg', 'ru,uk': 'bg,pt', 'ar': 'pt',
                     'FROM..TO': '%s..%s' % (cls.day, cls.day), '2026-01-23..2026-01-29': '%s..%s' % (cls.day, cls.day), '2026-01-29': cls.day,
                     '2026-01-30': cls.day, '[DAY]': cls.day, 'today': cls.day, 'yesterday': cls.day, 'week': '%d-W%02d' % (year, week),
                     'FORMAT': 'ninjs', 'WORD...': 'flood', '/mnt/backup/': '.', 'FOLDER': 'backups', '/mnt/backup/dragoman-2026-01-29T053000Z.db': 'backups',
                     'FILE': 'backups', 'translators.tmx': 'memory.tmx'}

    def enter(self, words, config=None):
        words = [self.words.get(word, word) for word in words]
        return subprocess.run([PROGRAM, '--config', config or self.space.config, *words], env={**ENVIRONMENT, 'HOME': self.space.folder},
                              cwd=self.space.folder, input=self.record, capture_output=True, timeout=120)

    def new_place(self, command, number):
        folder = os.path.join(self.space.folder, 'new-%d' % number)
        os.mkdir(folder)
        if command == 'restore':
            with open(os.path.join(folder, 'dragoman.conf'), 'w', encoding='utf8') as file:
                file.write('[run]\noutput = out\n')
        return os.path.join(folder, 'dragoman.conf')

    def test_they_can_be_entered(self):
        """What makes files comes first and what removes them last, since other commands read them. A restore and a first configuration need a place without any. Moving the state needs
        a server (test_move_store.py)."""
        commands = {tuple(words) for page in PAGES if '/adding-' not in page for _, words in commands_of(page) if words[0] != 'move-store'}
        commands -= {('init',), ('digest',)}
        count = 0
        for words in sorted(commands, key=lambda words: (words[0] not in ('export', 'backup'), words[0] == 'prune', words)):
            with self.subTest(words=words):
                config = self.new_place(words[0], count) if words[0] in ('init', 'restore') else None
                count += 1
                result = self.enter(words, config)
                self.assertIn(result.returncode, (0, 3) if words[0] == 'run' else (0,), result.stderr.decode())
        self.assertGreater(len(commands), 30)

    @unittest.skipUnless(shutil.which('jq'), 'jq is not installed')
    def test_recipes_for_analysts_give_something(self):
        recipes = re.findall(r"^    (jq .*)$", text_of(os.path.join(SOURCE, 'docs', 'for-analysts.md')), re.M)
        self.assertEqual(len(recipes), 3)
        for recipe in recipes:
            with self.subTest(recipe=recipe):
                recipe = recipe.replace('outlets > 2', 'outlets > 0').replace('2026-01-29', self.day).replace('OUT', self.space.out)
                result = subprocess.run(recipe, shell=True, capture_output=True, text=True, timeout=60)
                self.assertEqual((result.returncode, result.stderr), (0, ''))
                if 'numbers' not in recipe:
                    self.assertTrue(result.stdout.strip())


if __name__ == '__main__':
    unittest.main()
