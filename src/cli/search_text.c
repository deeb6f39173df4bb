/* truce search-text: the register's own search over plain files. */
#include "cli/cli.h"

#include "base/limits.h"
#include "json/write.h"
#include "text/utf8.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct file {
    struct slice path;
    int64_t matches;
};

struct searching {
    const char *phrase;
    bool json;
    struct file file[OPERANDS_MOST];
    size_t count;
    struct buffer text, places; /* of the file at hand; places: of struct place */
};
struct place {
    size_t from, to;
};

/* ---- a match with a little of what stands around it */

enum { CONTEXT_BYTES = 60 };

static bool is_letter_end(struct slice text, size_t at)
{
    return at >= text.size || (text.data[at] & 0xc0U) != 0x80;
}

/* Where a word begins at most so far before `at`, in the same line. */
static size_t context_from(struct slice text, size_t at)
{
    size_t from = at, word = at;
    while (from > 0 && at - from < CONTEXT_BYTES && text.data[from - 1] != '\n') {
        from--;
        if (from == 0 || text.data[from - 1] == ' ' || text.data[from - 1] == '\n') word = from;
    }
    while (!is_letter_end(text, from)) from++;
    return word == at && from < at ? from : word;
}

static size_t context_to(struct slice text, size_t at)
{
    size_t to = at, word = at;
    while (to < text.size && to - at < CONTEXT_BYTES && text.data[to] != '\n') {
        to++;
        if (to == text.size || text.data[to] == ' ' || text.data[to] == '\n') word = to;
    }
    while (!is_letter_end(text, to)) to--;
    return word == at ? to : word;
}

/* What would break the line or speak to the terminal is shown as a blank. */
static void put_shown(struct buffer *out, struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        buffer_put_byte(out, text.data[i] < 0x20 || text.data[i] == 0x7f ? ' ' : text.data[i]);
}

static void put_context(struct buffer *out, struct slice text, size_t from, size_t to)
{
    size_t begin = context_from(text, from), end = context_to(text, to);
    buffer_put_string(out, begin > 0 && text.data[begin - 1] != '\n' ? "…" : "");
    put_shown(out, slice_part(text, begin, from - begin));
    buffer_put_string(out, output_bold());
    buffer_put_byte(out, '[');
    put_shown(out, slice_part(text, from, to - from));
    buffer_put_byte(out, ']');
    buffer_put_string(out, output_plain());
    put_shown(out, slice_part(text, to, end - to));
    buffer_put_string(out, end < text.size && text.data[end] != '\n' ? "…" : "");
}

static int note_match(void *context, size_t from, size_t to)
{
    struct searching *searching = context;
    struct place place = {from, to};
    buffer_put(&searching->places, slice_of(&place, sizeof place));
    return searching->places.failed;
}

/* A line for each: the number of the text's line that it begins in, and what stands around it. */
static void show_matches(const struct searching *searching)
{
    OWN(buffer_clear) struct buffer shown = {0}, line = {0};
    struct slice text = buffer_slice(&searching->text);
    size_t number = 1, counted = 0;
    bool heard = true;
    for (size_t at = 0; at < searching->places.size && heard; at += sizeof(struct place)) {
        struct place place;
        memcpy(&place, searching->places.data + at, sizeof place);
        for (; counted < place.from; counted++) number += text.data[counted] == '\n';
        buffer_reset(&shown);
        buffer_reset(&line);
        put_context(&shown, text, place.from, place.to);
        buffer_print(&line, "  %zu: ", number);
        words_isolate(&line, buffer_slice(&shown));
        heard = output_line(buffer_slice(&line));
    }
}

/* ---- one file */

static const char *text_z(struct buffer *buffer)
{
    buffer_put_byte(buffer, '\0');
    return buffer->failed ? "" : (const char *)buffer->data;
}

static void say_also(struct slice answer)
{
    OWN(buffer_clear) struct buffer names = {0}, line = {0};
    struct arena arena;
    const struct json *tree, *also;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&tree, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE && (also = json_find(tree, "also")) != NULL)
        for (const struct json *name = also->first; name != NULL; name = name->next) {
            if (names.size > 0) buffer_put_string(&names, words_arabic() ? "، " : ", ");
            words_isolate(&names, name->string);
        }
    arena_clear(&arena);
    if (names.size == 0) return;
    words_fill(&line, TR("Also written, perhaps: {0}"), text_z(&names), NULL);
    output_line(buffer_slice(&line));
}

