"""Several runs over one PostgreSQL database: who does how much, nothing twice, what it costs (4 minutes; docs/scale.md)."""
import argparse
import json
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TESTS = os.path.join(HERE, '..')
sys.path[:0] = HERE, TESTS, os.path.join(TESTS, 'fault')
import postgresql                                                        # noqa: E402
import program                                                           # noqa: E402
from large import Service, sentence                                      # noqa: E402

SOURCES, SENTENCES, FAIR = 8, 4, 0.8
MOST_PUBLISHED = 200000 # articles of a day of which pages are made (docs/scale.md)
TICKS = os.sysconf('SC_CLK_TCK')


def article(number):
    texts = [sentence(SENTENCES * number + i, 0) for i in range(SENTENCES)]
    return json.dumps({'id': 'a%d' % number, 'title': {'source': texts[0][:-1]}, 'language': {'code': 'es'},
                       'body': [{'kind': 'paragraph', 'text': text} for text in texts[1:]]}, ensure_ascii=False) + '\n'


def workspace_with(articles, service):
    settings = '' if articles <= MOST_PUBLISHED else 'publish = no\n'
    sources = ''.join('[source "s%d"]\nkind = ndjson\npath = s%d.ndjson\n' % (i, i) for i in range(SOURCES))
    workspace = program.Workspace(settings + sources +
                                  '[service "fake"]\nkind = libretranslate\nurl = %s\nconcurrency = 16\n[route "default"]\nservices = fake\n' % service.url)
    for i in range(SOURCES):
        with open(os.path.join(workspace.folder, 's%d.ndjson' % i), 'w', encoding='utf8') as file:
            file.writelines(article(number) for number in range(i, articles, SOURCES))
    return workspace


class Play:
    """Runs `workers` side by side over `articles` until nothing is left to do."""

    def __init__(self, server, given, articles, workers):
        self.server, self.articles, self.workers, self.problems = server, articles, workers, []
        self.service = Service(False, given.delay)
        self.workspace = workspace_with(articles, self.service)

    def close(self):
        self.service.close()
        self.workspace.close()

    def server_cpu(self):
        """The seconds of the server and of those of its processes that have ended."""
        with open('/proc/%d/stat' % self.server.process.pid, encoding='utf8') as file:
            return sum(map(int, file.read().rsplit(')', 1)[1].split()[11:15])) / TICKS

    def transactions(self):
        return int(self.workspace.rows('SELECT sum(xact_commit) FROM pg_stat_database')[0][0])

    def kilobytes(self):
        schema = self.workspace.store.rsplit('%3D', 1)[1]
        return int(self.workspace.rows("SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r' AND "
                                       "relnamespace = '%s'::regnamespace" % schema)[0][0]) / 1024

    def run_one(self):
        command, options = self.workspace.command('run', '--json', stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        return subprocess.Popen(command, **options)

    def end_one(self, process):
        """Returns the report of the run and its CPU seconds."""
        out, said = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.expect(process.returncode == 0, 'a run ended with %d: %s', process.returncode, said[-300:])
        return json.loads(out) if out.strip() else {'complete': 0}, used.ru_utime + used.ru_stime

    def expect(self, fine, what, *values):
        if not fine:
            self.problems.append(what % values)
            print('    ' + self.problems[-1], flush=True)

    def others(self, reports):
        """Tells what became of the articles that are not complete."""
        counts = {name: sum(report.get(name, 0) for report in reports) for name in ('partial', 'skipped', 'duplicate', 'waiting', 'failed')}
        return counts, self.workspace.rows('SELECT state, unfinished, note FROM article WHERE state <> 3 OR unfinished > 0 LIMIT 9')

    def play(self):
        began, cpu, before = time.monotonic(), self.server_cpu(), self.transactions()
        reports, seconds = zip(*map(self.end_one, [self.run_one() for _ in range(self.workers)]))
        done = [report['complete'] for report in reports]
        elapsed, share = time.monotonic() - began, min(done) * self.workers / self.articles
        time.sleep(1) # the server counts what a connection has done when it ends
        print('%7d %10d %8.1f %10.2f %10.2f %13.1f %11.1f %6.2f %9d' %
              (self.workers, self.articles, elapsed, 1000 * sum(seconds) / self.articles, 1000 * (self.server_cpu() - cpu) / self.articles,
               (self.transactions() - before) / self.articles, self.kilobytes() / self.articles, share, self.service.repeated.value), flush=True)
        copies = sum(report.get('duplicate', 0) for report in reports) # the texts are alike: about one in 100,000
        self.expect(sum(done) + copies == self.articles, '%d of %d articles are complete: %s', sum(done), self.articles, self.others(reports))
        self.expect(share >= FAIR, 'a run did %.2f of the mean', share)
        self.expect(self.service.repeated.value == 0, '%d sentences were asked for twice', self.service.repeated.value)
        self.expect(b' 0 damaged, 0 missing, 0 foreign' in self.workspace.call('verify', timeout=3000).stdout, 'verify found something')
        return self.problems


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--articles', type=int, nargs='+', default=[4000])
    reader.add_argument('--workers', type=int, nargs='+', default=[1, 2, 4, 8])
    reader.add_argument('--delay', type=float, default=0.2, help='seconds that the service takes for a request')
    reader.add_argument('--buffers', default='16MB', help="size of the server's cache (shared_buffers)")
    given, problems = reader.parse_args(), []
    print('workers   articles  seconds  ms of CPU  of server  transactions  KB of store  least  repeated', flush=True)
    for articles in given.articles:
        for workers in given.workers:
            with postgresql.Server(given.buffers) as server:
                program.SERVER = server.address
                play = Play(server, given, articles, workers)
                try:
                    problems += play.play()
                finally:
                    play.close()
    print('%d problem%s' % (len(problems), '' if len(problems) == 1 else 's'))
    return 1 if problems else 0


if __name__ == '__main__':
    sys.exit(main())
