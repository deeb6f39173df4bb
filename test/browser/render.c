/* render REGISTER FOLDER — pages of a register as files, without a server: one for each line "NAME ADDRESS" of standard
 * input in each language, FOLDER/NAME.LANG.html, and the assets beside them. For pictures and for tests of the markup;
 * what a server answers at these addresses comes from the same functions. */
#include "page/address.h"
#include "page/page.h"
#include "tell/ask.h"
#include "tell/words.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { PAIRS_MOST = 16, RECORDS_MOST = 50, VALUE_SIZE = 256 };

struct asked {
    size_t count;
    struct {
        char name[32], value[VALUE_SIZE];
    } pair[PAIRS_MOST];
};

static void keep_pair(void *context, struct slice name, struct slice value)
{
    struct asked *asked = context;
    if (asked->count == PAIRS_MOST || value.size == 0) return;
    snprintf(asked->pair[asked->count].name, sizeof asked->pair[0].name, "%.*s", SLICE(name));
    snprintf(asked->pair[asked->count++].value, VALUE_SIZE, "%.*s", SLICE(value));
}

static const char *value_of(void *context, const char *name)
{
    struct asked *asked = context;
    for (size_t i = 0; i < asked->count; i++)
        if (strcmp(asked->pair[i].name, name) == 0) return asked->pair[i].value;
    return NULL;
}

/* ---- what the library answers */

static struct truce_register *reg;
static struct arena arena;

static const struct json *parse(struct truce_buffer *answer)
{
    const struct json *tree = NULL;
    struct slice copy = arena_copy(&arena, slice_of(answer->data, answer->size));
    truce_free(answer);
    if (json_read(&tree, copy, JSON_RELAXED, &arena, NULL) != STATUS_DONE) abort();
    return tree;
}

struct found {
    const struct json *records[RECORDS_MOST + 1];
    size_t count;
};

static int keep_found(void *context, enum truce_status status, const char *line, size_t size)
{
    struct found *found = context;
    (void)status;
    struct slice copy = arena_copy(&arena, slice_of(line, size));
    if (json_read(&found->records[found->count++], copy, JSON_RELAXED, &arena, NULL) != STATUS_DONE) abort();
    return 0;
}

static const char *filled(const struct ask_fault *fault)
{
    static struct buffer sentence;
    buffer_reset(&sentence);
    words_fill(&sentence, fault->message, fault->value == NULL ? "" : fault->value, NULL);
    buffer_put_byte(&sentence, '\0');
    return (const char *)sentence.data;
}

/* ---- pages */

static enum status list(struct buffer *out, const struct page *page, struct asked *asked)
{
    struct truce_query query;
    struct found found = {.count = 0};
    struct ask_fault fault = {NULL, NULL, NULL};
    struct page_list shown = {.asked = value_of, .context = asked};
    if (ask_query(&query, value_of, asked, &fault)) {
        query.limit = RECORDS_MOST + 1;
        if (truce_find(reg, &query, keep_found, &found, NULL) != TRUCE_DONE) abort();
        shown.more = found.count > RECORDS_MOST;
        shown.records = found.records;
        shown.count = shown.more ? RECORDS_MOST : found.count;
        if (shown.more) shown.next = (uint64_t)json_find_integer(found.records[RECORDS_MOST - 1], "index", 0) + 1;
    } else {
        shown.wrong = filled(&fault);
        shown.wrong_name = fault.name;
    }
    return page_records(out, page, &shown, NULL);
}

static enum status record(struct buffer *out, const struct page *page, const char *id)
{
    struct truce_buffer json = {0}, note = {0}, proof = {0};
    if (truce_show(reg, id, TRUCE_JSON, &json, NULL) != TRUCE_DONE)
        return page_problem(out, page, 404, "record-absent", TR("No record fits."), NULL);
    bool proved = truce_show(reg, id, TRUCE_PROOF, &proof, NULL) == TRUCE_DONE;
    if (truce_show(reg, id, TRUCE_NOTE, &note, NULL) != TRUCE_DONE) abort();
    enum status status = page_record(out, page, parse(&json), slice_of(note.data, note.size),
                                     proved ? slice_of(proof.data, proof.size) : (struct slice){NULL, 0}, NULL);
    truce_free(&note);
    truce_free(&proof);
    return status;
}

