/* What the log has and the index may not have yet: the ids of the entries that this writer admitted, so that admission
 * need not wait for the index. One thread adds and drops (the one that leads); any may look. */
#ifndef TRUCE_REGISTER_RECENT_H
#define TRUCE_REGISTER_RECENT_H

#include "base/table.h"
#include "crypto/hash.h"
#include "record/record.h"
#include <pthread.h>

/* Beyond so many the writer waits for the index: memory is bounded, and readers are not left far behind. */
enum { RECENT_MOST = 256 * 1024 };

struct recent {
    pthread_mutex_t mutex;
    uint64_t first; /* entry of id[0] */
    size_t count, room;
    struct record_id *id;
    struct table by_id;
};

void recent_open(struct recent *recent, uint64_t first);
void recent_close(struct recent *recent);

MUST_USE enum status recent_add(struct recent *recent, const struct record_id *id, struct error *error);
bool recent_find(struct recent *recent, const struct record_id *id, uint64_t *entry);
size_t recent_count(struct recent *recent);

void recent_drop_below(struct recent *recent, uint64_t entry); /* the index has those */
void recent_take_back(struct recent *recent, uint64_t entry);  /* this one and later: they did not get into the log */

#endif
