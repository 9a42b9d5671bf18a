/* SPDX-License-Identifier: Apache-2.0 */
#ifndef INVENTORY_LABEL_H
#define INVENTORY_LABEL_H

#ifdef __cplusplus
extern "C" {
#endif

#define LABEL_SIZE 64 /* bytes, NUL included */

/* Formats a shelf label, cut to LABEL_SIZE. The caller frees it; NULL when memory is short. */
char *label_format(const char *name, int price_cents);

#ifdef __cplusplus
}
#endif

#endif
