#include "check.h"
#include "exchange/ged.h"
#include "json/json.h"
#include "record/record.h"

#define HEADER                                                                                                         \
    "id,type_of_violence,event_clarity,dyad_name,side_a,side_b,where_prec,where_coordinates,adm_1,adm_2,latitude,"     \
    "longitude,date_prec,date_start,date_end,source_office,deaths_a,deaths_b,deaths_civilians,deaths_unknown,low,"     \
    "best,high\r\n"

static const char convoy[] = "301214,1,1,Government of Syria - Syrian insurgents,Government of Syria,Syrian insurgents,"
                             "1,Urum al Kubra town,Aleppo Governorate,,36.1481,36.94775,1,2016-09-19,2016-09-19,HRW,"
                             "0,0,21,0,10,21,21";

/* One row after the header: its status, and the object in *object. */
static enum status one(const char *row, struct buffer *object, struct ged_row *about, struct error *error)
{
    OWN(buffer_clear) struct buffer text = {0};
    buffer_print(&text, "%s%s\r\n", HEADER, row);
    struct ged *ged = NULL;
    bool found = false;
    if (!CHECK(ged_open_slice(&ged, buffer_slice(&text), error) == STATUS_DONE)) return STATUS_FAILED;
    enum status status = ged_next(ged, &found, object, about, error);
    CHECK(found);
    about->id = slice_of(NULL, 0);
    ged_close(&ged);
    return status;
}

static void a_row_is_a_report(void)
{
    OWN(buffer_clear) struct buffer object = {0};
    OWN(buffer_clear) struct buffer wanted = {0};
    struct ged_row row;
    struct error error = {0};
    char hex[HASH_HEX_SIZE];
    struct hash hash = hash_of(slice_from(convoy));
    hash_format(&hash, hex);
    CHECK(one(convoy, &object, &row, &error) == STATUS_DONE);
    CHECK_INT(row.line, 2);
    CHECK(hash_equal(&row.bytes_sha256, &hash));
    buffer_print(
        &wanted,
        "{\"act\":\"state-based-violence\",\"basis\":{\"kind\":\"sourced\",\"source\":\"UCDP Georeferenced Event "
        "Dataset, "
        "event 301214 (CC BY 4.0); Sundberg and Melander 2013, Journal of Peace Research 50(4)\"},\"casualties\":["
        "{\"best\":21,\"high\":21,\"kind\":\"killed\",\"low\":10},{\"best\":0,\"kind\":\"killed\",\"of\":\"side-a\"},"
        "{\"best\":0,\"kind\":\"killed\",\"of\":\"side-b\"},{\"best\":21,\"kind\":\"killed\",\"of\":\"civilians\"},"
        "{\"best\":0,\"kind\":\"killed\",\"of\":\"unknown\"}],\"kind\":\"report\",\"method\":\"compiled\",\"source\":{"
        "\"name\":\"ucdp-ged\",\"row\":\"301214\",\"sha256\":\"%s\"},\"text\":{\"en\":\"Urum al Kubra town, Aleppo "
        "Governorate: coded by UCDP as state-based violence, dyad \\\"Government of Syria - Syrian insurgents\\\" "
        "(side "
        "A: Government of Syria; side B: Syrian insurgents); reported by "
        "HRW.\",\"original\":\"en\"},\"when\":{\"from\":"
        "\"2016-09-19T00:00:00Z\",\"precision\":\"day\",\"to\":\"2016-09-19T23:59:59Z\"},\"where\":{\"name\":\"Urum al "
        "Kubra town\",\"point\":{\"lat_e7\":361481000,\"lon_e7\":369477500},\"radius_m\":5000}}",
        hex);
    buffer_put_byte(&wanted, 0);
    buffer_put_byte(&object, 0);
    CHECK_STRING((const char *)object.data, (const char *)wanted.data);
}

/* The row above with one field changed. */
static enum status changed(const char *was, const char *is, struct buffer *object, struct error *error)
{
    char row[2048];
    struct ged_row about;
    const char *at = strstr(convoy, was);
    if (!CHECK(at != NULL)) return STATUS_FAILED;
    snprintf(row, sizeof row, "%.*s%s%s", (int)(at - convoy), convoy, is, at + strlen(was));
    return one(row, object, &about, error);
}

static bool holds(const struct buffer *object, const char *part)
{
    return memmem(object->data, object->size, part, strlen(part)) != NULL;
}

