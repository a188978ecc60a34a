"""The small changes that the mutation test makes in C sources, and how they are drawn."""
import collections
import os
import random
import re

from source import Source

FOLDERS = 'config', 'pipeline', 'program', 'stages'
FAMILIES = [
    ['REACH_ARTICLE', 'REACH_SERVICE', 'REACH_RUN'], ['REMEDY_NONE', 'REMEDY_RETRY', 'REMEDY_NEXT_RUN'],
    ['CAUSE_ARTICLE', 'CAUSE_SERVICE', 'CAUSE_NETWORK', 'CAUSE_MONEY', 'CAUSE_MACHINE'],
    ['EXIT_DONE', 'EXIT_SOME_FAILED', 'EXIT_USAGE', 'EXIT_BAD_DATA', 'EXIT_NO_SERVICE', 'EXIT_SYSTEM', 'EXIT_IO', 'EXIT_BUSY', 'EXIT_PERMISSION', 'EXIT_CONFIG', 'EXIT_INTERRUPTED']]
RELATIONS = {'<': ['<=', '>='], '<=': ['<', '>'], '>': ['>=', '<='], '>=': ['>', '<'], '==': ['!='], '!=': ['==']}
ARITHMETIC = {'+': '-', '-': '+', '*': '/', '/': '*', '%': '*', '|': '&', '&': '|', '<<': '>>', '>>': '<<', '+=': '-=', '-=': '+=', '|=': '&=', '&=': '|='}
ASSERTIONS = {'assert', 'static_assert', '_Static_assert'}
KEYWORDS = {'if', 'for', 'while', 'switch', 'return', 'sizeof', 'defined', 'do', 'else', '_Alignof'}
ASSIGNING = {'=', '+=', '-=', '*=', '/=', '|=', '&=', '^=', '<<=', '>>=', '%='}


class Change:
    """Replaces text[start:end] of a file by `new`. `span` is the statement's part of the text."""

    def __init__(self, source, function, kind, start, end, new, i):
        first, last = source.statement_of(i)
        self.path, self.function, self.kind, self.start, self.end, self.new = source.path, function, kind, start, end, new
        self.old, self.line = source.text[start:end], source.line_of(start)
        self.span = source.place_of(source.tokens[first].start), source.place_of(source.tokens[last].end)
        self.statement = ' '.join(source.text[source.tokens[first].start:source.tokens[last].end].split())
        self.text = source.text

    def changed(self):
        new = self.new + '\n' * (self.old.count('\n') - self.new.count('\n'))
        return self.text[:self.start] + new + self.text[self.end:]

    def line_diff(self):
        """Returns the changed lines as they were and as they are."""
        first, last = self.text.rfind('\n', 0, self.start) + 1, self.text.find('\n', self.end)
        return ''.join('-%s\n' % line for line in self.text[first:last].split('\n')) + ''.join(
            '+%s\n' % line for line in (self.text[first:self.start] + self.new + self.text[self.end:last]).split('\n'))

    def key(self):
        return self.path, self.function, self.kind, self.statement, self.words()

    def words(self):
        return '%s -> %s' % (' '.join(self.old.split()), ' '.join(self.new.split()) or '(nothing)')


