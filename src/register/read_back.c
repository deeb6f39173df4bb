/* Receipt by reading back: the sender of a notice names fields that whoever confirms types without seeing them. What is
 * typed is compared here, leaf by leaf; once all agree, the fields of the acknowledgement are given. */
#include "base/degrees.h"
#include "geo/geo.h"
#include "json/write.h"
#include "register/register.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>

enum { LEAVES_MOST = 128 };

enum leaf_type { LEAF_DEGREES, LEAF_INTEGER, LEAF_TIME, LEAF_WORDS };
static const char *const type_names[] = {
    [LEAF_DEGREES] = "degrees", [LEAF_INTEGER] = "integer", [LEAF_TIME] = "time", [LEAF_WORDS] = "words"};

/* Something that is typed by itself: a number, a moment, or words. */
struct leaf {
    char pointer[ERROR_POINTER_SIZE];
    enum leaf_type type;
    const struct json *value, *within; /* within: the object that it is a member of, or NULL */
    const char *typed;                 /* or NULL */
    bool agrees;
};

struct reading_back {
    const struct json *notice;
    struct leaf *leaf; /* LEAVES_MOST */
    size_t count;
    struct json_path path;
    const struct truce_typed *typed;
    size_t typed_count;
};

/* ---- what is to be read back */

static bool is_time(const struct json *value)
{
    int64_t seconds;
    return value->type == JSON_STRING && time_parse(&seconds, value->string);
}

static bool is_typed(const struct json *value)
{
    return value->type == JSON_INTEGER || is_time(value);
}

/* Is there a number or a moment in it? Then its words are said along, and not typed. */
static bool has_typed(const struct json *value)
{
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY) return is_typed(value);
    for (const struct json *child = value->first; child != NULL; child = child->next)
        if (has_typed(child)) return true;
    return false;
}

static enum leaf_type type_of(const struct json *value, struct slice key)
{
    if (value->type == JSON_INTEGER)
        return slice_is(key, "lat_e7") || slice_is(key, "lon_e7") ? LEAF_DEGREES : LEAF_INTEGER;
    return is_time(value) ? LEAF_TIME : LEAF_WORDS;
}

static void add_leaf(struct reading_back *r, const struct json *value, struct slice key, const struct json *within)
{
    if (r->count == LEAVES_MOST) return;
    struct leaf *leaf = &r->leaf[r->count++];
    *leaf = (struct leaf){.type = type_of(value, key), .value = value, .within = within};
    snprintf(leaf->pointer, sizeof leaf->pointer, "%.*s", (int)r->path.size, r->path.text);
    for (size_t i = 0; i < r->typed_count; i++)
        if (strcmp(r->typed[i].pointer, leaf->pointer) == 0) leaf->typed = r->typed[i].value;
}

static void walk(struct reading_back *r, const struct json *value, struct slice key, const struct json *within,
                 bool words)
{
    size_t index = 0;
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY) {
        if ((words && value->type == JSON_STRING) || is_typed(value)) add_leaf(r, value, key, within);
        return;
    }
    for (const struct json *child = value->first; child != NULL; child = child->next) {
        bool member = value->type == JSON_OBJECT;
        size_t mark = member ? json_path_push(&r->path, child->key) : json_path_push_index(&r->path, index++);
        walk(r, child, member ? child->key : key, member ? value : within, words);
        json_path_pop(&r->path, mark);
    }
}

static enum status take_pointer(struct reading_back *r, struct slice pointer, struct error *error)
{
    const struct json *value = json_at(r->notice, pointer);
    size_t slash = pointer.size;
    if (value == NULL || pointer.size >= sizeof r->path.text)
        return error_set(
            error, STATUS_REFUSED, "read-back-sealed",
            "\"{0}\" is to be read back, and does not stand in the notice: it is sealed. Whoever can open it "
            "confirms with truce write.",
            error_slice(pointer).text, NULL);
    while (slash > 0 && pointer.data[slash - 1] != '/') slash--;
    snprintf(r->path.text, sizeof r->path.text, "%.*s", SLICE(pointer));
    r->path.size = pointer.size;
    struct slice parent = slice_part(pointer, 0, slash > 0 ? slash - 1 : 0);
    const struct json *within = json_at(r->notice, parent);
    walk(r, value, slice_part(pointer, slash, pointer.size), within, !has_typed(value));
    return STATUS_DONE;
}

static enum status take_pointers(struct reading_back *r, struct error *error)
{
    const struct json *list = json_find(r->notice, "read_back");
    for (const struct json *p = list == NULL ? NULL : list->first; p != NULL; p = p->next)
        TRY(take_pointer(r, p->string, error));
    return STATUS_DONE;
}

/* ---- what was typed */

