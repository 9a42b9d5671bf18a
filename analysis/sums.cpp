// SPDX-License-Identifier: Apache-2.0
#include "analysis/sums.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "analysis/sampled_sum.hpp"

namespace leakcheck {
namespace {

struct SiteBefore {
    bool operator()(const SourceLocation& a, const SourceLocation& b) const {
        return std::tie(a.file, a.line, a.function) < std::tie(b.file, b.line, b.function);
    }
};

struct SuiteSum {
    SampledSum leaked;
    Sample allocated;
    std::uint64_t tests = 0;
    std::uint64_t first_order = UINT64_MAX;
};

bool has_suite(const Owner& owner) {
    return owner.kind == OwnerKind::test || owner.kind == OwnerKind::suite_set_up ||
           owner.kind == OwnerKind::suite_tear_down;
}

std::map<std::string, SuiteSum> find_suites(const Findings& found) {
    std::map<std::string, SuiteSum> suites;
    for (std::size_t index = 0; index < found.owners.all().size(); ++index) {
        const Owner& owner = found.owners.all()[index];
        if (!has_suite(owner)) continue;
        SuiteSum& suite = suites[owner.suite];
        suite.allocated.add(found.allocations[index]);
        suite.tests += owner.kind == OwnerKind::test ? 1 : 0;
        suite.first_order = std::min(suite.first_order, owner.first_order);
    }
    return suites;
}

}  // namespace

std::vector<SiteResult> sum_by_site(const Findings& found) {
    std::map<SourceLocation, SampledSum, SiteBefore> sums;
    for (const SampledLeak& leak : found.leaks) {
        if (is_gating(leak)) sums[leak.leak.site].add(leak, found.settled);
    }
    std::vector<SiteResult> sites;
    sites.reserve(sums.size());
    for (const auto& [site, sum] : sums) {
        sites.push_back({site, sum.leaks(), sum.bytes(found.unseen), sum.blocks(found.unseen)});
    }
    std::stable_sort(sites.begin(), sites.end(), [](const SiteResult& a, const SiteResult& b) {
        return a.leaked_bytes.estimate > b.leaked_bytes.estimate;
    });
    return sites;
}

std::vector<SuiteResult> sum_by_suite(const Findings& found) {
    std::map<std::string, SuiteSum> sums = find_suites(found);
    for (const SampledLeak& leak : found.leaks) {
        const Owner& owner = found.owners.all()[leak.owner];
        if (is_gating(leak) && has_suite(owner)) sums[owner.suite].leaked.add(leak, found.settled);
    }
    std::vector<std::pair<std::uint64_t, SuiteResult>> in_order;
    in_order.reserve(sums.size());
    for (const auto& [name, sum] : sums) {
        in_order.push_back(
            {sum.first_order,
             {name, sum.tests, sum.leaked.bytes(found.unseen), sum.leaked.blocks(found.unseen),
              sum.allocated.bytes(found.unseen), sum.allocated.blocks(found.unseen)}});
    }
    std::stable_sort(in_order.begin(), in_order.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<SuiteResult> suites;
    suites.reserve(in_order.size());
    for (auto& [order, suite] : in_order) suites.push_back(std::move(suite));
    return suites;
}

}  // namespace leakcheck
