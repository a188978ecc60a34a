"""Makes the calls of a small run fail one by one, or kills the run there (calls.c), and judges what is left and what the next run makes of it."""
import errno
import glob
import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time

from fake_service import FakeService, translate
from program import Workspace
from web import Web, feed, page

HERE = os.path.dirname(os.path.abspath(__file__))
HEAVY = {'write', 'pwrite', 'pwrite64', 'fsync', 'fdatasync', 'syncfs', 'rename', 'unlink', 'unlinkat', 'mkdir', 'ftruncate', 'ftruncate64', 'symlink', 'renameat', 'mkdirat',
         'symlinkat', 'renameat2', 'link'}
PAGES = 'index.html', 'digest.json', 'digest.md', 'feed.xml'
CRASHES = {-11, -6, -7, -4, 134, 139}


def kinds_of(function):
    """Returns the faults that the kernel has for a function: numbers of errors, and 'short'."""
    number = {'open': ['EMFILE', 'EIO'], 'open64': ['EMFILE', 'EIO'], 'fopen': ['EMFILE', 'EIO'], 'fopen64': ['EMFILE', 'EIO'], 'opendir': ['EMFILE'],
              'read': ['EIO', 'EINTR'], 'write': ['ENOSPC', 'EIO', 'EINTR'], 'pwrite': ['ENOSPC', 'EIO'], 'pwrite64': ['ENOSPC', 'EIO'],
              'pread': ['EIO'], 'pread64': ['EIO'], 'close': ['EIO', 'EINTR'], 'fclose': ['EIO'], 'mmap': ['ENOMEM'], 'mmap64': ['ENOMEM'],
              'ftruncate': ['EIO', 'ENOSPC'], 'ftruncate64': ['EIO', 'ENOSPC'], 'fsync': ['EIO', 'ENOSPC'], 'fdatasync': ['EIO', 'ENOSPC'],
              'rename': ['EIO', 'ENOSPC'], 'renameat': ['EIO', 'ENOSPC'], 'mkdir': ['ENOSPC', 'EACCES'], 'mkdirat': ['ENOSPC', 'EACCES'], 'openat': ['EMFILE', 'EIO'], 'openat64': ['EMFILE', 'EIO'],
              'renameat2': ['EIO', 'EINVAL'], 'fdopendir': ['ENOMEM'], 'getrandom': ['ENOSYS', 'EINTR'], 'socket': ['EMFILE'], 'connect': ['ENETUNREACH', 'EINTR'],
              'poll': ['EINTR'], 'eventfd': ['EMFILE'], 'pipe2': ['EMFILE'], 'pthread_create': ['EAGAIN'], 'posix_spawnp': ['EAGAIN'],
              'send': ['ECONNRESET', 'EINTR'], 'recv': ['ECONNRESET', 'EINTR'], 'flock': ['EINTR', 'ENOLCK'], 'malloc': ['ENOMEM'], 'calloc': ['ENOMEM'], 'realloc': ['ENOMEM']}
    short = ['short'] if function in ('read', 'pread', 'pread64', 'write', 'pwrite', 'pwrite64', 'getrandom', 'send', 'recv') else []
    return [str(getattr(errno, name)) for name in number.get(function, ['EIO'])] + short


