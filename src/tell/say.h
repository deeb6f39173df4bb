/* Sentences with things in their holes, said once for the terminal and for pages: whoever shows them gives a voice,
 * which writes words, and things each in the form that suits it (a page links records and terms). */
#ifndef TRUCE_TELL_SAY_H
#define TRUCE_TELL_SAY_H

#include "tell/records.h"
#include "tell/words.h"

enum hole_type {
    HOLE_NONE,
    HOLE_WORDS,    /* the program's own, in the reader's language */
    HOLE_TEXT,     /* what somebody wrote */
    HOLE_CODE,     /* an id or hash: from left to right in any language, in a face that tells 0 from O */
    HOLE_NUMBER,   /* from left to right in any language */
    HOLE_TIME,     /* "3 October 2016, 17:10 UTC", where there is room for it */
    HOLE_STAMP,    /* the same, short: "2016-10-03 17:10 UTC" */
    HOLE_PARTY,    /* by the name that it gives itself */
    HOLE_RECORD,   /* by its short id */
    HOLE_TERM,     /* by its id; leads to its explanation */
    HOLE_RESULT,   /* a verdict */
    HOLE_TERMS,    /* a list of ids of terms */
    HOLE_INTEGER,  /* `integer` */
    HOLE_DURATION, /* `integer` seconds */
    HOLE_DAYS,     /* `integer` days */
    HOLE_PHRASE,   /* what `phrase` says of `list` */
};
struct voice;
typedef void phrase(const struct voice *voice, const struct json *of);
struct hole {
    enum hole_type type;
    struct slice text;
    const struct json *list;
    int64_t integer;
    phrase *phrase;
};
static inline struct hole hole(enum hole_type type, struct slice text)
{
    return (struct hole){.type = type, .text = text};
}
static inline struct hole hole_words(const char *words)
{
    return hole(HOLE_WORDS, slice_from(words));
}
static inline struct hole hole_terms(const struct json *list)
{
    return (struct hole){.type = HOLE_TERMS, .list = list};
}
static inline struct hole hole_integer(enum hole_type type, int64_t integer)
{
    return (struct hole){.type = type, .integer = integer};
}
static inline struct hole hole_phrase(phrase *put, const struct json *of)
{
    return (struct hole){.type = HOLE_PHRASE, .list = of, .phrase = put};
}

enum manner {
    MANNER_LINE, /* a paragraph */
    MANNER_LIST, /* around items */
    MANNER_ITEM,
    MANNER_MORE, /* another line of the item */
    MANNER_NOTE, /* said beside the matter */
};
struct voice {
    void *context;
    struct records *records;
    const struct json *agreement; /* whose terms and tables are spoken of, or NULL */
    void (*words)(void *context, struct slice words);
    void (*thing)(void *context, struct hole thing); /* of the types from HOLE_TEXT to HOLE_RESULT */
    void (*begin)(void *context, enum manner manner);
    void (*end)(void *context, enum manner manner);
    unsigned depth; /* of phrases in each other */
    unsigned *left; /* how many more phrases the outermost may have; NULL outside of any */
};

/* The message (already in the reader's language) with its holes filled. */
void say_message(const struct voice *voice, const char *message, const struct hole holes[ERROR_ARGUMENTS]);
#define TELL(voice, message, ...) say_message(voice, message, (const struct hole[ERROR_ARGUMENTS]){__VA_ARGS__})
/* The same as a line or an item of its own. */
#define TELL_AS(voice, manner, message, ...)                                                                           \
    do {                                                                                                               \
        (voice)->begin((voice)->context, manner);                                                                      \
        TELL(voice, message, __VA_ARGS__);                                                                             \
        (voice)->end((voice)->context, manner);                                                                        \
    } while (0)

void say_words(const struct voice *voice, const char *words);
void say_hole(const struct voice *voice, struct hole hole);
/* The label of an id, or the id. */
void say_label(const struct voice *voice, enum label_table table, struct slice id);
/* The label of a word of a field, or the word. */
void say_word(const struct voice *voice, const char *field, struct slice word);

#endif
