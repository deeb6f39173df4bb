#include "register/side_by_side.h"

#include <stdio.h>
#include <stdlib.h>

/* In the order in which they stand. What is compared is told of the event itself; the rest is each author's own. */
static const struct aligned {
    const char *name;
    bool of_event; /* it may stand in the record's `event`, which goes first */
    bool compared;
} fields[] = {
    {"when", true, true},         {"where", true, true},     {"act", true, true},        {"actor", true, true},
    {"target", true, true},       {"weapon", true, true},    {"casualties", true, true}, {"counts", true, true},
    {"response", false, false},   {"ground", false, false},  {"finding", false, false},  {"standard", false, false},
    {"confidence", false, false}, {"grade", false, false},   {"term", false, false},     {"method", false, false},
    {"observer", false, false},   {"dissent", false, false}, {"basis", false, false},    {"text", false, false},
};

enum status side_by_side_open(struct side_by_side *out, struct truce_register *reg, const struct event_records *records,
                              struct error *error)
{
    *out = (struct side_by_side){.column = calloc(records->count + 1, sizeof *out->column)};
    arena_init(&out->arena, LIMIT_REQUEST_BYTES);
    if (out->column == NULL) return arena_full(error);
    for (size_t i = 0; i < records->count; i++) {
        struct column *column = &out->column[out->count++];
        column->index = records->index[i];
        TRY(register_read(reg, column->index, &column->entry, &out->arena, &column->record, &column->received_ms,
                          error));
    }
    return STATUS_DONE;
}

void side_by_side_close(struct side_by_side *all)
{
    for (size_t i = 0; i < all->count; i++) buffer_clear(&all->column[i].entry);
    free(all->column);
    arena_clear(&all->arena);
}

static void put_string(struct json_writer *w, const char *key, struct slice value)
{
    if (value.size == 0) return;
    json_put_key(w, key), json_put_slice(w, value);
}

static void put_id(const struct column *column, struct json_writer *w)
{
    char hex[HASH_HEX_SIZE];
    hash_format(&column->record.id.hash, hex);
    json_put_key(w, "id"), json_put_string(w, hex);
}

void side_by_side_put_columns(const struct side_by_side *all, struct json_writer *w)
{
    json_put_array(w);
    for (size_t i = 0; i < all->count; i++) {
        const struct column *column = &all->column[i];
        char received[25];
        received_format(column->received_ms, received);
        json_put_object(w);
        put_string(w, "by", column->record.by);
        put_id(column, w);
        json_put_key(w, "index"), json_put_integer(w, (int64_t)column->index);
        json_put_key(w, "kind"), json_put_string(w, column->record.kind->name);
        json_put_key(w, "received"), json_put_string(w, received);
        json_put_close(w);
    }
    json_put_close(w);
}

/* ---- what a record says of a field */

static const struct json *value_of(const struct column *column, const struct aligned *field)
{
    const struct json *body = column->record.body;
    const struct json *told = field->of_event ? json_find(json_find(body, "event"), field->name) : NULL;
    return told != NULL ? told : json_find(body, field->name);
}

static bool leads_into(struct slice pointer, const char *to)
{
    return slice_starts(pointer, to) && (pointer.size == strlen(to) || pointer.data[strlen(to)] == '/');
}

/* Is anything of it sealed? */
static bool is_sealed(const struct column *column, const struct aligned *field)
{
    const struct json *sealed = json_find(column->record.body, "sealed");
    char own[64], told[64];
    snprintf(own, sizeof own, "/%s", field->name);
    snprintf(told, sizeof told, "/event/%s", field->name);
    for (const struct json *m = sealed == NULL ? NULL : sealed->first; m != NULL; m = m->next) {
        struct slice pointer = json_find_string(m, "pointer");
        if (leads_into(pointer, own) || (field->of_event && leads_into(pointer, told))) return true;
    }
    return false;
}

