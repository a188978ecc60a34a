"""The pages of weeks and the links from day to day, whatever happens to the run that should have made them."""
import glob
import os
import re
import shutil
import sys
import unittest

sys.path.insert(0, os.path.join(os.environ['DRAGOMAN_SOURCE'], 'tests', 'fault'))
from fake_service import FakeService                                     # noqa: E402
from test_pages import Case, read, setUpModule, tearDownModule           # noqa: E402, F401
from test_stories import FERRY, MAYOR, item, translate                   # noqa: E402

WEEK = '2026-W53.html'


def words(html):
    """Returns the words on a page, with a bar between elements."""
    return re.sub(r'\s*\|[\s|]*', '|', re.sub('<[^>]*>', '|', html.partition('<body>')[2]))


class Week(Case):
    def setUp(self):
        super().setUp()
        self.service = FakeService(translate)
        self.addCleanup(self.service.close)
        self.workspace = self.workspace_with('')
        self.told = []

    def publish(self, day, *told, kill=None, code=0):
        """Runs on that day with these articles and all earlier ones."""
        self.told += [one for one in told if one not in self.told]
        self.write(*(item(str((FERRY + MAYOR).index(one)), one) for one in self.told))
        result = self.call('run', at=day + ' 09:00', kill=kill)
        self.assertEqual(result.returncode, -9 if kill else code, result.stderr.decode())

    def week(self, name=WEEK):
        return read(os.path.join(self.workspace.out, name)).decode()

    def files(self):
        """Returns the identity of each file, which changes when it is written again."""
        return {path: os.stat(path).st_ino for path in glob.glob(os.path.join(self.workspace.out, '2*-*-*', '**'), recursive=True)
                if os.path.isfile(path) and not path.endswith('report.json')} | {path: os.stat(path).st_ino for path in glob.glob(os.path.join(self.workspace.out, '*.html'))}

    def links(self, page):
        return re.findall('href="([^"]*)"', re.search('<nav[^>]*aria-label="Days">(.*?)</nav>', page).group(1))


class Links(Week):
    def test_a_new_day_changes_one_old_page_and_that_in_its_links_only(self):
        self.publish('2026-12-30', MAYOR[0])
        self.publish('2026-12-31', FERRY[0])
        before, files = self.page('index.html', '2026-12-31'), self.files()
        self.assertEqual(self.links(before), ['../2026-12-30/index.html', '../index.html', '../2026-W53.html'])
        self.publish('2027-01-02', FERRY[1])
        after = self.page('index.html', '2026-12-31')
        self.assertEqual(self.links(after), [*self.links(before), '../2027-01-02/index.html'])
        same = re.sub('<meta name="dragoman-days"[^>]*>|<nav.*?</nav>', '', after)
        self.assertEqual(same, re.sub('<meta name="dragoman-days"[^>]*>|<nav.*?</nav>', '', before))
        changed = {os.path.relpath(path, self.workspace.out) for path, inode in self.files().items()
                   if path in files and files[path] != inode}
        self.assertEqual(changed, {'2026-12-31/index.html', 'index.html', WEEK})

    def test_a_folder_whose_name_only_looks_like_a_day_is_none(self):
        self.publish('2026-12-30', MAYOR[0])
        page = os.path.join(self.workspace.out, '2026-12-30', 'index.html')
        for name in '2026-02-30', '2027-99-99', '2026-00-10':
            os.mkdir(os.path.join(self.workspace.out, name))
            shutil.copy(page, os.path.join(self.workspace.out, name))
        self.publish('2026-12-31', FERRY[0])
        self.assertEqual(os.readlink(os.path.join(self.workspace.out, 'latest')), '2026-12-31')
        self.assertEqual(sorted(re.findall('href="(2[^"]*)"', self.week('index.html'))),
                         ['2026-12-30/index.html', '2026-12-31/index.html', WEEK])
        self.assertEqual(self.links(self.page('index.html', '2026-12-30'))[-1], '../2026-12-31/index.html')
        self.assertEqual([os.path.basename(path) for path in glob.glob(os.path.join(self.workspace.out, '*W*.html'))], [WEEK])

    def test_a_day_made_again_keeps_its_links(self):
        for day, told in zip(('2026-12-30', '2026-12-31', '2027-01-01'), FERRY):
            self.publish(day, told)
        before = self.snapshot()
        self.assertEqual(self.call('digest', '2026-12-31', at='2027-01-02 08:00').returncode, 0)
        self.assertEqual(self.snapshot(), before)
        self.assertIn('../2027-01-01/index.html', self.links(self.page('index.html', '2026-12-31')))

    def test_the_next_run_mends_what_a_kill_left(self):
        self.publish('2026-01-28', FERRY[0])
        for number, kill in enumerate(('2026-01-28/index.html', '/latest', '2026-W05.html', 'out/index.html')):
            day = ('2026-01-29', '2026-01-30', '2026-01-31', '2026-02-01')[number]
            self.publish(day, FERRY[1 + number], kill=kill)
            self.publish(day)
            days = self.days()
            for earlier, later in zip(days, days[1:]):
                self.assertIn('../%s/index.html' % later, self.links(self.page('index.html', earlier)))
                self.assertIn('../%s/index.html' % earlier, self.links(self.page('index.html', later)))
        self.assertEqual(self.temporary(), [])


