/* Whom a witness trusts: the lines of a C2SP tlog-policy that name logs, and those that name other cosigners. */
#include "peer/witness_internal.h"
#include "text/utf8.h"

#include <stdlib.h>

void seen_clear(struct seen *head)
{
    buffer_clear(&head->note);
    *head = (struct seen){0};
}

void trusted_clear(struct trusted *trusted)
{
    for (size_t i = 0; i < trusted->count; i++) {
        seen_clear(&trusted->logs[i].head);
        seen_clear(&trusted->logs[i].next);
        free(trusted->logs[i].keys);
    }
    free(trusted->logs);
    free(trusted->cosigners);
    table_clear(&trusted->by_name);
    *trusted = (struct trusted){0};
}

/* SHA-256 is spread as well as any hash of it. */
static uint32_t slot_of(const struct hash *name)
{
    uint32_t hash;
    memcpy(&hash, name->bytes, sizeof hash);
    return hash;
}

struct witness_log *trusted_find_hash(const struct trusted *trusted, const struct hash *name)
{
    size_t at = 0;
    for (uint32_t i; (i = table_next(&trusted->by_name, slot_of(name), &at)) != TABLE_NONE;)
        if (hash_equal(&trusted->logs[i].name, name)) return &trusted->logs[i];
    return NULL;
}

struct witness_log *trusted_find(const struct trusted *trusted, struct slice origin)
{
    struct hash name = hash_of(origin);
    return trusted_find_hash(trusted, &name);
}

/* Nobody may hold a log while another is added. */
enum status trusted_log(struct trusted *trusted, struct slice origin, struct witness_log **out, struct error *error)
{
    struct witness_log *log = trusted_find(trusted, origin);
    if (log == NULL) {
        if (trusted->count == trusted->room) {
            size_t room = trusted->room == 0 ? 16 : 2 * trusted->room;
            struct witness_log *grown = realloc(trusted->logs, room * sizeof *grown);
            if (grown == NULL) return arena_full(error);
            trusted->logs = grown;
            trusted->room = room;
        }
        log = &trusted->logs[trusted->count];
        *log = (struct witness_log){.name = hash_of(origin), .head = {.root = tree_empty()}};
        memcpy(log->origin, origin.data, origin.size);
        TRY(table_put(&trusted->by_name, slot_of(&log->name), (uint32_t)trusted->count, error));
        trusted->count++;
    }
    *out = log;
    return STATUS_DONE;
}

static bool verifier_same(const struct verifier *a, const struct verifier *b)
{
    return a->id == b->id && strcmp(a->name, b->name) == 0 && memcmp(a->key.bytes, b->key.bytes, PUBLIC_KEY_BYTES) == 0;
}

/* Adds a key once. */
static enum status keys_add(struct verifier **keys, size_t *count, const struct verifier *key, struct error *error)
{
    for (size_t i = 0; i < *count; i++)
        if (verifier_same(&(*keys)[i], key)) return STATUS_DONE;
    struct verifier *grown = realloc(*keys, (*count + 1) * sizeof *grown);
    if (grown == NULL) return arena_full(error);
    grown[(*count)++] = *key;
    *keys = grown;
    return STATUS_DONE;
}

static enum status bad_line(struct error *error, size_t number, const char *why)
{
    return error_set(error, STATUS_REFUSED, "witness-logs",
                     "Line {0} of the logs to be witnessed cannot be used: {1}. A line is \"log KEY\" or "
                     "\"witness NAME KEY\", with an address behind it if that is known.",
                     error_number((int64_t)number).text, why, NULL);
}

static enum status add_log(struct trusted *out, struct slice key, size_t number, struct error *error)
{
    struct verifier verifier;
    struct witness_log *log;
    struct error why;
    if (verifier_parse(&verifier, key, &why) != STATUS_DONE || verifier.algorithm != NOTE_ED25519)
        return bad_line(error, number, "this is no verifier key of a log");
    TRY(trusted_log(out, slice_from(verifier.name), &log, error));
    if (out->count > WITNESS_LOGS_MOST) return bad_line(error, number, "there are too many logs");
    if (log->key_count == WITNESS_KEYS_MOST) return bad_line(error, number, "the log has too many keys");
    return keys_add(&log->keys, &log->key_count, &verifier, error);
}

static enum status add_cosigner(struct trusted *out, struct slice key, size_t number, struct error *error)
{
    struct verifier verifier;
    struct error why;
    if (verifier_parse(&verifier, key, &why) != STATUS_DONE || verifier.algorithm != NOTE_COSIGNATURE)
        return bad_line(error, number, "this is no verifier key of a witness");
    if (out->cosigner_count == LIMIT_FOUNDERS) return bad_line(error, number, "there are too many witnesses");
    return keys_add(&out->cosigners, &out->cosigner_count, &verifier, error);
}

/* The next word of a line, between blanks. */
static struct slice word_take(struct slice *line)
{
    size_t from = 0, to;
    while (from < line->size && (line->data[from] == ' ' || line->data[from] == '\t')) from++;
    for (to = from; to < line->size && line->data[to] != ' ' && line->data[to] != '\t';) to++;
    struct slice word = slice_part(*line, from, to - from);
    *line = slice_part(*line, to, SIZE_MAX);
    return word;
}

/* Groups and the quorum of a policy are the clients' business. */
static enum status read_line(struct trusted *out, struct slice line, size_t number, struct error *error)
{
    struct slice what = word_take(&line);
    if (what.size == 0 || what.data[0] == '#' || slice_is(what, "group") || slice_is(what, "quorum"))
        return STATUS_DONE;
    if (slice_is(what, "log")) return add_log(out, word_take(&line), number, error);
    if (!slice_is(what, "witness")) return bad_line(error, number, "it begins with an unknown word");
    (void)word_take(&line); /* its name in the policy */
    return add_cosigner(out, word_take(&line), number, error);
}

static enum status read_all(struct trusted *out, struct slice text, struct error *error)
{
    size_t bad;
    for (size_t number = 1; text.size > 0; number++) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        size_t size = end == NULL ? text.size : (size_t)(end - text.data);
        struct slice line = slice_part(text, 0, size);
        if (line.size > 0 && line.data[line.size - 1] == '\r') line.size--;
        if (!utf8_valid(line, &bad)) return bad_line(error, number, "it is no text in UTF-8");
        TRY(read_line(out, line, number, error));
        text = slice_part(text, size + 1, SIZE_MAX);
    }
    if (out->count > 0) return STATUS_DONE;
    return error_set(error, STATUS_USAGE, "witness-no-log",
                     "No log was named that is to be witnessed. Give its verifier key.", NULL);
}

enum status trusted_read(struct trusted *out, struct slice text, struct error *error)
{
    *out = (struct trusted){0};
    enum status status = read_all(out, text, error);
    if (status != STATUS_DONE) trusted_clear(out);
    return status;
}
