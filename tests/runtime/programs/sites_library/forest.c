// SPDX-License-Identifier: Apache-2.0
#include "forest.h"

#include <stdlib.h>

static struct forest_tree *grow(int depth) {
    if (depth == 0) return NULL;
    struct forest_tree *tree = malloc(sizeof(*tree));
    if (tree == NULL) abort();
    tree->left = grow(depth - 1);
    tree->right = grow(depth - 1);
    return tree;
}

struct forest_tree *FOREST_GROW(int depth) {
    return grow(depth);
}
