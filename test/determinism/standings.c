/* The canonical standing of the worked cases at every size of their logs and at moments drawn at random, a line each:
 * CASE KNOWN AS-OF SHA-256. Two machines, compilers or ways of asking agree if they print the same lines.
 *
 *     standings [--seed N] [--draws N] load|open|rebuild grown|whole FOLDER [CASE…]
 *     standings show grown|whole FOLDER CASE KNOWN AS-OF              that standing's bytes */
#include "random.h"
#include "worked.h"

#include "terms/terms.h"
#include <locale.h>
#include <string.h>

enum { DRAWS = 200, DAY_S = 86400, DAYS_BEFORE = 7, DAYS_AFTER = 60 };

/* ---- a case's register, and what is asked of it */

struct question {
    uint64_t known;
    int64_t as_of;
};
struct asked_case {
    const char *name;
    struct truce_register *reg;
    uint64_t size;
    int64_t *received; /* of each entry, in seconds */
    struct question *questions;
    size_t count;
    struct view *view; /* for the way "grown" */
};

static enum status keep_received(void *context, uint64_t index, struct slice entry, struct error *error)
{
    struct asked_case *c = context;
    struct slice note;
    int64_t ms = 0;
    TRY(entry_parse(&ms, &note, entry, error));
    c->received[index] = ms / 1000;
    return STATUS_DONE;
}

/* By what was known, so that a view can grow from one to the next. */
static int by_known(const void *a, const void *b)
{
    const struct question *one = a, *other = b;
    if (one->known != other->known) return one->known < other->known ? -1 : 1;
    return (one->as_of > other->as_of) - (one->as_of < other->as_of);
}

/* Every size as of when its last record was received; and draws from a week before the first record to sixty days after
 * the last. A case's draws hang on the seed and on its own name alone. */
static enum status think_of_questions(struct asked_case *c, uint64_t seed, size_t draws, struct error *error)
{
    struct hash name = hash_of(slice_from(c->name));
    struct random random = {seed};
    for (size_t i = 0; i < 8; i++) random.state = (random.state << 8 | random.state >> 56) ^ name.bytes[i];
    c->received = calloc(c->size + 1, sizeof *c->received);
    c->questions = calloc(c->size + 1 + draws, sizeof *c->questions);
    if (c->received == NULL || c->questions == NULL) return arena_full(error);
    TRY(log_walk(c->reg->log, 0, c->size, keep_received, c, error));
    int64_t first = c->received[0] - (int64_t)DAYS_BEFORE * DAY_S;
    int64_t last = c->received[c->size - 1] + (int64_t)DAYS_AFTER * DAY_S;
    for (uint64_t known = 0; known <= c->size; known++)
        c->questions[c->count++] = (struct question){known, c->received[known == 0 ? 0 : known - 1]};
    for (size_t i = 0; i < draws; i++) {
        uint64_t known = random_below(&random, c->size + 1);
        int64_t as_of = first + (int64_t)random_below(&random, (uint64_t)(last - first + 1));
        c->questions[c->count++] = (struct question){known, as_of};
    }
    qsort(c->questions, c->count, sizeof *c->questions, by_known);
    return STATUS_DONE;
}

/* ---- ways of asking */

typedef enum status ask_way(struct asked_case *c, const struct question *q, struct buffer *out, struct error *error);

/* As `truce standing` does: everything from the log for each answer. */
static enum status ask_whole(struct asked_case *c, const struct question *q, struct buffer *out, struct error *error)
{
    return worked_standing(c->reg, q->known, q->as_of, out, error);
}

static enum status grow(struct asked_case *c, uint64_t size, struct error *error)
{
    OWN(buffer_clear) struct buffer entry = {0};
    enum status status = STATUS_DONE;
    struct arena arena;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    if (c->view == NULL) status = view_open(&c->view, error);
    for (uint64_t i = status == STATUS_DONE ? view_size(c->view) : size; i < size; i++) {
        struct record record;
        int64_t received_ms;
        arena_reset(&arena);
        buffer_reset(&entry);
        status = register_read(c->reg, i, &entry, &arena, &record, &received_ms, error);
        if (status == STATUS_DONE) status = view_add(c->view, i, received_ms, &record, false, error);
        if (status != STATUS_DONE) break;
    }
    arena_clear(&arena);
    return status;
}

/* By one view that takes in record after record, asked in between. */
static enum status ask_grown(struct asked_case *c, const struct question *q, struct buffer *out, struct error *error)
{
    const struct moment moment = {q->known, q->as_of};
    TRY(grow(c, q->known, error));
    return register_standing(c->reg, c->view, &moment, out, error);
}

static const struct way {
    const char *name;
    ask_way *ask;
} ways[] = {{"grown", ask_grown}, {"whole", ask_whole}};

static const struct way *way_find(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if (strcmp(ways[i].name, name) == 0) return &ways[i];
    return NULL;
}

static enum status misused(struct error *error)
{
    return error_set(error, STATUS_USAGE, "usage", "How it is called stands at the head of its source.", NULL);
}

/* ---- a case from beginning to end */

enum readiness { READY_LOAD, READY_OPEN, READY_REBUILD };
struct asking {
    enum readiness readiness;
    const struct way *way;
    const char *folder;
    uint64_t seed;
    size_t draws;
};

