/* The order of RFC 8785 among the members of one object. For src/json alone. */
#ifndef TRUCE_JSON_SORT_H
#define TRUCE_JSON_SORT_H

#include "json/json.h"

/* Are the keys of the members in order already? Equal neighbours are. */
bool json_is_sorted(const struct json *object);

/* The members in order, equal keys in the order of the text; to be freed. NULL if memory is out. */
const struct json **json_sorted(const struct json *object);

#endif
