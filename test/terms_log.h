/* A small log in memory for the terms: records from relaxed JSON, unsigned. "@label" in a string stands for that
 * record's id. Parties a and b, guarantor g, monitor m, secretariat s. */
#ifndef TRUCE_TEST_TERMS_LOG_H
#define TRUCE_TEST_TERMS_LOG_H

#include "check.h"
#include "terms/terms.h"

#include <stdarg.h>

enum { LOG_LABELS = 128 };
struct terms_log {
    struct view *view;
    uint64_t size;
    int64_t received;
    struct {
        char label[40], id[HASH_HEX_SIZE];
    } known[LOG_LABELS];
    size_t known_count;
};

static inline int64_t time_of(const char *text)
{
    int64_t at = 0;
    if (!time_parse(&at, slice_from(text)) && !time_parse_day(&at, slice_from(text))) {
        fprintf(stderr, "not a time: %s\n", text);
        abort();
    }
    return at;
}

static inline void put_with_ids(struct buffer *out, const struct terms_log *log, const char *json)
{
    for (const char *at = json; *at != '\0'; at++) {
        size_t best = SIZE_MAX, longest = 0;
        for (size_t i = 0; at[0] == '@' && i < log->known_count; i++) {
            size_t size = strlen(log->known[i].label);
            if (size > longest && strncmp(at + 1, log->known[i].label, size) == 0) best = i, longest = size;
        }
        if (best == SIZE_MAX) {
            buffer_put_byte(out, (uint8_t)*at);
            continue;
        }
        buffer_put_string(out, log->known[best].id);
        at += longest;
    }
}

/* Adds one record, received at `received` (or when the last one was, if NULL). Returns its entry. */
static inline uint64_t say(struct terms_log *log, const char *label, const char *received, const char *json)
{
    OWN(buffer_clear) struct buffer typed = {0};
    OWN(buffer_clear) struct buffer text = {0};
    struct arena arena;
    struct json_writer w;
    struct error error = {0};
    struct record record = {0};
    arena_init(&arena, 1 << 24);
    put_with_ids(&typed, log, json);
    if (json_read(&record.body, buffer_slice(&typed), JSON_RELAXED, &arena, &error) != STATUS_DONE) {
        fprintf(stderr, "%s at %lld: %s\n", error.code, (long long)error.offset, json);
        abort();
    }
    json_write_open(&w, &text);
    json_put_tree(&w, record.body);
    if (json_write_finish(&w, &error) != STATUS_DONE) abort();
    buffer_put_byte(&text, '\n');
    if (received != NULL) log->received = time_of(received);
    record.text = record.note = buffer_slice(&text);
    record.id.hash = hash_of(record.text);
    record.kind = record_kind_find(json_find_string(record.body, "kind"));
    record.by = json_find_string(record.body, "by");
    record.register_name = slice_from("test.example/terms");
    record.key_id = 1;
    record.seq = (int64_t)log->size;
    if (!time_parse(&record.written, json_find_string(record.body, "written"))) record.written = log->received;
    struct slice replaces = json_find_string(record.body, "replaces");
    record.has_replaces = replaces.data != NULL && hash_parse(&record.replaces.hash, replaces);
    if (record.kind == NULL || record.by.data == NULL) abort();
    CHECK(view_add(log->view, log->size, log->received * 1000, &record, false, &error) == STATUS_DONE);
    if (log->known_count < LOG_LABELS) {
        snprintf(log->known[log->known_count].label, sizeof log->known[0].label, "%s", label);
        hash_format(&record.id.hash, log->known[log->known_count++].id);
    }
    arena_clear(&arena);
    return log->size++;
}

static inline void put_founder(struct buffer *out, const char *party, const char *role, uint8_t number)
{
    uint8_t seed[SEED_BYTES] = {number};
    struct signer signer;
    struct error error;
    char key[VERIFIER_TEXT_SIZE];
    if (signer_from_seed(&signer, slice_from(party), seed, &error) != STATUS_DONE) abort();
    verifier_format(&signer.verifier, key);
    signer_clear(&signer);
    buffer_print(out,
                 "%s{\"party\":\"%s\",\"names\":{\"en\":\"%s\"},\"role\":\"%s\",\"key\":\"%s\",\"recovery\":\"%s\"}",
                 number > 1 ? "," : "", party, party, role, key, key);
}

