#include "cli/cli.h"

#include "bench/bench.h"
#include "cli/table.h"
#include "tell/labels.h"
#include "tell/typed.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RECORDS_USUAL = 10000, SEED_USUAL = 1, NUMBER_SIZE = 32 };

/* ---- what is measured, in words; an id without any is shown as it is */

static const struct label figures[] = {
    {"one-writer", N_("one writer, a record at a time, durable")},
    {"256-writers", N_("256 writers, each a record at a time")},
    {"index-catch-up", N_("the index coming up behind the log")},
    {"rebuild", N_("the whole index anew, every record judged again")},
    {"verify", N_("everything verified")},
    {"mirror", N_("copied from a directory and verified")},
    {"mirror-indexed", N_("the same until the index has it")},
    {"pouch-pack", N_("records packed into a pouch")},
    {"pouch-open", N_("a pouch opened at the host, every record durable")},
    {"pouch-indexed", N_("the same until the index has it")},
    {"sealed-open", N_("a sealed field opened by its reader")},
    {"sealed-open-99", N_("the same, 99 of 100")},
    {"verify-log", N_("everything but the index verified")},
    {"index-share", N_("of that time, comparing the index")},
    {"standing-share", N_("as long as the standing alone takes")},
    {"decode", N_("records read and checked, on one core")},
    {"json-canonical", N_("their JSON alone")},
    {"json-relaxed", N_("their JSON as people type it")},
    {"text-arabic", N_("their Arabic text alone")},
    {"text-english", N_("their English text alone")},
    {"decide", N_("one clause decided over facts in memory")},
    {"standing", N_("where it stands, from nothing")},
    {"standing-once", N_("the same")},
    {"restart", N_("the same after a restart")},
    {"one-more", N_("the same when one more record came")},
    {"id", N_("by id")},
    {"kind", N_("by kind")},
    {"author", N_("by author")},
    {"day", N_("by day")},
    {"box", N_("in a box")},
    {"near", N_("near a place")},
    {"term", N_("by term")},
    {"word-arabic", N_("by an Arabic word")},
    {"word-english", N_("by an English word")},
    {"two-words", N_("by two words")},
    {"run-together", N_("by two words typed as one")},
    {"search-arabic", N_("by an Arabic word, the records not read")},
    {"search-english", N_("by an English word, the records not read")},
    {"search-two", N_("by two words, the records not read")},
    {"search-together", N_("by two words typed as one, the records not read")},
    {"words-bytes", N_("the index of words")},
    {"plain-bytes", N_("FTS5's own of the same texts")},
    {"text-bytes", N_("those texts themselves")},
    {"words-growth", N_("the index of words beyond FTS5's own, of the texts' bytes")},
    {"fold", N_("Arabic text folded, with the way back")},
    {"fold-again", N_("the same")},
    {"intake", N_("news articles taken apart")},
    {"intake-10-megabytes", N_("a text of ten megabytes taken apart")},
    {"idle-resident", N_("memory of an idle server")},
    {"get", N_("records asked for, 64 connections")},
    {"post", N_("records handed in one by one, 64 connections")},
    {"streams", N_("event streams that got an event")},
    {"streams-last", N_("until the last of them had it")},
    {"core-one-log", N_("one log cosigned, without HTTP, 50 threads")},
    {"core-hundred-logs", N_("a hundred logs cosigned, without HTTP, 50 threads")},
    {"one-log", N_("one log cosigned over HTTP, 8 clients that let it grow or refresh it")},
    {"hundred-logs", N_("a hundred logs cosigned over HTTP, 64 connections")},
    {"streams-resident", N_("memory that all of them take together")},
    {"pages", N_("all pages, after a new record each, 95th percentile")},
    {"page-today", N_("the page of today, 95th percentile")},
    {"page-standing", N_("the page of the standing, 95th percentile")},
    {"page-agreement", N_("the page of the agreement's text, 95th percentile")},
    {"page-compliance", N_("the page of compliance, 95th percentile")},
    {"page-verdict", N_("the page of a verdict, 95th percentile")},
    {"page-difference", N_("the page of what was known otherwise, 95th percentile")},
    {"page-claims", N_("the page of claims, 95th percentile")},
    {"page-incidents", N_("the page of incidents, 95th percentile")},
    {"page-map", N_("the page of the map, 95th percentile")},
    {"page-access", N_("the page of notices and access, 95th percentile")},
    {"page-handover", N_("the page of the handover, 95th percentile")},
    {"page-parties", N_("the page of the parties, 95th percentile")},
    {"page-records", N_("the page of records, 95th percentile")},
    {"page-found", N_("the page of records by kind, time and place, 95th percentile")},
    {"page-words", N_("the page of records by a word, 95th percentile")},
    {"page-integrity", N_("the page of integrity, 95th percentile")},
    {NULL, NULL},
};
static const struct label limits[] = {
    {"pwrite-fdatasync", N_("the same bytes written and synced")},
    {"ed25519-all-cores", N_("signatures checked on all cores")},
    {"ed25519-kibibytes", N_("signatures checked on one core, of 1 KiB each")},
    {"sqlite-inserts", N_("the same rows put in by SQLite")},
    {"sqlite-scan", N_("one clause, by SQLite over a table")},
    {"sqlite-scans", N_("every clause by every reading, by SQLite over a table")},
    {"from-nothing-tenth", N_("a tenth of the time from nothing")},
    {"from-nothing-thousandth", N_("a thousandth of the time from nothing")},
    {"c-loop", N_("one clause, by a loop written for it")},
    {"sqlite-statement", N_("the same by one SQLite statement")},
    {"plain-fts5", N_("the same by plain FTS5 over the same texts")},
    {"plain-fts5-lines", N_("the same by plain FTS5 and a table of lines")},
    {"icu-nfc-utf16", N_("ICU's normal form of it, from UTF-16 to UTF-16")},
    {"icu-nfc-utf8", N_("ICU's normal form of it, from UTF-8 to UTF-8")},
    {"fold", N_("the same text folded")},
    {"intake-of-an-article", N_("one article")},
    {"libmicrohttpd-fixed", N_("fixed bytes by libmicrohttpd")},
    {"append-64-threads", N_("the same without HTTP, 64 threads")},
    {"frames-synced", N_("as many bytes written and synced, one cosignature at a time")},
    {"ed25519-check-and-sign", N_("a signature checked and one made, on all cores")},
    {"streams-opened", N_("streams opened")},
    {NULL, NULL},
};
static const struct label units[] = {
    {"records/s", N_("records a second")},
    {"requests/s", N_("requests a second")},
    {"streams", N_("streams")},
    {"cosignatures/s", N_("cosignatures a second")},
    {"us", N_("µs")},
    {"ms", N_("ms")},
    {"MB", N_("MB")},
    {"MB/s", N_("MB a second")},
    {"bytes/record", N_("bytes a record")},
    {NULL, NULL},
};

