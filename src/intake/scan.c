#include "intake/scan.h"

size_t scan_words_inside(const struct scan *scan, size_t open, size_t most)
{
    size_t mate = scan->tokens[open].mate, words = 0;
    if (mate == TOKEN_UNPAIRED) return SIZE_MAX;
    for (size_t i = open + 1; i < mate && words < most; i++) words += scan->tokens[i].kind == TOKEN_WORD;
    return words;
}

static bool is_trimmed(const struct token *token)
{
    switch ((enum token_kind)token->kind) {
    case TOKEN_COMMA:
    case TOKEN_STOP:
    case TOKEN_DOTS:
    case TOKEN_BREAK:
    case TOKEN_COLON:
    case TOKEN_MARK: return true;
    case TOKEN_OPEN: return token->mate == TOKEN_UNPAIRED;
    case TOKEN_WORD: return token_is(token, WORD_CONNECTOR);
    case TOKEN_NUMBER:
    case TOKEN_CLOSE: return false;
    }
    return false;
}

size_t scan_trim_end(const struct scan *scan, size_t from, size_t end)
{
    while (end > from + 1 && is_trimmed(&scan->tokens[end - 1])) end--;
    return end;
}

struct span scan_span(const struct scan *scan, size_t from, size_t end)
{
    struct span span = {0, 0};
    if (from < end && end <= scan->end) span = (struct span){scan->tokens[from].start, scan->tokens[end - 1].end};
    return span;
}

struct slice scan_folded(const struct scan *scan, size_t from, size_t end)
{
    const struct token *first = &scan->tokens[from], *last = &scan->tokens[end - 1];
    return slice_of(scan->article->folded.data + first->folded, last->folded + last->size - first->folded);
}

void scan_enter(struct scan *scan, size_t at)
{
    while (at >= sentence_end(scan, scan->sentence_from)) scan->sentence_from = sentence_end(scan, scan->sentence_from);
}
