/* The program's side of the comparison with the oracle. Reads logs from standard input and answers on standard output:
 *   log PATH              a new log, whose index is made in the empty file PATH
 *   entry VOID MS TEXT    its next entry: 1 if void, when it was received, the record's canonical text
 *   ask SECONDS           one line: the canonical standing of the agreements as of that moment
 *   why SECONDS TERM      one line: the explanation of that term
 *   end                   an empty line; the index is whole and closed
 * What is no valid record ends it with an error: the oracle compares nothing that could not stand in a register. */
#include "index/index.h"
#include "record/envelope.h"
#include "terms/terms.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct log {
    struct view *view;
    struct index *index;
    struct arena arena;
    uint64_t size;
};

static enum status begin(struct log *log, const char *path, struct error *error)
{
    log->size = 0;
    TRY(view_open(&log->view, error));
    TRY(index_open_scratch(&log->index, path, error));
    return index_begin(log->index, error);
}

static enum status add(struct log *log, const char *line, struct error *error)
{
    struct record record = {0};
    char *rest;
    bool is_void = strtoll(line, &rest, 10) != 0;
    int64_t received_ms = strtoll(rest, &rest, 10);
    struct slice text = arena_copy(&log->arena, slice_from(rest + 1)); /* with its newline */
    TRY(record_read(&record, text, &log->arena, error));
    TRY(view_add(log->view, log->size, received_ms, &record, is_void, error));
    TRY(index_add(log->index, log->size, received_ms, &record, is_void, error));
    log->size++;
    return STATUS_DONE;
}

static enum status ask(const struct log *log, int64_t as_of, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    struct standing *standing = NULL;
    TRY(standing_open(&standing, log->view, as_of, error));
    json_write_open(&w, &text);
    enum status status = standing_write_agreements(standing, &w, error);
    standing_close(&standing);
    if (status == STATUS_DONE) status = json_write_finish(&w, error);
    if (status == STATUS_DONE) printf("%.*s\n", (int)text.size, (const char *)text.data);
    return status;
}

static enum status why(const struct log *log, const char *line, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    struct json_writer w;
    char *term;
    int64_t as_of = strtoll(line, &term, 10);
    json_write_open(&w, &text);
    TRY(why_write(log->view, slice_from(term + 1), slice_from(""), as_of, &w, error));
    TRY(json_write_finish(&w, error));
    printf("%.*s\n", (int)text.size, (const char *)text.data);
    return STATUS_DONE;
}

static enum status end(struct log *log, struct error *error)
{
    struct hash root = hash_of(slice_of(&log->size, sizeof log->size));
    enum status status = index_commit(log->index, &root, error);
    index_close(&log->index);
    view_close(&log->view);
    arena_reset(&log->arena);
    printf("\n");
    fflush(stdout);
    return status;
}

static enum status obey(struct log *log, char *line, size_t size, struct error *error)
{
    if (strncmp(line, "entry ", 6) == 0) return add(log, line + 6, error);
    line[size - 1] = '\0';
    if (strncmp(line, "log ", 4) == 0) return begin(log, line + 4, error);
    if (strncmp(line, "ask ", 4) == 0) return ask(log, strtoll(line + 4, NULL, 10), error);
    if (strncmp(line, "why ", 4) == 0) return why(log, line + 4, error);
    return end(log, error);
}

int main(void)
{
    struct log log = {0};
    struct error error = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t size;
    enum status status = crypto_start(&error);
    arena_init(&log.arena, 1 << 26);
    while (status == STATUS_DONE && (size = getline(&line, &room, stdin)) > 0)
        status = obey(&log, line, (size_t)size, &error);
    if (status != STATUS_DONE) {
        fprintf(stderr, "%s at \"%s\": %s\n", error.code, error.pointer, error.sentence);
        if (line != NULL) fprintf(stderr, "%.2000s\n", line);
    }
    free(line);
    arena_clear(&log.arena);
    return status;
}
