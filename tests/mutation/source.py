"""Reads C as it is formatted in this project: tokens, functions and statements, as far as the mutation test needs them."""
import bisect
import re

TOKEN = re.compile(r'''(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n\\]|\\\n|\\.)*)
    |(?P<string>(?:u8|[LuU])?"(?:[^"\\]|\\.)*")|(?P<char>[LuU]?'(?:[^'\\]|\\.)*')
    |(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)|(?P<name>[A-Za-z_]\w*)
    |(?P<mark>\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)''', re.S | re.M | re.X)
PAIRS = {'(': ')', '[': ']', '{': '}'}
HEADS = {'if', 'for', 'while', 'switch'}
TYPES = {'struct', 'const', 'static', 'enum', 'unsigned', 'signed', 'union', 'char', 'int', 'long', 'short', 'double', 'float', 'bool', 'void', 'extern', '_Thread_local', 'register'}


class Token:
    def __init__(self, match):
        self.kind, self.text, self.start, self.end = match.lastgroup, match.group(), match.start(), match.end()

    def __repr__(self):
        return self.text


class Source:
    """A file's tokens. `pair` maps the index of a bracket to that of its partner."""

    def __init__(self, path, text):
        self.path, self.text = path, text
        self.tokens = [Token(m) for m in TOKEN.finditer(text) if m.lastgroup != 'skip']
        self.lines = [m.end() for m in re.finditer('\n', text)]
        self.pair = self.match_brackets()
        self.functions = self.find_functions()

    def match_brackets(self):
        pair, stack = {}, []
        for i, token in enumerate(self.tokens):
            if token.kind == 'mark' and token.text in PAIRS:
                stack.append(i)
            elif token.kind == 'mark' and token.text in PAIRS.values() and stack:
                pair[i] = stack.pop()
                pair[pair[i]] = i
        return pair

    def find_functions(self):
        """Returns (name, type, index of the opening brace, of the closing one)."""
        found, i, begin = [], 0, 0
        while i < len(self.tokens):
            text = self.tokens[i].text
            if text == '{' and self.tokens[i - 1].text == ')' and i in self.pair:
                head = self.pair[i - 1]
                kind = ' '.join(t.text for t in self.tokens[begin:head - 1])
                found.append((self.tokens[head - 1].text, kind, i, self.pair[i]))
            if text in PAIRS and i in self.pair:
                i = self.pair[i]
            if self.tokens[i].text in ';}':
                begin = i + 1
            i += 1
        return found

    def line_of(self, offset):
        return bisect.bisect_right(self.lines, offset) + 1

    def column_of(self, offset):
        line = self.line_of(offset)
        return offset - (self.lines[line - 2] if line > 1 else 0) + 1

    def place_of(self, offset):
        return self.line_of(offset), self.column_of(offset)

    def is_head(self, i):
        """Returns whether the closing bracket ends the condition of an if, for, while or switch."""
        return self.tokens[i].text == ')' and self.tokens[self.pair[i] - 1].text in HEADS

    def begins_statement(self, i):
        """Returns whether a statement begins with token i."""
        before = self.tokens[i - 1]
        if before.text in ('{', '}', ';', 'else', 'do') and before.kind in ('mark', 'name'):
            return True
        if before.text == ')':
            return self.is_head(i - 1)
        return before.text == ':' and any(t.text in ('case', 'default') for t in self.tokens[max(0, i - 6):i - 1])

    def statement_of(self, i):
        """Returns the first and last token of the smallest statement, or part of a head, that token i belongs to."""
        first = i
        while first > 0 and not self.begins_statement(first):
            before = first - 1
            if self.tokens[before].text == '(' and self.tokens[before - 1].text in HEADS:
                break
            first = self.pair[before] if self.tokens[before].text in (')', ']') else before
        last = i
        while last + 1 < len(self.tokens) and self.tokens[last].text not in (';', '{'):
            if self.tokens[last + 1].text == ')' and self.tokens[self.pair[last + 1] - 1].text in HEADS and self.pair[last + 1] < first:
                break
            last += 1
        return first, last

    def is_declaration(self, first):
        """Returns whether the statement that begins with this token declares something."""
        one, two, three = self.tokens[first:first + 3]
        if one.text in TYPES or one.kind == 'name' and two.kind == 'name' and one.text not in ('return', 'goto', 'else', 'case'):
            return True
        return one.kind == 'name' and two.text == '*' and three.start == two.end and two.start > one.end

    def is_binary(self, i):
        """Returns whether the operator has operands on both sides, which the format shows by spaces."""
        before, token, after = self.tokens[i - 1:i + 2]
        return before.end < token.start and token.end < after.start and (before.kind != 'mark' or before.text in ')]')

    def after(self, i):
        """Returns the index of the token after token i, or after the brackets that it opens."""
        return (self.pair.get(i, i) if self.tokens[i].text in PAIRS and self.tokens[i].kind == 'mark' else i) + 1

    def find_next(self, i, wanted):
        """Returns the index of the first token from i on, outside of inner brackets, that is one of `wanted` or ends what i is part of."""
        while self.tokens[i].text not in wanted and self.tokens[i].text not in PAIRS.values():
            i = self.after(i)
        return i

    def arguments(self, i):
        """Returns (start, end) in the text of each argument in the parentheses that open with token i."""
        found, start, k = [], self.tokens[i].end, i + 1
        while k < self.pair[i]:
            if self.tokens[k].text == ',' and self.tokens[k].kind == 'mark':
                found.append((start, self.tokens[k].start))
                start = self.tokens[k].end
            k = self.after(k)
        return found + [(start, self.tokens[self.pair[i]].start)]