/* Of a time its ends: how exactly somebody meant to tell it is no other time. */
static bool same_value(const struct json *a, const struct json *b)
{
    static const char *const ends[] = {"from", "to"};
    bool same = slice_equal(a->source, b->source), timed = json_find(a, "from") != NULL && json_find(b, "from") != NULL;
    for (size_t i = 0; i < COUNT_OF(ends) && timed && !same; i++) {
        if (!slice_equal(json_find_string(a, ends[i]), json_find_string(b, ends[i]))) return false;
        if (i + 1 == COUNT_OF(ends)) same = true;
    }
    return same;
}

/* Do two of those that say something of it say something else? */
static bool differs(const struct side_by_side *all, const struct aligned *field)
{
    const struct json *first = NULL;
    for (size_t i = 0; i < all->count && field->compared; i++) {
        const struct json *value = value_of(&all->column[i], field);
        if (value == NULL) continue;
        if (first != NULL && !same_value(first, value)) return true;
        if (first == NULL) first = value;
    }
    return false;
}

/* The first column that says the very same. */
static size_t like(const struct side_by_side *all, const struct aligned *field, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        const struct json *value = value_of(&all->column[k], field);
        if (value != NULL && same_value(value, value_of(&all->column[i], field))) return k;
    }
    return i;
}

static void put_cell(const struct side_by_side *all, const struct aligned *field, size_t i, struct json_writer *w)
{
    const struct json *value = value_of(&all->column[i], field);
    json_put_object(w);
    put_id(&all->column[i], w);
    if (value != NULL && field->compared) json_put_key(w, "like"), json_put_integer(w, (int64_t)like(all, field, i));
    if (is_sealed(&all->column[i], field)) json_put_key(w, "sealed"), json_put_bool(w, true);
    if (value != NULL) json_put_key(w, "value"), json_put_tree(w, value);
    json_put_close(w);
}

static bool anybody_says(const struct side_by_side *all, const struct aligned *field)
{
    for (size_t i = 0; i < all->count; i++)
        if (value_of(&all->column[i], field) != NULL || is_sealed(&all->column[i], field)) return true;
    return false;
}

static enum status put_evidence(const struct side_by_side *all, struct truce_register *reg, struct json_writer *w,
                                struct error *error)
{
    size_t count = 0;
    for (size_t i = 0; i < all->count; i++) count += all->column[i].evidence.count;
    if (count == 0) return STATUS_DONE;
    json_put_object(w);
    json_put_key(w, "compared"), json_put_bool(w, false);
    json_put_key(w, "differs"), json_put_bool(w, false);
    json_put_key(w, "field"), json_put_string(w, "evidence");
    json_put_key(w, "values");
    json_put_array(w);
    for (size_t i = 0; i < all->count; i++) {
        json_put_object(w);
        put_id(&all->column[i], w);
        if (all->column[i].evidence.count > 0) TRY(beside_put_ids(reg, "value", &all->column[i].evidence, w, error));
        json_put_close(w);
    }
    json_put_close(w);
    json_put_close(w);
    return STATUS_DONE;
}

enum status side_by_side_put_fields(const struct side_by_side *all, struct truce_register *reg, struct json_writer *w,
                                    struct error *error)
{
    json_put_array(w);
    for (size_t f = 0; f < COUNT_OF(fields); f++) {
        if (!anybody_says(all, &fields[f])) continue;
        json_put_object(w);
        json_put_key(w, "compared"), json_put_bool(w, fields[f].compared);
        json_put_key(w, "differs"), json_put_bool(w, differs(all, &fields[f]));
        json_put_key(w, "field"), json_put_string(w, fields[f].name);
        json_put_key(w, "values");
        json_put_array(w);
        for (size_t i = 0; i < all->count; i++) put_cell(all, &fields[f], i, w);
        json_put_close(w);
        json_put_close(w);
    }
    TRY(put_evidence(all, reg, w, error));
    json_put_close(w);
    return STATUS_DONE;
}