static inline void log_open_empty(struct terms_log *log)
{
    static const char *const founders[][2] = {
        {"a", "party"}, {"b", "party"}, {"g", "guarantor"}, {"m", "monitor"}, {"s", "secretariat"}};
    OWN(buffer_clear) struct buffer genesis = {0};
    struct error error = {0};
    *log = (struct terms_log){.received = time_of("2019-12-01")};
    CHECK(crypto_start(&error) == STATUS_DONE && view_open(&log->view, &error) == STATUS_DONE);
    buffer_print(
        &genesis,
        "{\"kind\":\"genesis\",\"by\":\"a\",\"register\":\"test.example/terms\",\"nonce\":\"%064d\",\"founders\":[", 7);
    for (uint8_t i = 0; i < COUNT_OF(founders); i++)
        put_founder(&genesis, founders[i][0], founders[i][1], (uint8_t)(i + 1));
    uint8_t seed[SEED_BYTES] = {99};
    struct signer signer;
    char key[VERIFIER_TEXT_SIZE];
    if (signer_from_seed(&signer, slice_from("test.example/terms"), seed, &error) != STATUS_DONE) abort();
    verifier_format(&signer.verifier, key);
    signer_clear(&signer);
    buffer_print(&genesis, "],\"log_key\":\"%s\",\"thresholds\":{\"enrol\":1,\"policy\":1}}%c", key, 0);
    say(log, "genesis", NULL, (const char *)genesis.data);
}

/* ---- asking */

struct answer {
    struct arena arena;
    struct buffer text;
    const struct json *tree;
};

static inline void answer_clear(struct answer *answer)
{
    arena_clear(&answer->arena);
    buffer_clear(&answer->text);
}

static inline void answer_read(struct answer *answer, struct json_writer *w)
{
    struct error error = {0};
    arena_init(&answer->arena, 1 << 26);
    CHECK(json_write_finish(w, &error) == STATUS_DONE);
    CHECK(json_read(&answer->tree, buffer_slice(&answer->text), JSON_CANONICAL, &answer->arena, &error) == STATUS_DONE);
}

static inline struct answer ask(const struct terms_log *log, int64_t as_of)
{
    struct answer answer = {0};
    struct json_writer w;
    struct error error = {0};
    struct standing *standing = NULL;
    CHECK(standing_open(&standing, log->view, as_of, &error) == STATUS_DONE);
    json_write_open(&w, &answer.text);
    json_put_object(&w);
    json_put_key(&w, "agreements");
    CHECK(standing_write_agreements(standing, &w, &error) == STATUS_DONE);
    json_put_key(&w, "open");
    CHECK(standing_write_open(standing, &w, &error) == STATUS_DONE);
    json_put_close(&w);
    standing_close(&standing);
    answer_read(&answer, &w);
    return answer;
}

static inline const struct json *named(const struct json *list, const char *id)
{
    for (const struct json *m = list == NULL ? NULL : list->first; m != NULL; m = m->next)
        if (slice_is(json_find_string(m, "id"), id)) return m;
    return NULL;
}

static inline const struct json *first_agreement(const struct answer *answer)
{
    return json_find(answer->tree, "agreements")->first;
}

/* "verdict", or with a reading "verdict of that reading"; copied to a static place. */
static inline const char *verdict_at(const struct terms_log *log, const char *as_of, const char *term,
                                     const char *reading)
{
    static char out[8][32];
    static unsigned next;
    char *copy = out[next++ % 8];
    struct answer answer = ask(log, time_of(as_of));
    const struct json *found = named(json_find(first_agreement(&answer), "terms"), term);
    struct slice verdict =
        reading == NULL ? json_find_string(found, "verdict") : json_find_string(json_find(found, "readings"), reading);
    snprintf(copy, sizeof out[0], "%.*s", SLICE(verdict));
    answer_clear(&answer);
    return copy;
}

#endif
