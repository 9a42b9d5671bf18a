/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory/label.h"

#include <stdio.h>
#include <stdlib.h>

char *label_format(const char *name, int price_cents)
{
    char *label = malloc(LABEL_SIZE);
    if (label != NULL)
        snprintf(label, LABEL_SIZE, "%s: %d.%02d", name, price_cents / 100, price_cents % 100);
    return label;
}