static void what_the_columns_say_is_kept(void)
{
    static const struct {
        const char *was, *is, *part;
    } cases[] = {
        {"1,1,Gov", "3,1,Gov", "\"act\":\"one-sided-violence\""},
        {"1,1,Gov", "2,2,Gov", "\"act\":\"non-state-violence-summary\""},
        {",1,2016-09-19,2016-09-19", ",2,2016-09-19,2016-09-22",
         "{\"from\":\"2016-09-19T00:00:00Z\",\"precision\":\"week\",\"to\":\"2016-09-22T23:59:59Z\"}"},
        {",1,2016-09-19,2016-09-19", ",5,2016-01-01 00:00:00.000,2016-12-31 00:00:00.000", "\"precision\":\"year\""},
        {"1,Urum", "6,Urum", "\"radius_m\":500000"},
        {"36.1481,36.94775", "-0.00000004,-179.99999996", "{\"lat_e7\":0,\"lon_e7\":-1800000000}"},
        {"36.1481,36.94775", "-33.5,7", "{\"lat_e7\":-335000000,\"lon_e7\":70000000}"},
        {"36.1481,36.94775", "36.12345675,36.12345674", "{\"lat_e7\":361234568,\"lon_e7\":361234567}"},
        {"Urum al Kubra town", "\"Urum\r\n  al \"\"Kubra\"\" \"", "\"name\":\"Urum al \\\"Kubra\\\"\""},
        {"Urum al Kubra town", "Cafe\xcc\x81", "\"name\":\"Caf\xc3\xa9\""},
        {"10,21,21", "30,21,30", "{\"best\":21,\"kind\":\"killed\"}"},
        {"10,21,21", "30,21,31", "The dataset's low and high estimates, 30 and 31, do not bracket its best."},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWN(buffer_clear) struct buffer object = {0};
        struct error error = {0};
        CHECK(changed(cases[i].was, cases[i].is, &object, &error) == STATUS_DONE);
        if (!CHECK(holds(&object, cases[i].part)))
            fprintf(stderr, "    %s\n    %.*s\n", cases[i].part, SLICE(buffer_slice(&object)));
    }
}

static void what_cannot_stand_is_refused_with_its_column(void)
{
    static const struct {
        const char *was, *is, *code, *pointer;
    } cases[] = {
        {"301214", "", "ged-id", "/id"},
        {"301214", "x1", "ged-id", "/id"},
        {"1,1,Gov", "4,1,Gov", "ged-number", "/type_of_violence"},
        {"1,1,Gov", "1,0,Gov", "ged-number", "/event_clarity"},
        {"0,0,21,0,10", "0,0,-21,0,10", "ged-number", "/deaths_civilians"},
        {"0,0,21,0,10", "0,0,,0,10", "ged-number", "/deaths_civilians"},
        {"0,0,21,0,10", "0,0,2.5,0,10", "ged-number", "/deaths_civilians"},
        {"10,21,21", "10,21,10000001", "ged-number", "/high"},
        {"36.1481", "90.0000001", "ged-place", "/latitude"},
        {"36.1481", "1e1", "ged-place", "/latitude"},
        {"36.1481", "36.", "ged-place", "/latitude"},
        {"36.94775", "180.1", "ged-place", "/longitude"},
        {"36.94775", "", "ged-place", "/longitude"},
        {"2016-09-19,2016", "2016-02-30,2016", "ged-date", "/date_start"},
        {"2016-09-19,2016", "19/09/2016,2016", "ged-date", "/date_start"},
        {"2016-09-19,HRW", "2016-09-18,HRW", "ged-date", "/date_end"},
        {"Urum al Kubra town", " ", "ged-text", "/where_coordinates"},
        {"Urum al Kubra town", "a\x01z", "text-control", "/where_coordinates"},
        {",HRW", "", "ged-fields", ""},
        {",HRW", ",HRW,more", "ged-fields", ""},
        {"Urum", "Ur\"um", "csv-quote", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        OWN(buffer_clear) struct buffer object = {0};
        struct error error = {0};
        CHECK(changed(cases[i].was, cases[i].is, &object, &error) == STATUS_REFUSED);
        CHECK_STRING(error.code, cases[i].code);
        CHECK_STRING(error.pointer, cases[i].pointer);
        CHECK_INT(object.size, 0);
    }
}

static void headers_are_read_by_name(void)
{
    struct ged *ged = NULL;
    struct error error = {0};
    CHECK(ged_open_slice(&ged, slice_from(""), &error) == STATUS_REFUSED && ged == NULL);
    CHECK_STRING(error.code, "ged-column");
    CHECK(ged_open_slice(&ged, slice_from("id,latitude\n1,2\n"), &error) == STATUS_REFUSED && ged == NULL);
    CHECK_STRING(error.code, "ged-column");
    CHECK(ged_open_slice(&ged, slice_from("id," HEADER), &error) == STATUS_REFUSED && ged == NULL);
    CHECK_STRING(error.pointer, "/id");
}

static void every_row_is_accounted_for(void)
{
    OWN(buffer_clear) struct buffer text = {0};
    OWN(buffer_clear) struct buffer object = {0};
    buffer_print(&text, "%s%s\r\nbad\r\n\r\n%s\r\n\"open\r\n%s", HEADER, convoy, convoy, convoy);
    struct ged *ged = NULL;
    struct error error = {0};
    struct ged_row row;
    bool found = true;
    char seen[64] = "";
    CHECK(ged_open_slice(&ged, buffer_slice(&text), &error) == STATUS_DONE);
    while (found) {
        enum status status = ged_next(ged, &found, &object, &row, &error);
        CHECK(status == STATUS_DONE || status == STATUS_REFUSED);
        if (found)
            snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%d%c ", (int)row.line,
                     status == STATUS_DONE ? '+' : '-');
    }
    CHECK_STRING(seen, "2+ 3- 5+ 6- 7+ ");
    ged_close(&ged);
}

TESTS(a_row_is_a_report, what_the_columns_say_is_kept, what_cannot_stand_is_refused_with_its_column,
      headers_are_read_by_name, every_row_is_accounted_for)
