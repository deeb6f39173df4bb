#include "cli/answer.h"

static enum truce_status tell_as(struct truce_register *reg, struct slice answer, enum doc_form form, const char *title,
                                 answer_teller *tell, struct buffer *out)
{
    struct arena arena;
    const struct json *tree;
    struct doc doc;
    struct records records;
    struct error error;
    arena_init(&arena, 512 * 1024 * 1024);
    enum truce_status status = (enum truce_status)json_read(&tree, answer, JSON_RELAXED, &arena, &error);
    if (status == TRUCE_DONE) {
        doc_open(&doc, out, form, language_code(words_language_now()), title);
        doc.width = output_width(), doc.bold = output_bold(), doc.plain = output_plain();
        records_open(&records, reg);
        tell(&doc, tree, &records);
        records_close(&records);
        doc_close(&doc);
    } else {
        say(TR("The answer is too large to be told; --json gives it whole."), NULL);
    }
    arena_clear(&arena);
    return status == TRUCE_DONE && buffer_finish(out, &error) != STATUS_DONE ? TRUCE_FAILED : status;
}

enum truce_status answer_give(const struct call *call, struct truce_register *reg, struct slice answer,
                              answer_teller *tell)
{
    OWN(buffer_clear) struct buffer out = {0};
    if (call->json) {
        output_line(answer);
        return TRUCE_DONE;
    }
    enum truce_status status = tell_as(reg, answer, DOC_TEXT, "", tell, &out);
    if (status == TRUCE_DONE) output_put(buffer_slice(&out));
    return status;
}

enum truce_status answer_page(struct truce_register *reg, struct slice answer, const char *title, answer_teller *tell,
                              struct buffer *page)
{
    return tell_as(reg, answer, DOC_HTML, title, tell, page);
}
