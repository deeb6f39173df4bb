/* What stands in the clear and perhaps should not: telephone numbers, and names behind a title. Simple rules in Arabic
 * and English, to make a writer look again; they do not find everything. */
#ifndef TRUCE_REGISTER_PLAIN_WORDS_H
#define TRUCE_REGISTER_PLAIN_WORDS_H

#include "json/write.h"

/* An array: {"code","message","pointer","words"} for each place in the record's texts. */
void plain_words_put(struct json_writer *writer, const struct json *record);

#endif
