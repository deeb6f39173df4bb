/* A phrase and a text, with a newline between: matches are whole characters of the text, in order and apart; each is
 * found again when it is looked for itself; what is cut covers its word; and the same is found in the folded text. */
#include "fuzz.h"
#include "text/seek.h"

#include <string.h>

struct seen {
    struct slice text;
    size_t end, count;
};

static enum status check_match(void *context, size_t from, size_t to, struct error *error)
{
    struct seen *seen = context;
    (void)error;
    EXPECT(from >= seen->end && from < to && to <= seen->text.size);
    EXPECT((seen->text.data[from] & 0xc0) != 0x80);
    EXPECT(to == seen->text.size || (seen->text.data[to] & 0xc0) != 0x80);
    seen->end = to;
    seen->count++;
    return STATUS_DONE;
}

static size_t count_matches(const struct seek *seek, struct words *words, struct slice text)
{
    struct seen seen = {.text = text};
    EXPECT(seek_all(seek, words, text, check_match, &seen, NULL) == STATUS_DONE);
    return seen.count;
}

static void check_pieces(const struct words *words)
{
    struct word_piece pieces[WORD_PIECES_MOST];
    struct word_form forms[WORD_FORMS_MOST];
    uint32_t end = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct word word = words_at(words, i);
        EXPECT(word.from >= end && word.from < word.to && word.to <= words->folded.size);
        end = word.from;
        size_t count = words_cut(words, i, pieces);
        EXPECT(count >= 1 && count <= WORD_PIECES_MOST);
        for (size_t k = 0; k < count; k++) {
            EXPECT(pieces[k].from == end && pieces[k].to > end);
            end = pieces[k].to;
            size_t most = words_forms(words, pieces[k], forms);
            EXPECT(most >= 1 && most <= WORD_FORMS_MOST && forms[0].from == pieces[k].from);
            for (size_t f = 0; f < most; f++) EXPECT(forms[f].from >= pieces[k].from && forms[f].from < pieces[k].to);
        }
        EXPECT(end == word.to);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error;
    struct seek seek = {0};
    struct words words = {0}, folded = {0};
    struct buffer terms = {0}, copy = {0};
    const uint8_t *line = size == 0 ? NULL : memchr(data, '\n', size);
    size_t phrase = line == NULL ? size / 2 : (size_t)(line - data);
    struct slice text = slice_of(data + phrase, size - phrase);
    if (seek_compile(&seek, slice_of(data, phrase), &error) == STATUS_DONE) {
        if (words_take(&words, text, &error) == STATUS_DONE) {
            check_pieces(&words);
            EXPECT(words_put_terms(&words, &terms, NULL) == STATUS_DONE);
            size_t count = count_matches(&seek, &words, text);
            bool any;
            EXPECT(seek_any(&seek, &folded, text, &any, NULL) == STATUS_DONE && any == (count > 0));
            /* A text that is the phrase holds it. */
            buffer_put(&copy, slice_of(data, phrase));
            EXPECT(count_matches(&seek, &words, buffer_slice(&copy)) >= 1);
        } else {
            EXPECT(strcmp(error.code, "text-utf8") == 0 && error.offset >= 0);
        }
    }
    buffer_clear(&terms);
    buffer_clear(&copy);
    words_clear(&words);
    words_clear(&folded);
    seek_clear(&seek);
    return 0;
}
