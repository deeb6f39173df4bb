#include "register/mirrored.h"

#include "register/verify_walk.h"
#include "register/writing.h"
#include <stdlib.h>
#include <unistd.h>

enum {
    FORGET_ENTRIES = 65536, /* so many in memory are worth asking the index instead */
    INDEX_EVERY = 262144    /* so many are indexed even while more come */
};

struct mirrored {
    struct mirrored_hooks hooks;
    _Atomic uint64_t judged;
    _Atomic uint64_t shown;     /* of them */
    struct truce_register *reg; /* while it judges; its members are as of judged, or none */
    struct walk_memory *memory; /* with its members; NULL: to be made */
    struct index *known;        /* what the memory rests on, standing still */

    pthread_mutex_t mutex; /* guards what follows */
    struct buffer voids;   /* uint64_t, rising */
};

enum status mirrored_open(struct mirrored **out, struct error *error)
{
    struct mirrored *mirrored = calloc(1, sizeof *mirrored);
    if (mirrored == NULL) return arena_full(error);
    pthread_mutex_init(&mirrored->mutex, NULL);
    *out = mirrored;
    return STATUS_DONE;
}

/* What judging remembers; what was found void stays. */
static void forget(struct mirrored *m)
{
    walk_memory_close(&m->memory);
    if (m->known != NULL) index_read_end(m->known);
    index_close(&m->known);
}

void mirrored_close(struct mirrored **mirrored)
{
    struct mirrored *m = *mirrored;
    *mirrored = NULL;
    if (m == NULL) return;
    forget(m);
    buffer_clear(&m->voids);
    pthread_mutex_destroy(&m->mutex);
    free(m);
}

uint64_t mirrored_shown(const struct mirrored *mirrored)
{
    return mirrored->shown;
}

uint64_t register_judged(const struct truce_register *reg)
{
    return reg->mirrored->judged;
}

const struct members *register_judged_members(const struct truce_register *reg)
{
    return reg->members;
}

/* ---- what was found */

bool mirrored_is_void(const struct truce_register *reg, uint64_t entry)
{
    struct mirrored *m = reg->mirrored;
    if (m == NULL) return false;
    pthread_mutex_lock(&m->mutex);
    const uint64_t *voids = (const uint64_t *)(const void *)m->voids.data;
    size_t from = 0, to = m->voids.size / sizeof entry;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        if (voids[middle] < entry)
            from = middle + 1;
        else
            to = middle;
    }
    bool found = from < m->voids.size / sizeof entry && voids[from] == entry;
    pthread_mutex_unlock(&m->mutex);
    return found;
}

static void on_void(void *context, uint64_t entry, const struct error *why)
{
    struct mirrored *m = context;
    pthread_mutex_lock(&m->mutex);
    buffer_put(&m->voids, slice_of(&entry, sizeof entry));
    pthread_mutex_unlock(&m->mutex);
    if (m->hooks.found_void != NULL) m->hooks.found_void(m->hooks.context, entry, why);
}

static void on_time(void *context, uint64_t entry, const struct error *why)
{
    struct mirrored *m = context;
    if (m->hooks.found_time != NULL) m->hooks.found_time(m->hooks.context, entry, why);
}

static enum status note_of(struct truce_register *reg, uint64_t entry, struct buffer *bytes, struct slice *note,
                           struct error *error)
{
    int64_t received_ms;
    TRY(log_read(reg->log, entry, bytes, error));
    return entry_parse(&received_ms, note, buffer_slice(bytes), error);
}

static void on_again(void *context, uint64_t earlier, uint64_t entry)
{
    struct mirrored *m = context;
    struct slice first, second;
    OWN(buffer_clear) struct buffer a = {0}, b = {0};
    if (m->hooks.found_again == NULL || note_of(m->reg, earlier, &a, &first, NULL) != STATUS_DONE ||
        note_of(m->reg, entry, &b, &second, NULL) != STATUS_DONE)
        return;
    m->hooks.found_again(m->hooks.context, first, second);
}

static void on_progress(void *context, uint64_t done, uint64_t total)
{
    struct mirrored *m = context;
    if (m->hooks.progress != NULL) m->hooks.progress(m->hooks.context, done, total);
}

/* ---- judging */

/* The server's door looks at them meanwhile. */
static void put_members(struct truce_register *reg, struct members *members)
{
    pthread_rwlock_wrlock(&reg->writing->members_lock);
    members_close(&reg->members);
    reg->members = members;
    reg->members_size = reg->mirrored->judged;
    pthread_rwlock_unlock(&reg->writing->members_lock);
}

/* What was cut short is begun again from what was judged before. */
static void draw_back(struct mirrored *m)
{
    forget(m);
    put_members(m->reg, NULL);
    pthread_mutex_lock(&m->mutex);
    while (m->voids.size > 0) {
        uint64_t last;
        memcpy(&last, m->voids.data + m->voids.size - sizeof last, sizeof last);
        if (last < m->judged) break;
        m->voids.size -= sizeof last;
    }
    pthread_mutex_unlock(&m->mutex);
}

