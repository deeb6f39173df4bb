/* spec/terms.md says what the program does: each of its examples is replayed and each row of each table checked; the
 * examples hold every member of the grammar, and the grammar of the manual page as well; and every reason is listed
 * once. */
#include "terms/reason.h"
#include "terms_log.h"
#include "truce.h"

#include <dirent.h>

enum { TEXT_SIZE = 1 << 20, COLUMNS = 12, CELL = 200 };

static char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, TEXT_SIZE);
    CHECK(file != NULL && text != NULL && fread(text, 1, TEXT_SIZE - 1, file) > 1000);
    if (file != NULL) fclose(file);
    return text;
}

static char *spec;
static struct arena spec_arena;

/* ---- blocks: "```json KIND" */

static const struct json *block_read(const char *at)
{
    struct error error = {0};
    const struct json *tree = NULL;
    const char *from = strchr(at + 1, '\n'), *to = strstr(at, "\n```\n");
    CHECK(from != NULL && to != NULL);
    if (json_read(&tree, slice_of(from, (size_t)(to - from)), JSON_RELAXED, &spec_arena, &error) != STATUS_DONE) {
        CHECK(!"the block is JSON");
        fprintf(stderr, "    %s at %lld of: %.300s\n", error.code, (long long)error.offset, from);
        abort();
    }
    return tree;
}

static const struct json *frame(void)
{
    const char *at = strstr(spec, "\n```json frame\n");
    CHECK(at != NULL);
    return block_read(at);
}

/* ---- an example: the frame's agreement with its own tables laid over, the frame's records and its own */

static const struct json *member(const struct json *object, struct slice key)
{
    for (const struct json *m = object == NULL ? NULL : object->first; m != NULL; m = m->next)
        if (slice_equal(m->key, key)) return m;
    return NULL;
}

static void put_raw_member(struct buffer *out, const struct json *m, bool first)
{
    buffer_print(out, "%s\"%.*s\":%.*s", first ? "" : ",", SLICE(m->key), SLICE(m->source));
}

/* Tables are joined entry by entry; anything else is replaced. */
static void put_joined(struct buffer *out, const struct json *under, const struct json *over, bool first)
{
    static const char *const tables[] = {"anchors", "channels", "classes",  "groups",
                                         "names",   "places",   "readings", "zones"};
    bool table = false, any = false;
    for (size_t i = 0; i < COUNT_OF(tables); i++) table |= slice_is(over->key, tables[i]);
    if (under == NULL || !table) {
        put_raw_member(out, over, first);
        return;
    }
    buffer_print(out, "%s\"%.*s\":{", first ? "" : ",", SLICE(over->key));
    for (const struct json *m = under->first; m != NULL; m = m->next)
        if (member(over, m->key) == NULL) put_raw_member(out, m, !any), any = true;
    for (const struct json *m = over->first; m != NULL; m = m->next) put_raw_member(out, m, !any), any = true;
    buffer_put_byte(out, '}');
}

static void put_agreement(struct buffer *out, const struct json *base, const struct json *example)
{
    bool first = true;
    buffer_put_byte(out, '{');
    for (const struct json *m = base->first; m != NULL; m = m->next) {
        const struct json *over = member(example, m->key);
        if (over == NULL)
            put_raw_member(out, m, first);
        else
            put_joined(out, m, over, first);
        first = false;
    }
    for (const struct json *m = example->first; m != NULL; m = m->next)
        if (member(base, m->key) == NULL && !slice_is(m->key, "records"))
            put_joined(out, NULL, m, first), first = false;
    buffer_put_string(out, "}");
    buffer_put_byte(out, 0);
}

/* What the examples leave out of a `party`: its keys. */
static void put_keys(struct buffer *out, const struct json *record)
{
    static uint8_t number = 50;
    uint8_t seed[SEED_BYTES] = {++number};
    struct signer signer;
    struct error error;
    char key[VERIFIER_TEXT_SIZE];
    if (!slice_is(json_find_string(record, "kind"), "party")) return;
    if (signer_from_seed(&signer, json_find_string(record, "party"), seed, &error) != STATUS_DONE) abort();
    verifier_format(&signer.verifier, key);
    signer_clear(&signer);
    buffer_print(out, ",\"keys\":[\"%s\"],\"recovery\":\"%s\"", key, key);
}

