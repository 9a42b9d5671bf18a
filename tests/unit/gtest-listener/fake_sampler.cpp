// SPDX-License-Identifier: Apache-2.0
#include "fake_sampler.hpp"

FakeSampler& fake_sampler() {
    static FakeSampler sampler;
    return sampler;
}

extern "C" {

void leakcheck_v1_owner(int, const char*, const char*) {}

void leakcheck_v1_note(int kind, std::uint64_t a, std::uint64_t b, const char* text) {
    fake_sampler().notes.push_back({kind, a, b, text != nullptr ? text : ""});
}

void leakcheck_v1_untracked(int begin) {
    fake_sampler().untracked.push_back(begin);
}

}  // extern "C"
