#include "tell/filing.h"

#include "base/time.h"
#include "tell/places.h"
#include "tell/typed.h"
#include "tell/words.h"

#include <inttypes.h>
#include <stdio.h>

enum { ARENA_BYTES = 16 * 1024 * 1024, NAME_MOST = 120, MINUTE = 60 };

void filing_open(struct filing *filing, struct records *records, int64_t now)
{
    *filing = (struct filing){.records = records, .now = now, .kind = "", .by = "", .key = ""};
    arena_init(&filing->arena, ARENA_BYTES);
}

void filing_close(struct filing *filing)
{
    arena_clear(&filing->arena);
}

bool filing_add(struct filing *filing, const char *name, const char *value)
{
    if (filing->pairs == FILING_FIELDS_MOST || strlen(name) > NAME_MOST) return false;
    filing->pair[filing->pairs++] = (struct filing_pair){name, value};
    return true;
}

const char *filing_value(const struct filing *filing, const char *name)
{
    for (size_t i = 0; i < filing->pairs; i++)
        if (strcmp(filing->pair[i].name, name) == 0) return filing->pair[i].value;
    return NULL;
}

bool filing_has(const struct filing *filing, const char *name, const char *value)
{
    for (size_t i = 0; i < filing->pairs; i++)
        if (strcmp(filing->pair[i].name, name) == 0 && strcmp(filing->pair[i].value, value) == 0) return true;
    return false;
}

void filing_pointer(char *out, size_t size, const char *name)
{
    size_t used = 0;
    if (size > 1 && *name != '/' && *name != '\0') out[used++] = '/';
    for (; *name != '\0' && *name != '~' && used + 1 < size; name++) out[used++] = *name == '.' ? '/' : *name;
    out[used] = '\0';
}

/* ---- what is put down */

static enum status refuse_field(const char *name, const char *code, const char *sentence, const char *value,
                                struct error *error)
{
    char pointer[NAME_MOST + 2];
    filing_pointer(pointer, sizeof pointer, name);
    return error_at(error, error_set(error, STATUS_REFUSED, code, sentence, error_slice(slice_from(value)).text, NULL),
                    pointer);
}

static enum status put_field(struct filing *f, const char *name, const char *value, struct error *error)
{
    if (f->count == FILING_FIELDS_MOST)
        return error_set(error, STATUS_USAGE, "draft-many", N_("A draft has at most {0} fields, and each list {1}."),
                         error_number(FILING_FIELDS_MOST).text, error_number(FILING_LISTED_MOST).text, NULL);
    f->fields[f->count++] = (struct truce_field){name, value};
    return STATUS_DONE;
}

static char *kept(struct filing *f, struct slice text, struct error *error)
{
    char *out = arena_get(&f->arena, text.size + 1);
    if (out == NULL) {
        (void)!arena_full(error);
        return NULL;
    }
    if (text.size > 0) memcpy(out, text.data, text.size);
    out[text.size] = '\0';
    return out;
}

/* "when.from" of "when.from~time", and what follows it: ".ar". */
static const char *bare(struct filing *f, const char *name, const char *more, struct error *error)
{
    char whole[NAME_MOST + 32];
    int size = snprintf(whole, sizeof whole, "%.*s%s", (int)strcspn(name, "~"), name, more);
    return kept(f, slice_of(whole, size < 0 || (size_t)size >= sizeof whole ? 0 : (size_t)size), error);
}

static enum status put_bare(struct filing *f, const char *name, const char *more, const char *value,
                            struct error *error)
{
    const char *field = bare(f, name, more, error);
    return field == NULL ? STATUS_FAILED : put_field(f, field, value, error);
}

/* ---- time */

/* "+03:00": seconds east of Greenwich; none is UTC. */
static bool zone_read(const char *text, int64_t *seconds)
{
    unsigned hours, minutes;
    char sign, end;
    *seconds = 0;
    if (text == NULL || *text == '\0') return true;
    if (strlen(text) != 6 || sscanf(text, "%c%2u:%2u%c", &sign, &hours, &minutes, &end) != 3) return false;
    if ((sign != '+' && sign != '-') || hours > 14 || minutes > 59) return false;
    *seconds = (int64_t)(hours * 60 + minutes) * MINUTE * (sign == '-' ? -1 : 1);
    return true;
}