static void say_one(struct terms_log *log, const struct json *record)
{
    OWN(buffer_clear) struct buffer text = {0};
    char label[40], received[40];
    struct slice id = json_find_string(record, "$id"), at = json_find_string(record, "$received");
    bool first = true;
    snprintf(label, sizeof label, "%.*s", SLICE(id));
    snprintf(received, sizeof received, "%.*s", SLICE(at));
    buffer_put_byte(&text, '{');
    for (const struct json *m = record->first; m != NULL; m = m->next) {
        if (m->key.data[0] == '$') continue;
        put_raw_member(&text, m, first);
        first = false;
    }
    put_keys(&text, record);
    buffer_put_string(&text, "}");
    buffer_put_byte(&text, 0);
    say(log, id.data == NULL ? "(none)" : label, at.data == NULL ? NULL : received, (const char *)text.data);
}

static void say_all(struct terms_log *log, const struct json *records)
{
    for (const struct json *m = records == NULL ? NULL : records->first; m != NULL; m = m->next) say_one(log, m);
}

/* Founders as the frame has them; the first of them writes the genesis. */
static void found(struct terms_log *log, const struct json *members)
{
    OWN(buffer_clear) struct buffer genesis = {0};
    struct error error = {0};
    uint8_t number = 0;
    *log = (struct terms_log){.received = time_of("2019-12-01")};
    CHECK(crypto_start(&error) == STATUS_DONE && view_open(&log->view, &error) == STATUS_DONE);
    buffer_print(&genesis,
                 "{\"kind\":\"genesis\",\"by\":\"%.*s\",\"register\":\"test.example/terms\",\"nonce\":\"%064d\","
                 "\"founders\":[",
                 SLICE(members->first->key), 7);
    for (const struct json *m = members->first; m != NULL; m = m->next) {
        char name[65], role[65];
        snprintf(name, sizeof name, "%.*s", SLICE(m->key));
        snprintf(role, sizeof role, "%.*s", SLICE(m->string));
        put_founder(&genesis, name, role, ++number);
    }
    uint8_t seed[SEED_BYTES] = {99};
    struct signer signer;
    char key[VERIFIER_TEXT_SIZE];
    if (signer_from_seed(&signer, slice_from("test.example/terms"), seed, &error) != STATUS_DONE) abort();
    verifier_format(&signer.verifier, key);
    signer_clear(&signer);
    buffer_print(&genesis, "],\"log_key\":\"%s\",\"thresholds\":{\"enrol\":1,\"policy\":1}}%c", key, 0);
    say(log, "genesis", NULL, (const char *)genesis.data);
}

/* An example is what somebody copies: the check has nothing to say about it. */
static void is_sound(const struct buffer *agreement)
{
    struct truce_buffer answer = {0};
    struct truce_error error;
    CHECK(truce_terms_check((const char *)agreement->data, agreement->size - 1, &answer, &error) == TRUCE_DONE);
    if (!CHECK(answer.data != NULL && strstr(answer.data, "\"warnings\":0}") != NULL))
        fprintf(stderr, "    %s\n", answer.data == NULL ? error.message : answer.data);
    truce_free(&answer);
}

/* An agreement of its own, or (`framed`) what lies over the frame's. */
static void replay(struct terms_log *log, const struct json *base, const struct json *example, bool framed)
{
    static const struct json nothing = {.type = JSON_OBJECT};
    OWN(buffer_clear) struct buffer agreement = {0};
    found(log, json_find(base, "members"));
    put_agreement(&agreement, framed ? json_find(base, "agreement") : &nothing, example);
    is_sound(&agreement);
    say(log, "agreement", "2019-12-20", (const char *)agreement.data);
    if (framed) say_all(log, json_find(base, "records"));
    say_all(log, json_find(example, "records"));
}

/* ---- tables: the columns say what stands in them */

struct table_row {
    char cell[COLUMNS][CELL];
    size_t count;
};

/* The line at `at` as cells without spaces and backquotes around them; what follows it. */
static const char *row_read(struct table_row *row, const char *at)
{
    *row = (struct table_row){.count = 0};
    for (at++; *at != '\n' && row->count < COLUMNS; row->count++) {
        size_t size = strcspn(at, "|\n"), from = 0;
        if (at[size] == '\n') break;
        while (from < size && (at[from] == ' ' || at[from] == '`')) from++;
        size_t to = size;
        while (to > from && (at[to - 1] == ' ' || at[to - 1] == '`')) to--;
        snprintf(row->cell[row->count], CELL, "%.*s", (int)(to - from), at + from);
        at += size + 1;
    }
    return strchr(at, '\n') + 1;
}

