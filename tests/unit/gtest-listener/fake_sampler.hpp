// SPDX-License-Identifier: Apache-2.0
//
// A sampler that only remembers what it was told. Not thread-safe; the tests start no threads at
// once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

struct FakeSampler {
    struct Note {
        int kind;
        std::uint64_t a;
        std::uint64_t b;
        std::string text;
        bool operator==(const Note&) const = default;
    };
    std::vector<Note> notes;
    std::vector<int> untracked;
};

FakeSampler& fake_sampler();