class Finder:
    """Finds all changes of one function."""

    def __init__(self, source, function, chance):
        self.source, self.tokens, self.chance, self.found = source, source.tokens, chance, []
        self.name, self.type, self.first, self.last = function

    def add(self, kind, i, new, start=None, end=None):
        token = self.tokens[i]
        self.found.append(Change(self.source, self.name, kind, token.start if start is None else start, token.end if end is None else end, new, i))

    def find(self):
        i = self.first + 1
        while i < self.last:
            token = self.tokens[i]
            if token.text in ASSERTIONS:
                i = self.source.pair[i + 1]
            elif token.kind == 'name':
                self.at_name(i, token.text)
            elif token.kind == 'number':
                self.at_number(i, token.text)
            elif token.kind == 'mark':
                self.at_mark(i, token.text)
            i += 1
        return self.found

    def at_name(self, i, text):
        for family in FAMILIES:
            if text in family:
                self.add('error code', i, self.chance.choice([word for word in family if word != text]))
        if text == 'if':
            self.at_condition(i + 1, True)
        elif text == 'while':
            self.at_condition(i + 1, False)
        elif text == 'return':
            self.at_return(i)
        elif text in ('break', 'continue') and self.tokens[i + 1].text == ';':
            self.add('break or continue removed', i, '')
        elif self.tokens[i + 1].text == '(' and text not in KEYWORDS:
            self.at_call(i)
        if self.source.begins_statement(i):
            self.at_statement(i)

    def at_condition(self, i, both):
        start, end = self.tokens[i].end, self.tokens[self.source.pair[i]].start
        condition = self.source.text[start:end]
        self.add('condition negated', i + 1, '!(%s)' % condition, start, end)
        if both:
            self.add('branch always taken', i + 1, '(%s), 1' % condition, start, end)
            self.add('branch never taken', i + 1, '(%s), 0' % condition, start, end)

    def at_return(self, i):
        last = self.source.find_next(i + 1, {';'})
        start, end = self.tokens[i + 1].start, self.tokens[last].start
        old, words = self.source.text[start:end], self.type.split()
        if '*' in words:
            values = ['NULL']
        elif 'bool' in words:
            values = ['true', 'false']
        elif 'struct' in words or 'void' in words:
            values = []
        else:
            values = ['0', '1']
        values = [value for value in values if value != old]
        if start < end and values:
            self.add('returns constant', i + 1, self.chance.choice(values), start, end)

    def at_call(self, i):
        arguments = self.source.arguments(i + 1)
        texts = [self.source.text[a:b].strip() for a, b in arguments]
        for k in range(len(arguments) - 1):
            if texts[k] != texts[k + 1]:
                self.add('arguments swapped', i, '%s, %s' % (texts[k + 1], texts[k]), arguments[k][0] + (k > 0), arguments[k + 1][1])
        end = self.source.pair[i + 1]
        if self.source.begins_statement(i) and self.tokens[end + 1].text == ';':
            self.add('call removed', i, '', self.tokens[i].start, self.tokens[end].end)

    def at_statement(self, i):
        if self.source.is_declaration(i) or self.tokens[i].text in KEYWORDS or self.source.tokens[i - 1].text == ';' and self.in_for(i):
            return
        k = self.source.find_next(i, {';', ':'} | ASSIGNING)
        if self.tokens[k].text in ASSIGNING:
            last = self.source.find_next(k, {';'})
            self.add('assignment removed', i, '', self.tokens[i].start, self.tokens[last - 1].end)

    def in_for(self, i):
        """Returns whether the token is part of the head of a for."""
        k = i
        while k > self.first and self.tokens[k].text not in ('{', '}'):
            k -= 1
            if self.tokens[k].text in (')', ']') and k in self.source.pair:
                k = self.source.pair[k]
            elif self.tokens[k].text == '(':
                return self.tokens[k - 1].text == 'for'
        return False

    def at_number(self, i, text):
        match = re.fullmatch(r'(\d+|0[xX][0-9a-fA-F]+)([uUlL]*)', text)
        before, after = self.tokens[i - 1].text, self.tokens[i + 1].text
        if not match or (before == '{' and after == '}') or before == '[' and self.source.is_declaration(self.source.statement_of(i)[0]):
            return
        value = int(match.group(1), 0 if match.group(1)[1:2] in 'xX' else 10) if text[0] != '0' or len(text) == 1 else int(match.group(1), 0) if 'x' in text.lower() else 0
        self.add('off by one', i, '%d%s' % (value + (1 if value == 0 else self.chance.choice((1, -1))), match.group(2)))

    def at_mark(self, i, text):
        if text in RELATIONS and self.source.is_binary(i):
            self.add('relational', i, self.chance.choice(RELATIONS[text]))
        elif text in ('&&', '||'):
            self.add('and-or', i, '||' if text == '&&' else '&&')
        elif text == '!':
            self.add('negation removed', i, '')
        elif text in ARITHMETIC and self.source.is_binary(i):
            self.add('arithmetic', i, ARITHMETIC[text])
        elif text in ('++', '--') and not self.in_for(i):
            self.add('increment removed', i, '')


def folder_of(path):
    parts = path.split('/')
    return '/'.join(parts[:min(2, len(parts) - 1)])


def find_all(root, seed):
    """Returns all changes, of which a seed decides the details: {folder: {kind: [change]}}, and the number of lines in each folder."""
    found, lines = collections.defaultdict(lambda: collections.defaultdict(list)), collections.Counter()
    for top in FOLDERS:
        for folder, _, names in sorted(os.walk(os.path.join(root, top))):
            for name in sorted(n for n in names if n.endswith('.c')):
                path = os.path.relpath(os.path.join(folder, name), root)
                with open(os.path.join(root, path), encoding='utf8', newline='') as f:
                    source = Source(path, f.read())
                lines[folder_of(path)] += len(source.lines)
                for function in source.functions:
                    for change in Finder(source, function, random.Random('%s %s %s' % (seed, path, function[0]))).find():
                        found[folder_of(path)][change.kind].append(change)
    return found, lines


def draw(root, seed, only=None):
    """Yields changes in an order that the seed decides: a folder by its lines, then a kind, then a place."""
    chance = random.Random(seed)
    found, lines = find_all(root, seed)
    folders = [f for f in sorted(found) if not only or f == only or f.startswith(only + '/')]
    while any(found[f] for f in folders):
        folder = chance.choices(folders, [lines[f] if found[f] else 0 for f in folders])[0]
        kind = chance.choice(sorted(found[folder]))
        changes = found[folder][kind]
        yield changes.pop(chance.randrange(len(changes)))
        if not changes:
            del found[folder][kind]
