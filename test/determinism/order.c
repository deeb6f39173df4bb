/* The order in which independent records arrive changes nothing: the notes of each worked case are admitted to a second
 * register in which records received at one moment stand in another order, and every standing is the same bytes but for
 * the root, which names the log itself. Since few records of a case share a moment, `received` is also moved up, for
 * both registers alike, to the end of its hour and of its day.
 *
 * Not independent are: a record and what it names (what it is about, replaces, or follows in its author's chain); links
 * of one pair; and whatever says who there is, beside everything else.
 *
 *     order [SEED [ORDERS [DRAWS]]] */
#include "check.h"
#include "random.h"
#include "scratch.h"
#include "worked.h"

enum { DAY_S = 86400, DAYS_AFTER = 60 };
static const int64_t windows_s[] = {1, 3600, DAY_S};

static struct random random_state;
static uint64_t orders = 2, draws = 20;
static uint64_t moved, compared;

/* ---- a case's records, and which of them must keep their order */

struct said {
    struct buffer note;
    struct slice id; /* 64 hex */
    char hex[HASH_HEX_SIZE];
    int64_t received; /* seconds */
    bool who, link;
};
struct told {
    struct signer log_key;
    struct said *said;
    size_t count;
    bool *after; /* after[j * count + i]: j must come after i */
};

static bool names(const struct said *said, const struct said *other)
{
    return memmem(said->note.data, said->note.size, other->id.data, other->id.size) != NULL;
}

static bool same_pair(const struct told *told, const struct said *a, const struct said *b)
{
    unsigned shared = 0;
    if (!a->link || !b->link) return false;
    for (size_t i = 0; i < told->count; i++) shared += names(a, &told->said[i]) && names(b, &told->said[i]);
    return shared >= 2;
}

static void find_order(struct told *told)
{
    for (size_t j = 0; j < told->count; j++)
        for (size_t i = 0; i < j; i++) {
            const struct said *a = &told->said[i], *b = &told->said[j];
            told->after[j * told->count + i] = a->who || b->who || names(b, a) || same_pair(told, a, b);
        }
}

static enum status keep_said(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct told *told = context;
    struct said *said = &told->said[index];
    struct record record;
    struct slice note;
    struct arena arena;
    int64_t received_ms = 0;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = entry_parse(&received_ms, &note, entry, error);
    if (status == STATUS_DONE) status = record_decode(&record, note, &arena, error);
    if (status == STATUS_DONE) {
        said->received = received_ms / 1000;
        said->who = record.kind->family == FAMILY_WHO;
        said->link = strcmp(record.kind->name, "link") == 0;
        hash_format(&record.id.hash, said->hex);
        said->id = slice_from(said->hex);
        buffer_put(&said->note, note);
        status = buffer_finish(&said->note, error);
    }
    arena_clear(&arena);
    return status;
}

static enum status read_case(struct told *told, const char *directory, struct error *error)
{
    char key[REGISTER_PATH_SIZE];
    struct truce_error why;
    struct truce_register *reg;
    TRY(register_path(key, directory, "log.key", error));
    TRY(key_file_read(&system_real, key, NULL, NULL, &told->log_key, error));
    TRY(worked_status(truce_open(&reg, directory, TRUCE_READ, &why), &why, error));
    enum status status = register_know(reg, error);
    told->count = reg->seen;
    told->said = calloc(told->count, sizeof *told->said);
    told->after = calloc(told->count * told->count, sizeof *told->after);
    if (told->said == NULL || told->after == NULL) status = arena_full(error);
    if (status == STATUS_DONE) status = log_walk(reg->log, 0, told->count, keep_said, told, error);
    (void)truce_close(&reg, NULL);
    if (status == STATUS_DONE) find_order(told);
    return status;
}

static void forget_case(struct told *told)
{
    for (size_t i = 0; told->said != NULL && i < told->count; i++) buffer_clear(&told->said[i].note);
    free(told->said);
    free(told->after);
    signer_clear(&told->log_key);
}

/* ---- another order */

