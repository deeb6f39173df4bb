/* Reads JSON step by step with its own stack, so that no input decides how deep the program's stack goes.
 *
 * Invariants: 1. every byte is consumed once and in order; 2. a tree's members are in key order whatever the form;
 * 3. the canonical form accepts exactly what write.h writes for the same tree. */
#include "json/json.h"

#include "base/buffer.h"
#include "base/limits.h"
#include "json/escape.h"
#include "json/sort.h"
#include "text/decode.h"
#include "text/utf8.h"

#include <stdlib.h>

struct node {
    struct json json;
    uint32_t key_at; /* where the key's quote stands in the text */
};

struct level {
    struct node *container, *last; /* last: the newest member */
    bool inside;                   /* the newest member's value is being read */
    bool comma;                    /* a comma was read, so a member must follow */
    bool unsorted;
};

struct reader {
    const uint8_t *start, *at, *end;
    enum json_form form;
    uint32_t nodes, nodes_most;
    struct arena *arena;
    struct error *error;
    struct node *root;
    struct buffer unescaped, normal; /* scratch */
    unsigned depth;
    struct level level[LIMIT_JSON_DEPTH];
};

static void free_members(const struct json ***members)
{
    free(*members);
}

/* ── refusing ── */

static enum status place(struct reader *reader, enum status status, const uint8_t *at, const struct slice *key)
{
    struct json_path path = {.size = 0};
    for (unsigned i = 0; i < reader->depth; i++) {
        const struct level *level = &reader->level[i];
        if (!level->inside) continue;
        if (level->container->json.type == JSON_ARRAY)
            json_path_push_index(&path, level->container->json.size - 1);
        else
            json_path_push(&path, level->last->json.key);
    }
    if (key != NULL) json_path_push(&path, *key);
    error_at(reader->error, status, path.text);
    return error_at_offset(reader->error, status, at - reader->start);
}

static enum status refuse(struct reader *reader, const uint8_t *at, const char *code, const char *sentence)
{
    return place(reader, error_set(reader->error, STATUS_REFUSED, code, sentence, NULL), at, NULL);
}

static enum status refuse_limit(struct reader *reader, const char *code, const char *sentence, int64_t limit)
{
    struct error_text most = error_number(limit);
    return place(reader, error_set(reader->error, STATUS_REFUSED, code, sentence, most.text, NULL), reader->at, NULL);
}

static enum status refuse_key(struct reader *reader, uint32_t at, struct slice key, const char *code,
                              const char *sentence)
{
    struct error_text shown = error_slice(key);
    enum status status = error_set(reader->error, STATUS_REFUSED, code, sentence, shown.text, NULL);
    return place(reader, status, reader->start + at, &key);
}

static const char duplicate_key[] = "The key \"{0}\" stands twice in one object.";

/* ── space ── */

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static enum status skip_space(struct reader *reader)
{
    for (; reader->at < reader->end && is_space(*reader->at); reader->at++)
        if (reader->form == JSON_CANONICAL)
            return refuse(reader, reader->at, "json-whitespace",
                          "Canonical JSON has no white space outside its strings.");
    return STATUS_DONE;
}

/* ── strings ── */

/* Is one of the eight bytes of `word` equal to `byte`? */
static bool holds_byte(uint64_t word, uint8_t byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t other = word ^ (ones * byte);
    return ((other - ones) & ~other & (ones * 0x80)) != 0;
}

/* Steps over printable ASCII that is neither: all of most keys and ids. */
static const uint8_t *skip_simple(const uint8_t *at, const uint8_t *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; end - at >= 8; at += 8) {
        /* As in text/decode.h: below 0x20, 0x7F and what is no ASCII show in a high bit; so do the two that end it. The
         * lowest of them is no carry of another's. */
        uint64_t word = load_eight(at), quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
        uint64_t ends = (word | (word - ones * 0x20) | (word + ones) | (quote - ones) | (slash - ones)) & (ones * 0x80);
        if (ends != 0) return at + __builtin_ctzll(ends) / 8;
    }
    while (at < end && *at >= 0x20 && *at < 0x7F && *at != '"' && *at != '\\') at++;
    return at;
}

/* Steps over whole eights without a quotation mark or a backslash. */
static const uint8_t *skip_unquoted(const uint8_t *at, const uint8_t *end)
{
    for (uint64_t word; end - at >= 8; at += 8) {
        memcpy(&word, at, 8);
        if (holds_byte(word, '"') || holds_byte(word, '\\')) break;
    }
    return at;
}

