"""Thirty days of runs with outages, caps and one kill per day: nothing is lost or duplicated, and bills are right (6 minutes)."""
import argparse
import collections
import glob
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

TESTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..')
sys.path[:0] = TESTS, os.path.join(TESTS, 'fault')
from program import Workspace                                            # noqa: E402
from world import ABSENT, ALL_HOSTS, HOST_FAULTS, MOODS, Towns, Translator           # noqa: E402

FIRST_DAY = 2026, 1, 12                     # so that a new month begins on the way
SLOTS = 4                                   # simultaneous requests to a service
CAP, PRICE = 3000, 20                      # characters per day; price per million characters
FILES_TO_FAIL = {'binary.txt': random.Random(1).randbytes(3000), 'empty.txt': b''}
PAGES = 'index.html', 'digest.md', 'digest.json', 'feed.xml'


class Plan:
    """The events of a day. `faults` is a list of (moods by service, faults by host), one for each run."""

    def __init__(self, number, days, most_runs, chance):
        self.articles, self.without_text = chance.randint(8, 12), chance.random() < 0.15
        self.capped = 0.2 <= number / days < 0.3 or 0.8 <= number / days < 0.9
        self.second_service = number / days >= 1 / 3
        self.retry = chance.random() < 0.25
        self.faults = [self.trouble(chance) for _ in range(chance.randint(2, most_runs))]
        self.killed = chance.randrange(len(self.faults))
        self.way, self.moment = chance.choice(('time', 'traffic', 'rename')), chance.random()

    def trouble(self, chance):
        moods = {'first': chance.choice(MOODS)} if chance.random() < 0.55 else {}
        if chance.random() < 0.2:
            moods['second'] = chance.choice(MOODS)
        hosts = {host: chance.choice(sorted(HOST_FAULTS)) for host in ALL_HOSTS if chance.random() < 0.1}
        return moods, hosts

    def words(self):
        what = ['killed in run %d by %s' % (self.killed + 1, self.way)] + ['retry'] * self.retry + ['cap'] * self.capped
        for moods, hosts in self.faults:
            what += ['%s: %s' % pair for pair in sorted({**moods, **hosts}.items())]
        return ', '.join(dict.fromkeys(what))