class Scene:
    """A folder with a few sources of every kind, a web, a paid service and the embedded engine; every fault begins from the same state."""
    CAP = 40000

    def __init__(self, engine=True):
        self.tools = tempfile.TemporaryDirectory()
        self.library, self.hit = os.path.join(self.tools.name, 'calls.so'), os.path.join(self.tools.name, 'hit')
        subprocess.run(['cc', '-O1', '-shared', '-fPIC', '-o', self.library, os.path.join(HERE, 'calls.c'), '-ldl', '-lpthread'], check=True)
        self.web, self.service, self.engine, self.seconds, self.mood = Web(), FakeService(self.play), engine, 0, ''
        self.workspace = Workspace(
            'threads = 2\n[http]\nproxy = %s\n[budget]\ncurrency = EUR\n[collect]\ngap = 0s\n[source "radio"]\nkind = feed\nurl = http://radio.example/feed.xml\n[source "inbox"]\nkind = files\npath = inbox\n'
            '[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "paid"]\nkind = libretranslate\nurl = %s\nprice = 20\ncharacters_per_day = %d\n'
            '[route "default"]\nservices = paid\n%s' % (self.web.url, self.service.url, self.CAP, '[route "ca"]\nservices = apertium\n' if engine else ''))
        for n in range(4):
            self.web.pages['n%d.example/%d.html' % (n, n)] = page('El puente número %d se abrirá en verano' % n)
        self.kept = os.path.join(self.workspace.folder, 'kept')

    def close(self):
        for closable in self.web, self.service, self.workspace:
            closable.close()
        self.tools.cleanup()

    def play(self, _, texts):
        """The paid service: 'down', or 'sloppy' (loses the numbers of some texts), or good."""
        if self.mood == 'down':
            return 503, {}, b'{}'
        if self.mood != 'sloppy':
            return None
        with self.service.lock:
            self.service.bills += texts
        sloppy = [''.join(c for c in translate(t) if not (c.isdigit() and 'plaza 9' in t)) for t in texts]
        return 200, {}, json.dumps({'translatedText': sloppy}).encode()

    # ---------------------------------------------------------------- the sources

    def article(self, number, language='es'):
        words = 'El concejo número %d reparará la fuente de la plaza %d antes de las fiestas del pueblo.' if language == 'es' else \
            'El consell número %d repararà la font de la plaça %d abans de les festes del poble.'
        return json.dumps({'id': 'a%d' % number, 'title': {'source': words % (number, number * 7)}, 'language': {'code': language},
                           'body': [{'kind': 'paragraph', 'text': words % (number, number * 9 + i)} for i in range(3)]}, ensure_ascii=False) + '\n'

    def publish(self, everything):
        """Writes half of the articles, or all of them."""
        self.publish_some(4 if everything else 2)

    def publish_some(self, count):
        """Writes one article less than `count` in each source."""
        whole = '<p>%s</p>' % '</p><p>'.join('La radio contó la noticia %d del barrio con muchas palabras y sin prisa en la mañana del lunes.' % i for i in range(5))
        items = [('http://n%d.example/%d.html' % (n, n), 'El puente número %d se abrirá en verano' % n, 'Un resumen.', '' if n else whole) for n in range(count - 1)]
        self.web.pages['radio.example/feed.xml'] = feed(*items)
        inbox = os.path.join(self.workspace.folder, 'inbox')
        os.makedirs(inbox, exist_ok=True)
        for n in range(count - 1):
            with open(os.path.join(inbox, 'n%d.html' % n), 'w', encoding='utf8') as f:
                f.write(page('La feria número %d vuelve a la ciudad' % (10 + n)).replace('puente', 'mercado %d' % n))
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(self.article(n) for n in range(count - 1))
            if self.engine:
                f.write(self.article(50, 'ca'))

    # ---------------------------------------------------------------- the program

    def call(self, *words, **calls):
        command, options = self.workspace.command(*words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if calls or self.seconds:
            options['env'].update(LD_PRELOAD=self.library, CALLS_SECONDS=str(self.seconds), CALLS_HIT=self.hit,
                                  ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0:allocator_may_return_null=1', **calls)
        return subprocess.run(command, timeout=60, **options)

    def clear(self):
        shutil.rmtree(self.workspace.out, ignore_errors=True)

    def keep(self):
        shutil.rmtree(self.kept, ignore_errors=True)
        if os.path.exists(self.workspace.out):
            shutil.copytree(self.workspace.out, self.kept, symlinks=True)

    def restore(self):
        self.clear()
        if os.path.exists(self.kept):
            shutil.copytree(self.kept, self.workspace.out, symlinks=True)
        if os.path.exists(self.hit):
            os.unlink(self.hit)
        self.service.bills.clear()

    def record(self, *words, allocations=False):
        """Returns the different calls of this command, as 'FUNCTION STACK', in the order in which they come."""
        trail = os.path.join(self.tools.name, 'trail')
        self.call(*words, CALLS_RECORD=trail, **({'CALLS_ALLOCATIONS': '1'} if allocations else {}))
        with open(trail, encoding='utf8') as f:
            return f.read().splitlines()

    def strike(self, point, deed, *words, **more):
        """Runs the command with one fault. Returns its result and whether the call was reached."""
        result = self.call(*words, CALLS_AT=point, CALLS_DO=deed, **more)
        return result, os.path.exists(self.hit) and os.path.getsize(self.hit) > 0

    def strike_file(self, function, count, deed, text, *words):
        """The same, at call number `count` of the function for a file whose path contains the text."""
        return self.strike(function + ' 0', str(deed), *words, CALLS_FILE=text, CALLS_COUNT=str(count))

    # ---------------------------------------------------------------- what is left

    def names(self):
        """Returns the names of all files. Which articles make a story depends on their order, so stories are counted in stale_pages()."""
        found = []
        for folder, _, names in os.walk(self.workspace.out):
            found += [os.path.join(os.path.relpath(folder, self.workspace.out), name) for name in names
                      if not name.startswith(('state.db', 'search.db')) and not folder.endswith('stories')]
        return sorted(found)

    def temporary(self):
        return [os.path.join(folder, name) for folder, _, names in os.walk(self.workspace.out) for name in names if name.endswith('.tmp')]

    def texts(self):
        """Returns the English of every record."""
        return {r['id']: [r['status'], r['title'].get('target'), [[(s.get('target'), s['status'], 'accepted' in s) for s in b.get('segments', [])] for b in r['body']]]
                for r in self.workspace.records().values()}

    def lacks(self, wanted):
        """Returns what is wrong with the output compared with that of an undisturbed run."""
        wrong, names, texts = [], self.names(), {}
        try:
            texts = self.texts()
        except ValueError as torn:
            wrong.append('a torn record: %s' % torn)
        if texts.keys() != wanted['texts'].keys():
            wrong.append('%d records of %d' % (len(texts), len(wanted['texts'])))
        elif texts != wanted['texts']:
            wrong.append('other texts: %s' % [(texts[i], wanted['texts'][i]) for i in texts if texts[i] != wanted['texts'][i]][:1])
        if not wanted.get('one_day', True):
            articles = [name for name in names if '/articles/' in name]
            wrong += ['in two days'] * (len(set(map(os.path.basename, articles))) != len(articles))
            missing = extra = set()
        else:
            missing, extra = set(wanted['names']) - set(names), set(names) - set(wanted['names'])
        wrong += ['missing: %s' % sorted(missing)[:4]] * bool(missing) + ['extra: %s' % sorted(extra)[:4]] * bool(extra)
        for day in glob.glob(os.path.join(self.workspace.out, '20??-??-??')):
            wrong += self.stale_pages(day)
        return wrong

    def stale_pages(self, day):
        wanted = {os.path.basename(path)[:-5] for path in glob.glob(os.path.join(day, 'articles', '*.json'))}
        try:
            with open(os.path.join(day, 'digest.json'), encoding='utf8') as f:
                listed = {a['id'] for a in json.load(f)['articles']}
            with open(os.path.join(day, 'feed.xml'), encoding='utf8') as f:
                entries = f.read().count('<entry>')
            full = 0
            for story in glob.glob(os.path.join(day, 'stories', '*.html')):
                with open(story, encoding='utf8') as f:
                    full += f.read().count('<article class="text"')
            with open(os.path.join(self.workspace.out, 'index.html'), encoding='utf8') as f:
                if os.path.basename(day) not in f.read():
                    return ['the list of days lacks ' + os.path.basename(day)]
        except (OSError, ValueError) as why:
            return ['pages: %s' % why]
        return ['stale pages: %d listed, %d entries, %d in full of %d' % (len(listed), entries, full, len(wanted))] * (
            listed != wanted or entries != len(wanted) or full != len(wanted))

    def indexed(self):
        try:
            store = sqlite3.connect(os.path.join(self.workspace.out, 'search.db'))
            count = store.execute('SELECT count(*) FROM document').fetchone()[0]
            store.close()
            return count
        except sqlite3.Error as why:
            return str(why)

    def calm(self, *words):
        """Lets the command finish undisturbed. Returns what the output should be."""
        result = self.call(*words)
        assert result.returncode == 0, result.stderr
        return {'names': self.names(), 'texts': self.texts(), 'indexed': self.indexed()}

    # ---------------------------------------------------------------- the judgement

    def judge(self, first, wanted, killed=False, redo=None):
        """Judges a disturbed command, lets the next run finish, and judges that. A command of the user's that was killed is given
        again (`redo`), and what it does is done by the run after that. Returns a list of problems."""
        wrong = [] if killed else self.judge_code(first, wanted)
        for words in [('run',)] + ([redo, ('run',)] if redo else []):
            again = self.call(*words)
            if again.returncode != 0:
                wrong.append('the next %s: %d %s' % (words[0], again.returncode, again.stderr[-300:]))
            wrong += self.judge_output()
        wrong += ['after the next run: ' + what for what in self.lacks(wanted)]
        if self.indexed() != wanted['indexed']:
            wrong.append('the search index has %s of %s' % (self.indexed(), wanted['indexed']))
        return wrong + self.judge_books()

    def judge_output(self):
        wrong = ['temporary: %s' % self.temporary()] * bool(self.temporary())
        verified = self.call('verify')
        return wrong + ['verify: %d %s' % (verified.returncode, (verified.stdout + verified.stderr)[-300:])] * (verified.returncode != 0)

    def judge_code(self, first, wanted):
        code, said = first.returncode, first.stderr.decode(errors='replace')
        if code in CRASHES or 'Sanitizer' in said:
            return ['crash %d: %s' % (code, said[:1500])]
        if code == 0:
            return ['FALSE SUCCESS: ' + what for what in self.lacks(wanted)]
        wrong = ['silent: %d' % code] * (not said.strip())
        return wrong + ['%d: %s' % (code, said[-300:])] * (code not in (69, 71, 74, 75, 77, 78))

    def judge_books(self):
        status = self.workspace.status() if not self.seconds else json.loads(self.call('status', '--json').stdout)
        with self.service.lock:
            billed = sum(map(len, self.service.bills))
        wrong = ['status: %s' % {k: status[k] for k in ('failed', 'waiting', 'found')}] * (status['failed'] + status['waiting'] + status['found'] > 0)
        return wrong + ['billed %d, known %d' % (billed, status['characters'])] * (not billed <= status['characters'] <= self.CAP)


def draw(points, count, seed, known=None):
    """Returns that many of the points (CALL, FAULT) in their order, the same ones for the same seed. As far as the count goes, each
    function that is not `known` has one before any has two; those that are drawn are then known."""
    places, first, others, known = list(range(len(points))), [], [], set() if known is None else known
    random.Random(seed).shuffle(places)
    for place in places:
        function = points[place][0].split()[0]
        if function not in known and len(first) < count:
            known.add(function)
            first.append(place)
        else:
            others.append(place)
    return [points[place] for place in sorted([*first, *others][:count])]