/* The closing quote of the string that begins at `at` (after its quote), or NULL. */
static const uint8_t *string_end(const uint8_t *at, const uint8_t *end, bool *escaped)
{
    *escaped = false;
    for (;; at += 2) { /* a backslash and what it escapes */
        for (at = skip_unquoted(at, end); at < end && *at != '"' && *at != '\\';) at++;
        if (at == end) return NULL;
        if (*at == '"') return at;
        *escaped = true;
        if (end - at < 2) return NULL;
    }
}

static enum status unescape(struct reader *reader, struct slice inside)
{
    buffer_reset(&reader->unescaped);
    for (size_t at = 0; at < inside.size;) {
        if (inside.data[at] != '\\') {
            const uint8_t *plain = inside.data + at, *slash = memchr(plain, '\\', inside.size - at);
            size_t size = slash == NULL ? inside.size - at : (size_t)(slash - plain);
            buffer_put(&reader->unescaped, slice_of(plain, size));
            at += size;
            continue;
        }
        const uint8_t *place_ = inside.data + at;
        uint32_t code_point;
        if (!json_unescape(inside, &at, &code_point))
            return refuse(reader, place_, "json-escape",
                          "A backslash must begin an escape of JSON, with both halves of "
                          "a surrogate pair.");
        if (reader->form == JSON_CANONICAL && place_[1] != '"' && place_[1] != '\\')
            return refuse(reader, place_, "json-escape",
                          "Canonical JSON escapes the quotation mark and the backslash alone.");
        utf8_put(&reader->unescaped, code_point);
    }
    return buffer_finish(&reader->unescaped, reader->error);
}

/* Where in the written string the byte `offset` of the decoded one comes from. */
static size_t written_offset(struct slice inside, bool escaped, size_t offset)
{
    size_t at = 0, decoded = 0;
    if (!escaped) return offset;
    while (at < inside.size && decoded < offset) {
        uint32_t c;
        if (inside.data[at] != '\\' || !json_unescape(inside, &at, &c)) {
            at++;
            decoded++;
        } else {
            decoded += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        }
    }
    return at;
}

/* Checks *text; the relaxed form moves it to its normal form in reader->normal. */
static enum status check_string(struct reader *reader, struct slice *text)
{
    enum status status = text_check(*text, reader->error);
    if (status != STATUS_REFUSED || reader->form == JSON_CANONICAL || strcmp(reader->error->code, "text-not-nfc") != 0)
        return status;
    TRY(text_check_unnormalised(*text, reader->error));
    buffer_reset(&reader->normal);
    TRY(text_normalise(&reader->normal, *text, reader->error));
    *text = buffer_slice(&reader->normal);
    return STATUS_DONE;
}

static enum status read_string(struct reader *reader, struct slice *out)
{
    bool escaped;
    const uint8_t *quote = reader->at, *end = skip_simple(quote + 1, reader->end);
    if (end < reader->end && *end == '"') { /* there is nothing to say about such text */
        *out = slice_of(quote + 1, (size_t)(end - quote - 1));
        reader->at = end + 1;
        return STATUS_DONE;
    }
    end = string_end(quote + 1, reader->end, &escaped);
    if (end == NULL) return refuse(reader, quote, "json-syntax", "A string is not closed.");
    struct slice inside = slice_of(quote + 1, (size_t)(end - quote - 1)), text = inside;
    reader->at = end + 1;
    if (escaped) {
        TRY(unescape(reader, inside));
        text = buffer_slice(&reader->unescaped);
    }
    enum status status = check_string(reader, &text);
    if (status == STATUS_REFUSED)
        return place(reader, status, inside.data + written_offset(inside, escaped, (size_t)reader->error->offset),
                     NULL);
    TRY(status);
    *out = text.data == inside.data ? text : arena_copy(reader->arena, text);
    return out->data == NULL ? arena_full(reader->error) : STATUS_DONE;
}

/* ── scalars ── */

