// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

namespace planted {

// Makes about so many allocations (up to 3 more) of many sizes, some living longer than others: by malloc, strings,
// vectors and maps. Frees them all. The same each time.
void allocate_and_free(std::size_t allocations);

}  // namespace planted
