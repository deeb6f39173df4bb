#include "register/sight.h"

#include <pthread.h>
#include <stdlib.h>

/* So many entries more than what is kept are worth keeping anew. */
enum { WORTH_KEEPING = 4096 };

struct sight {
    pthread_mutex_t lock, past_lock;
    struct view *view;
    uint64_t kept;     /* entries of what stands in the file */
    struct view *past; /* the prefix that was asked for last, or NULL */
};

enum status sight_open(struct sight **out, struct error *error)
{
    struct sight *sight = calloc(1, sizeof *sight);
    if (sight == NULL) return arena_full(error);
    if (pthread_mutex_init(&sight->lock, NULL) != 0 || pthread_mutex_init(&sight->past_lock, NULL) != 0) {
        free(sight);
        return arena_full(error);
    }
    *out = sight;
    return STATUS_DONE;
}

void sight_close(struct sight **sight, struct truce_register *reg)
{
    if (*sight == NULL) return;
    const struct view *view = (*sight)->view;
    if (reg->log != NULL && view != NULL && view_size(view) >= (*sight)->kept + WORTH_KEEPING) kept_write(reg, view);
    view_close(&(*sight)->view);
    view_close(&(*sight)->past);
    pthread_mutex_destroy(&(*sight)->lock);
    pthread_mutex_destroy(&(*sight)->past_lock);
    free(*sight);
    *sight = NULL;
}

/* ---- seeing */

struct viewing {
    struct truce_register *reg;
    struct view *view;
    struct arena arena;
    uint64_t next_void;
};

static enum status view_entry_of(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct viewing *viewing = context;
    struct record record;
    struct slice note;
    int64_t received_ms = 0;
    arena_reset(&viewing->arena);
    bool is_void = index == viewing->next_void;
    if (is_void) TRY(index_next_void(viewing->reg->index, index + 1, &viewing->next_void, error));
    bool readable = entry_parse(&received_ms, &note, entry, NULL) == STATUS_DONE &&
                    record_decode(&record, note, &viewing->arena, NULL) == STATUS_DONE;
    if (!readable) record = (struct record){.kind = record_kinds}; /* void, whatever kind it is said to be */
    return view_add(viewing->view, index, received_ms, &record, is_void || !readable, error);
}

static enum status see_up_to(struct truce_register *reg, struct view *view, uint64_t size, struct error *error)
{
    struct viewing viewing = {.reg = reg, .view = view};
    if (view_size(view) == size) return STATUS_DONE;
    TRY(index_next_void(reg->index, view_size(view), &viewing.next_void, error));
    arena_init(&viewing.arena, LIMIT_REQUEST_BYTES);
    enum status status = log_walk(reg->log, view_size(view), size, view_entry_of, &viewing, error);
    arena_clear(&viewing.arena);
    return status;
}

/* A view that could not be brought on is begun anew the next time. */
static enum status keep_up(struct truce_register *reg, struct view **view, uint64_t size, struct error *error)
{
    if (*view == NULL) TRY(view_open(view, error));
    enum status status = see_up_to(reg, *view, size, error);
    if (status != STATUS_DONE) view_close(view);
    return status;
}

/* ---- looking */

static struct sight *sight_of(struct truce_register *reg)
{
    return reg->writer != NULL ? reg->writer->sight : reg->sight;
}

static void begin(struct truce_register *reg, struct sight *sight, uint64_t size)
{
    if (sight->view != NULL) return;
    sight->view = kept_read(reg, size);
    if (sight->view != NULL) sight->kept = view_size(sight->view);
}