static bool in_number(uint8_t c)
{
    return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

static enum status read_integer(struct reader *reader, int64_t *integer)
{
    static const char form[] = "A number is a whole number in plain digits: no fraction, exponent, plus sign, leading "
                               "zero or -0.";
    const uint8_t *token = reader->at, *at = token;
    while (reader->at < reader->end && in_number(*reader->at)) reader->at++;
    bool negative = *at == '-';
    if (negative) at++;
    if (at == reader->at || (*at == '0' && (negative || reader->at - at > 1)))
        return refuse(reader, token, "json-number", form);
    bool in_range = true;
    int64_t number = 0;
    for (; at < reader->at; at++) {
        if (*at < '0' || *at > '9') return refuse(reader, token, "json-number", form);
        number = number * 10 + (*at - '0');
        if (number > JSON_INTEGER_MOST) in_range = false;
        if (!in_range) number = 0;
    }
    if (!in_range)
        return refuse(reader, token, "json-range", "A number lies between -9007199254740991 and 9007199254740991.");
    *integer = negative ? -number : number;
    return STATUS_DONE;
}

static enum status read_word(struct reader *reader, struct json *value)
{
    static const struct {
        const char *word;
        enum json_type type;
    } words[] = {{"true", JSON_TRUE}, {"false", JSON_FALSE}};
    struct slice rest = slice_of(reader->at, (size_t)(reader->end - reader->at));
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (!slice_starts(rest, words[i].word)) continue;
        value->type = words[i].type;
        reader->at += strlen(words[i].word);
        return STATUS_DONE;
    }
    if (slice_starts(rest, "null"))
        return refuse(reader, reader->at, "json-null", "There is no null: what is absent is left out.");
    return refuse(reader, reader->at, "json-syntax", "A value is expected here.");
}

/* ── structure ── */

static enum status add_node(struct reader *reader, struct node **out)
{
    if (++reader->nodes > reader->nodes_most)
        return refuse_limit(reader, "json-limit", "A text has at most {0} values.", reader->nodes_most);
    struct node *node = arena_get(reader->arena, sizeof *node);
    if (node == NULL) return arena_full(reader->error);
    *out = node;
    if (reader->depth == 0) return STATUS_DONE;
    struct level *level = &reader->level[reader->depth - 1];
    if (level->last == NULL)
        level->container->json.first = &node->json;
    else
        level->last->json.next = &node->json;
    level->container->json.size++;
    level->last = node;
    level->inside = true;
    return STATUS_DONE;
}

static enum status open_container(struct reader *reader, struct node *node, enum json_type type)
{
    if (reader->depth == LIMIT_JSON_DEPTH)
        return refuse_limit(reader, "json-depth", "Objects and arrays stand at most {0} deep in each other.",
                            LIMIT_JSON_DEPTH);
    node->json.type = type;
    reader->level[reader->depth++] = (struct level){.container = node};
    reader->at++;
    return STATUS_DONE;
}

static enum status read_value(struct reader *reader, struct node *node)
{
    TRY(skip_space(reader));
    if (reader->at == reader->end)
        return refuse(reader, reader->at, "json-syntax", "The text ends where a value is expected.");
    const uint8_t *from = reader->at;
    node->json.source.data = from;
    if (*from == '{') return open_container(reader, node, JSON_OBJECT);
    if (*from == '[') return open_container(reader, node, JSON_ARRAY);
    if (*from == '"') {
        node->json.type = JSON_STRING;
        TRY(read_string(reader, &node->json.string));
    } else if (in_number(*from) && *from != 'e' && *from != 'E') {
        node->json.type = JSON_INTEGER;
        TRY(read_integer(reader, &node->json.integer));
    } else {
        TRY(read_word(reader, &node->json));
    }
    node->json.source.size = (size_t)(reader->at - from);
    return STATUS_DONE;
}

/* A key that does not come after the one before it: doubled, or out of order. */
static enum status refuse_order(struct reader *reader, const struct level *level, uint32_t at, struct slice key)
{
    for (const struct json *member = level->container->json.first; member != NULL; member = member->next)
        if (slice_equal(member->key, key)) return refuse_key(reader, at, key, "json-duplicate-key", duplicate_key);
    return refuse_key(reader, at, key, "json-key-order",
                      "The key \"{0}\" stands after one that it sorts before (by UTF-16 code units).");
}