/* The follower is at what was judged, so that its index knows all that came before. */
static enum status remember(struct truce_register *reg, struct error *error)
{
    struct mirrored *m = reg->mirrored;
    struct members *members;
    char path[REGISTER_PATH_SIZE];
    uint64_t applied;
    struct hash root;
    forget(m);
    TRY(register_path(path, reg->directory, "index.sqlite", error));
    TRY(register_indexed(reg, error));
    TRY(index_open_read_only(&m->known, path, error));
    enum status status = index_read_begin(m->known, error);
    if (status != STATUS_DONE) {
        index_close(&m->known);
        return status;
    }
    TRY(index_applied(m->known, &applied, &root, error));
    if (applied != m->judged) return register_index_behind(error); /* another process made more of it */
    TRY(register_members(reg, m->known, m->judged, &members, error));
    put_members(reg, members);
    return walk_memory_open(&m->memory, m->judged, m->known, error);
}

/* What is remembered speaks of these very members. */
static bool remembers(const struct truce_register *reg)
{
    const struct mirrored *m = reg->mirrored;
    return m->memory != NULL && reg->members != NULL && reg->members_size == m->judged;
}

static bool worth_forgetting(const struct truce_register *reg)
{
    const struct mirrored *m = reg->mirrored;
    return walk_memory_entries(m->memory) >= FORGET_ENTRIES &&
           follow_wait(reg->writing->follower, 0, 0).applied == m->judged;
}

/* M1: the index may go on from here. */
static void show(struct truce_register *reg, bool more)
{
    struct mirrored *m = reg->mirrored;
    if (m->shown == m->judged || (more && m->judged - m->shown < INDEX_EVERY)) return;
    m->shown = m->judged;
    follow_wake(reg->writing->follower);
    if (reg->writing->grown != NULL) reg->writing->grown(reg->writing->context, m->judged);
}

enum status register_judge(struct truce_register *reg, bool more, struct error *error)
{
    struct mirrored *m = reg->mirrored;
    uint64_t to = log_size(reg->log);
    m->reg = reg;
    show(reg, more);
    if (!remembers(reg) || worth_forgetting(reg)) TRY(remember(reg, error));
    if (m->judged == to) return STATUS_DONE;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    const struct verify_walk walk = {.reg = reg,
                                     .from = m->judged,
                                     .to = to,
                                     .members = reg->members,
                                     .shared = &reg->writing->members_lock,
                                     .memory = m->memory,
                                     .threads = cores < 1 ? 1 : (unsigned)cores,
                                     .found_void = on_void,
                                     .found_again = on_again,
                                     .found_time = on_time,
                                     .progress = on_progress,
                                     .context = m};
    enum status status = verify_walk(&walk, error);
    if (status == STATUS_DONE)
        m->judged = reg->members_size = to;
    else
        draw_back(m);
    if (status == STATUS_DONE) show(reg, more);
    return status;
}

enum status register_indexed(struct truce_register *reg, struct error *error)
{
    uint64_t judged = reg->mirrored->judged;
    show(reg, false);
    struct followed followed = follow_wait(reg->writing->follower, judged, FOLLOW_PATIENTLY);
    return followed.applied >= judged ? STATUS_DONE : register_index_behind(error);
}

/* ---- opening */

static enum status make_directories(const struct system *system, const char *directory, struct slice origin,
                                    struct error *error)
{
    char path[REGISTER_PATH_SIZE];
    TRY(directory_make(system, directory, error));
    TRY(register_path(path, directory, "outbox", error));
    TRY(directory_make(system, path, error));
    TRY(register_path(path, directory, "log", error));
    return log_create_following(system, path, origin, error);
}

static enum status open_derived(struct truce_register *reg, struct error *error)
{
    uint64_t applied;
    TRY(register_index_open(reg, &applied, error));
    reg->mirrored->judged = reg->mirrored->shown = reg->seen = applied;
    return follow_start(&reg->writing->follower, reg, error);
}

enum status register_mirror(struct truce_register **out, const struct system *system, const char *directory,
                            struct slice origin, const struct mirrored_hooks *hooks, struct error *error)
{
    struct truce_register *reg;
    TRY(make_directories(system, directory, origin, error));
    TRY(register_open_following(&reg, system, directory, error));
    reg->mirrored->hooks = *hooks;
    enum status status = open_derived(reg, error);
    if (status == STATUS_DONE)
        *out = reg;
    else
        (void)register_close(&reg, NULL);
    return status;
}

enum status mirrored_hand_in(struct truce_register *reg, struct slice notes, truce_line *line, void *context,
                             struct error *error)
{
    const struct mirrored_hooks *hooks = &reg->mirrored->hooks;
    if (hooks->handed_in != NULL) return hooks->handed_in(hooks->context, notes, line, context, error);
    return error_set(error, STATUS_USAGE, "mirror-takes-none",
                     "This mirror takes no records: it has no key to stamp them with. Hand them in at the register "
                     "itself.",
                     NULL);
}