class Month:
    """`known` has the failed articles that have been reported, `excess` how much each bill exceeds the service's own."""

    def __init__(self, days, seed, most_runs=3, say=lambda line: None):
        self.days, self.most_runs, self.say, self.problems, self.kills = days, most_runs, say, [], 0
        self.chance = random.Random(seed)
        self.towns = Towns(seed)
        self.services = {'first': Translator(), 'second': Translator()}
        self.workspace = Workspace('')
        self.tools = tempfile.TemporaryDirectory()
        self.fate = os.path.join(self.tools.name, 'fate.so')
        subprocess.run(['cc', '-shared', '-fPIC', '-o', self.fate, os.path.join(TESTS, 'fault', 'fate.c'), '-ldl'], check=True)
        self.length, self.seconds, self.runs, self.known, self.excess = 0.5, 0, 0, 0, {name: 0 for name in self.services}
        os.makedirs(os.path.join(self.workspace.folder, 'inbox'))

    def close(self):
        for closable in (self.towns, *self.services.values(), self.workspace):
            closable.close()
        self.tools.cleanup()

    # ---------------------------------------------------------------- the program

    def configure(self, cap, second):
        """Writes the configuration of a day. A route leaves out the embedded engine, which supports only some of the languages."""
        names = ['first'] + ['second'] * second
        with open(self.workspace.config, 'w', encoding='utf8') as f:
            f.write('[run]\noutput = %s\nstate = %s/state.db\ngrace_period = 1s\n[budget]\ncurrency = EUR\n[http]\nproxy = %s\n[dedupe]\ndays = 0\n[collect]\ngap = 0s\n'
                    % (self.workspace.out, self.workspace.out, self.towns.url))
            for name in names:
                f.write('[service "%s"]\nkind = libretranslate\nurl = %s\nconcurrency = %d\ntimeout = 2s\nattempts = 2\nprice = %d\n%s'
                        % (name, ABSENT.get(self.services[name].mood, self.services[name].url), SLOTS, PRICE, 'characters_per_day = %d\n' % CAP if cap else ''))
            f.write('[route "default"]\nservices = %s\n[source "inbox"]\nkind = files\npath = inbox\n' % ' '.join(names) + self.towns.sources())

    def command(self, *words, **fate):
        command, options = self.workspace.command(*words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        options['env'].update(LD_PRELOAD=self.fate, ASAN_OPTIONS='verify_asan_link_order=0:detect_leaks=0', FATE_SECONDS=str(self.seconds), **fate)
        return command, options

    def call(self, *words):
        command, options = self.command(*words)
        return subprocess.run(command, timeout=300, **options)

    def status(self):
        return json.loads(self.call('status', '--json').stdout)

    def set_clock(self, day, hour):
        """Sets the program's clock to this many days after the first one; the machine's own clock is not changed."""
        then = time.mktime((*FIRST_DAY[:2], FIRST_DAY[2] + day, hour, 0, 0, 0, 0, -1))
        self.seconds = int(then - time.time())
        for service in self.services.values():
            service.today = time.strftime('%Y-%m-%d', time.localtime(then))

    # ---------------------------------------------------------------- a run

    def expect(self, fine, what, *values):
        if not fine:
            self.problems.append('%s: %s' % (self.services['first'].today, what % values))
            self.say('  ' + self.problems[-1])

    def settled(self):
        """Waits until answers whose client is gone have been counted, because they are billed as well."""
        while any(service.busy for service in self.services.values()):
            time.sleep(0.02)

    def run_whole(self, after_kill=False):
        start = time.monotonic()
        result = self.call('run')
        self.length = 0.7 * self.length + 0.3 * min(time.monotonic() - start, 4)
        self.runs += 1
        status = self.status()
        self.check_code(result, status)
        self.check_bill(after_kill)
        self.known = status['failed']
        self.expect(not self.temporary(), 'temporary files: %s', self.temporary())
        return status

    def check_code(self, result, status):
        """3: an article failed for good; 69: something waits, or a source could not be read; otherwise 0."""
        waits = [group for group in status['waits_for'] if group['for'] != 'machine']
        allowed = [3] if status['failed'] > self.known else [69] if waits else [0, 69] if self.towns.faults else [0]
        self.expect(result.returncode in allowed, 'the run ended with %d, not %s: %s', result.returncode, allowed, result.stderr)

    def run_killed(self, way, moment):
        """Kills a run after a random part of its usual time, after a random number of requests, or when it renames a file."""
        command, options = self.command('run', **({'FATE_PATH': '/', 'FATE_COUNT': str(1 + int(12 * moment))} if way == 'rename' else {}))
        begin, before = time.monotonic(), self.traffic()
        process = subprocess.Popen(command, **options)
        while process.poll() is None and time.monotonic() - begin < (moment * self.length if way == 'time' else 10):
            if way == 'traffic' and self.traffic() - before > 40 * moment:
                break
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        self.kills += process.returncode == -signal.SIGKILL
        self.known = self.status()['failed']

    def traffic(self):
        return len(self.towns.visits) + sum(service.requests for service in self.services.values())

    def temporary(self):
        return [name for _, _, names in os.walk(self.workspace.out) for name in names if name.endswith('.tmp')]

    # ---------------------------------------------------------------- a day

    def play_day(self, number):
        plan = Plan(number, self.days, self.most_runs, self.chance)
        self.towns.publish(plan.articles, plan.without_text)
        if number == self.days // 2:
            self.drop_files()
        for place, (moods, hosts) in enumerate(plan.faults):
            self.set_clock(number, 6 + 6 * place)
            self.trouble(moods, hosts)
            self.configure(plan.capped, plan.second_service)
            if place == plan.killed:
                self.run_killed(plan.way, plan.moment)
            if plan.retry and place == 0:
                self.retry()
            status = self.run_whole(place == plan.killed)
        self.check_day(plan)
        self.say('%s %5d %7d %7d %6d %6d  %s' % (self.services['first'].today, len(self.towns.articles), status['done'], status['waiting'] + status['found'],
                                                 status['failed'], len(self.problems), plan.words()))

    def retry(self):
        self.expect(self.call('retry').returncode == 0, 'retry failed')
        self.known = 0

    def trouble(self, moods, hosts):
        self.towns.faults = {host: HOST_FAULTS[name] for host, name in hosts.items()}
        for name, service in self.services.items():
            service.mood = moods.get(name, '')

    def drop_files(self):
        for name, content in FILES_TO_FAIL.items():
            with open(os.path.join(self.workspace.folder, 'inbox', name), 'wb') as f:
                f.write(content)

    def check_day(self, plan):
        for name, service in self.services.items():
            spent = service.characters.get(service.today, 0)
            self.expect(not plan.capped or spent <= CAP, '%s billed %d characters past a cap of %d', name, spent, CAP)
        for folder in glob.glob(os.path.join(self.workspace.out, '2*', 'articles', '*.json')):
            with open(folder, 'rb') as f:
                json.loads(f.read())
        self.check_verify()

    def check_verify(self):
        result = self.call('verify')
        self.expect(result.returncode == 0, 'verify: %s', result.stdout[-500:])

    # ---------------------------------------------------------------- the end

    def settle(self):
        """Removes all faults and retries what failed."""
        self.trouble({}, {})
        self.configure(False, True)
        for day in range(self.days, self.days + 3):
            self.set_clock(day, 6)
            self.retry()
            status = self.run_whole()
        return status

    def check_articles(self, status):
        wanted = {a.url for a in self.towns.articles if a.text}
        failing = len(self.towns.articles) - len(wanted) + len(FILES_TO_FAIL)
        urls = collections.Counter(r['url'] for r in self.workspace.records().values())
        doubled = [url for url, count in urls.items() if count > 1]
        incomplete = [r['url'] for r in self.workspace.records().values() if r['status'] != 'complete']
        self.expect(not wanted - urls.keys(), 'lost: %s', sorted(wanted - urls.keys()))
        self.expect(not urls.keys() - wanted, 'a record that should not be: %s', sorted(urls.keys() - wanted))
        self.expect(not doubled, 'doubled: %s', doubled)
        self.expect(not incomplete, 'not complete: %s', incomplete)
        counts = [status[name] for name in ('done', 'failed', 'waiting', 'found', 'skipped', 'duplicate')]
        self.expect(counts == [len(wanted), failing, 0, 0, 0, 0], 'status says %s where %s are done and %s failed', counts, len(wanted), failing)

    def check_pages(self):
        """Checks that every record is on all pages of its day and on no others."""
        days = {os.path.basename(path): path for path in glob.glob(os.path.join(self.workspace.out, '2*-*-*'))}
        seen = collections.Counter()
        for day, path in days.items():
            ids = {os.path.basename(p)[:-5] for p in glob.glob(os.path.join(path, 'articles', '*.json'))}
            seen.update(ids)
            if not ids:
                continue
            texts = {}
            for name in PAGES:
                with open(os.path.join(path, name), encoding='utf8') as f:
                    texts[name] = f.read()
            listed = {a['id'] for a in json.loads(texts['digest.json'])['articles']}
            self.expect(listed == ids, 'digest.json of %s lists %d articles, the day has %d', day, len(listed), len(ids))
            in_full = 0
            for story in glob.glob(os.path.join(path, 'stories', '*.html')):
                with open(story, encoding='utf8') as f:
                    in_full += f.read().count('<article class="text"')
            counts = [in_full, len(re.findall('<id>tag:[^<]*:article/', texts['feed.xml']))]
            self.expect(counts == [len(ids)] * 2, 'the pages of %s show %s articles, the day has %d', day, counts, len(ids))
        self.expect(max(seen.values(), default=1) == 1, 'in more than one day: %s', [i for i, n in seen.items() if n > 1])
        self.check_verify()

    def bill(self):
        store = sqlite3.connect(os.path.join(self.workspace.out, 'state.db'))
        rows = store.execute('SELECT service, sum(characters), sum(cost) FROM bill GROUP BY service').fetchall()
        reserved = store.execute('SELECT * FROM reserved WHERE requests > 0').fetchall()
        store.close()
        self.expect(not reserved, 'still reserved: %s', reserved)
        self.expect(all(cost == characters * PRICE for _, characters, cost in rows), 'the cost is not that of the characters: %s', rows)
        return {name: characters for name, characters, _ in rows}

    def check_bill(self, after_kill):
        """Checks that the bills equal the services' own to the character, except that reservations of killed runs count as spent."""
        self.settled()
        bill = self.bill()
        for name, service in self.services.items():
            excess = bill.get(name, 0) - service.billed()
            most = SLOTS * service.largest if after_kill else 0
            self.expect(0 <= excess - self.excess[name] <= most, 'the bill of %s was %d above its own and is now %d', name, self.excess[name], excess)
            self.excess[name] = excess

    def check_purchases(self):
        bill = self.bill()
        for name, service in self.services.items():
            again = sum(map(len, service.bills)) - sum(map(len, set(service.bills)))
            self.say('%s: %d characters in the store, %d at the server, %d of them bought again after a kill or a time limit'
                     % (name, bill.get(name, 0), service.billed(), again))
            self.expect(again <= self.kills * SLOTS * service.largest + service.late, '%s was asked again for %d characters', name, again)

    def play(self):
        """Plays the month and returns a list of problems, which should be empty."""
        self.say('day        found    done waiting failed  wrong  what happened')
        for number in range(self.days):
            self.play_day(number)
        status = self.settle()
        self.check_articles(status)
        self.check_pages()
        self.check_purchases()
        self.say('%d days, %d runs, %d kills: %d articles, %d done, %d failed; %d problems'
                 % (self.days, self.runs, self.kills, len(self.towns.articles) + len(FILES_TO_FAIL), status['done'], status['failed'], len(self.problems)))
        return self.problems


def main():
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument('--days', type=int, default=30)
    reader.add_argument('--seed', type=int, default=20260112)
    given = reader.parse_args()
    month = Month(given.days, given.seed, say=lambda line: print(line, flush=True))
    try:
        return 1 if month.play() else 0
    finally:
        month.close()


if __name__ == '__main__':
    sys.exit(main())
