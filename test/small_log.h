/* A log in memory, judged entry by entry: what a test needs to ask admission. Its records must outlive it. */
#ifndef TRUCE_TEST_SMALL_LOG_H
#define TRUCE_TEST_SMALL_LOG_H

#include "log/tree.h"
#include "record/admission.h"

enum { SMALL_LOG_MOST = 256 };
struct small_log {
    struct record record[SMALL_LOG_MOST];
    int64_t received_ms[SMALL_LOG_MOST];
    bool is_void[SMALL_LOG_MOST];
    uint64_t size;
};

static inline const struct record *small_log_find(void *context, const struct record_id *id)
{
    const struct small_log *log = context;
    for (uint64_t i = 0; i < log->size; i++)
        if (!log->is_void[i] && record_id_equal(&log->record[i].id, id)) return &log->record[i];
    return NULL;
}

static inline uint64_t small_log_count_day(void *context, struct slice by, int64_t day)
{
    const struct small_log *log = context;
    uint64_t count = 0;
    for (uint64_t i = 0; i < log->size; i++)
        count += !log->is_void[i] && slice_equal(log->record[i].by, by) && log->received_ms[i] / 86400000 == day;
    return count;
}

/* The tree over the entries so far, as the log has it. */
static inline bool small_log_root(void *context, uint64_t size, struct hash *out)
{
    const struct small_log *log = context;
    struct tree_edge edge = {.size = 0};
    for (uint64_t i = 0; i < size; i++) {
        OWN(buffer_clear) struct buffer entry = {0};
        entry_format(&entry, log->received_ms[i], log->record[i].note);
        struct hash leaf = tree_leaf(buffer_slice(&entry));
        tree_edge_add(&edge, &leaf);
    }
    *out = tree_edge_root(&edge);
    return true;
}

static inline struct admission_log small_log_asked(struct small_log *log)
{
    return (struct admission_log){log, log->size, small_log_find, small_log_count_day, small_log_root};
}

static inline void small_log_add(struct small_log *log, const struct record *record, int64_t received_ms, bool is_void)
{
    log->record[log->size] = *record;
    log->received_ms[log->size] = received_ms;
    log->is_void[log->size++] = is_void;
}

#endif