static enum status render(struct buffer *out, const struct page *page, struct asked *asked)
{
    struct truce_moment moment;
    struct truce_buffer answer = {0};
    struct truce_error error;
    struct ask_fault fault;
    const char *path = page->address;
    bool why = strncmp(path, "/why/", 5) == 0, waiting = strcmp(path, "/today") == 0;
    if (strcmp(path, "/records") == 0) return list(out, page, asked);
    if (strncmp(path, "/records/", 9) == 0) return record(out, page, path + 9);
    if (!why && !waiting && strcmp(path, "/standing") != 0)
        return page_problem(out, page, 404, "path-absent", TR("No record fits."), NULL);
    if (!ask_moment(&moment, value_of, asked, &fault))
        return page_problem(out, page, 400, "usage", filled(&fault), NULL);
    enum truce_status status =
        why ? truce_why(reg, path + 5, NULL, &moment, &answer, &error) : truce_standing(reg, &moment, &answer, &error);
    if (status != TRUCE_DONE) return page_problem(out, page, 404, error.code, error.message, NULL);
    return (why ? page_why : waiting ? page_waiting : page_standing)(out, page, parse(&answer), NULL);
}

static void write_file(const char *path, struct slice bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes.data, 1, bytes.size, file) != bytes.size || fclose(file) != 0) {
        fprintf(stderr, "cannot write %s\n", path);
        exit(1);
    }
}

static void write_asset(const char *folder, const char *name, const char *address)
{
    char path[4096];
    const struct asset *asset = page_asset(slice_from(address));
    if (asset == NULL) return;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    write_file(path, asset->plain);
}

static void page_in(const char *folder, const char *name, char *address, enum language language)
{
    static struct asked asked;
    OWN(buffer_clear) struct buffer out = {0};
    char path[4096], *query = strchr(address, '?');
    struct truce_buffer about_answer = {0};
    struct records records;
    words_language(language);
    arena_reset(&arena);
    asked.count = 0;
    if (query != NULL) *query = '\0';
    if (query != NULL) address_pairs(query + 1, keep_pair, &asked);
    records_open(&records, reg);
    if (truce_about(reg, &about_answer, NULL) != TRUCE_DONE) abort();
    const struct json *about = parse(&about_answer);
    char register_name[256], root[80];
    snprintf(register_name, sizeof register_name, "%.*s", SLICE(json_find_string(about, "register")));
    snprintf(root, sizeof root, "%.*s", SLICE(json_find_string(about, "root")));
    const struct page page = {.records = &records,
                              .address = address,
                              .query = query == NULL ? "" : query + 1,
                              .as_of = value_of(&asked, "as-of"),
                              .known = value_of(&asked, "known"),
                              .register_name = register_name,
                              .size = (uint64_t)json_find_integer(about, "size", 0),
                              .root = root,
                              .exercise = json_find_bool(about, "exercise")};
    if (render(&out, &page, &asked) != STATUS_DONE) abort();
    if (query != NULL) *query = '?';
    snprintf(path, sizeof path, "%s/%s.%s.html", folder, name, language_code(language));
    write_file(path, buffer_slice(&out));
    records_close(&records);
}

int main(int count, char **arguments)
{
    char line[4096], name[128], address[3800];
    struct truce_error error;
    if (count != 3 || truce_open(&reg, arguments[1], TRUCE_READ, &error) != TRUCE_DONE) {
        fprintf(stderr, "render REGISTER FOLDER <list: %s\n", count == 3 ? error.message : "two arguments");
        return 1;
    }
    arena_init(&arena, (size_t)1 << 30);
    while (fgets(line, sizeof line, stdin) != NULL) {
        if (sscanf(line, "%127s %3799s", name, address) != 2) continue;
        if (strncmp(address, "/assets/", 8) == 0) write_asset(arguments[2], name, address);
        for (int l = 0; strncmp(address, "/assets/", 8) != 0 && l < LANGUAGES; l++)
            page_in(arguments[2], name, address, (enum language)l);
    }
    arena_clear(&arena);
    return truce_close(&reg, &error) == TRUCE_DONE ? 0 : 1;
}
