"""Fuzzes every parser until its coverage stands still (at most 30 CPU minutes a target; --target NAME, --minutes N)."""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get('DRAGOMAN_SOURCE', os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
BUILD = os.path.join(SOURCE, 'build', 'fuzz')
FUZZ = os.path.join(SOURCE, 'tests', 'fuzz')
ARENA_TEST = 'unit_pipeline_base_arena'     # skipped, and so not 0, where arenas are not poisoned
MOST_NEW = 15                               # files that are added to a corpus under tests/fuzz, at most
LONGEST_INPUT, SECONDS_PER_INPUT, MEGABYTES = 8192, 60, 2048
MAX_LENGTHS = {'html': 16384, 'check': 1024, 'config': 4096, 'command': 1024, 'choice': 512, 'period': 64}
EDGES = re.compile(r'cov: (\d+)')
EXECUTIONS = re.compile(r'stat::number_of_executed_units: (\d+)')


def targets_of(names):
    """Returns the names of all targets, or those given."""
    known = sorted(name[5:-2] for name in os.listdir(FUZZ) if re.fullmatch(r'fuzz_\w+\.c', name))
    unknown = sorted(set(names) - set(known))
    if unknown:
        sys.exit('unknown target %s; expected one of: %s' % (', '.join(unknown), ' '.join(known)))
    return [name for name in known if not names or name in names]


def build(names):
    if not shutil.which('clang'):
        sys.exit('fuzzing needs the Debian packages clang and libclang-rt-14-dev')
    subprocess.run(['cmake', '--preset', 'fuzz'], cwd=SOURCE, check=True, stdout=subprocess.DEVNULL)
    made = [ARENA_TEST] + ['fuzz_' + name for name in names]
    subprocess.run(['cmake', '--build', BUILD, '--target'] + made, cwd=SOURCE, check=True, stdout=subprocess.DEVNULL)
    if subprocess.run([os.path.join(BUILD, 'tests', ARENA_TEST)], capture_output=True).returncode != 0:
        sys.exit('arenas are not poisoned in the fuzz build')


class Campaign:
    """One target, fuzzed in slices in a folder of its own. What was counted there before is gone on with."""

    def __init__(self, name, folder):
        self.name, self.folder = name, os.path.join(folder, name)
        self.found, self.crashes, self.corpus = (os.path.join(self.folder, part) for part in ('found', 'crashes', 'corpus'))
        self.progress, self.findings, self.start = os.path.join(self.folder, 'progress.json'), [], time.monotonic()
        self.executions, self.edges, self.cpu, self.still = 0, 0, 0.0, 0.0
        if os.path.exists(self.progress):
            with open(self.progress, encoding='utf-8') as file:
                self.executions, self.edges, self.cpu, self.still = json.load(file)
        for part in self.found, self.crashes:
            os.makedirs(part, exist_ok=True)
        shutil.rmtree(self.corpus, ignore_errors=True)
        shutil.copytree(os.path.join(FUZZ, 'corpus', name), self.corpus)

    def run(self, *options):
        """Runs the target; returns its exit code, what it printed and its CPU time."""
        dictionary = os.path.join(FUZZ, self.name + '.dict')
        words = [os.path.join(BUILD, 'tests', 'fuzz_' + self.name), '-artifact_prefix=%s/' % self.crashes,
                 '-rss_limit_mb=%d' % MEGABYTES, '-timeout=%d' % SECONDS_PER_INPUT, '-print_final_stats=1', '-close_fd_mask=1',
                 '-max_len=%d' % MAX_LENGTHS.get(self.name, LONGEST_INPUT)]
        words += ['-dict=' + dictionary] if os.path.exists(dictionary) else []
        with open(os.path.join(self.folder, 'log'), 'ab+') as log:
            start = log.seek(0, os.SEEK_END)
            process = subprocess.Popen(words + list(options), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log, cwd=self.folder)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            log.seek(start)
            return process.returncode, log.read().decode('utf-8', 'replace'), usage.ru_utime + usage.ru_stime

    def play_slice(self, seconds):
        code, said, cpu = self.run('-max_total_time=%d' % seconds, self.found, self.corpus)
        edges = max([int(count) for count in EDGES.findall(said)], default=0)
        self.executions += int((EXECUTIONS.findall(said) or [0])[-1])
        self.cpu += cpu
        self.still = 0.0 if edges > self.edges else self.still + cpu
        self.edges = max(edges, self.edges)
        with open(self.progress, 'w', encoding='utf-8') as file:
            json.dump([self.executions, self.edges, self.cpu, self.still], file)
        if code:
            self.findings = sorted(os.listdir(self.crashes)) or ['exit code %d' % code]

    def is_done(self, given):
        full = self.executions >= given.executions and self.still >= 60 * given.still
        return self.findings or full or self.cpu >= 60 * given.minutes or time.monotonic() - self.start >= given.seconds

    def merge(self, given):
        """Adds some of the inputs that reach new edges, small and larger ones, to the corpus in the source tree."""
        self.run('-merge=1', '-use_counters=0', self.corpus, self.found)
        home, added, grown = os.path.join(FUZZ, 'corpus', self.name), 0, 0
        sizes = {name: os.path.getsize(os.path.join(self.corpus, name)) for name in set(os.listdir(self.corpus)) - set(os.listdir(home))}
        new = sorted((name for name in sizes if sizes[name] <= given.grow // 4), key=lambda name: (sizes[name], name))
        for name in new[::-max(1, len(new) // MOST_NEW)][:MOST_NEW]:
            if grown + sizes[name] <= given.grow:
                shutil.copy(os.path.join(self.corpus, name), home)
                grown, added = grown + sizes[name], added + 1
        return added

    def tell(self, given, new):
        speed = self.executions / max(self.cpu, 0.001)
        whole = 'complete' if self.executions >= given.executions and self.still >= 60 * given.still else 'not complete'
        print('%-12s %9d executions %6d/s %6d edges %5.1f CPU min, %4.1f still (%s), %d new inputs, %d findings %s; %d s' % (
            self.name, self.executions, speed, self.edges, self.cpu / 60, self.still / 60, whole, new, len(self.findings),
            ' '.join(os.path.join(self.crashes, name) for name in self.findings), time.monotonic() - self.start), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('--target', action='append', default=[], help='only this target (may be repeated)')
    parser.add_argument('--minutes', type=float, default=30, help='CPU minutes for a target, at most')
    parser.add_argument('--still', type=float, default=5, help='CPU minutes without a new edge that end a target')
    parser.add_argument('--seconds', type=float, default=86400, help='time for a target, at most, however busy the machine is')
    parser.add_argument('--executions', type=int, default=20000, help='of a target, at least')
    parser.add_argument('--grow', type=int, default=0, help='bytes of new inputs to add to a corpus under tests/fuzz, at most')
    parser.add_argument('--slice', type=int, default=60, help='seconds after which the coverage is looked at')
    parser.add_argument('--folder', help='keep inputs and counts here, so that a later run goes on')
    parser.add_argument('--no-build', action='store_true', help='use the targets as they were built')
    given = parser.parse_args()
    names, failed = targets_of(given.target), False
    if not given.no_build:
        build(names)
    folder = os.path.abspath(given.folder) if given.folder else tempfile.mkdtemp(prefix='dragoman-fuzz-')
    for name in names:
        campaign = Campaign(name, folder)
        while not campaign.is_done(given):
            campaign.play_slice(given.slice)
        campaign.tell(given, campaign.merge(given) if given.grow and not campaign.findings else 0)
        failed = failed or bool(campaign.findings)
    print('inputs and logs are in %s' % folder)
    sys.exit(1 if failed else 0)


if __name__ == '__main__':
    main()