/* Trimmed, in normal form, with digits and the decimal comma of Arabic as 0-9 and ".". */
static enum status plain(struct buffer *out, const char *typed, struct error *error)
{
    OWN(buffer_clear) struct buffer raw = {0};
    size_t bad;
    struct slice text = slice_from(typed);
    if (!utf8_valid(text, &bad)) return STATUS_DONE;
    while (text.size > 0 && text.data[0] <= ' ') text = slice_part(text, 1, text.size);
    while (text.size > 0 && text.data[text.size - 1] <= ' ') text = slice_part(text, 0, text.size - 1);
    for (size_t at = 0, next = 0; at < text.size; at = next) {
        uint32_t c = utf8_next(text, &next);
        bool arabic = c >= 0x660 && c <= 0x669, persian = c >= 0x6F0 && c <= 0x6F9;
        if (arabic || persian)
            buffer_put_byte(&raw, (uint8_t)('0' + c - (arabic ? 0x660 : 0x6F0)));
        else if (c == 0x66B)
            buffer_put_byte(&raw, '.');
        else
            buffer_put(&raw, slice_part(text, at, next - at));
    }
    return text_normalise(out, buffer_slice(&raw), error);
}

/* "2016-09-13 16:00", with or without seconds, T and Z. */
static bool moment_of(int64_t *seconds, struct slice text)
{
    char whole[TIME_TEXT_SIZE];
    size_t size = text.size > 0 && text.data[text.size - 1] == 'Z' ? text.size - 1 : text.size;
    if (size != 16 && size != 19) return false;
    snprintf(whole, sizeof whole, "%.*s%sZ", (int)size, (const char *)text.data, size == 16 ? ":00" : "");
    if (whole[10] == ' ') whole[10] = 'T';
    return time_parse(seconds, slice_from(whole));
}

static bool integer_of(int64_t *integer, struct slice text)
{
    size_t at = text.size > 0 && text.data[0] == '-';
    int64_t number = 0;
    if (at == text.size || text.size > 17) return false;
    for (size_t i = at; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') return false;
        number = number * 10 + (text.data[i] - '0');
    }
    *integer = at == 1 ? -number : number;
    return true;
}

static bool agrees(const struct leaf *leaf, struct slice typed)
{
    int32_t e7;
    int64_t number, sent;
    switch (leaf->type) {
    case LEAF_DEGREES: return degrees_parse(&e7, typed, 180) && e7 == leaf->value->integer;
    case LEAF_INTEGER: return integer_of(&number, typed) && number == leaf->value->integer;
    case LEAF_TIME: return time_parse(&sent, leaf->value->string) && moment_of(&number, typed) && number == sent;
    case LEAF_WORDS: return slice_equal(typed, leaf->value->string);
    }
    return false;
}

static enum status compare(struct reading_back *r, bool *all, struct error *error)
{
    *all = true;
    for (size_t i = 0; i < r->count; i++) {
        OWN(buffer_clear) struct buffer text = {0};
        struct leaf *leaf = &r->leaf[i];
        if (leaf->typed != NULL) TRY(plain(&text, leaf->typed, error));
        leaf->agrees = leaf->typed != NULL && agrees(leaf, buffer_slice(&text));
        *all = *all && leaf->agrees;
    }
    return STATUS_DONE;
}

/* ---- answers */

/* How far the point that was typed lies from the one that was sent; false if it is none, or of no point. */
static bool apart(const struct reading_back *r, const struct leaf *leaf, int64_t *metres)
{
    struct point sent, typed;
    const struct json *point = leaf->within;
    if (leaf->type != LEAF_DEGREES) return false;
    sent.lat_e7 = typed.lat_e7 = (int32_t)json_find_integer(point, "lat_e7", 0);
    sent.lon_e7 = typed.lon_e7 = (int32_t)json_find_integer(point, "lon_e7", 0);
    for (size_t i = 0; i < r->count; i++) {
        const struct leaf *other = &r->leaf[i];
        int32_t e7;
        OWN(buffer_clear) struct buffer text = {0};
        if (other->within != point || other->type != LEAF_DEGREES || other->typed == NULL) continue;
        if (plain(&text, other->typed, NULL) != STATUS_DONE) return false;
        bool lat = slice_is(other->value->key, "lat_e7");
        if (!degrees_parse(&e7, buffer_slice(&text), lat ? 90 : 180)) return false;
        *(lat ? &typed.lat_e7 : &typed.lon_e7) = e7;
    }
    *metres = (geo_distance_mm(sent, typed) + 500) / 1000;
    return true;
}

static void put_value_text(struct json_writer *w, const struct leaf *leaf)
{
    char text[DEGREES_TEXT_SIZE + 8];
    if (leaf->type == LEAF_DEGREES)
        degrees_format((int32_t)leaf->value->integer, text);
    else if (leaf->type == LEAF_INTEGER)
        snprintf(text, sizeof text, "%" PRId64, leaf->value->integer);
    if (leaf->type == LEAF_TIME || leaf->type == LEAF_WORDS)
        json_put_slice(w, leaf->value->string);
    else
        json_put_string(w, text);
}