struct row_at {
    const struct terms_log *log;
    const char *as_of, *term;
    const struct json *agreement, *found, *open; /* in the standing then */
    const struct json *why;
};

static const char *label_of(const struct terms_log *log, struct slice id)
{
    for (size_t i = 0; i < log->known_count; i++)
        if (slice_is(id, log->known[i].id)) return log->known[i].label;
    return "?";
}

static void put_because(struct buffer *out, const struct row_at *row, const struct json *because)
{
    for (const struct json *m = because == NULL ? NULL : because->first; m != NULL; m = m->next)
        buffer_print(out, "%s%s", out->size > 0 ? ", " : "", label_of(row->log, m->string));
}

static void put_proposed(struct buffer *out, const struct row_at *row)
{
    for (const struct json *m = json_find(row->open, "proposals")->first; m != NULL; m = m->next)
        if (slice_is(json_find_string(m, "term"), row->term))
            buffer_print(out, "%s%.*s", out->size > 0 ? ", " : "", SLICE(json_find_string(m, "do")));
}

/* What the program says where a column of that name stands. */
static void put_answer(struct buffer *out, const struct row_at *row, const char *column)
{
    char name[CELL] = "";
    struct slice said = {NULL, 0};
    const struct json *clock = json_find(row->found, "clock");
    if (strcmp(column, "joint") == 0)
        said = json_find_string(row->found, "verdict");
    else if (strcmp(column, "was") == 0)
        said = json_find_string(row->found, "was");
    else if (strcmp(column, "agreement") == 0)
        said = json_find_string(row->agreement, "standing");
    else if (strcmp(column, "next") == 0)
        said = json_find_string(clock, "at");
    else if (strcmp(column, "becomes") == 0)
        said = json_find_string(clock, "becomes");
    else if (strcmp(column, "because") == 0)
        put_because(out, row, json_find(row->found, "because"));
    else if (strcmp(column, "proposed") == 0)
        put_proposed(out, row);
    else if (sscanf(column, "channel %99s", name) == 1)
        said = json_find_string(named(json_find(row->agreement, "channels"), name), "standing");
    else if (sscanf(column, "why %99s", name) == 1)
        said = json_find_string(json_find(json_find(row->why, "readings"), name), "reason");
    else if (sscanf(column, "text %99s", name) == 1)
        said = json_find_string(json_find(json_find(row->found, "rivals"), name), "verdict");
    else
        said = json_find_string(json_find(row->found, "readings"), column);
    buffer_put(out, said);
    if (out->size == 0) buffer_put_string(out, "-");
    buffer_put_byte(out, 0);
}

static void row_holds(const struct terms_log *log, const struct table_row *head, const struct table_row *cells)
{
    struct answer answer = ask(log, time_of(cells->cell[0])), why = {0};
    struct json_writer w;
    struct error error = {0};
    struct row_at row = {.log = log, .as_of = cells->cell[0], .term = cells->cell[1]};
    row.agreement = first_agreement(&answer);
    row.found = named(json_find(row.agreement, "terms"), row.term);
    row.open = json_find(answer.tree, "open");
    if (!CHECK(row.found != NULL)) fprintf(stderr, "    no term %s: %s\n", row.term, (char *)answer.text.data);
    json_write_open(&w, &why.text);
    if (why_write(log->view, slice_from(row.term), slice_from(""), time_of(row.as_of), &w, &error) == STATUS_DONE)
        answer_read(&why, &w);
    row.why = why.tree;
    for (size_t i = 2; i < head->count; i++) {
        OWN(buffer_clear) struct buffer said = {0};
        if (cells->cell[i][0] == '\0') continue;
        put_answer(&said, &row, head->cell[i]);
        if (CHECK(strcmp((const char *)said.data, cells->cell[i]) == 0)) continue;
        fprintf(stderr, "    %s at %s, %s: the spec says %s, the program %s\n", row.term, row.as_of, head->cell[i],
                cells->cell[i], (const char *)said.data);
    }
    answer_clear(&why);
    answer_clear(&answer);
}

static const char *table_holds(const struct terms_log *log, const char *at, unsigned *rows)
{
    struct table_row head, row;
    at = row_read(&head, at);
    CHECK_STRING(head.cell[1], "term");
    at = strchr(at, '\n') + 1; /* |---|---| */
    for (; *at == '|'; ++*rows) {
        at = row_read(&row, at);
        CHECK_INT(row.count, head.count);
        row_holds(log, &head, &row);
    }
    return at - 1;
}

