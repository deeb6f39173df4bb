/* What people type for numbers, days and places: whatever comes, an accepted value is in range and formats back. */
#include "fuzz.h"

#include "tell/typed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice text = slice_of(data, size);
    char shown[DEGREES_TEXT_SIZE];
    int32_t e7, again, lat, lon, box[4];
    uint64_t number;
    int64_t time;
    if (degrees_parse(&e7, text, 180)) {
        degrees_format(e7, shown);
        EXPECT(e7 >= -1800000000 && e7 <= 1800000000);
        EXPECT(degrees_parse(&again, slice_from(shown), 180) && again == e7);
    }
    EXPECT(!value_point(&lat, &lon, text) || (lat >= -900000000 && lat <= 900000000));
    EXPECT(!value_box(box, text) || box[1] <= box[3]);
    EXPECT(!value_number(&number, text) || size > 0);
    EXPECT(!value_time(&time, text, true) || size == 10 || size == 20);
    return 0;
}
