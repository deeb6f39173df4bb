/* Every word for what happened that a worked case uses has a label in both languages: acts, steps, grounds, weapons,
 * what is counted, and the classes that agreements make of them. */
#include "check.h"

#include "json/json.h"
#include "tell/names.h"

#include <fcntl.h>
#include <glob.h>
#include <sys/stat.h>
#include <unistd.h>

static size_t words;

/* A label that is not the word itself, and another in Arabic. */
static void check_word(const char *const *fields, struct slice word)
{
    const char *english = NULL, *arabic = NULL;
    for (; *fields != NULL && english == NULL; fields++) {
        words_language(LANGUAGE_ENGLISH);
        english = tell_word(slice_from(*fields), word);
        words_language(LANGUAGE_ARABIC);
        arabic = tell_word(slice_from(*fields), word);
    }
    words_language(LANGUAGE_ENGLISH);
    words++;
    if (!CHECK(english != NULL && arabic != NULL && strcmp(english, arabic) != 0))
        fprintf(stderr, "    %.*s\n", SLICE(word));
}

/* Which labels may serve a word that stands there. */
static const struct {
    const char *key, *fields[3];
} places[] = {
    {"act", {"act", "class"}},  {"acts", {"act", "class"}}, {"step", {"step"}},       {"ground", {"ground"}},
    {"justify", {"ground"}},    {"result", {"result"}},     {"receipt", {"receipt"}}, {"weapon", {"class"}},
    {"class", {"class"}},       {"subtype", {"subtype"}},   {"sum", {"kind"}},        {"max", {"kind"}},
    {"standard", {"standard"}}, {"lang", {"lang"}},
};

static void check_words(const char *const *fields, const struct json *value)
{
    if (value->type == JSON_STRING) check_word(fields, value->string);
    const struct json *one = value->type == JSON_ARRAY ? value->first : json_find(value, "any");
    if (value->type != JSON_ARRAY && one != NULL) one = one->first;
    for (; one != NULL; one = one->next)
        if (one->type == JSON_STRING) check_word(fields, one->string);
}

static void check_classes(const struct json *classes)
{
    static const char *const names[] = {"class", NULL}, *const members[] = {"act", "class", NULL};
    for (const struct json *class = classes->first; class != NULL; class = class->next) {
        check_word(names, class->key);
        check_words(members, class);
    }
}

static void check_counts(const struct json *counts)
{
    static const char *const kinds[] = {"kind", NULL};
    for (const struct json *count = counts->first; count != NULL; count = count->next)
        if (json_find(count, "kind") != NULL) check_words(kinds, json_find(count, "kind"));
}

static void walk(const struct json *value)
{
    if (value->type != JSON_OBJECT && value->type != JSON_ARRAY) return;
    for (const struct json *child = value->first; child != NULL; child = child->next) {
        bool member = value->type == JSON_OBJECT;
        for (size_t i = 0; i < COUNT_OF(places) && member; i++)
            if (slice_is(child->key, places[i].key)) check_words(places[i].fields, child);
        if (member && slice_is(child->key, "classes") && child->type == JSON_OBJECT) check_classes(child);
        if (member && slice_is(child->key, "counts") && child->type == JSON_ARRAY) check_counts(child);
        walk(child);
    }
}

static void check_file(const char *path)
{
    struct stat about;
    struct arena arena;
    const struct json *tree;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (!CHECK(file >= 0 && fstat(file, &about) == 0)) return;
    arena_init(&arena, 256 * 1024 * 1024);
    uint8_t *text = arena_get(&arena, (size_t)about.st_size);
    CHECK(text != NULL && read(file, text, (size_t)about.st_size) == about.st_size);
    close(file);
    if (CHECK(json_read(&tree, slice_of(text, (size_t)about.st_size), JSON_RELAXED, &arena, NULL) == STATUS_DONE))
        walk(tree);
    arena_clear(&arena);
}

static void every_word_of_the_cases(void)
{
    glob_t files;
    CHECK_INT(glob(SOURCE_ROOT "/cases/*/*.json", 0, NULL, &files), 0);
    CHECK(files.gl_pathc >= 10);
    for (size_t i = 0; i < files.gl_pathc; i++) check_file(files.gl_pathv[i]);
    CHECK(words > 1000);
    globfree(&files);
}

static bool says(struct buffer *text, const char *expected)
{
    bool same = !text->failed && slice_is(buffer_slice(text), expected);
    if (!same) fprintf(stderr, "    %.*s\n", SLICE(buffer_slice(text)));
    buffer_reset(text);
    return same;
}

/* A reader's digits are those of Arabic text alone, and a count's number is one of them. */
static void digits_and_days(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    words_manner((struct words_manner){.arabic_digits = true});
    words_digits(&text, slice_from("17:10 of 1438"));
    CHECK(says(&text, "17:10 of 1438"));
    words_language(LANGUAGE_ARABIC);
    words_digits(&text, slice_from("17:10 of 1438"));
    CHECK(says(&text, "١٧:١٠ of ١٤٣٨"));
    words_count(&text, NOUN_RECORD, 11);
    CHECK(says(&text, "\u2068١١\u2069 وثيقةً"));
    words_hijri(&text, 17077); /* 3 October 2016 */
    CHECK(says(&text, "\u2068٢\u2069 \u2068محرم\u2069 \u2068١٤٣٨\u2069 هـ"));
    words_manner((struct words_manner){0});
    words_language(LANGUAGE_ENGLISH);
    words_hijri(&text, 17077);
    CHECK(says(&text, "2 Muharram 1438 AH"));
    words_hijri(&text, -2000000);
    CHECK(says(&text, ""));
}

TESTS(every_word_of_the_cases, digits_and_days)
