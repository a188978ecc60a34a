#include "unit/cmocka_test.h"

#include <poll.h>
#include <stdatomic.h>

#include "pipeline/base/workers.h"

enum { JOBS = 2000 };

struct sum {
    struct job job;
    int number, done;
};

static void square(struct job *job) {
    struct sum *sum = (struct sum *)(void *)job;
    sum->done += sum->number * sum->number;
}

static void wait_for(struct workers *workers) {
    struct pollfd fd = {.fd = workers_fd(workers), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 20000), 1);
}

static size_t take(struct workers *workers) {
    size_t count = 0;
    for (struct job *job = workers_take(workers); job; job = STAILQ_NEXT(job, next)) count++;
    return count;
}

static void every_job_is_done_once_and_returned(void **state) {
    (void)state;
    static struct sum sums[JOBS];
    struct workers *workers = workers_new(4, NULL, NULL);
    size_t back = 0;
    for (int i = 0; i < JOBS; i++) {
        sums[i] = (struct sum){.job.run = square, .number = i};
        workers_give(workers, &sums[i].job);
        if (i % 100 == 0) back += take(workers);
    }
    while (back < JOBS) {
        wait_for(workers);
        back += take(workers);
    }
    assert_int_equal(back, JOBS);
    assert_null(workers_take(workers));
    for (int i = 0; i < JOBS; i++) assert_int_equal(sums[i].done, i * i);
    workers_free(workers);
}

static atomic_int ended;

static void count_group(void *context, struct job *jobs) {
    for (; jobs; jobs = STAILQ_NEXT(jobs, next)) {
        assert_int_equal(((struct sum *)(void *)jobs)->done, 9);
        ++*(atomic_int *)context;
    }
}

static void a_group_finishes_before_its_jobs_are_returned(void **state) {
    (void)state;
    static struct sum sums[JOBS];
    struct workers *workers = workers_new(1, count_group, &ended);
    for (int i = 0; i < JOBS; i++) {
        sums[i] = (struct sum){.job.run = square, .number = 3};
        workers_give(workers, &sums[i].job);
    }
    for (size_t back = 0; back < JOBS;) {
        wait_for(workers);
        back += take(workers);
        assert_true((size_t)ended >= back);
    }
    assert_int_equal(ended, JOBS);
    workers_free(workers);
}

static void jobs_are_finished_before_the_pool_is_freed(void **state) {
    (void)state;
    static struct sum sums[JOBS];
    struct workers *workers = workers_new(3, NULL, NULL);
    for (int i = 0; i < JOBS; i++) {
        sums[i] = (struct sum){.job.run = square, .number = 2};
        workers_give(workers, &sums[i].job);
    }
    workers_free(workers);
    for (int i = 0; i < JOBS; i++) assert_int_equal(sums[i].done, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_job_is_done_once_and_returned),
                                       cmocka_unit_test(a_group_finishes_before_its_jobs_are_returned),
                                       cmocka_unit_test(jobs_are_finished_before_the_pool_is_freed)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
