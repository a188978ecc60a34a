"""The pages in docs/ and the README are right: links lead somewhere, commands and their options exist, configurations are accepted,
and recipes give something."""
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
from program import PROGRAM, SOURCE, SAMPLES, Workspace, files_source  # noqa: E402

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

    @unittest.skipUnless(shutil.which('jq'), 'jq is not installed')
    def test_recipes_for_analysts_give_something(self):
        space = Workspace(files_source(os.path.join(SAMPLES, 'articles', 'es-*')))
        self.addCleanup(space.close)
        self.assertIn(space.call('run').returncode, (0, 3))
        recipes = re.findall(r"^    (jq .*)$", text_of(os.path.join(SOURCE, 'docs', 'for-analysts.md')), re.M)
        self.assertEqual(len(recipes), 3)
        for recipe in recipes:
            with self.subTest(recipe=recipe):
                recipe = recipe.replace('outlets > 2', 'outlets > 0').replace('2026-01-29', space.days()[0]).replace('OUT', space.out)
                result = subprocess.run(recipe, shell=True, capture_output=True, text=True, timeout=60)
                self.assertEqual((result.returncode, result.stderr), (0, ''))
                if 'numbers' not in recipe:
                    self.assertTrue(result.stdout.strip())


if __name__ == '__main__':
    unittest.main()
