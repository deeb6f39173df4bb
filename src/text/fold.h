/* Folding: the one form under which spellings of a word are found together. It is for index keys and for looking things
 * up, never for what is signed or shown. spec/text.md says what is folded. */
#ifndef TRUCE_TEXT_FOLD_H
#define TRUCE_TEXT_FOLD_H

#include "base/buffer.h"
#include "base/error.h"

/* From bytes of folded text back to bytes of the text. Only places where the distance between the two changes are kept,
 * for most letters fold to as many bytes as they have. */
struct fold_map {
    struct buffer points;
    size_t source_size;
};
void fold_map_clear(struct fold_map *map);

/* Appends the folded form of `text` and, if `map` is not NULL, fills it (out must then be empty). Refuses text-utf8 and
 * text-limit. Equal for texts that differ only in what is folded away, and unchanged when folded again. Its code points
 * are those of the ICU in use: rebuild the index when ICU changes. */
MUST_USE enum status text_fold(struct buffer *out, struct fold_map *map, struct slice text, struct error *error);

/* Where in the text the character begins that byte `folded` belongs to; and where the character ends, its marks
 * included, that the byte before `folded` belongs to. Both are at most the size of the text and on its UTF-8
 * boundaries. `folded` is 0 … the folded size. */
size_t fold_source_start(const struct fold_map *map, size_t folded);
size_t fold_source_end(const struct fold_map *map, size_t folded);

/* The same for who asks from the front to the back: *walk begins as 0, and `folded` never falls. */
size_t fold_walk_start(const struct fold_map *map, size_t *walk, size_t folded);
size_t fold_walk_end(const struct fold_map *map, size_t *walk, size_t folded);

#endif
