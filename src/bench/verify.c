/* Verifying a register beside the signatures alone; and how fast a record is read and checked without its signature,
 * beside a signature's own time. */
#include "bench/measure.h"
#include "json/json.h"
#include "record/record.h"
#include "text/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TURNS = 5,
    READ_TURNS = 15,
    READ_MOST = 4096, /* notes of one turn: what a processor's cache does not keep */
    KIBIBYTE = 1024
};

struct verifying {
    const struct run *run;
    char directory[GROUND_PATH];
    struct signature_set signatures;
    struct notes notes;
    uint64_t entries;
};

static enum status verify_turn(void *context, double *rate, struct error *error)
{
    struct verifying *v = context;
    struct truce_error why;
    struct truce_buffer answer = {0};
    const struct truce_verify_options options = {.path = v->directory};
    double from = now_s();
    enum truce_status status = truce_verify(&options, line_ignored, NULL, NULL, &answer, &why);
    *rate = (double)v->entries / (now_s() - from);
    truce_free(&answer);
    return library_said(status, &why, error);
}

static enum status signature_turn(void *context, double *rate, struct error *error)
{
    struct verifying *v = context;
    return signatures_rate(&v->signatures, bench_cores(), v->notes.count, rate, error);
}

static enum status standing_turn(void *context, double *rate, struct error *error)
{
    struct verifying *v = context;
    struct truce_error why;
    struct truce_register *reg;
    struct truce_buffer answer = {0};
    const struct truce_moment now = {.known_by = TRUCE_KNOWN_ALL};
    TRY(library_said(truce_open(&reg, v->directory, TRUCE_READ, &why), &why, error));
    enum truce_status status = truce_about(reg, &answer, &why); /* the index is open before the time is taken */
    truce_free(&answer);
    double from = now_s();
    if (status == TRUCE_DONE) status = truce_standing(reg, &now, &answer, &why);
    *rate = (double)v->entries / (now_s() - from);
    truce_free(&answer);
    enum status said = library_said(status, &why, error);
    (void)!truce_close(&reg, NULL);
    return said;
}

/* The same register without its index, which then is not compared. */
static enum status alone_turn(void *context, double *rate, struct error *error)
{
    struct verifying *v = context;
    char index[GROUND_PATH], aside[GROUND_PATH];
    ground_path(&v->run->ground, "register/index.sqlite", index);
    ground_path(&v->run->ground, "index.aside", aside);
    if (rename(index, aside) != 0) return error_system(error, "write", index, errno);
    enum status status = verify_turn(v, rate, error);
    if (rename(aside, index) != 0) return error_system(error, "write", aside, errno);
    return status;
}

enum way { WHOLE, ALONE, STANDING, SIGNATURES, WAYS };
static turn *const way_turns[WAYS] = {verify_turn, alone_turn, standing_turn, signature_turn};

static enum status verify_turns(struct verifying *v, struct samples samples[WAYS], struct error *error)
{
    for (int i = 0; i < TURNS; i++)
        for (enum way way = 0; way < WAYS; way++) {
            double rate;
            TRY(way_turns[way](v, &rate, error));
            TRY(samples_add(&samples[way], rate, error));
        }
    return STATUS_DONE;
}

/* What of the whole's time a part takes, in hundredths. */
static void tell_share(const struct verifying *v, const char *figure, double part_s, double whole_s)
{
    figure_value(v->run, figure, "%", part_s > 0 && whole_s > 0 ? 100 * part_s / whole_s : 0, 0, v->entries);
}

static enum status verify_register(struct verifying *v, struct error *error)
{
    struct samples samples[WAYS] = {0};
    double rate[WAYS];
    enum status status = verify_turns(v, samples, error);
    for (enum way way = 0; way < WAYS; way++) {
        rate[way] = samples_at(&samples[way], 500);
        samples_clear(&samples[way]);
    }
    TRY(status);
    const struct limit limit = {"ed25519-all-cores", rate[SIGNATURES], 0.85};
    figure_rate(v->run, "verify", "records/s", rate[WHOLE], limit, v->entries);
    figure_rate(v->run, "verify-log", "records/s", rate[ALONE], limit, v->entries);
    tell_share(v, "index-share", 1 / rate[WHOLE] - 1 / rate[ALONE], 1 / rate[WHOLE]);
    tell_share(v, "standing-share", 1 / rate[STANDING], 1 / rate[WHOLE]);
    return STATUS_DONE;
}

/* ---- reading, on one core: bytes a second beside signatures a second of a kibibyte each */

struct reading {
    const struct verifying *v;
    struct slice *texts;
    size_t count;
    enum status (*read)(struct slice text, struct arena *arena, struct error *error);
    struct arena arena;
};

