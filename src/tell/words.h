/* Words for people: messages and labels in the reader's language, filled with what they are about.
 *
 * TR(message) and its siblings mark messages for po/ (tools/messages reads the marks) and look them up. A message may
 * have {0} … {3}; in Arabic each hole stands between isolates, so that a Latin id keeps its own direction. */
#ifndef TRUCE_TELL_WORDS_H
#define TRUCE_TELL_WORDS_H

#include "base/buffer.h"
#include "text/catalogue.h"
#include "truce.h"

#define TR(message) truce_word(message)
#define N_(message) message /* in a table; looked up where it is shown */
#define TR_IN(context, message) word_in(context, message)
#define N_MANY(one, many) one, many

/* The language that messages are shown in; sets truce_language as well. */
void words_language(enum language language);
enum language words_language_now(void);
static inline bool words_arabic(void)
{
    return words_language_now() == LANGUAGE_ARABIC;
}

/* How this reader wants numbers and days, besides the language; of the calling thread, as that is. */
struct words_manner {
    bool arabic_digits; /* ٠-٩ in Arabic; what is compared by eye or copied (ids, coordinates, calibres) keeps 0-9 */
    bool hijri;         /* days by the calendar of Umm al-Qura as well */
};
void words_manner(struct words_manner manner);
struct words_manner words_manner_now(void);

/* Digits as the reader wants them; all else as it is. */
void words_digits(struct buffer *out, struct slice text);
/* "2 Muharram 1438 AH", of a day counted since 1970-01-01; nothing outside the years that the calendar has tables for.
 */
void words_hijri(struct buffer *out, int64_t days);

/* The message in another meaning than its usual one. */
const char *word_in(const char *context, const char *message);

/* `message` (already in the reader's language) with its holes filled; arguments are strings, ended by NULL. */
void words_fill(struct buffer *out, const char *message, ...) __attribute__((sentinel));

/* An error of a room below the library, said in the reader's language as the library says its own. */
void words_error(struct truce_error *out, const struct error *error);

/* A count with its noun: "12 records", "وثيقتان". */
enum noun {
    NOUN_RECORD,
    NOUN_DAY,
    NOUN_HOUR,
    NOUN_MINUTE,
    NOUN_NOTICE,
    NOUN_QUESTION,
    NOUN_FAULT,
    NOUN_ROW,
    NOUN_MATCH,
};
void words_count(struct buffer *out, enum noun noun, uint64_t count);

/* Labels of stable ids (words.md); an id without a label is shown as it is. */
enum label_table {
    LABEL_KIND,
    LABEL_VERDICT,
    LABEL_STANDING, /* of an agreement (m. in Arabic) */
    LABEL_CHANNEL,  /* of a channel (f.) */
    LABEL_ACT,      /* of a standing record: assent, suspend … */
    LABEL_DAY,      /* of a continuity clock */
    LABEL_STATE,    /* of a notice or question that waits */
    LABEL_ACCESS,   /* of a passage (f.) or protected site (m.) */
    LABEL_RECEIPT,  /* of a notice, with each who was told of it */
    LABEL_LEVEL,    /* of a receipt */
    LABEL_FIELD,
    LABEL_COUNTED,     /* why a record counted */
    LABEL_NOT_COUNTED, /* why one did not */
    LABEL_REASON,      /* what made a verdict: a sentence */
    LABEL_CHANGE,      /* what would change it: a sentence with the holes {0} time, {1} verdict */
    LABEL_VALUE,       /* of what stands in a field: "FIELD=WORD" */
    LABEL_EVENT,       /* the same of what happened: acts, classes of them, weapons, what is counted, grounds */
    LABEL_EFFECT,      /* of what a term proposes */
    LABEL_TABLES
};
const char *words_label(enum label_table table, const char *id);

/* Text with FSI … PDI around it where the page is Arabic; as it is in English. */
void words_isolate(struct buffer *out, struct slice text);

/* "2016-09-12T16:00:00Z" as "2016-09-12 16:00 UTC" (seconds where they are not nought); anything else as it is. */
void words_time(struct buffer *out, struct slice time);

/* "October", "تشرين الأول/أكتوبر": in Arabic both names, as the United Nations write them; one alone would place the
 * author in a region. 1 to 12. */
const char *words_month(unsigned month);

/* Seconds as "2 days 3 hours", the two largest units. */
void words_duration(struct buffer *out, int64_t seconds);

#endif
