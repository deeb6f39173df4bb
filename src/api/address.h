/* Addresses to listen at. */
#ifndef TRUCE_API_ADDRESS_H
#define TRUCE_API_ADDRESS_H

#include <stdbool.h>

/* As people write it in an address bar; false if it is not numeric. */
bool address_read(const char *address, char host[64], bool *loopback);

#endif