class Pages(Week):
    def test_a_story_of_several_days_is_there_once_with_its_days(self):
        self.publish('2026-12-30', FERRY[0], FERRY[1], MAYOR[0])
        self.publish('2026-12-31', FERRY[2], FERRY[3])
        self.publish('2027-01-01', FERRY[4])
        page = self.week()
        stories = re.search('<ol.*?</ol>', page, re.S).group(0)
        items = [words('<body>' + one) for one in re.findall('<li>.*?</li>', stories, re.S)]
        self.assertEqual(len(items), 2)
        self.assertIn('|5 articles ·|es|·|Wed|,|Thu|,|Fri|', items[0])
        self.assertIn('|1 article ·|es|·|Wed|', items[1])
        for link in re.findall('href="([^"#]*)', page):
            self.assertTrue(os.path.exists(os.path.join(self.workspace.out, link)), link)

    def test_each_day_is_there_or_said_to_be_missing_or_to_come(self):
        self.publish('2026-12-29', MAYOR[0])
        self.publish('2027-01-02', FERRY[0])
        text = words(self.week())
        self.assertIn('Week 53 of 2026', text)
        self.assertIn('Monday, 28 December 2026 to Sunday, 3 January 2027', text)
        self.assertIn('2 of 6 days', text)
        for day in 'Monday, 28 December 2026', 'Wednesday, 30 December 2026', 'Friday, 1 January 2027':
            self.assertIn('|%s|No records of this day|' % day, text)
        self.assertIn('|Saturday, 2 January 2027|1 article, 1 story, 1 language. Ferry Alda runs aground off Sarnoy|', text)
        self.assertIn('|Sunday, 3 January 2027|Still to come|', text)
        self.assertIn('href="2026-W53.html"', read(os.path.join(self.workspace.out, 'index.html')).decode())

    def test_only_weeks_of_which_a_day_changed_are_written(self):
        self.publish('2026-12-20', MAYOR[0])
        self.publish('2026-12-31', FERRY[0])
        before = self.files()
        self.publish('2026-12-31')
        self.assertEqual({p for p, i in self.files().items() if before.get(p) != i}, set())
        self.publish('2026-12-31', FERRY[1])
        after = self.files()
        same = {os.path.basename(path) for path in before if os.path.basename(path).startswith('2') and before[path] == after[path]}
        self.assertEqual(same & {'2026-W51.html', WEEK}, {'2026-W51.html'})
        os.unlink(os.path.join(self.workspace.out, '2026-W51.html'))
        self.publish('2026-12-31')
        self.assertIn('Ines Haldane elected', self.week('2026-W51.html'))

    def test_digest_makes_the_page_and_those_of_its_days(self):
        self.publish('2026-12-30', MAYOR[0])
        self.publish('2026-12-31', FERRY[0])
        whole, week = self.snapshot(), self.week()
        lost = [os.path.join(self.workspace.out, name) for name in
                (WEEK, '2026-12-30/index.html', '2026-12-30/digest.json', '2026-12-31/stories')]
        for words in ('week',), ('2026-W53',):
            for path in lost:
                shutil.rmtree(path) if os.path.isdir(path) else os.unlink(path)
            os.unlink(os.path.join(self.workspace.out, '2026-12-31', 'index.html'))
            result = self.call('digest', *words, at='2026-12-31 12:00')
            self.assertEqual((result.returncode, result.stdout.decode()), (0, os.path.join(self.workspace.out, WEEK) + '\n'))
            self.assertEqual((self.snapshot(), self.week()), (whole, week))

    def test_what_was_missing_on_several_days_is_said_once(self):
        with open(self.workspace.config, 'a', encoding='utf8') as f:
            f.write('[source "gone"]\nkind = feed\nurl = http://127.0.0.1:9/feed.xml\n')
        self.publish('2026-12-30', MAYOR[0], code=69)
        self.publish('2026-12-31', FERRY[0], code=69)
        text = words(self.week())
        self.assertEqual(text.count('|gone|'), 1)
        self.assertEqual(len(re.findall('1 missing', text)), 2)

    def test_a_week_over_the_change_of_clocks_has_seven_days(self):
        self.publish('2026-03-29', MAYOR[0])
        self.publish('2026-10-25', FERRY[0])
        for name, first, last in (('2026-W13.html', '23 March', '29 March'), ('2026-W43.html', '19 October', '25 October')):
            text = words(self.week(name))
            self.assertIn('Monday, %s 2026 to Sunday, %s 2026' % (first, last), text)
            self.assertEqual(text.count('No records of this day'), 6)
            self.assertIn('1 of 7 days', text)


if __name__ == '__main__':
    unittest.main()