/* YYYY-MM-DD[T ]hh:mm[:ss], with or without a Z that says UTC whatever the zone. */
static bool local_read(const char *text, int64_t zone, int64_t *seconds)
{
    char whole[TIME_TEXT_SIZE];
    size_t size = strlen(text);
    bool utc = size > 0 && text[size - 1] == 'Z';
    if (utc) size--;
    if ((size != 16 && size != 19) || (text[10] != 'T' && text[10] != ' ')) return false;
    snprintf(whole, sizeof whole, "%.10sT%.*s%sZ", text, (int)(size - 11), text + 11, size == 16 ? ":00" : "");
    if (!time_parse(seconds, slice_from(whole))) return false;
    if (!utc) *seconds -= zone;
    return *seconds >= TIME_LEAST && *seconds <= TIME_MOST;
}

static enum status put_time(struct filing *f, const char *name, const char *value, struct error *error)
{
    int64_t zone, seconds;
    char time[TIME_TEXT_SIZE];
    static const char zone_name[] = "~zone";
    const char *typed_zone = filing_value(f, zone_name);
    if (!zone_read(typed_zone, &zone))
        return refuse_field(zone_name, "filing-zone", N_("\"{0}\" is no zone: +03:00 is needed."), typed_zone, error);
    if (!local_read(value, zone, &seconds))
        return refuse_field(name, "filing-time",
                            N_("\"{0}\" is no time: a day and a time are needed, as 2016-09-20 06:55."), value, error);
    time_format(seconds, time);
    const char *written = kept(f, slice_from(time), error);
    return written == NULL ? STATUS_FAILED : put_bare(f, name, "", written, error);
}

static bool ends_with(const char *name, const char *end)
{
    size_t size = strlen(name), end_size = strlen(end);
    return size >= end_size && strcmp(name + size - end_size, end) == 0;
}

/* What is over at once: "when.to" is "when.from". */
static enum status put_end(struct filing *f, const char *name, const char *value, struct error *error)
{
    char to[NAME_MOST + 8], plain[NAME_MOST + 8];
    size_t stem = strlen(name) - (sizeof "from~time" - 1);
    if (!ends_with(name, "when.from~time")) return STATUS_DONE;
    snprintf(to, sizeof to, "%.*sto~time", (int)stem, name);
    snprintf(plain, sizeof plain, "%.*sto", (int)stem, name);
    const char *typed = filing_value(f, to), *given = filing_value(f, plain);
    if ((typed != NULL && *typed != '\0') || (given != NULL && *given != '\0')) return STATUS_DONE;
    const char *end = kept(f, slice_from(to), error);
    return end == NULL ? STATUS_FAILED : put_time(f, end, value, error);
}

/* ---- words, places, lists */

/* A browser ends lines by CR LF; what is signed has LF. */
static char *unix_lines(struct filing *f, const char *value, struct error *error)
{
    char *out = kept(f, slice_from(value), error), *to = out;
    for (const char *from = out; from != NULL && *from != '\0'; from++)
        if (*from != '\r') *to++ = *from;
    if (out != NULL) *to = '\0';
    return out;
}

static enum status put_text(struct filing *f, const char *name, const char *value, struct error *error)
{
    char lang_name[NAME_MOST + 8], language[8];
    snprintf(lang_name, sizeof lang_name, "%.*s~lang", (int)strcspn(name, "~"), name);
    const char *lang = filing_value(f, lang_name);
    if (lang == NULL || strlen(lang) < 2 || strlen(lang) > 3 ||
        strspn(lang, "abcdefghijklmnopqrstuvwxyz") != strlen(lang))
        return refuse_field(name, "filing-language",
                            N_("\"{0}\" is no language: two or three letters are needed, as ar."),
                            lang == NULL ? "" : lang, error);
    snprintf(language, sizeof language, ".%s", lang);
    const char *words = unix_lines(f, value, error), *original = kept(f, slice_from(lang), error);
    if (words == NULL || original == NULL) return STATUS_FAILED;
    TRY(put_bare(f, name, language, words, error));
    return put_bare(f, name, ".original", original, error);
}

static enum status put_where(struct filing *f, const char *name, const char *value, struct error *error)
{
    OWN(buffer_clear) struct buffer where = {0};
    struct place_known *known = arena_get(&f->arena, PLACES_MOST * sizeof *known);
    if (known == NULL) return arena_full(error);
    size_t count = f->records == NULL ? 0 : places_known(f->records, known, PLACES_MOST);
    enum status status = places_write(&where, known, count, slice_from(value), error);
    if (status != STATUS_DONE) {
        char pointer[NAME_MOST + 2];
        filing_pointer(pointer, sizeof pointer, name);
        return error_at(error, status, pointer);
    }
    const char *json = kept(f, buffer_slice(&where), error);
    return json == NULL ? STATUS_FAILED : put_bare(f, name, "", json, error);
}