/* A member's key and colon; its node is *out. */
static enum status read_key(struct reader *reader, struct level *level, struct node **out)
{
    struct slice key;
    uint32_t at = (uint32_t)(reader->at - reader->start);
    if (*reader->at != '"')
        return refuse(reader, reader->at, "json-syntax", "A key in double quotes is expected here.");
    TRY(read_string(reader, &key));
    if (level->last != NULL && text_compare_utf16(level->last->json.key, key) >= 0) {
        if (reader->form == JSON_CANONICAL) return refuse_order(reader, level, at, key);
        level->unsorted = true;
    }
    TRY(add_node(reader, out));
    (*out)->json.key = key;
    (*out)->key_at = at;
    TRY(skip_space(reader));
    if (reader->at == reader->end || *reader->at != ':')
        return refuse(reader, reader->at, "json-syntax", "A colon is expected after the key.");
    reader->at++;
    return STATUS_DONE;
}

/* Every node was allocated here as a struct node, and nobody else has seen it yet. */
static struct node *node_of(const struct json *json)
{
    return (struct node *)(uintptr_t)json;
}

static enum status sort_members(struct reader *reader, struct json *object)
{
    OWN(free_members) const struct json **members = json_sorted(object);
    if (members == NULL) return arena_full(reader->error);
    for (size_t i = 1; i < object->size; i++)
        if (slice_equal(members[i - 1]->key, members[i]->key))
            return refuse_key(reader, node_of(members[i])->key_at, members[i]->key, "json-duplicate-key",
                              duplicate_key);
    object->first = members[0];
    for (size_t i = 0; i < object->size; i++)
        node_of(members[i])->json.next = i + 1 < object->size ? members[i + 1] : NULL;
    return STATUS_DONE;
}

static enum status close_container(struct reader *reader, const struct level *level)
{
    struct json *container = &level->container->json;
    reader->at++;
    if (level->unsorted) TRY(sort_members(reader, container));
    container->source.size = (size_t)(reader->at - container->source.data);
    reader->depth--;
    return STATUS_DONE;
}

/* One step inside the innermost container: a comma, its end, or a member up to its end or the opening of its value. */
static enum status read_step(struct reader *reader)
{
    struct level *level = &reader->level[reader->depth - 1];
    bool object = level->container->json.type == JSON_OBJECT;
    level->inside = false;
    TRY(skip_space(reader));
    if (reader->at == reader->end)
        return refuse(reader, reader->at, "json-syntax", "The text ends before everything that was opened is closed.");
    if (!level->comma && *reader->at == (object ? '}' : ']')) return close_container(reader, level);
    if (!level->comma && level->last != NULL) {
        if (*reader->at != ',')
            return refuse(reader, reader->at, "json-syntax",
                          "A comma or the end of the object or array is expected here.");
        reader->at++;
        level->comma = true;
        return STATUS_DONE;
    }
    level->comma = false;
    struct node *node = NULL;
    TRY(object ? read_key(reader, level, &node) : add_node(reader, &node));
    return read_value(reader, node);
}

static enum status read_text(struct reader *reader)
{
    static const char too_long[] = "A JSON text has at most {0} bytes here.";
    int64_t most = reader->form == JSON_CANONICAL ? LIMIT_RECORD_TEXT_BYTES : LIMIT_JSON_BYTES;
    if (reader->end - reader->start > most) return refuse_limit(reader, "json-limit", too_long, most);
    struct slice text = slice_of(reader->start, (size_t)(reader->end - reader->start));
    if (reader->form == JSON_RELAXED && slice_starts(text, "\xEF\xBB\xBF")) reader->at += 3; /* a byte order mark */
    TRY(add_node(reader, &reader->root));
    TRY(read_value(reader, reader->root));
    while (reader->depth > 0) TRY(read_step(reader));
    TRY(skip_space(reader));
    if (reader->at == reader->end) return STATUS_DONE;
    return refuse(reader, reader->at, "json-trailing", "Something follows the end of the value.");
}

enum status json_read(const struct json **out, struct slice text, enum json_form form, struct arena *arena,
                      struct error *error)
{
    struct error unseen;
    struct reader reader = {.start = text.data, .at = text.data, .end = text.data + text.size, .form = form};
    reader.nodes_most = form == JSON_CANONICAL ? LIMIT_JSON_NODES : LIMIT_JSON_NODES_RELAXED;
    reader.arena = arena;
    reader.error = error != NULL ? error : &unseen;
    enum status status = read_text(&reader);
    buffer_clear(&reader.unescaped);
    buffer_clear(&reader.normal);
    if (status == STATUS_DONE) *out = &reader.root->json;
    return status;
}
