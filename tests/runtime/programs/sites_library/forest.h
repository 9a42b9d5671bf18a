/* SPDX-License-Identifier: Apache-2.0
 *
 * A library of other people's: its sources are not in the project that uses it. */
#ifndef FOREST_H
#define FOREST_H

#ifdef __cplusplus
extern "C" {
#endif

struct forest_tree {
	struct forest_tree *left;
	struct forest_tree *right;
};

/* A tree of 2^depth - 1 nodes, each from malloc. The library is built twice, without and with debug
 * information, each with one of these. */
struct forest_tree *forest_grow_plain(int depth);
struct forest_tree *forest_grow_debug(int depth);

#ifdef __cplusplus
}
#endif
#endif