/* The next of them in the text, or NULL. */
static const char *next_of(const char *at, const char *one, const char *other)
{
    const char *a = strstr(at, one), *b = strstr(at, other);
    return a == NULL || (b != NULL && b < a) ? b : a;
}

static void the_examples_hold(void)
{
    static const char agreement[] = "\n```json agreement\n", example[] = "\n```json example\n",
                      table[] = "\n| as of | ";
    struct terms_log log = {.view = NULL};
    unsigned examples = 0, rows = 0;
    spec = read_text(SOURCE_ROOT "/spec/terms.md");
    arena_init(&spec_arena, 1 << 24);
    const struct json *base = frame();
    for (const char *at = spec; at != NULL;) {
        const char *block = next_of(at + 1, agreement, example), *rest = strstr(at + 1, table);
        at = block == NULL || (rest != NULL && rest < block) ? rest : block;
        if (at == NULL) break;
        if (at == rest) {
            CHECK(log.view != NULL);
            at = table_holds(&log, at + 1, &rows);
            continue;
        }
        if (log.view != NULL) view_close(&log.view);
        replay(&log, base, block_read(at + 1), strncmp(at, example, strlen(example)) == 0);
        examples++;
    }
    if (log.view != NULL) view_close(&log.view);
    CHECK(examples >= 13 && rows >= 80);
    printf("%u examples, %u rows\n", examples, rows);
}

/* ---- the grammar: what the reader takes, the manual names and the examples hold */

struct tokens {
    char list[2000][40];
    size_t count;
};

static bool has_token(const struct tokens *tokens, const char *word)
{
    for (size_t i = 0; i < tokens->count; i++)
        if (strcmp(tokens->list[i], word) == 0) return true;
    return false;
}

static void add_token(struct tokens *tokens, const char *from, size_t size)
{
    char word[40];
    if (size >= sizeof word) return;
    snprintf(word, sizeof word, "%.*s", (int)size, from);
    if (tokens->count < COUNT_OF(tokens->list) && !has_token(tokens, word))
        memcpy(tokens->list[tokens->count++], word, sizeof word);
}

/* Every string literal from `at` to `end`. */
static void add_literals(struct tokens *tokens, const char *at, const char *end)
{
    for (const char *from = strchr(at, '"'); from != NULL && from < end; from = strchr(from, '"')) {
        size_t size = strcspn(++from, "\"");
        add_token(tokens, from, size);
        from += size + 1;
    }
}

static void add_arrays(struct tokens *tokens, const char *source, const char *name)
{
    for (const char *at = strstr(source, name); at != NULL; at = strstr(at + 1, name))
        add_literals(tokens, at, strstr(at, "};") < strstr(at, "NULL}") ? strstr(at, "};") : strstr(at, "NULL}"));
}

static void read_grammar(struct tokens *members, struct tokens *words)
{
    static const char *const lists[] = {" members[] = {", " cap[] = {", " floor[] = {"},
                             *const closed[] = {" needs[] = {",     "unless[] = {", " conflicts[] = {", "excuses[] = {",
                                                " standards[] = {", " sides[] = {", " unwatched[] = {", "voids[] = {",
                                                " kinds[] = {",     " acts[] = {",  " roles[] = {"};
    DIR *folder = opendir(SOURCE_ROOT "/src/terms");
    CHECK(folder != NULL);
    for (const struct dirent *e = readdir(folder); e != NULL; e = readdir(folder)) {
        char path[600];
        if (strncmp(e->d_name, "read", 4) != 0 || strstr(e->d_name, ".c") == NULL) continue;
        snprintf(path, sizeof path, "%s/src/terms/%s", SOURCE_ROOT, e->d_name);
        char *source = read_text(path), *shapes = strstr(source, "} shapes[] = {");
        for (size_t i = 0; i < COUNT_OF(lists); i++) add_arrays(members, source, lists[i]);
        for (size_t i = 0; i < COUNT_OF(closed); i++) add_arrays(words, source, closed[i]);
        if (shapes != NULL) add_literals(members, shapes, strstr(shapes, "};"));
        free(source);
    }
    closedir(folder);
    static const char *const more[] = {"zones",    "groups",   "classes", "places", "anchors",
                                       "channels", "readings", "names",   "force",  "terms",
                                       "decides",  "sum",      "max",     "events", "log"};
    for (size_t i = 0; i < COUNT_OF(more); i++) add_token(i < 13 ? members : words, more[i], strlen(more[i]));
    CHECK(members->count > 80 && words->count > 40);
}

