#include "api/counts.h"

#include <inttypes.h>
#include <stdio.h>

static const uint64_t group_bounds[] = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 0};
static const uint64_t admission_bounds[] = {500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 1000000, 0};

void counts_open(struct counts *counts)
{
    *counts = (struct counts){.group = {.bound = group_bounds}, .admission = {.bound = admission_bounds}};
    pthread_mutex_init(&counts->mutex, NULL);
}

void counts_close(struct counts *counts)
{
    pthread_mutex_destroy(&counts->mutex);
}

static void histogram_add(struct histogram *histogram, uint64_t value)
{
    size_t i = 0;
    while (histogram->bound[i] != 0 && value > histogram->bound[i]) i++;
    histogram->in[i]++;
    histogram->count++;
    histogram->sum += value;
}

void counts_submission(struct counts *counts, uint64_t receipts, int64_t took_us)
{
    pthread_mutex_lock(&counts->mutex);
    counts->submissions++;
    counts->receipts += receipts;
    histogram_add(&counts->admission, took_us < 0 ? 0 : (uint64_t)took_us);
    pthread_mutex_unlock(&counts->mutex);
}

void counts_refusal(struct counts *counts, struct slice code)
{
    char name[REFUSAL_CODE_SIZE];
    size_t i = 0;
    snprintf(name, sizeof name, "%.*s", SLICE(code));
    pthread_mutex_lock(&counts->mutex);
    while (i < counts->refusal_codes && strcmp(counts->refusal[i].code, name) != 0) i++;
    if (i < REFUSAL_CODES) {
        memcpy(counts->refusal[i].code, name, sizeof name);
        counts->refusal[i].count++;
        if (i == counts->refusal_codes) counts->refusal_codes++;
    }
    pthread_mutex_unlock(&counts->mutex);
}

void counts_group(struct counts *counts, uint64_t records)
{
    pthread_mutex_lock(&counts->mutex);
    histogram_add(&counts->group, records);
    pthread_mutex_unlock(&counts->mutex);
}

void counts_gate_failure(struct counts *counts)
{
    pthread_mutex_lock(&counts->mutex);
    counts->gate_failures++;
    pthread_mutex_unlock(&counts->mutex);
}

/* ---- the text format */

void metric_head(struct buffer *out, const char *name, const char *type, const char *help)
{
    buffer_print(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

void metric_put(struct buffer *out, const char *name, const char *type, const char *help, uint64_t value)
{
    metric_head(out, name, type, help);
    buffer_print(out, "%s %" PRIu64 "\n", name, value);
}

/* Units of `one` parts: microseconds (1000000) are shown as seconds. */
static void put_part(struct buffer *out, uint64_t value, uint64_t one)
{
    if (one == 1)
        buffer_print(out, "%" PRIu64, value);
    else
        buffer_print(out, "%" PRIu64 ".%06" PRIu64, value / one, value % one);
}

static void put_histogram(struct buffer *out, const char *name, const char *help, const struct histogram *histogram,
                          uint64_t one)
{
    uint64_t below = 0;
    metric_head(out, name, "histogram", help);
    for (size_t i = 0; histogram->bound[i] != 0; i++) {
        below += histogram->in[i];
        buffer_print(out, "%s_bucket{le=\"", name);
        put_part(out, histogram->bound[i], one);
        buffer_print(out, "\"} %" PRIu64 "\n", below);
    }
    buffer_print(out, "%s_bucket{le=\"+Inf\"} %" PRIu64 "\n%s_sum ", name, histogram->count, name);
    put_part(out, histogram->sum, one);
    buffer_print(out, "\n%s_count %" PRIu64 "\n", name, histogram->count);
}

void counts_write(struct counts *counts, struct buffer *out)
{
    pthread_mutex_lock(&counts->mutex);
    metric_put(out, "truce_submissions_total", "counter", "Requests that handed records in", counts->submissions);
    metric_put(out, "truce_receipts_total", "counter", "Receipts given out", counts->receipts);
    metric_head(out, "truce_refusals_total", "counter", "Records refused, by the code of the refusal");
    for (size_t i = 0; i < counts->refusal_codes; i++)
        buffer_print(out, "truce_refusals_total{code=\"%s\"} %" PRIu64 "\n", counts->refusal[i].code,
                     counts->refusal[i].count);
    put_histogram(out, "truce_group_records", "Records that became durable at once", &counts->group, 1);
    put_histogram(out, "truce_admission_seconds", "From a whole request to its receipts", &counts->admission, 1000000);
    metric_put(out, "truce_gate_failures_total", "counter", "Requests without a member's token", counts->gate_failures);
    pthread_mutex_unlock(&counts->mutex);
}