static enum status put_millimetres(struct filing *f, const char *name, const char *value, struct error *error)
{
    uint64_t number;
    char um[24];
    if (!value_number(&number, slice_from(value)) || number > 1000000)
        return refuse_field(name, "filing-number", N_("\"{0}\" is no whole number."), value, error);
    snprintf(um, sizeof um, "%" PRIu64, number * 1000);
    const char *written = kept(f, slice_from(um), error);
    return written == NULL ? STATUS_FAILED : put_bare(f, name, "", written, error);
}

/* All of one name, joined by commas; the first of them does it. */
static enum status put_set(struct filing *f, size_t at, struct error *error)
{
    OWN(buffer_clear) struct buffer joined = {0};
    const char *name = f->pair[at].name;
    for (size_t i = 0; i < f->pairs; i++) {
        if (strcmp(f->pair[i].name, name) != 0 || f->pair[i].value[0] == '\0') continue;
        if (i < at) return STATUS_DONE;
        if (joined.size > 0) buffer_put_byte(&joined, ',');
        buffer_put_string(&joined, f->pair[i].value);
    }
    TRY(buffer_finish(&joined, error));
    const char *written = kept(f, buffer_slice(&joined), error);
    return written == NULL ? STATUS_FAILED : put_bare(f, name, "", written, error);
}

/* ---- one after the other */

static enum status list_add(const char **list, const char *value, struct error *error)
{
    size_t count = 0;
    while (list[count] != NULL) count++;
    if (count == FILING_LISTED_MOST)
        return error_set(error, STATUS_USAGE, "draft-many", N_("A draft has at most {0} fields, and each list {1}."),
                         error_number(FILING_FIELDS_MOST).text, error_number(FILING_LISTED_MOST).text, NULL);
    list[count] = value;
    return STATUS_DONE;
}

static enum status take_author(struct filing *f, const char *value, struct error *error)
{
    size_t size = strcspn(value, ":");
    f->by = kept(f, slice_of(value, size), error);
    f->key = value[size] == ':' ? value + size + 1 : "";
    return f->by == NULL ? STATUS_FAILED : STATUS_DONE;
}

static enum status take(struct filing *f, size_t at, struct error *error)
{
    const char *name = f->pair[at].name, *value = f->pair[at].value, *way = strchr(name, '~');
    if (*value == '\0') return STATUS_DONE;
    if (strcmp(name, "kind") == 0) return f->kind = value, STATUS_DONE;
    if (strcmp(name, "by") == 0) return f->by = value, STATUS_DONE;
    if (strcmp(name, "key") == 0) return f->key = value, STATUS_DONE;
    if (strcmp(name, "~author") == 0) return take_author(f, value, error);
    if (strcmp(name, "seal") == 0) return list_add(f->seal, value, error);
    if (strcmp(name, "unsealed") == 0) return list_add(f->unsealed, value, error);
    if (strcmp(name, "reader") == 0) return list_add(f->readers, value, error);
    if (way == NULL) return put_field(f, name, value, error);
    if (way == name || strcmp(way, "~lang") == 0) return STATUS_DONE;
    if (strcmp(way, "~text") == 0) return put_text(f, name, value, error);
    if (strcmp(way, "~where") == 0) return put_where(f, name, value, error);
    if (strcmp(way, "~mm") == 0) return put_millimetres(f, name, value, error);
    if (strcmp(way, "~set") == 0) return put_set(f, at, error);
    if (strcmp(way, "~time") != 0)
        return refuse_field(name, "filing-way", N_("\"{0}\" is no way to give a field."), way, error);
    TRY(put_time(f, name, value, error));
    return put_end(f, name, value, error);
}

/* A watch that goes on is told as a moment; its end takes the place of that. */
static enum status put_watch(struct filing *f, struct error *error)
{
    char time[TIME_TEXT_SIZE];
    const char *watch = filing_value(f, "~watch");
    bool starts = watch != NULL && strcmp(watch, "start") == 0;
    if (!starts && (watch == NULL || strcmp(watch, "end") != 0)) return STATUS_DONE;
    time_format(f->now, time);
    const char *now = kept(f, slice_from(time), error);
    if (now == NULL) return STATUS_FAILED;
    if (starts) TRY(put_field(f, "when.from", now, error));
    return put_field(f, "when.to", now, error);
}

enum status filing_read(struct filing *filing, struct error *error)
{
    for (size_t i = 0; i < filing->pairs; i++) TRY(take(filing, i, error));
    return put_watch(filing, error);
}
