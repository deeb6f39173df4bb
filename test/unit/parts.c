/* Forms that bring files: what browsers write is read, and nothing looser. */
#include "check.h"

#include "base/buffer.h"
#include "http/parts.h"

static const char type[] = "multipart/form-data; boundary=----Walk+7";
#define BEGIN "------Walk+7\r\n"
#define NEXT "\r\n" BEGIN
#define END "\r\n------Walk+7--\r\n"
#define FIELD(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static size_t count(const char *of_type, const char *body, size_t size, bool *bad)
{
    struct http_parts parts;
    struct http_part part;
    size_t n = 0;
    *bad = true;
    if (!http_parts_open(&parts, slice_from(of_type), slice_of(body, size))) return 0;
    while (http_parts_next(&parts, &part)) n++;
    *bad = parts.bad;
    return n;
}

static void gives_what_browsers_send(void)
{
    static const char body[] =
        BEGIN FIELD("day") "2016-10-03" NEXT "Content-Disposition: form-data; name=\"file\"; filename=\"a;\r "
                           "b\\.txt\"\r\nContent-Type: text/plain\r\n\r\n"
                           "one\r\n--\r\n------Walk+\r\n\0two" NEXT FIELD("empty") END;
    static const struct {
        const char *name;
        bool is_file;
        size_t size;
    } wanted[] = {{"day", false, 10}, {"file", true, 26}, {"empty", false, 0}};
    struct http_parts parts;
    struct http_part part;
    CHECK(http_parts_open(&parts, slice_from(type), slice_of(body, sizeof body - 1)));
    for (size_t i = 0; i < COUNT_OF(wanted); i++) {
        CHECK(http_parts_next(&parts, &part));
        CHECK(slice_is(part.name, wanted[i].name));
        CHECK(part.is_file == wanted[i].is_file);
        CHECK_INT(part.bytes.size, wanted[i].size);
    }
    CHECK(!http_parts_next(&parts, &part) && !parts.bad);
}

static void takes_every_way_to_name_a_boundary(void)
{
    static const char *const types[] = {"multipart/form-data; boundary=x", "Multipart/Form-Data;boundary=\"x\"",
                                        "multipart/form-data; charset=utf-8; Boundary=x"};
    static const char *const none[] = {"multipart/form-data",
                                       "multipart/form-data; boundary=",
                                       "text/plain; boundary=x",
                                       "multipart/form-data; boundary=\"x",
                                       "multipart/form-data; boundary=a b",
                                       "multipart/form-data; boundary="
                                       "01234567890123456789012345678901234567890123456789012345678901234567890"};
    static const char body[] = "--x\r\n" FIELD("a") "b\r\n--x--";
    bool bad;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        CHECK_INT(count(types[i], body, sizeof body - 1, &bad), 1);
        CHECK(!bad);
    }
    for (size_t i = 0; i < COUNT_OF(none); i++) CHECK_INT(count(none[i], body, sizeof body - 1, &bad), 0);
}

static void refuses_what_is_no_form(void)
{
    static const char *const bodies[] = {
        "",
        "preamble\r\n" BEGIN FIELD("a") "b" END,
        BEGIN FIELD("a") "b",                          /* breaks off */
        BEGIN FIELD("a") "b" END "epilogue",           /* goes on */
        BEGIN FIELD("a") "b\n------Walk+7--\r\n",      /* bare LF */
        BEGIN "Content-Type: text/plain\r\n\r\nb" END, /* no name */
        BEGIN "Content-Disposition: form-data; name=\"\"\r\n\r\nb" END,
        BEGIN "Content-Disposition: attachment; name=\"a\"\r\n\r\nb" END,
        BEGIN "Content-Disposition: form-data; name=\"a\r\n\r\nb" END, /* never closed */
        BEGIN "Content-Disposition: form-data; name=\"a\" x\r\n\r\nb" END,
        BEGIN "Content-Transfer-Encoding: base64\r\n" FIELD("a") "b" END,
        BEGIN "Content-Disposition: form-data; name=\"a\"\r\n" FIELD("b") "c" END,
        "------Walk+7x\r\n" FIELD("a") "b" END,
    };
    bool bad;
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        CHECK_INT(count(type, bodies[i], strlen(bodies[i]), &bad), 0);
        CHECK(bad);
    }
    CHECK_INT(count(type, "------Walk+7--\r\n", 16, &bad), 0);
    CHECK(!bad);
}

static void has_bounds(void)
{
    OWN(buffer_clear) struct buffer body = {0};
    bool bad;
    for (int i = 0; i <= HTTP_PARTS; i++) buffer_put_string(&body, i == 0 ? BEGIN FIELD("a") : NEXT FIELD("a"));
    buffer_put_string(&body, END);
    CHECK_INT(count(type, (const char *)body.data, body.size, &bad), HTTP_PARTS);
    CHECK(bad);
    buffer_reset(&body);
    buffer_put_string(&body, BEGIN "X: ");
    for (int i = 0; i < HTTP_PART_HEAD_BYTES; i++) buffer_put_byte(&body, 'x');
    buffer_put_string(&body, "\r\n" FIELD("a") "b" END);
    CHECK_INT(count(type, (const char *)body.data, body.size, &bad), 0);
    CHECK(bad);
}

int main(void)
{
    gives_what_browsers_send();
    takes_every_way_to_name_a_boundary();
    refuses_what_is_no_form();
    has_bounds();
    return check_end(__FILE__);
}