static const char *label_of(const struct label *table, const char *id)
{
    while (table->id != NULL && strcmp(table->id, id) != 0) table++;
    return table->id == NULL ? id : truce_word(table->label);
}

/* Times of single questions are told as "by id: median" and "by id: 99 of 100 within". */
static void put_label(struct buffer *out, const struct bench_figure *figure)
{
    char id[64];
    const char *ending = strstr(figure->figure, "-p99");
    size_t size = ending == NULL ? strlen(figure->figure) : (size_t)(ending - figure->figure);
    snprintf(id, sizeof id, "%.*s", (int)size, figure->figure);
    const char *label = label_of(figures, id);
    if (strcmp(figure->unit, "us") != 0)
        buffer_put_string(out, label);
    else
        words_fill(out, ending == NULL ? TR("{0}: median") : TR("{0}: 99 of 100 within"), label, NULL);
}

struct measuring {
    const struct call *call;
    struct table table;
    struct progress progress;
    uint64_t figures;
};

/* ---- for programs: one object a line; numbers may have a decimal point */

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
    snprintf(out, NUMBER_SIZE, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 0.1 ? "%.2f" : "%.4f", value);
    return slice_from(out);
}

static void put_row(struct table *table, const struct bench_figure *figure)
{
    char value[NUMBER_SIZE], limit[NUMBER_SIZE], ratio[NUMBER_SIZE], bar[NUMBER_SIZE] = "";
    struct slice none = slice_from("");
    OWN(buffer_clear) struct buffer label = {0};
    bool beside = figure->limit != NULL;
    if (figure->bar > 0) snprintf(bar, sizeof bar, "%s %.6g", figure->most ? "≤" : "≥", figure->bar);
    put_label(&label, figure);
    const struct slice cells[] = {
        buffer_slice(&label),
        number(value, figure->value),
        slice_from(label_of(units, figure->unit)),
        beside ? slice_from(label_of(limits, figure->limit)) : none,
        beside ? number(limit, figure->limit_value) : none,
        beside ? number(ratio, figure->ratio) : none,
        slice_from(bar),
    };
    table_row(table, cells);
}

