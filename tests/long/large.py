"""200,000 small articles over thirty days, or a day of 20,000: memory, time per article and the size of the state (1 hour on an idle core)."""
import argparse
import asyncio
import glob
import json
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import threading
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault')
from program import Workspace                                            # noqa: E402

FIRST_DAY = 2026, 1, 12
RUNNING_MB, EDITION_MB, LOG_MB, GROUP_KB, GROWTH = 64, 300, 16, 2, 1.25   # GROUP_KB: for an article, in the transaction with the stories of a day
STATE_KB = 12                                                            # of the state, for an article of four sentences

# Parts of a sentence and their English, so that the fake service translates well.
WHO = (('El alcalde de Lorven', 'The mayor of Lorven'), ('La directora del hospital', 'The director of the hospital'),
       ('El equipo de bomberos', 'The team of firefighters'), ('Una maestra del pueblo', 'A teacher from the village'),
       ('El consejo de la ciudad', 'The council of the city'), ('La dueña del hotel', 'The owner of the hotel'),
       ('Un grupo de pescadores', 'A group of fishermen'), ('El juez de la provincia', 'The judge of the province'),
       ('La compañía de trenes', 'The company of trains'), ('El museo de historia', 'The museum of history'),
       ('Una familia de agricultores', 'A family of farmers'))
DID = (('anunció ayer', 'announced yesterday'), ('rechazó este lunes', 'rejected this Monday'), ('presentó por la noche', 'presented at night'),
       ('defendió ante la prensa', 'defended before the press'), ('celebró con los vecinos', 'celebrated with the neighbours'),
       ('criticó en una carta', 'criticised in a letter'), ('explicó a los periodistas', 'explained to the journalists'))
WHAT = (('la reforma del puente viejo', 'the reform of the old bridge'), ('el precio del agua', 'the price of the water'),
        ('la venta de la fábrica', 'the sale of the factory'), ('el cierre de la escuela', 'the closure of the school'),
        ('la llegada del invierno', 'the arrival of the winter'), ('el nuevo mercado de flores', 'the new market of flowers'),
        ('la carrera de bicicletas', 'the bicycle race'), ('el plan contra los incendios', 'the plan against the fires'),
        ('la cosecha de manzanas', 'the harvest of apples'), ('el hallazgo de una moneda', 'the discovery of a coin'),
        ('la huelga de los médicos', 'the strike of the doctors'), ('el concierto de la orquesta', 'the concert of the orchestra'),
        ('la construcción del túnel', 'the construction of the tunnel'))
WHERE = (('en la plaza', 'in the square'), ('cerca del río', 'near the river'), ('en el norte de la isla', 'in the north of the island'),
         ('junto a la estación', 'next to the station'), ('en la biblioteca', 'in the library'))


