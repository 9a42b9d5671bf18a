// SPDX-License-Identifier: Apache-2.0
//
// torture [ROUNDS [SEED [SCENARIO]]]
// torture list
#include <cinttypes>
#include <cstdio>
#include <cstring>

#include "torture.hpp"

namespace torture {

namespace {

int list() {
    for (const Scenario* one = Scenario::first; one != nullptr; one = one->next)
        std::puts(one->name);
    return 0;
}

const Scenario* choose(Random& random) {
    std::size_t sum = 0;
    for (const Scenario* one = Scenario::first; one != nullptr; one = one->next)
        sum += static_cast<std::size_t>(one->weight);
    std::size_t place = random.below(sum);
    const Scenario* one = Scenario::first;
    for (; place >= static_cast<std::size_t>(one->weight); one = one->next)
        place -= static_cast<std::size_t>(one->weight);
    return one;
}

const Scenario* find(const char* name) {
    for (const Scenario* one = Scenario::first; one != nullptr; one = one->next)
        if (std::strcmp(one->name, name) == 0) return one;
    return nullptr;
}

int run(std::uint64_t rounds, std::uint64_t seed, const char* name) {
    const Scenario* only = name != nullptr ? find(name) : nullptr;
    if (name != nullptr && only == nullptr) {
        std::fprintf(stderr, "torture: no scenario is called %s\n", name);
        return 2;
    }
    std::printf("torture: seed %" PRIu64 "\n", seed);
    std::fflush(stdout);
    Random random(seed);
    for (std::uint64_t i = 0; i < rounds; ++i)
        (only != nullptr ? only : choose(random))->run(random);
    return 0;
}

}  // namespace
}  // namespace torture

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "list") == 0) return torture::list();
    const std::uint64_t rounds = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    return torture::run(rounds, seed, argc > 3 ? argv[3] : nullptr);
}
