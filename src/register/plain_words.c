#include "register/plain_words.h"

#include "register/register.h"

/* ---- telephone numbers: seven digits or more in one run, with what people put between them. Times and dates have
 * fewer in a run, or colons. */

enum { DIGITS_LEAST = 7, RUN_MOST = 40 };

/* A digit of either script at `at`: its size in bytes, or 0. */
static size_t digit_at(struct slice text, size_t at)
{
    const uint8_t *p = text.data + at;
    if (*p >= '0' && *p <= '9') return 1;
    bool two = at + 1 < text.size;
    if (two && p[0] == 0xD9 && p[1] >= 0xA0 && p[1] <= 0xA9) return 2;  /* U+0660 … U+0669 */
    return two && p[0] == 0xDB && p[1] >= 0xB0 && p[1] <= 0xB9 ? 2 : 0; /* U+06F0 … U+06F9 */
}

static bool joins(uint8_t c)
{
    return c == ' ' || c == '-' || c == '(' || c == ')' || c == '/' || c == '.';
}

/* 2016-09-12, 12.9.2016 and 1,000,000 are none. */
static bool is_date(struct slice run)
{
    size_t groups = 0, first = 0, size = 0;
    for (size_t i = 0; i <= run.size; i++) {
        size_t digit = i < run.size ? digit_at(run, i) : 0;
        if (digit > 0) {
            size++;
            i += digit - 1;
            continue;
        }
        if (size == 0) continue;
        if (groups++ == 0) first = size;
        if (size > 4) return false;
        size = 0;
    }
    return groups == 3 && (first == 4 || first <= 2);
}

static bool next_telephone(struct slice text, size_t *at, struct slice *found)
{
    while (*at < text.size) {
        size_t from = *at, end = from, digits = 0, digit;
        if (digit_at(text, from) == 0) {
            ++*at;
            continue;
        }
        for (size_t i = from; i < text.size && i - from<RUN_MOST; i += digit> 0 ? digit : 1) {
            digit = digit_at(text, i);
            if (digit == 0 && !joins(text.data[i])) break;
            if (digit > 0) digits++, end = i + digit;
        }
        *at = end;
        *found = slice_part(text, from, end - from);
        if (digits >= DIGITS_LEAST && !is_date(*found)) return true;
    }
    return false;
}

/* ---- names: a title, and the word behind it */

static const char *const titles[] = {
    "Mr",      "Mrs",      "Ms",      "Miss",       "Dr",       "Sheikh", "Haj",    "Hajji",  "Abu",    "Umm",
    "Captain", "Major",    "Colonel", "Lieutenant", "Sergeant", "named",  "called", "السيد",  "السيدة", "الآنسة",
    "الدكتور", "الدكتورة", "الشيخ",   "الحاج",      "الحاجة",   "أبو",    "أم",     "النقيب", "الرائد", "العقيد",
    "العميد",  "الملازم",  "الرقيب",  "اسمه",       "اسمها",    "يدعى",   "تدعى",
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '.' || c == ',';
}

static struct slice next_word(struct slice text, size_t *at)
{
    while (*at < text.size && is_space(text.data[*at])) ++*at;
    size_t from = *at;
    while (*at < text.size && !is_space(text.data[*at])) ++*at;
    return slice_part(text, from, *at - from);
}

static bool is_title(struct slice word)
{
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        if (slice_is(word, titles[i])) return true;
    return false;
}

/* Latin names begin with a capital; Arabic has none, so that any word will do. */
static bool may_be_name(struct slice word)
{
    return word.size > 1 && ((word.data[0] >= 'A' && word.data[0] <= 'Z') || word.data[0] >= 0xC0);
}

static bool next_name(struct slice text, size_t *at, struct slice *found)
{
    while (*at < text.size) {
        struct slice title = next_word(text, at);
        size_t behind = *at;
        struct slice name = is_title(title) ? next_word(text, &behind) : (struct slice){NULL, 0};
        if (!may_be_name(name)) continue;
        *found = slice_of(title.data, (size_t)(name.data + name.size - title.data));
        *at = behind;
        return true;
    }
    return false;
}

/* ---- the record's texts */

static const struct {
    const char *code, *sentence;
    bool (*next)(struct slice text, size_t *at, struct slice *found);
} looks[] = {
    {"plain-telephone",
     "\"{0}\" may be a telephone number. It would be read by everybody, for good: seal the field, or leave it out.",
     next_telephone},
    {"plain-name",
     "\"{0}\" may be a person's name. It would be read by everybody, for good: seal the field, or leave it out.",
     next_name},
};

struct looking {
    struct json_writer *writer;
    struct json_path path;
};

static void look_at(struct looking *l, struct slice text)
{
    for (size_t i = 0; i < COUNT_OF(looks); i++) {
        struct slice found;
        for (size_t at = 0; looks[i].next(text, &at, &found);) {
            struct error error;
            char message[1024];
            (void)!error_set(&error, STATUS_DONE, looks[i].code, looks[i].sentence, error_slice(found).text, NULL);
            public_message(&error, message, sizeof message);
            json_put_object(l->writer);
            json_put_key(l->writer, "code"), json_put_string(l->writer, looks[i].code);
            json_put_key(l->writer, "message"), json_put_string(l->writer, message);
            json_put_key(l->writer, "pointer"), json_put_string(l->writer, l->path.text);
            json_put_key(l->writer, "words"), json_put_slice(l->writer, found);
            json_put_close(l->writer);
        }
    }
}

/* Strings that people write; not what a machine fills in, nor whom a statement quotes by office. */
static bool is_told(struct slice key)
{
    static const char *const told[] = {"name", "function", "whom", "exact"};
    for (size_t i = 0; i < COUNT_OF(told); i++)
        if (slice_is(key, told[i])) return true;
    return false;
}

static void walk(struct looking *l, const struct json *value)
{
    bool languages = json_find(value, "original") != NULL; /* the members of a text are what people wrote */
    if (value->type != JSON_ARRAY && value->type != JSON_OBJECT) return;
    if (slice_is(value->key, "sealed") || slice_is(value->key, "source") || slice_is(value->key, "basis")) return;
    size_t index = 0;
    for (const struct json *m = value->first; m != NULL; m = m->next, index++) {
        size_t pushed =
            value->type == JSON_ARRAY ? json_path_push_index(&l->path, index) : json_path_push(&l->path, m->key);
        bool told = languages ? !slice_is(m->key, "original") : is_told(m->key);
        if (m->type == JSON_STRING && told) look_at(l, m->string);
        walk(l, m);
        json_path_pop(&l->path, pushed);
    }
}

void plain_words_put(struct json_writer *writer, const struct json *record)
{
    struct looking l = {.writer = writer, .path = {.size = 0}};
    json_put_array(writer);
    walk(&l, record);
    json_put_close(writer);
}
