// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/analysis/size_mixes.hpp"

#include <cmath>

namespace leakcheck::test {
namespace {

using Random = std::mt19937_64;

double unit_interval(Random& random) {
    return static_cast<double>(random() >> 11) * 0x1p-53;
}

SizeMix all_of(std::uint64_t size) {
    return {"all of " + std::to_string(size), [size](Random&) { return size; }};
}

SizeMix uniform(std::uint64_t least, std::uint64_t most) {
    return {"uniform from " + std::to_string(least) + " to " + std::to_string(most),
            [=](Random& random) { return least + random() % (most - least + 1); }};
}

SizeMix one_of(const std::string& name, std::vector<std::uint64_t> sizes) {
    return {name, [sizes](Random& random) { return sizes[random() % sizes.size()]; }};
}

SizeMix two(std::uint64_t common, std::uint64_t rare, double share_of_rare) {
    return {std::to_string(rare) + " among " + std::to_string(common),
            [=](Random& random) { return unit_interval(random) < share_of_rare ? rare : common; }};
}

SizeMix log_uniform(double least, double most) {
    return {"as many of each magnitude", [=](Random& random) {
                return static_cast<std::uint64_t>(least *
                                                  std::pow(most / least, unit_interval(random)));
            }};
}

SizeMix exponential(double mean, double least) {
    return {"exponential with mean " + std::to_string(static_cast<int>(mean)), [=](Random& random) {
                const double tail = -mean * std::log(1 - unit_interval(random));
                return static_cast<std::uint64_t>(least + tail);
            }};
}

}  // namespace

std::vector<SizeMix> size_mixes() {
    return {
        all_of(16),
        all_of(48),
        all_of(1000),
        all_of(65536),
        uniform(1, 64),
        uniform(8, 512),
        uniform(100, 200),
        uniform(8, 4096),
        uniform(4096, 65536),
        two(16, 64, 0.5),
        two(32, 1024, 0.1),
        two(64, 512, 0.3),
        two(1024, 64, 0.2),
        log_uniform(16, 1024),
        log_uniform(64, 4096),
        exponential(50, 8),
        exponential(500, 24),
        one_of("nodes of trees and lists", {24, 32, 40, 40, 48, 48, 56, 64}),
        one_of("vectors that double", {16, 32, 64, 128, 256, 512, 1024}),
        one_of("strings and their buffers", {31, 31, 31, 47, 63, 95, 121, 241, 481}),
    };
}

std::vector<std::uint64_t> make_sizes(const SizeMix& mix, std::size_t count) {
    Random random(11);
    std::vector<std::uint64_t> sizes(count);
    for (std::uint64_t& size : sizes) size = mix.draw(random);
    return sizes;
}

}  // namespace leakcheck::test
