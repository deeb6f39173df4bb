/* A checkpoint that was cosigned, as the fields of the record that tells the log of it. */
#include "json/write.h"
#include "log/checkpoint.h"
#include "register/register.h"

static enum status put_anchor(struct buffer *out, const struct note *note, struct error *error)
{
    struct checkpoint checkpoint;
    struct json_writer w;
    char root[BASE64_SIZE(HASH_BYTES)];
    TRY(checkpoint_parse(&checkpoint, note->text, error));
    base64_format(root, sizeof root, slice_of(checkpoint.root.bytes, HASH_BYTES));
    json_write_open(&w, out);
    json_put_object(&w);
    json_put_key(&w, "root"), json_put_string(&w, root);
    json_put_key(&w, "signatures");
    json_put_array(&w);
    for (size_t i = 0; i < note->signatures; i++) json_put_slice(&w, note->signature[i].line);
    json_put_close(&w);
    json_put_key(&w, "size"), json_put_integer(&w, (int64_t)checkpoint.size);
    json_put_close(&w);
    return json_write_finish(&w, error);
}

enum truce_status truce_anchor(const char *checkpoint, size_t size, struct truce_buffer *object,
                               struct truce_error *error)
{
    struct error why;
    struct note note;
    OWN(buffer_clear) struct buffer out = {0};
    enum status status = note_parse(&note, slice_of(checkpoint, size), &why);
    if (status == STATUS_DONE) status = put_anchor(&out, &note, &why);
    if (status == STATUS_DONE) status = public_buffer(object, &out, &why);
    return public_status(status, &why, error);
}
