/* Any bytes as a news text: refused with a code of its own, or every span lies in it on whole characters, nothing is
 * empty that must be there, and the answer is JSON that can be read. */
#include "fuzz.h"

#include "base/limits.h"
#include "intake/propose.h"
#include "truce.h"

static bool at_boundary(struct slice text, size_t at)
{
    return at == text.size || (text.data[at] & 0xC0U) != 0x80U;
}

static bool is_sound(struct slice text, struct span span)
{
    return span.start <= span.end && span.end <= text.size && at_boundary(text, span.start) &&
           at_boundary(text, span.end);
}

static void check_proposal(const struct proposal *proposal)
{
    for (size_t i = 0; i < proposal->statements.count; i++) {
        const struct statement *s = &proposal->statements.items[i];
        EXPECT(is_sound(proposal->source, s->content) && s->content.start < s->content.end);
        EXPECT(is_sound(proposal->source, s->speaker) && is_sound(proposal->source, s->cue) &&
               is_sound(proposal->source, s->target));
        EXPECT(is_sound(proposal->source, s->name) && is_sound(proposal->source, s->role) &&
               is_sound(proposal->source, s->organisation));
        EXPECT(s->act < ACTS);
    }
    EXPECT(proposal->article.headline_end <= proposal->source.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct proposal proposal;
    struct error error;
    struct truce_buffer answer = {0};
    struct truce_error why;
    struct arena arena;
    const struct json *tree;
    enum status status = proposal_make(&proposal, slice_of(data, size), NULL, &error);
    if (status != STATUS_DONE) {
        EXPECT(status == STATUS_REFUSED &&
               (strncmp(error.code, "intake-", 7) == 0 || strncmp(error.code, "text-", 5) == 0));
        return 0;
    }
    check_proposal(&proposal);
    proposal_clear(&proposal);
    EXPECT(truce_intake((const char *)data, size, NULL, &answer, &why) == TRUCE_DONE);
    arena_init(&arena, LIMIT_REQUEST_BYTES);
    EXPECT(json_read(&tree, slice_of(answer.data, answer.size), JSON_RELAXED, &arena, NULL) == STATUS_DONE);
    arena_clear(&arena);
    truce_free(&answer);
    return 0;
}
