/* Who is said to speak: noun phrases, and the last ones that spoke. */
#ifndef TRUCE_INTAKE_SPEAKER_H
#define TRUCE_INTAKE_SPEAKER_H

#include "intake/article.h"

struct speaker {
    size_t from, end; /* tokens; equal: nobody */
    enum gender gender;
};

enum { SPEAKERS_KEPT = 8, SPEAKER_NAMES = 1024 };

/* The last that spoke, newest first, and the words by which speakers were called, so that a name alone is known again.
 */
struct speakers {
    struct speaker kept[SPEAKERS_KEPT];
    size_t count;
    struct slice names[SPEAKER_NAMES]; /* by hash; a newer word takes an older one's place */
};

void speakers_say(struct speakers *speakers, const struct article *article, struct speaker speaker);
bool speakers_know(const struct speakers *speakers, const struct article *article, size_t at);
/* The newest that a verb of this gender can mean, or nobody. */
struct speaker speakers_last(const struct speakers *speakers, enum gender gender);

/* Where the noun phrase that begins at `from` ends, at most at `to`; `from` if none does. `prepositions`: an office may
 * have its place behind a preposition. */
size_t noun_phrase_end(const struct article *article, size_t from, size_t to, bool prepositions);

/* Can the noun phrase that begins here be somebody who speaks, where it could also be what is spoken of? An office, a
 * body, a name; not an everyday noun. */
bool can_speak(const struct speakers *speakers, const struct article *article, size_t at);

/* The subject that stands between the begin of a clause and its verb; `adjacent`: and fills all that is between them.
 */
struct speaker speaker_before(const struct article *article, size_t sentence, size_t verb, enum gender gender,
                              bool adjacent);
/* The one a sentence is about: its first noun phrase that names an office, a body or a known name. */
struct speaker speaker_of_sentence(const struct article *article, size_t sentence, size_t verb);
/* The one behind the last عن before `verb`: نقلت الوكالة عن الوزير قوله. */
struct speaker speaker_after_source(const struct article *article, size_t sentence, size_t verb);

#endif