static void say_file(const struct searching *searching, const struct file *file, struct slice answer)
{
    OWN(buffer_clear) struct buffer line = {0}, count = {0}, path = {0};
    words_count(&count, NOUN_MATCH, (uint64_t)file->matches);
    buffer_put(&path, file->path);
    words_fill(&line, TR("{0}: {1}"), text_z(&path), text_z(&count), NULL);
    output_line(buffer_slice(&line));
    show_matches(searching);
    say_also(answer);
}

static int64_t matches_of(struct slice answer)
{
    struct arena arena;
    const struct json *tree;
    int64_t matches = 0;
    arena_init(&arena, answer.size * 64 + 65536);
    if (json_read(&tree, answer, JSON_RELAXED, &arena, NULL) == STATUS_DONE)
        matches = json_find_integer(tree, "matches", 0);
    arena_clear(&arena);
    return matches;
}

static enum truce_status search_file(struct searching *searching, struct file *file, const char *path)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    buffer_reset(&searching->text);
    buffer_reset(&searching->places);
    enum truce_status status = file_read_most(&searching->text, path, LIMIT_TEXT_FOLDED_BYTES);
    if (status != TRUCE_DONE) return status;
    status = truce_search_text(searching->phrase, (const char *)searching->text.data, searching->text.size,
                               searching->json ? NULL : note_match, searching, &answer, &error);
    if (status != TRUCE_DONE) {
        snprintf(error.pointer, sizeof error.pointer, "%s", path);
        return say_error(&error);
    }
    struct slice told = slice_of(answer.data, answer.size);
    file->matches = matches_of(told);
    if (!searching->json) say_file(searching, file, told);
    truce_free(&answer);
    return TRUCE_DONE;
}

/* ---- all of them */

static int by_path(const void *a, const void *b)
{
    return text_compare_utf16(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static void give_json(struct searching *searching)
{
    OWN(buffer_clear) struct buffer out = {0};
    struct json_writer w;
    qsort(searching->file, searching->count, sizeof searching->file[0], by_path);
    json_write_open(&w, &out);
    json_put_object(&w);
    for (size_t i = 0; i < searching->count; i++) {
        const struct file *file = &searching->file[i];
        if (i > 0 && slice_equal(file->path, file[-1].path)) continue; /* given twice */
        json_put_key_slice(&w, file->path);
        json_put_integer(&w, file->matches);
    }
    json_put_close(&w);
    if (json_write_finish(&w, NULL) == STATUS_DONE) output_line(buffer_slice(&out));
}

/* A name of a file that is no text cannot be a key. */
static enum truce_status check_path(const struct call *call, const char *path)
{
    size_t offset;
    if (utf8_valid(slice_from(path), &offset)) return TRUCE_DONE;
    OWN(buffer_clear) struct buffer shown = {0};
    buffer_put_string(&shown, error_slice(slice_from(path)).text);
    return call_wrong(call, TR("The name of the file {0} is not UTF-8: rename it, or give it as standard input (-)."),
                      text_z(&shown), NULL);
}

static enum truce_status check_phrase(const char *phrase)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    enum truce_status status = truce_search_text(phrase, "", 0, NULL, NULL, &answer, &error);
    truce_free(&answer);
    return status == TRUCE_DONE ? status : say_error(&error);
}

static enum truce_status search_text(struct call *call)
{
    static struct searching searching;
    searching.phrase = call_operand(call, 0);
    searching.json = call->json;
    enum truce_status status = check_phrase(searching.phrase);
    for (size_t i = 1; i < call->options.operands && status == TRUCE_DONE; i++)
        status = check_path(call, call_operand(call, i));
    if (status != TRUCE_DONE) return status;
    for (size_t i = 1; i < call->options.operands; i++) {
        struct file *file = &searching.file[searching.count];
        file->path = slice_from(call_operand(call, i));
        enum truce_status one = search_file(&searching, file, call_operand(call, i));
        if (one == TRUCE_DONE) searching.count++;
        if (status == TRUCE_DONE) status = one;
    }
    if (searching.json) give_json(&searching);
    buffer_clear(&searching.text);
    buffer_clear(&searching.places);
    return status;
}

static const struct option options[] = {END_OF_OPTIONS};
const struct command command_search_text = {
    .name = "search-text",
    .usage = "QUERY FILE…",
    .does = N_("Searches plain text as the register searches its records."),
    .more = N_("QUERY is a phrase: its words stand together in this order. Spellings that differ only in hamza, vowel "
               "signs, capitals and the like are the same; و ف ب ك ل ال may stand before a word; words that were run "
               "together by mistake are found by each of them. FILE is text in UTF-8; - is the standard input. With "
               "--json the answer is one object: each FILE with the number of its matches."),
    .example = "truce search-text 'وقف إطلاق النار' article.txt",
    .options = options,
    .least = 2,
    .most = OPERANDS_MOST,
    .reading = true,
    .run = search_text,
};
