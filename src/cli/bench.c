#include "cli/cli.h"

#include "bench/bench.h"
#include "cli/table.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_USUAL = 10000, SEED_USUAL = 1, NUMBER_SIZE = 32 };

struct label_of {
    const char *id, *label;
};

static const struct label_of figures[] = {
    {"one-writer", N_("one writer, a record at a time, durable")},
    {"256-writers", N_("256 writers, each a record at a time, signatures checked")},
    {"index-catch-up", N_("the index coming up behind the log")},
    {"rebuild", N_("the whole index made anew, every record judged again")},
    {NULL, NULL},
};
static const struct label_of limits[] = {
    {"pwrite-fdatasync", N_("the same bytes written and synced, nothing else")},
    {"ed25519-all-cores", N_("Ed25519 signatures checked on all cores, nothing else")},
    {"sqlite-inserts", N_("the same rows put in by SQLite, nothing else")},
    {NULL, NULL},
};
static const struct label_of units[] = {
    {"records/s", N_("records a second")},
    {NULL, NULL},
};

static const char *label(const struct label_of *table, const char *id)
{
    while (table->id != NULL && strcmp(table->id, id) != 0) table++;
    return table->id == NULL ? id : truce_word(table->label);
}

struct measuring {
    const struct call *call;
    struct table table;
};

/* ---- for programs: one object a line; numbers that are no whole ones have a decimal point */

static void put_json(const struct bench_figure *figure)
{
    OWN(buffer_clear) struct buffer line = {0};
    buffer_print(&line, "{\"bar\":%.6g,\"bench\":\"%s\",\"figure\":\"%s\",\"limit\":", figure->bar, figure->bench,
                 figure->figure);
    if (figure->limit == NULL)
        buffer_put_string(&line, "null,\"limit_value\":null,\"ratio\":null");
    else
        buffer_print(&line, "\"%s\",\"limit_value\":%.6g,\"ratio\":%.4f", figure->limit, figure->limit_value,
                     figure->ratio);
    buffer_print(&line, ",\"records\":%" PRIu64 ",\"unit\":\"%s\",\"value\":%.6g}", figure->records, figure->unit,
                 figure->value);
    output_line_now(buffer_slice(&line));
}

/* ---- for people */

static struct slice number(char out[NUMBER_SIZE], double value)
{
    snprintf(out, NUMBER_SIZE, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    return slice_from(out);
}

static void put_row(struct table *table, const struct bench_figure *figure)
{
    char value[NUMBER_SIZE], limit[NUMBER_SIZE], ratio[NUMBER_SIZE], bar[NUMBER_SIZE];
    struct slice none = slice_from("");
    bool beside = figure->limit != NULL;
    snprintf(bar, sizeof bar, "%s %.6g", figure->most ? "≤" : "≥", figure->bar);
    const struct slice cells[] = {
        slice_from(label(figures, figure->figure)),
        number(value, figure->value),
        slice_from(label(units, figure->unit)),
        beside ? slice_from(label(limits, figure->limit)) : none,
        beside ? number(limit, figure->limit_value) : none,
        beside ? number(ratio, figure->ratio) : none,
        figure->bar > 0 ? slice_from(bar) : none,
    };
    table_row(table, cells);
}

static void report(void *context, const struct bench_figure *figure)
{
    struct measuring *measuring = context;
    if (measuring->call->json)
        put_json(figure);
    else
        put_row(&measuring->table, figure);
}

static void put_scene(const char *name, const struct bench_options *options)
{
    OWN(buffer_clear) struct buffer line = {0};
    struct bench_scene scene;
    char count[NUMBER_SIZE], machine[NUMBER_SIZE];
    bench_scene(options->directory, &scene);
    snprintf(count, sizeof count, "%" PRIu64, options->records);
    snprintf(machine, sizeof machine, "%u", scene.cores);
    buffer_put_byte(&line, '\n');
    words_fill(&line, TR("{0}: records: {1}; cores: {2}; disk: {3}"), name, count, machine, options->directory, NULL);
    buffer_print(&line, " (%s)", scene.file_system);
    output_line(buffer_slice(&line));
}

/* ---- the command */

static enum truce_status measure(struct call *call, const char *name, const struct bench_options *options)
{
    const struct table_column columns[] = {
        {.title = TR("Measured"), .least = 20, .wrap = true},
        {.title = TR("Value"), .right = true},
        {.title = TR("Unit"), .least = 8, .wrap = true},
        {.title = TR("Limit of this machine"), .least = 16, .wrap = true},
        {.title = TR("Value"), .right = true},
        {.title = TR("Share"), .right = true},
        {.title = TR("Asked for"), .right = true},
    };
    struct measuring measuring = {.call = call};
    struct error why;
    OWN(buffer_clear) struct buffer text = {0};
    table_open(&measuring.table, columns, COUNT_OF(columns), words_arabic());
    enum status status = bench_run(name, options, report, &measuring, &why);
    if (!call->json && measuring.table.first != NULL) {
        put_scene(name, options);
        table_write(&measuring.table, &text, output_width(), output_bold(), output_plain());
        output_put(buffer_slice(&text));
    }
    table_close(&measuring.table);
    if (status == STATUS_DONE) return TRUCE_DONE;
    struct truce_error error = {.status = (enum truce_status)status, .offset = -1};
    snprintf(error.code, sizeof error.code, "%s", why.code);
    snprintf(error.pointer, sizeof error.pointer, "%s", why.pointer);
    error_format(&why, truce_word(why.sentence), error.message, sizeof error.message);
    return say_error(&error);
}

static bool number_given(const struct call *call, const char *name, uint64_t usual, uint64_t *out)
{
    const char *text = call_option(call, name);
    *out = usual;
    return text == NULL || value_number(out, slice_from(text));
}

static enum truce_status bench_command(struct call *call)
{
    const char *given = call_option(call, "directory"), *temporary = getenv("TMPDIR");
    struct bench_options options = {.directory = given != NULL                               ? given
                                                 : temporary == NULL || temporary[0] == '\0' ? "/tmp"
                                                                                             : temporary};
    if (!number_given(call, "records", RECORDS_USUAL, &options.records))
        return call_wrong(call, TR("The number of records is a whole number, not \"{0}\"."),
                          call_option(call, "records"), NULL);
    if (!number_given(call, "seed", SEED_USUAL, &options.seed))
        return call_wrong(call, TR("The seed is a whole number, not \"{0}\"."), call_option(call, "seed"), NULL);
    enum truce_status status = TRUCE_DONE;
    for (size_t i = 0; call_operand(call, i) != NULL && status == TRUCE_DONE; i++)
        status = measure(call, call_operand(call, i), &options);
    return status;
}

static const struct option options_[] = {
    {"records", '\0', "N", N_("With so many records (else 10000).")},
    {"seed", '\0', "S", N_("Make the records from this seed (else 1).")},
    END_OF_OPTIONS,
};
const struct command command_bench = {
    .name = "bench",
    .usage = "append | verify | evaluate | find | search […]",
    .does = N_("Measures what this machine and its disk give."),
    .more = N_("Each figure stands beside the limit that the machine gave in the same run. The records are made up, "
               "spread over places and days as those of the UCDP dataset. They go into a folder of their own in the "
               "directory of -C (else $TMPDIR, else /tmp), which is removed at the end."),
    .example = "truce bench append --records 100000 -C /srv",
    .options = options_,
    .least = 1,
    .most = 16,
    .reading = true,
    .run = bench_command,
};