static void collect_keys(struct tokens *keys, const struct json *tree)
{
    if (tree->key.size > 0) add_token(keys, (const char *)tree->key.data, tree->key.size);
    if (tree->type == JSON_STRING) add_token(keys, (const char *)tree->string.data, tree->string.size);
    if (tree->type == JSON_ARRAY || tree->type == JSON_OBJECT)
        for (const struct json *m = tree->first; m != NULL; m = m->next) collect_keys(keys, m);
}

/* A word of its own, not inside another. */
static bool names_word(const char *text, const char *word)
{
    static const char inside[] = "abcdefghijklmnopqrstuvwxyz_-";
    size_t size = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        if (strchr(inside, at[size]) == NULL || at[size] == '\0')
            if (at == text || strchr(inside, at[-1]) == NULL) return true;
    return false;
}

static void all_are_in(const struct tokens *wanted, const struct tokens *found, const char *what)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (!CHECK(has_token(found, wanted->list[i]))) fprintf(stderr, "    %s: %s\n", what, wanted->list[i]);
}

static void the_grammar_is_told_whole(void)
{
    static struct tokens members, words, keys;
    static const char *const pages[] = {"/spec/terms.md", "/man/truce-terms.5"};
    read_grammar(&members, &words);
    for (const char *at = strstr(spec, "\n```json"); at != NULL; at = strstr(at + 1, "\n```json"))
        collect_keys(&keys, block_read(at + 1));
    all_are_in(&members, &keys, "no example has the member");
    printf("%zu members, %zu words\n", members.count, words.count);
    for (size_t p = 0; p < COUNT_OF(pages); p++) {
        char path[300];
        snprintf(path, sizeof path, "%s%s", SOURCE_ROOT, pages[p]);
        char *page = read_text(path);
        for (size_t i = 0; i < members.count + words.count; i++) {
            const char *word = i < members.count ? members.list[i] : words.list[i - members.count];
            if (!CHECK(names_word(page, word))) fprintf(stderr, "    %s does not name %s\n", pages[p], word);
        }
        free(page);
    }
}

/* The manual page's terms can be read: where one names another, that one stands with them. */
static void the_pages_examples_are_sound(void)
{
    static const char begin[] = "\n{\"id\":", end[] = "\n.Ed";
    OWN(buffer_clear) struct buffer terms = {0}, agreement = {0};
    const struct json *example = NULL;
    struct error error;
    char *page = read_text(SOURCE_ROOT "/man/truce-terms.5");
    unsigned count = 0;
    buffer_put_string(&terms,
                      "{\"terms\":[{\"id\":\"seven-days\",\"clause\":{\"en\":\"c\"},\"who\":\"*\",\"rule\":{\"held\":"
                      "\"P7D\",\"of\":[\"quiet\"],\"unwatched\":\"stop\"},\"watch\":\"log\"}");
    for (const char *at = strstr(page, begin); at != NULL; at = strstr(at + 1, begin), count++)
        buffer_print(&terms, ",%.*s", (int)(strstr(at, end) - at), at);
    buffer_put_string(&terms, "]}");
    CHECK(count >= 2 && json_read(&example, buffer_slice(&terms), JSON_RELAXED, &spec_arena, &error) == STATUS_DONE);
    put_agreement(&agreement, json_find(frame(), "agreement"), example);
    is_sound(&agreement);
    free(page);
}

static void every_reason_is_listed_once(void)
{
    unsigned listed = 0;
    const char *at = strstr(spec, "## Explanations"), *end = at == NULL ? NULL : strstr(at, "\n## ");
    for (; at != NULL && (at = strstr(at + 1, "\n| `")) != NULL && (end == NULL || at < end);) listed++;
    CHECK_INT(listed, REASON_COUNT - 1);
    for (int reason = 1; reason < REASON_COUNT; reason++) {
        char row[80];
        snprintf(row, sizeof row, "\n| `%s` | ", reason_code((enum reason)reason));
        if (!CHECK(strstr(spec, row) != NULL)) fprintf(stderr, "    %s\n", row);
    }
    arena_clear(&spec_arena);
    free(spec);
}

TESTS(the_examples_hold, the_grammar_is_told_whole, the_pages_examples_are_sound, every_reason_is_listed_once)
