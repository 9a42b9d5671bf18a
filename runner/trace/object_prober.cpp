// SPDX-License-Identifier: Apache-2.0
#include "runner/trace/object_prober.hpp"

namespace leakcheck {

void ObjectProber::probe(std::uint32_t image, int pid, const std::vector<MappedCode>& mapped) {
    std::set<ObjectId>& probed = probed_[image];
    for (const auto& [map, object] : mapped) {
        if (!object || !probed.insert(object->id).second) continue;
        const TestSites& found = look_into(*object);
        if (found.sites.empty()) continue;
        const std::string problem = session_.attach_test_sites(object->path, found.sites, pid);
        if (problem.empty())
            found_sites_ = true;
        else
            note_ = problem;
    }
}

const TestSites& ObjectProber::look_into(const MappedObject& object) {
    const auto [entry, is_new] = known_.try_emplace(object.id);
    TestSites& sites = entry->second;
    if (!is_new) return sites;
    sites = find_test_sites(object.path);
    found_googletest_ = found_googletest_ || sites.has_googletest;
    if (sites.sites.empty() && !sites.note.empty()) note_ = sites.note;
    return sites;
}

TestDiscovery ObjectProber::discovery() const {
    if (found_sites_) return TestDiscovery::brackets;
    return found_googletest_ ? TestDiscovery::not_found : TestDiscovery::no_framework;
}

}  // namespace leakcheck