def sentence(number, language):
    """Returns the sentence of this number in Spanish (0) or English (1)."""
    mixed = number * 2654435761 >> 7
    who, did, what, where = (table[mixed // step % len(table)][language] for table, step in ((WHO, 1), (DID, 11), (WHAT, 77), (WHERE, 1001)))
    return '%s %s %s %s, %s %d.' % (who, did, what, where, ('según el informe', 'according to report')[language], number)


def translate(text, flagged):
    found = re.search(r' (\d+)\.?$', text)
    english = sentence(int(found[1]), 1) if found else text
    return re.sub(r'\d', '', english).replace(' .', ' today.') if flagged else english if text.endswith('.') else english[:-1]


class Service:
    """A LibreTranslate in a process of its own. `requests`, and how many texts came again (`repeated`), are shared with this one."""

    def __init__(self, flagged, delay=0):
        self.requests, self.flagged, self.port = multiprocessing.Value('l', 0), flagged, multiprocessing.Value('l', 0)
        self.repeated, self.delay, self.seen = multiprocessing.Value('l', 0), delay, set()
        self.process = multiprocessing.Process(target=lambda: asyncio.run(self.serve()), daemon=True)
        self.process.start()
        while not self.port.value:
            time.sleep(0.01)
        self.url = 'http://127.0.0.1:%d' % self.port.value

    async def serve(self):
        server = await asyncio.start_server(self.answer, '127.0.0.1', 0, limit=1 << 20)
        self.port.value = server.sockets[0].getsockname()[1]
        await server.serve_forever()

    async def answer(self, reader, writer):
        try:
            while True:
                head = await reader.readuntil(b'\r\n\r\n')
                texts = json.loads(await reader.readexactly(int(re.search(rb'(?i)content-length: *(\d+)', head)[1])))['q']
                self.requests.value += 1
                self.note(texts)
                await asyncio.sleep(self.delay)
                body = json.dumps({'translatedText': [translate(text, self.flagged) for text in texts]}).encode()
                writer.write(b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n' % len(body) + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def note(self, texts):
        for text in texts:
            self.repeated.value += hash(text) in self.seen
            self.seen.add(hash(text))

    def close(self):
        self.process.terminate()
        self.process.join()


class Watch(threading.Thread):
    """Follows a command. `peak` is its largest resident memory in MB, `running` the same up to the last request, and `log` the largest size
    of the store's log. (What wait4() says about memory also counts the process that started it.)"""

    def __init__(self, process, service, log_path):
        super().__init__(daemon=True)
        self.process, self.service, self.log_path, self.running, self.peak, self.log, self.ended = process, service, log_path, 0, 0, 0, False

    def run(self):
        seen = -1
        while not self.ended:
            memory = re.search(r'VmHWM:\s+(\d+)', self.read('/proc/%d/status' % self.process.pid))
            self.peak = int(memory[1]) / 1024 if memory else self.peak
            if self.service.requests.value != seen:
                seen, self.running = self.service.requests.value, self.peak
            if os.path.exists(self.log_path):
                self.log = max(self.log, self.size())
            time.sleep(0.05)

    def read(self, path):
        try:
            with open(path, encoding='utf8') as f:
                return f.read()
        except OSError:
            return ''

    def size(self):
        try:
            return os.path.getsize(self.log_path) >> 20
        except OSError:
            return 0


class Large:
    def __init__(self, given):
        self.given, self.service, self.next, self.seconds, self.problems = given, Service(given.flagged), 0, 0, []
        self.workspace = Workspace('[source "items"]\nkind = ndjson\npath = items.ndjson\n[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 8\n'
                                   '[route "default"]\nservices = fake\n' % self.service.url)
        self.tools = tempfile.TemporaryDirectory()
        self.fate, self.state = os.path.join(self.tools.name, 'fate.so'), os.path.join(self.workspace.out, 'state.db')
        subprocess.run(['cc', '-shared', '-fPIC', '-o', self.fate, os.path.join(TESTS, 'fault', 'fate.c'), '-ldl'], check=True)

    def close(self):
        for closable in self.service, self.workspace:
            closable.close()
        self.tools.cleanup()

    def article(self, number):
        texts = [sentence(4 * number + i, 0) for i in range(4)]
        return json.dumps({'id': 'a%d' % number, 'title': {'source': texts[0][:-1]}, 'language': {'code': 'es'},
                           'body': [{'kind': 'paragraph', 'text': text} for text in texts[1:]]}, ensure_ascii=False) + '\n'

    def publish(self, day):
        count = self.given.articles * (day + 1) // self.given.days - self.given.articles * day // self.given.days
        with open(os.path.join(self.workspace.folder, 'items.ndjson'), 'w', encoding='utf8') as f:
            f.writelines(self.article(self.next + n) for n in range(count))
        self.next += count
        return count

    def command(self, *words):
        command, options = self.workspace.command(*words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        options['env'].update(LD_PRELOAD=self.fate, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0', FATE_SECONDS=str(self.seconds))
        return subprocess.Popen(command, **options)

    def call(self, *words):
        """Returns the CPU seconds, the largest resident memory in MB, and what was watched."""
        process = self.command(*words)
        watch = Watch(process, self.service, self.state + '-wal')
        watch.start()
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        watch.ended, process.returncode = True, os.waitstatus_to_exitcode(status)
        watch.join()
        self.expect(process.returncode == 0, '%s ended with %d: %s', words[0], process.returncode, said[-400:])
        return used.ru_utime + used.ru_stime, watch.peak, watch

    def expect(self, fine, what, *values):
        if not fine:
            self.problems.append(what % values)
            print('    ' + self.problems[-1], flush=True)

    def play_day(self, day):
        """Returns the CPU time per article in milliseconds and what the state holds per article in kilobytes."""
        then = time.mktime((*FIRST_DAY[:2], FIRST_DAY[2] + day, 7, 0, 0, 0, 0, -1))
        self.seconds = int(then - time.time())
        count, start = self.publish(day), time.monotonic()
        cpu, peak, watch = self.call('run')
        each, state = 1000 * cpu / count, os.path.getsize(self.state) / 1024 / self.next
        print('%s %7d %8.2f %8.1f %8.1f %6d %9.1f %6d' % (time.strftime('%Y-%m-%d', time.localtime(then)), self.next, each, watch.running, peak, watch.log, state,
                                                        time.monotonic() - start), flush=True)
        self.expect(watch.running <= RUNNING_MB, '%d MB while running', watch.running)
        self.expect(peak <= EDITION_MB, '%d MB for the edition', peak)
        self.expect(watch.log <= LOG_MB + count * GROUP_KB / 1024, 'a log of %d MB', watch.log)
        self.check_pages(then)
        return each, state

    def check_pages(self, then):
        day = os.path.join(self.workspace.out, time.strftime('%Y-%m-%d', time.localtime(then)))
        count = len(os.listdir(os.path.join(day, 'articles')))
        with open(os.path.join(day, 'digest.json'), encoding='utf8') as f:
            listed = len(json.load(f)['articles'])
        self.expect(listed == count, 'the digest has %d of %d articles', listed, count)

    def play(self):
        print('day        articles   ms CPU  running  edition    log  KB state  seconds', flush=True)
        each, states = zip(*(self.play_day(day) for day in range(self.given.days)))
        third = max(1, self.given.days // 3)
        first, last = sum(each[:third]) / third, sum(each[-third:]) / third
        self.expect(last <= GROWTH * first, '%.2f ms per article in the first days, %.2f in the last', first, last)
        self.expect(states[-1] <= STATE_KB, '%.1f KB of the state per article', states[-1])
        for words in ('status',), ('verify',):
            cpu, peak, _ = self.call(*words)
            print('%s: %.1f s of CPU, %.1f MB' % (words[0], cpu, peak), flush=True)
        records = len(glob.glob(os.path.join(self.workspace.out, '2*', 'articles', '*.json')))
        status = self.workspace.status()
        self.expect(records + status['duplicate'] == self.next, '%d records and %d duplicates of %d articles', records, status['duplicate'], self.next)
        print('%d articles over %d days: %.2f ms of CPU per article at first, %.2f at last; %d problems' % (self.next, self.given.days, first, last, len(self.problems)))
        return self.problems


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--articles', type=int, default=200000)
    reader.add_argument('--days', type=int, default=30)
    reader.add_argument('--flagged', action='store_true', help='the service loses all numbers, so that every sentence is flagged')
    large = Large(reader.parse_args())
    try:
        return 1 if large.play() else 0
    finally:
        large.close()


if __name__ == '__main__':
    sys.exit(main())