static void put_differs(struct json_writer *w, const struct reading_back *r)
{
    int64_t metres;
    size_t bad;
    json_put_array(w);
    for (size_t i = 0; i < r->count; i++) {
        const struct leaf *leaf = &r->leaf[i];
        if (leaf->agrees) continue;
        bool shown = leaf->typed != NULL && utf8_valid(slice_from(leaf->typed), &bad);
        json_put_object(w);
        if (shown && apart(r, leaf, &metres)) json_put_key(w, "apart_m"), json_put_integer(w, metres);
        json_put_key(w, "pointer"), json_put_string(w, leaf->pointer);
        json_put_key(w, "sent"), put_value_text(w, leaf);
        json_put_key(w, "typed"), json_put_string(w, shown ? leaf->typed : "");
        json_put_close(w);
    }
    json_put_close(w);
}

/* "about": the word that stands beside a number, as of a count of trucks. */
static void put_fields(struct json_writer *w, const struct reading_back *r)
{
    json_put_array(w);
    for (size_t i = 0; i < r->count; i++) {
        struct slice about = json_find_string(r->leaf[i].within, "kind");
        json_put_object(w);
        if (about.size > 0 && r->leaf[i].type == LEAF_INTEGER) json_put_key(w, "about"), json_put_slice(w, about);
        json_put_key(w, "pointer"), json_put_string(w, r->leaf[i].pointer);
        json_put_key(w, "type"), json_put_string(w, type_names[r->leaf[i].type]);
        json_put_close(w);
    }
    json_put_close(w);
}

static void put_object(struct json_writer *w, const struct reading_back *r, int64_t now)
{
    char at[TIME_TEXT_SIZE];
    const struct json *list = json_find(r->notice, "read_back");
    time_format(now, at);
    json_put_object(w);
    json_put_key(w, "at"), json_put_string(w, at);
    json_put_key(w, "of"), json_put_slice(w, json_find_string(r->notice, "id"));
    if (r->count > 0) {
        json_put_key(w, "read_back"), json_put_array(w);
        for (const struct json *p = list->first; p != NULL; p = p->next) {
            json_put_object(w);
            json_put_key(w, "pointer"), json_put_slice(w, p->string);
            json_put_key(w, "value"), json_put_tree(w, json_at(r->notice, p->string));
            json_put_close(w);
        }
        json_put_close(w);
    }
    json_put_key(w, "receipt"), json_put_string(w, r->count > 0 ? "read-back" : "received");
    json_put_close(w);
}

static enum status put_answer(struct reading_back *r, int64_t now, struct buffer *out, struct error *error)
{
    struct json_writer w;
    bool all = false;
    if (r->typed != NULL) TRY(compare(r, &all, error));
    json_write_open(&w, out);
    json_put_object(&w);
    if (r->typed != NULL) json_put_key(&w, "differs"), put_differs(&w, r);
    json_put_key(&w, "fields"), put_fields(&w, r);
    json_put_key(&w, "id"), json_put_slice(&w, json_find_string(r->notice, "id"));
    if (all) json_put_key(&w, "object"), put_object(&w, r, now);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

static enum status read_back(struct truce_register *reg, const struct truce_buffer *shown, struct reading_back *r,
                             struct arena *arena, struct buffer *out, struct error *error)
{
    TRY(json_read(&r->notice, slice_of(shown->data, shown->size), JSON_RELAXED, arena, error));
    if (!slice_is(json_find_string(r->notice, "kind"), "notice"))
        return error_set(error, STATUS_USAGE, "read-back-kind", "Only the receipt of a notice is confirmed.", NULL);
    r->leaf = arena_get(arena, LEAVES_MOST * sizeof *r->leaf);
    if (r->leaf == NULL) return arena_full(error);
    TRY(take_pointers(r, error));
    return put_answer(r, reg->system->now_ms(reg->system->context) / 1000, out, error);
}

enum truce_status truce_read_back(struct truce_register *reg, const char *id, const struct truce_typed *typed,
                                  size_t count, struct truce_buffer *answer, struct truce_error *error)
{
    struct error why;
    struct truce_buffer shown = {0};
    struct arena arena;
    OWN(buffer_clear) struct buffer out = {0};
    struct reading_back r = {.typed = typed, .typed_count = count};
    enum truce_status found = truce_show(reg, id, TRUCE_JSON, &shown, error);
    if (found != TRUCE_DONE) return found;
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    enum status status = read_back(reg, &shown, &r, &arena, &out, &why);
    arena_clear(&arena);
    truce_free(&shown);
    if (status == STATUS_DONE) status = public_buffer(answer, &out, &why);
    return public_status(status, &why, error);
}
