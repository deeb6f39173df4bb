/* What the server counts for /metrics, besides what the wire counts itself. Safe from any thread. */
#ifndef TRUCE_API_COUNTS_H
#define TRUCE_API_COUNTS_H

#include "base/buffer.h"
#include <pthread.h>

enum { HISTOGRAM_BUCKETS = 12, REFUSAL_CODES = 128, REFUSAL_CODE_SIZE = 64 };

struct histogram {
    const uint64_t *bound; /* of each bucket, rising; ended by 0 */
    uint64_t in[HISTOGRAM_BUCKETS + 1], count, sum;
};

struct counts {
    pthread_mutex_t mutex;
    uint64_t submissions, receipts, gate_failures;
    struct histogram group;     /* records of a group that became durable at once */
    struct histogram admission; /* microseconds from a request's arrival to its receipts */
    struct {
        char code[REFUSAL_CODE_SIZE];
        uint64_t count;
    } refusal[REFUSAL_CODES];
    size_t refusal_codes;
};

void counts_open(struct counts *counts);
void counts_close(struct counts *counts);
void counts_submission(struct counts *counts, uint64_t receipts, int64_t took_us);
void counts_refusal(struct counts *counts, struct slice code);
void counts_group(struct counts *counts, uint64_t records);
void counts_gate_failure(struct counts *counts);

/* In Prometheus' text format. */
void counts_write(struct counts *counts, struct buffer *out);

/* A metric of one value. `type` is "counter" or "gauge". */
void metric_put(struct buffer *out, const char *name, const char *type, const char *help, uint64_t value);
void metric_head(struct buffer *out, const char *name, const char *type, const char *help);

#endif
