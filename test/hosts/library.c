/* libtruce and the peers in one shared object, for histories that are played within one process (library.py). */
#include "truce.h"

TRUCE_API const char *hosts_version(void);

const char *hosts_version(void)
{
    return truce_version();
}