static void report(void *context, const struct bench_figure *figure)
{
    struct measuring *measuring = context;
    progress_update(&measuring->progress, ++measuring->figures, 0);
    progress_hide(&measuring->progress);
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
    words_fill(&line, TR("{0}. Records: {1}; cores: {2}; disk: {3}"), name, count, machine, options->directory, NULL);
    buffer_print(&line, " (%s)", scene.file_system);
    output_line(buffer_slice(&line));
}

static void put_table(const struct measuring *measuring, const char *name, const struct bench_options *options)
{
    OWN(buffer_clear) struct buffer text = {0};
    put_scene(name, options);
    table_write(&measuring->table, &text, output_width(), output_bold(), output_plain());
    buffer_put_byte(&text, '\n');
    output_put(buffer_slice(&text));
}

/* ---- the command */

static enum truce_status measure(struct call *call, const char *name, const struct bench_options *options)
{
    const struct table_column columns[] = {
        {.title = TR("Measured"), .least = 16, .wrap = true},
        {.title = TR("Value"), .right = true},
        {.title = TR("Unit"), .least = 8, .wrap = true},
        {.title = TR("Limit of this machine"), .least = 14, .wrap = true},
        {.title = TR("Value"), .right = true},
        {.title = TR("Share"), .right = true},
        {.title = TR("Aim"), .right = true},
    };
    struct measuring measuring = {.call = call};
    struct error why;
    table_open(&measuring.table, columns, COUNT_OF(columns), words_arabic());
    progress_open(&measuring.progress, TR("Measuring"));
    enum status status = bench_run(name, options, report, &measuring, &why);
    progress_hide(&measuring.progress);
    if (!call->json && measuring.table.first != NULL) put_table(&measuring, name, options);
    table_close(&measuring.table);
    if (status == STATUS_DONE) return TRUCE_DONE;
    struct truce_error error;
    words_error(&error, &why);
    return say_error(&error);
}

static bool number_given(const struct call *call, const char *name, uint64_t usual, uint64_t *out)
{
    const char *text = call_option(call, name);
    *out = usual;
    return text == NULL || value_number(out, slice_from(text));
}

static const char *measured_directory(const struct call *call)
{
    const char *given = call_option(call, "directory"), *temporary = getenv("TMPDIR");
    if (given != NULL) return given;
    return temporary == NULL || temporary[0] == '\0' ? "/tmp" : temporary;
}

static enum truce_status bench_command(struct call *call)
{
    struct bench_options options = {.directory = measured_directory(call)};
    if (!number_given(call, "records", RECORDS_USUAL, &options.records))
        return call_wrong(call, TR("A number was expected, not \"{0}\"."), call_option(call, "records"), NULL);
    if (!number_given(call, "seed", SEED_USUAL, &options.seed))
        return call_wrong(call, TR("A number was expected, not \"{0}\"."), call_option(call, "seed"), NULL);
    enum truce_status status = TRUCE_DONE;
    for (size_t i = 0; call_operand(call, i) != NULL && status == TRUCE_DONE; i++)
        status = measure(call, call_operand(call, i), &options);
    return status;
}

static const struct option options_[] = {
    {"records", '\0', "N", N_("With so many records; 10000 if not given.")},
    {"seed", '\0', "S", N_("Make the records from this number; 1 if not given.")},
    END_OF_OPTIONS,
};
const struct command command_bench = {
    .name = "bench",
    .usage = "append|verify|mirror|pouch|sealed|evaluate|find|search|serve|intake|witness|page …",
    .does = N_("Measures what this machine and its disk give."),
    .more = N_("Each figure stands beside the limit that the machine gave in the same run; the share is how much of it "
               "was reached. The records are made up, spread over places and days as those of the UCDP dataset. They "
               "go into a folder of their own in the directory of -C (else $TMPDIR, else /tmp), which is removed at "
               "the end."),
    .example = "truce bench append --records 100000 -C /srv",
    .options = options_,
    .least = 1,
    .most = 16,
    .reading = true,
    .run = bench_command,
};
