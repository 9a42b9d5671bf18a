// SPDX-License-Identifier: Apache-2.0
#include "runner/reach/root_places.hpp"

#include <algorithm>
#include <limits>

namespace leakcheck::reach {

HoldingRoot RootPlaces::describe(std::uint64_t where) const {
    const bool may_be_thread = where <= std::numeric_limits<int>::max();
    if (may_be_thread && is_main_.contains(static_cast<int>(where)))
        return of_thread(RootKind::registers, static_cast<int>(where));
    const auto place = std::find_if(places_.begin(), places_.end(), [&](const RootPlace& each) {
        return each.range.contains(where);
    });
    HoldingRoot root;
    root.kind = RootKind::memory;
    if (place != places_.end()) {
        root = of_thread(place->kind, place->thread);
        root.object = place->object;
        root.object_address = where - place->range.start + place->object_address;
    }
    root.address = where;
    return root;
}

HoldingRoot RootPlaces::of_thread(RootKind kind, int id) const {
    HoldingRoot root;
    root.kind = kind;
    root.thread = static_cast<std::uint32_t>(id);
    const auto thread = is_main_.find(id);
    root.is_main_thread = thread != is_main_.end() && thread->second;
    return root;
}

}  // namespace leakcheck::reach