static enum status read_note(struct slice text, struct arena *arena, struct error *error)
{
    struct record record;
    arena_reset(arena);
    return record_decode(&record, text, arena, error);
}

static enum status read_canonical(struct slice text, struct arena *arena, struct error *error)
{
    const struct json *tree;
    arena_reset(arena);
    return json_read(&tree, text, JSON_CANONICAL, arena, error);
}

static enum status read_relaxed(struct slice text, struct arena *arena, struct error *error)
{
    const struct json *tree;
    arena_reset(arena);
    return json_read(&tree, text, JSON_RELAXED, arena, error);
}

static enum status read_text(struct slice text, struct arena *arena, struct error *error)
{
    (void)arena;
    return text_check(text, error);
}

static enum status read_turn(void *context, double *rate, struct error *error)
{
    struct reading *reading = context;
    size_t bytes = 0;
    double from = now_s();
    for (size_t i = 0; i < reading->count; i++) {
        TRY(reading->read(reading->texts[i], &reading->arena, error));
        bytes += reading->texts[i].size;
    }
    *rate = (double)bytes / (now_s() - from) / 1e6;
    return STATUS_DONE;
}

static enum status kibibyte_turn(void *context, double *rate, struct error *error)
{
    const struct reading *reading = context;
    TRY(signatures_rate(&reading->v->signatures, 1, reading->count / 2, rate, error));
    *rate *= KIBIBYTE / 1e6;
    return STATUS_DONE;
}

/* What of each note is read: all of it, its JSON line, or one language of its text. */
enum part { PART_NOTE, PART_LINE, PART_ARABIC, PART_ENGLISH };

static enum status take_parts(struct reading *reading, enum part part, struct error *error)
{
    static const char *const languages[] = {[PART_ARABIC] = "ar", [PART_ENGLISH] = "en"};
    for (size_t i = 0; i < reading->count; i++) {
        struct record record;
        struct slice note = notes_at(&reading->v->notes, i);
        arena_reset(&reading->arena);
        TRY(record_decode(&record, note, &reading->arena, error));
        if (part == PART_NOTE)
            reading->texts[i] = note;
        else if (part == PART_LINE)
            reading->texts[i] = slice_part(record.text, 0, record.text.size - 1);
        else /* the bytes stand in the note as they are written there, escapes and all */
            reading->texts[i] =
                slice_part(json_find(json_find(record.body, "text"), languages[part])->source, 1, SIZE_MAX);
    }
    return STATUS_DONE;
}

static enum status read_parts(const struct verifying *v, struct slice *texts, size_t count, struct error *error)
{
    static const struct {
        const char *figure;
        enum part part;
        enum status (*read)(struct slice text, struct arena *arena, struct error *error);
        double bar;
    } parts[] = {
        {"decode", PART_NOTE, read_note, 12},         {"json-canonical", PART_LINE, read_canonical, 0},
        {"json-relaxed", PART_LINE, read_relaxed, 0}, {"text-arabic", PART_ARABIC, read_text, 0},
        {"text-english", PART_ENGLISH, read_text, 0},
    };
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct reading reading = {.v = v, .texts = texts, .count = count, .read = parts[i].read};
        double rate, limit;
        arena_init(&reading.arena, LIMIT_REQUEST_BYTES);
        enum status status = take_parts(&reading, parts[i].part, error);
        if (status == STATUS_DONE)
            status = take_turns(READ_TURNS, read_turn, kibibyte_turn, &reading, &rate, &limit, error);
        arena_clear(&reading.arena);
        TRY(status);
        figure_rate(v->run, parts[i].figure, "MB/s", rate, (struct limit){"ed25519-kibibytes", limit, parts[i].bar},
                    count);
    }
    return STATUS_DONE;
}

static enum status read_records(const struct verifying *v, struct error *error)
{
    size_t count = v->notes.count < READ_MOST ? v->notes.count : READ_MOST;
    struct slice *texts = calloc(count, sizeof *texts);
    if (texts == NULL) return arena_full(error);
    enum status status = read_parts(v, texts, count, error);
    free(texts);
    return status;
}

enum status bench_verify(struct run *run, struct error *error)
{
    struct verifying v = {.run = run, .entries = run->options->records + FOUNDING};
    ground_path(&run->ground, "register", v.directory);
    TRY(signatures_make(&v.signatures, run, READ_MOST, error));
    enum status status = register_make(run, v.directory, run->options->records, &v.notes, error);
    if (status == STATUS_DONE) status = verify_register(&v, error);
    if (status == STATUS_DONE) status = read_records(&v, error);
    signatures_clear(&v.signatures);
    notes_clear(&v.notes);
    return status;
}