static enum status make_ready(enum readiness readiness, const char *name, const char *directory, struct error *error)
{
    struct truce_error why;
    struct truce_register *reg;
    if (readiness == READY_LOAD) return worked_load(name, directory, error);
    if (readiness == READY_OPEN) return STATUS_DONE;
    TRY(worked_status(truce_open(&reg, directory, TRUCE_WRITE, &why), &why, error));
    enum truce_status rebuilt = truce_rebuild(reg, NULL, NULL, &why);
    if (rebuilt == TRUCE_DONE)
        rebuilt = truce_close(&reg, &why);
    else
        (void)truce_close(&reg, NULL);
    return worked_status(rebuilt, &why, error);
}

static enum status open_case(struct asked_case *c, const char *directory, struct error *error)
{
    struct truce_error why;
    TRY(worked_status(truce_open(&c->reg, directory, TRUCE_READ, &why), &why, error));
    TRY(register_know(c->reg, error));
    c->size = c->reg->seen;
    if (c->size > 0) return STATUS_DONE;
    return error_set(error, STATUS_FAILED, "register", "The register is empty.", NULL);
}

static void close_case(struct asked_case *c)
{
    view_close(&c->view);
    free(c->received);
    free(c->questions);
    if (c->reg != NULL) (void)truce_close(&c->reg, NULL);
}

static enum status print_lines(const struct asking *asking, struct asked_case *c, struct error *error)
{
    OWN(buffer_clear) struct buffer out = {0};
    for (size_t i = 0; i < c->count; i++) {
        char as_of[TIME_TEXT_SIZE], hex[HASH_HEX_SIZE];
        const struct question *q = &c->questions[i];
        buffer_reset(&out);
        TRY(asking->way->ask(c, q, &out, error));
        struct hash hash = hash_of(buffer_slice(&out));
        time_format(q->as_of, as_of);
        hash_format(&hash, hex);
        printf("%s %" PRIu64 " %s %s\n", c->name, q->known, as_of, hex);
    }
    return STATUS_DONE;
}

static enum status ask_case(void *context, const char *name, struct error *error)
{
    struct asking *asking = context;
    char directory[REGISTER_PATH_SIZE];
    struct asked_case c = {.name = name};
    TRY(register_path(directory, asking->folder, name, error));
    TRY(make_ready(asking->readiness, name, directory, error));
    enum status status = open_case(&c, directory, error);
    if (status == STATUS_DONE) status = think_of_questions(&c, asking->seed, asking->draws, error);
    if (status == STATUS_DONE) status = print_lines(asking, &c, error);
    close_case(&c);
    return status;
}

static enum status show(const struct way *way, char **words, struct error *error)
{
    char directory[REGISTER_PATH_SIZE];
    struct asked_case c = {.name = words[1]};
    struct question q = {.known = strtoull(words[2], NULL, 10)};
    OWN(buffer_clear) struct buffer out = {0};
    if (way == NULL || !time_parse(&q.as_of, slice_from(words[3]))) return misused(error);
    TRY(register_path(directory, words[0], c.name, error));
    enum status status = open_case(&c, directory, error);
    if (status == STATUS_DONE) status = way->ask(&c, &q, &out, error);
    if (status == STATUS_DONE) fwrite(out.data, 1, out.size, stdout), putchar('\n');
    close_case(&c);
    return status;
}

/* ---- the command line */

static int readiness_find(const char *word)
{
    static const char *const words[] = {"load", "open", "rebuild"};
    for (int i = 0; i < 3; i++)
        if (strcmp(words[i], word) == 0) return i;
    return -1;
}

static enum status run(int count, char **words, struct error *error)
{
    struct asking asking = {.seed = 1, .draws = DRAWS};
    if (count == 6 && strcmp(words[0], "show") == 0) return show(way_find(words[1]), words + 2, error);
    for (; count >= 2 && strncmp(words[0], "--", 2) == 0; count -= 2, words += 2)
        if (strcmp(words[0], "--seed") == 0)
            asking.seed = strtoull(words[1], NULL, 10);
        else
            asking.draws = strtoull(words[1], NULL, 10);
    int readiness = count >= 3 ? readiness_find(words[0]) : -1;
    asking.way = count >= 3 ? way_find(words[1]) : NULL;
    if (readiness < 0 || asking.way == NULL) return misused(error);
    asking.readiness = (enum readiness)readiness;
    asking.folder = words[2];
    if (count == 3) return worked_each(ask_case, &asking, error);
    for (int i = 3; i < count; i++) TRY(ask_case(&asking, words[i], error));
    return STATUS_DONE;
}

/* The environment's locale is taken up, as a program that links the library may do; that it is there must be sure. */
int main(int count, char **words)
{
    struct error error;
    if (setlocale(LC_ALL, "") == NULL) {
        fprintf(stderr, "standings: the locale %s is not there\n", getenv("LC_ALL"));
        return STATUS_USAGE;
    }
    enum status status = crypto_start(&error);
    if (status == STATUS_DONE) status = run(count - 1, words + 1, &error);
    if (status == STATUS_DONE) return STATUS_DONE;
    worked_say(&error);
    return (int)status;
}
