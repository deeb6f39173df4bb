/* Bundles from others: there is one way to write what is read, and what is refused says where. */
#include "fuzz.h"
#include "register/bundle.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct bundle bundle;
    struct bundle_question question;
    struct error error;
    struct slice file = slice_of(data, size), rest, entry;
    uint64_t count = 0;
    size_t written = size; /* … bytes are of its form */
    if (bundle_read(&bundle, file, &error) != STATUS_DONE) {
        EXPECT(error.offset >= 0 && (size_t)error.offset <= size);
        if (strcmp(error.code, "bundle-damaged") != 0) return 0;
        written = (size_t)error.offset; /* all but the sum was read */
    }
    struct buffer out = {0};
    EXPECT(bundle_write(&out, &bundle, NULL) == STATUS_DONE);
    EXPECT(slice_equal(slice_part(buffer_slice(&out), 0, written), slice_part(file, 0, written)));
    for (rest = bundle.entries; bundle_entry(&rest, &entry);) count++;
    EXPECT(count == bundle.count && rest.size == 0);
    if (bundle_question_read(&question, bundle.question, &error) == STATUS_DONE)
        EXPECT(strlen(question.term) < sizeof question.term);
    buffer_clear(&out);
    return 0;
}
