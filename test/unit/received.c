/* What the time that an entry bears may be, by the clocks of others. */
#include "register/received.h"
#include "check.h"
#include "record/roster.h"
#include "register/evidence.h"

static const char *told(int64_t witnessed_s, int64_t received_ms, int64_t last_ms, int64_t now_ms)
{
    static struct error error;
    struct members *members;
    CHECK(members_open(&members, &error) == STATUS_DONE);
    members->witnessed = witnessed_s;
    enum status status = received_check(members, received_ms, last_ms, now_ms, &error);
    members_close(&members);
    return status == STATUS_DONE ? "" : error.code;
}

static void each_clock_has_its_bound(void)
{
    const int64_t now = 5000000, apart = EVIDENCE_CLOCKS_S * 1000;
    CHECK_STRING(told(0, now, now, now), "");
    CHECK_STRING(told(0, now - 1, now, now), "received-back");
    CHECK_STRING(told(0, now + apart, INT64_MIN, now), "");
    CHECK_STRING(told(0, now + apart + 1, INT64_MIN, now), "received-ahead");
    CHECK_STRING(told(now / 1000, now - apart, INT64_MIN, now), "");
    CHECK_STRING(told(now / 1000, now - apart - 1, INT64_MIN, now), "received-early");
    CHECK_STRING(told(0, 0, INT64_MIN, now), ""); /* no anchor tells */
}

TESTS(each_clock_has_its_bound)
