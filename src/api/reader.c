/* Of which party is whoever reads? By the session of a member; else, on the reader's own server, by the keys that are
 * kept there. */
#include "api/internal.h"
#include "api/outbox.h"

enum { AUTHORS_ARENA_BYTES = 4 * 1024 * 1024 };

static bool has_key_of(struct visit *visit, struct slice party)
{
    OWN(arena_clear) struct arena arena;
    struct truce_buffer answer = {0};
    struct truce_error error;
    const struct json *authors = NULL;
    bool found = false;
    arena_init(&arena, AUTHORS_ARENA_BYTES);
    if (truce_authors(visit->reader, &answer, &error) != TRUCE_DONE) return false;
    if (json_read(&authors, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) != STATUS_DONE)
        authors = NULL;
    for (const struct json *one = authors == NULL ? NULL : authors->first; one != NULL && !found; one = one->next)
        found = slice_equal(json_find_string(one, "by"), party) && json_find_bool(one, "here");
    truce_free(&answer);
    return found;
}

bool visit_reader_is_of(void *context, struct slice party)
{
    struct visit *visit = context;
    if (visit->guest.session) return slice_is(party, visit->guest.name);
    return visit->reader != NULL && outbox_is_shown(visit) && has_key_of(visit, party);
}