/* The whole log, as it is once the sight is ours: nobody who had it before has seen more. */
static enum status look_at_all(struct truce_register *reg, const struct truce_moment *asked, struct look *out,
                               struct error *error)
{
    struct sight *sight = sight_of(reg);
    pthread_mutex_lock(&sight->lock);
    enum status status = register_moment(reg, asked, &out->moment, error);
    bool behind = status == STATUS_DONE && sight->view != NULL && view_size(sight->view) > out->moment.size;
    if (behind) view_close(&sight->view);
    if (status == STATUS_DONE) begin(reg, sight, out->moment.size);
    if (status == STATUS_DONE) status = keep_up(reg, &sight->view, out->moment.size, error);
    if (status != STATUS_DONE) {
        pthread_mutex_unlock(&sight->lock);
        return status;
    }
    out->view = sight->view;
    out->held = &sight->lock;
    return STATUS_DONE;
}

static enum status read_ahead(struct truce_register *reg, struct sight *sight, uint64_t most, bool *more,
                              struct error *error)
{
    const struct truce_moment all = {.has_as_of = false};
    struct moment moment;
    TRY(register_moment(reg, &all, &moment, error));
    begin(reg, sight, moment.size);
    uint64_t size = sight->view == NULL ? 0 : view_size(sight->view);
    *more = moment.size > size && moment.size - size > most;
    return moment.size <= size ? STATUS_DONE : keep_up(reg, &sight->view, *more ? size + most : moment.size, error);
}

enum truce_status truce_read_ahead(struct truce_register *reader, uint64_t most, bool *more, struct truce_error *error)
{
    struct error why;
    struct sight *sight = sight_of(reader);
    *more = false;
    pthread_mutex_lock(&sight->lock);
    enum status status = read_ahead(reader, sight, most, more, &why);
    pthread_mutex_unlock(&sight->lock);
    return public_status(status, &why, error);
}

/* A prefix of it: who reads on at one moment, page after page, waits for its facts once. Beside somebody who is looking
 * at another, a view of one's own. */
static enum status look_back(struct truce_register *reg, struct look *out, struct error *error)
{
    struct sight *sight = sight_of(reg);
    uint64_t size = out->moment.size;
    if (pthread_mutex_trylock(&sight->past_lock) != 0) return keep_up(reg, &out->view, size, error);
    if (sight->past != NULL && view_size(sight->past) > size) view_close(&sight->past);
    if (sight->past == NULL) sight->past = kept_read(reg, size);
    enum status status = keep_up(reg, &sight->past, size, error);
    if (status != STATUS_DONE) {
        pthread_mutex_unlock(&sight->past_lock);
        return status;
    }
    out->view = sight->past;
    out->held = &sight->past_lock;
    return STATUS_DONE;
}

enum status look_begin(struct truce_register *reg, const struct truce_moment *asked, struct look *out,
                       struct error *error)
{
    *out = (struct look){.view = NULL};
    if (asked->known_by == TRUCE_KNOWN_ALL) return look_at_all(reg, asked, out, error);
    TRY(register_moment(reg, asked, &out->moment, error));
    return look_back(reg, out, error);
}

void look_end(struct look *look)
{
    if (look->held != NULL)
        pthread_mutex_unlock(look->held);
    else
        view_close(&look->view);
    *look = (struct look){.view = NULL};
}

/* ---- one entry after the other */

enum status sight_entry(struct truce_register *reg, uint64_t index, struct seen *out, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    struct slice note;
    struct note read;
    *out = (struct seen){.received_ms = 0};
    TRY(log_read(reg->log, index, &entry, error));
    if (entry_parse(&out->received_ms, &note, buffer_slice(&entry), NULL) != STATUS_DONE) return STATUS_DONE;
    if (note_parse(&read, note, NULL) == STATUS_DONE) out->id.hash = hash_of(read.text);
    return STATUS_DONE;
}

enum status sight_own(struct truce_register *reg, uint64_t size, struct view **out, struct error *error)
{
    *out = size < WORTH_KEEPING ? NULL : kept_read(reg, size);
    return keep_up(reg, out, size, error);
}

enum status sight_add(struct truce_register *reg, struct view *view, struct error *error)
{
    return see_up_to(reg, view, view_size(view) + 1, error);
}