static int64_t received_in(const struct said *said, int64_t window_s)
{
    return (said->received + window_s - 1) / window_s * window_s;
}

static bool may_come(const struct told *told, const bool *placed, size_t j, size_t from)
{
    if (placed[j]) return false;
    for (size_t i = from; i < j; i++)
        if (!placed[i] && told->after[j * told->count + i]) return false;
    return true;
}

/* Puts the records from … to, which share a moment, into another order: the latest first, or at random. */
static void shuffle(const struct told *told, bool *placed, size_t from, size_t to, bool latest, size_t *order)
{
    for (size_t at = from; at < to; at++) {
        size_t ready = 0, chosen = 0;
        for (size_t j = from; j < to; j++)
            if (may_come(told, placed, j, from) && (latest || random_below(&random_state, ++ready) == 0)) chosen = j;
        placed[chosen] = true;
        order[at] = chosen;
        moved += chosen != at;
    }
}

/* A bound is a size at which both registers hold the same records. Returns how many there are. */
static size_t reorder(const struct told *told, int64_t window_s, bool latest, size_t *order, size_t *bounds)
{
    size_t count = 0;
    bool *placed = calloc(told->count, sizeof *placed);
    if (placed == NULL) abort();
    for (size_t from = 0, to; from < told->count; from = to) {
        int64_t received = received_in(&told->said[from], window_s);
        for (to = from; to < told->count && received_in(&told->said[to], window_s) == received;) to++;
        shuffle(told, placed, from, to, latest, order);
        bounds[count++] = to;
    }
    free(placed);
    return count;
}

/* ---- two registers */

/* `order` NULL: as in the case. */
static enum status fill(struct truce_register *reg, const struct told *told, const size_t *order, int64_t window_s,
                        struct error *error)
{
    for (size_t i = 0; i < told->count; i++) {
        const struct said *said = &told->said[order == NULL ? i : order[i]];
        int64_t received_ms = received_in(said, window_s) * 1000;
        struct slice note = buffer_slice(&said->note);
        struct outcome outcome;
        TRY(register_admit(reg, &note, 1, &received_ms, &outcome, NULL, error));
        if (outcome.admitted) continue;
        if (error != NULL) *error = outcome.refusal;
        return STATUS_REFUSED;
    }
    return STATUS_DONE;
}

static enum status signed_in(struct truce_register **out, const char *directory, const struct told *told,
                             const size_t *order, int64_t window_s, struct error *error)
{
    struct truce_register *reg = NULL;
    TRY(register_found(&reg, directory, &told->log_key, error));
    enum status status = register_know(reg, error);
    if (status == STATUS_DONE) status = fill(reg, told, order, window_s, error);
    if (status == STATUS_DONE)
        *out = reg;
    else
        (void)register_close(&reg, NULL);
    return status;
}

static struct slice before_root(const struct buffer *standing)
{
    const uint8_t *root = memmem(standing->data, standing->size, ",\"root\":\"", 9);
    return root == NULL ? slice_of(NULL, 0) : slice_of(standing->data, (size_t)(root - standing->data));
}

static void show_difference(struct slice one, struct slice other)
{
    size_t at = 0;
    while (at < one.size && at < other.size && one.data[at] == other.data[at]) at++;
    size_t from = at < 300 ? 0 : at - 300;
    struct slice a = slice_part(one, from, 600), b = slice_part(other, from, 600);
    fprintf(stderr, "  from byte %zu:\n    …%.*s…\n    …%.*s…\n", from, SLICE(a), SLICE(b));
}

static enum status compare(struct truce_register *one, struct truce_register *other, uint64_t known, int64_t as_of,
                           bool *same, struct error *error)
{
    OWN(buffer_clear) struct buffer a = {0};
    OWN(buffer_clear) struct buffer b = {0};
    TRY(worked_standing(one, known, as_of, &a, error));
    TRY(worked_standing(other, known, as_of, &b, error));
    compared++;
    *same = CHECK(before_root(&a).size > 0 && slice_equal(before_root(&a), before_root(&b)));
    if (!*same) show_difference(before_root(&a), before_root(&b));
    return STATUS_DONE;
}

