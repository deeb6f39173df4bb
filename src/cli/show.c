#include "cli/cli.h"

#include "cli/tell.h"
#include "tell/qr.h"
#include <stdio.h>

static enum truce_status show_people(struct slice text)
{
    struct arena arena;
    const struct json *record;
    struct doc doc;
    OWN(buffer_clear) struct buffer out = {0};
    arena_init(&arena, 64 * 1024 * 1024);
    if (json_read(&record, text, JSON_RELAXED, &arena, NULL) == STATUS_DONE) {
        doc_open(&doc, &out, DOC_TEXT, language_code(words_language_now()), "");
        doc.width = output_width(), doc.bold = output_bold(), doc.plain = output_plain();
        tell_record(&doc, record);
        doc_close(&doc);
        output_put(buffer_slice(&out));
    } else {
        output_line(text);
    }
    arena_clear(&arena);
    return TRUCE_DONE;
}

/* A note that a camera carries over: what is scanned is the note, byte for byte, to be handed in anywhere. */
static enum truce_status show_qr(const struct call *call, struct slice note)
{
    OWN(buffer_clear) struct buffer code = {0};
    const char *path = call_option(call, "out");
    if (note.size > QR_BYTES_MOST) {
        char size[24], most[24];
        snprintf(size, sizeof size, "%zu", note.size);
        snprintf(most, sizeof most, "%d", QR_BYTES_MOST);
        say(TR("The note has {0} bytes, and a QR code takes {1}. Carry it in a pouch (truce pouch pack)."), size, most,
            NULL);
        return TRUCE_FAILED;
    }
    enum qr_form form = path != NULL ? QR_SVG : output_bold()[0] != '\0' ? QR_TERMINAL : QR_BLOCKS;
    if (!qr_put(&code, note, form)) {
        say(TR("Memory is out."), NULL);
        return TRUCE_FAILED;
    }
    if (path != NULL) return file_write(path, buffer_slice(&code));
    output_put(buffer_slice(&code));
    return TRUCE_DONE;
}

static enum truce_status show(struct call *call)
{
    struct truce_error error;
    struct truce_buffer answer = {0};
    struct truce_register *reg;
    OWN(buffer_clear) struct buffer words = {0};
    bool qr = call_has(call, "qr"), note = call_has(call, "note") || qr, proof = call_has(call, "proof"),
         receipt = call_has(call, "receipt");
    if (note + proof + (call->json && !receipt) > 1 || note + proof + receipt > 1)
        return call_wrong(call, TR("Only one of --json, --note, --proof and --receipt can be asked for."), NULL);
    if (call_option(call, "out") != NULL && !qr) return call_wrong(call, TR("--out goes with --qr."), NULL);
    enum truce_status status = call_open(call, TRUCE_READ, &reg);
    if (status != TRUCE_DONE) return status;
    status = truce_show(reg, call_operand(call, 0),
                        note      ? TRUCE_NOTE
                        : proof   ? TRUCE_PROOF
                        : receipt ? TRUCE_RECEIPT
                                  : TRUCE_JSON,
                        &answer, &error);
    struct slice text = slice_of(answer.data, answer.size);
    if (status != TRUCE_DONE)
        say_error(&error);
    else if (qr)
        status = show_qr(call, text);
    else if (note || proof)
        output_put(text);
    else if (call->json)
        output_line(text);
    else if (receipt && receipt_words(&words, answer.data))
        output_line(buffer_slice(&words));
    else
        status = show_people(text);
    truce_free(&answer);
    return call_close(&reg, status);
}

static const struct option options[] = {
    {"note", '\0', NULL, N_("Give the signed note, byte for byte.")},
    {"proof", '\0', NULL, N_("Give the proof that the record is in the log (tlog-proof).")},
    {"receipt", '\0', NULL, N_("Give the receipt of this moment: who stands behind the record's place in the log.")},
    {"qr", '\0', NULL, N_("Give the note as a QR code: what is scanned can be handed in anywhere.")},
    {"out", '\0', "FILE", N_("Write the QR code into FILE, as a drawing (SVG) to be printed.")},
    END_OF_OPTIONS,
};
const struct command command_show = {
    .name = "show",
    .usage = "ID [--json|--note|--proof|--receipt|--qr]",
    .does = N_("Shows one record."),
    .more = N_("ID is the record's id, or a beginning of it of 8 digits or more."),
    .example = "truce show 3f9c21d0 --note",
    .options = options,
    .least = 1,
    .most = 1,
    .reading = true,
    .run = show,
};
