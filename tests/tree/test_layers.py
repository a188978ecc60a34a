"""Checks the layers of the source tree: a folder may include only folders to its left, and only program/ prints or exits."""
import os
import re
import subprocess
import unittest

SOURCE = os.environ.get('DRAGOMAN_SOURCE') or os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# From left to right. Folders of the same layer must not include each other. Stages that are not named belong to STAGES.
LAYERS = [{'base'}, {'config', 'net'}, {'article', 'store'}, {'engine'}, {'language', 'formats'}, {'decode'}, {'STAGES'},
          {'check', 'extract'}, {'filter', 'digest'}, {'screen', 'translate', 'summarize'}, {'program'}]
ROOTS = ('pipeline', 'config', 'stages', 'program')
PRINTS = re.compile(r'(?<![.>])\b(?:printf|fprintf|vprintf|vfprintf|puts|fputs|putchar|putc|fputc|perror|psignal|'
                    r'exit|_exit|_Exit|quick_exit|errx?|warnx?)\s*\(')


def sources():
    for root in ROOTS:
        for folder, _, files in os.walk(os.path.join(SOURCE, root)):
            for name in files:
                if name.endswith(('.c', '.h')):
                    yield os.path.relpath(os.path.join(folder, name), SOURCE)


def text_of(path):
    with open(os.path.join(SOURCE, path), encoding='utf8') as file:
        return file.read()


def folder_of(path):
    """Returns the name of the layer's folder: 'check' for both stages/check/dates.c and stages/check.c."""
    parts = path.split('/')
    if parts[0] == 'pipeline':
        return parts[1]
    if parts[0] == 'stages':
        return os.path.splitext(parts[1])[0]
    return parts[0]


def layer_of(folder):
    for place, layer in enumerate(LAYERS):
        if folder in layer:
            return place
    return LAYERS.index({'STAGES'})


def without_comments_and_strings(text):
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', '""', text, flags=re.S)


def includes():
    for path in sources():
        for included in re.findall(r'^#include "([^"]+)"', text_of(path), re.M):
            yield path, included


class Layers(unittest.TestCase):
    def test_every_include_names_a_file_from_the_root(self):
        wrong = [(path, included) for path, included in includes() if not os.path.exists(os.path.join(SOURCE, included))]
        self.assertEqual(wrong, [])

    def test_a_folder_includes_only_folders_to_its_left(self):
        seen, wrong = 0, []
        for path, included in includes():
            source, target = folder_of(path), folder_of(included)
            seen += 1
            if source != target and layer_of(target) >= layer_of(source):
                wrong.append('%s includes %s: %s does not stand to the left of %s' % (path, included, target, source))
        self.assertGreater(seen, 800)
        self.assertEqual(wrong, [])

    def test_folders_do_not_include_each_other_in_a_cycle(self):
        arrows = {}
        for path, included in includes():
            if folder_of(path) != folder_of(included):
                arrows.setdefault(folder_of(path), set()).add(folder_of(included))
        self.assertGreater(len(arrows), 15)
        while True:
            ends = {folder for folder, targets in arrows.items() if not targets & arrows.keys()}
            if not ends:
                break
            arrows = {folder: targets for folder, targets in arrows.items() if folder not in ends}
        self.assertEqual(arrows, {}, 'these folders are in or above a cycle')

    def test_only_program_prints_or_exits(self):
        seen, wrong = 0, []
        for path in sources():
            if path.startswith('program/'):
                continue
            seen += 1
            for number, line in enumerate(without_comments_and_strings(text_of(path)).split('\n'), 1):
                if PRINTS.search(line) or re.search(r'\b(?:stdout|stderr)\b', line):
                    wrong.append('%s: %s' % (path, line.strip()))
        self.assertGreater(seen, 250)
        self.assertEqual(wrong, [])

    def test_the_flat_folder_is_gone(self):
        flat = [name for name in os.listdir(os.path.join(SOURCE, 'pipeline'))
                if not os.path.isdir(os.path.join(SOURCE, 'pipeline', name))]
        self.assertEqual(flat, [])


class Commands(unittest.TestCase):
    def test_a_command_reads_only_options_that_it_has(self):
        """call_option() finds an option by its name, so one that is misspelt would never be given."""
        seen, wrong = 0, []
        for path in sources():
            if not path.startswith('program/commands/'):
                continue
            text = text_of(path)
            options = set(re.findall(r'\{(?:\.name = )?"(--[a-z-]+)"', text))
            for name in re.findall(r'\bcall_(?:option|number)\(call, "([^"]*)"', text):
                seen += 1
                if name not in options:
                    wrong.append('%s: %s' % (path, name))
        self.assertGreater(seen, 15)
        self.assertEqual(wrong, [])


class Tests(unittest.TestCase):
    def test_unit_tests_mirror_the_source_tree(self):
        """tests/unit/FOLDER/test_NAME.c tests FOLDER/NAME.[ch] or the folder FOLDER/NAME; exceptions are listed here."""
        topics = {'tests/unit/stages/check/test_pairs.c', 'tests/unit/stages/services/test_refusals.c',
                  'tests/unit/stages/services/test_shapes.c', 'tests/unit/stages/test_broken_tables.c', 'tests/unit/stages/test_broken_rows.c',
                  'tests/unit/stages/sources/test_open.c',
                  'tests/unit/stages/digest/test_formats.c', 'tests/unit/pipeline/store/test_disk.c', 'tests/unit/pipeline/store/test_statements.c',
                  'tests/unit/pipeline/store/test_search_statements.c', 'tests/unit/stages/extract/test_pages.c'}
        lost = []
        for folder, _, files in os.walk(os.path.join(SOURCE, 'tests', 'unit')):
            for name in files:
                if not (name.startswith('test_') and name.endswith('.c')):
                    continue
                path = os.path.relpath(os.path.join(folder, name), SOURCE)
                tested = os.path.join(os.path.dirname(path)[len('tests/unit/'):], name[len('test_'):-2])
                known = [tested + end for end in ('.c', '.h', '')] + [
                    os.path.join(os.path.dirname(tested), 'common', os.path.basename(tested) + '.c'),
                    os.path.join(os.path.dirname(tested), 'parts', os.path.basename(tested) + '.c')]
                if path not in topics and not any(os.path.exists(os.path.join(SOURCE, k)) for k in known):
                    lost.append(path)
        self.assertEqual(lost, [])


if __name__ == '__main__':
    unittest.main()