static enum status compare_all(struct truce_register *one, struct truce_register *other, const struct told *told,
                               const size_t *bounds, size_t count, const char *about, struct error *error)
{
    const struct said *last = &told->said[told->count - 1];
    for (uint64_t i = 0; i < draws; i++) {
        size_t known = i == 0 ? told->count : bounds[random_below(&random_state, count)];
        int64_t span = last->received + (int64_t)DAYS_AFTER * DAY_S - told->said[0].received;
        int64_t as_of = told->said[0].received + (int64_t)random_below(&random_state, (uint64_t)span);
        bool same = true;
        char text[TIME_TEXT_SIZE];
        time_format(as_of, text);
        TRY(compare(one, other, known, as_of, &same, error));
        if (same) continue;
        fprintf(stderr, "  %s, known %zu, as of %s\n", about, known, text);
        return STATUS_DONE; /* the first difference says enough */
    }
    return STATUS_DONE;
}

/* ---- each case */

struct trying {
    const char *name, *folder;
    struct told told;
    struct truce_register *one;
    unsigned made;
};

static enum status fresh(struct trying *t, struct truce_register **out, const size_t *order, int64_t window_s,
                         struct error *error)
{
    char directory[REGISTER_PATH_SIZE];
    snprintf(directory, sizeof directory, "%s/%s-%u", t->folder, t->name, t->made++);
    return signed_in(out, directory, &t->told, order, window_s, error);
}

static enum status try_order(struct trying *t, int64_t window_s, bool latest, struct error *error)
{
    struct truce_register *other = NULL;
    char about[300];
    size_t *order = calloc(t->told.count, sizeof *order), *bounds = calloc(t->told.count, sizeof *bounds);
    enum status status = order == NULL || bounds == NULL ? arena_full(error) : STATUS_DONE;
    snprintf(about, sizeof about, "%s, received to the end of %lld s, in the state %" PRIu64, t->name,
             (long long)window_s, random_state.state);
    size_t count = status == STATUS_DONE ? reorder(&t->told, window_s, latest, order, bounds) : 0;
    if (count > 0 && count < t->told.count) {
        if (t->one == NULL) status = fresh(t, &t->one, NULL, window_s, error);
        if (status == STATUS_DONE) status = fresh(t, &other, order, window_s, error);
        if (status == STATUS_DONE) status = compare_all(t->one, other, &t->told, bounds, count, about, error);
    }
    if (other != NULL) (void)register_close(&other, NULL);
    free(order);
    free(bounds);
    return status;
}

static enum status try_case(void *context, const char *name, struct error *error)
{
    char directory[REGISTER_PATH_SIZE];
    struct trying t = {.name = name, .folder = context};
    TRY(register_path(directory, t.folder, name, error));
    TRY(worked_load(name, directory, error));
    enum status status = read_case(&t.told, directory, error);
    for (size_t w = 0; w < COUNT_OF(windows_s) && status == STATUS_DONE; w++) {
        for (uint64_t i = 0; i < orders && status == STATUS_DONE; i++)
            status = try_order(&t, windows_s[w], i == 0, error);
        if (t.one != NULL) (void)register_close(&t.one, NULL);
    }
    forget_case(&t.told);
    return status;
}

int main(int count, char **words)
{
    struct error error;
    random_state = random_start(count, words);
    if (count > 2) orders = strtoull(words[2], NULL, 10);
    if (count > 3) draws = strtoull(words[3], NULL, 10);
    char *folder = scratch("order");
    enum status status = crypto_start(&error);
    if (status == STATUS_DONE) status = worked_each(try_case, folder, &error);
    if (!CHECK(status == STATUS_DONE)) worked_say(&error);
    CHECK(moved > 0 && compared > 0);
    printf("%" PRIu64 " records stood elsewhere, %" PRIu64 " standings compared\n", moved, compared);
    scratch_remove(folder);
    return check_end(__FILE__);
}
