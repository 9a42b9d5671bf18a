// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/oracle/event.hpp"

#include <algorithm>
#include <cstring>

namespace leakcheck::oracle {
namespace {

const Page* find_page(const std::vector<Page>& pages, std::uint64_t address) {
    const std::uint64_t start = address & ~std::uint64_t{ORACLE_PAGE_SIZE - 1};
    for (const Page& page : pages)
        if (page.address == start) return &page;
    return nullptr;
}

}  // namespace

std::optional<std::uint64_t> Event::read(std::uint64_t address) const {
    std::uint64_t word = 0;
    auto* to = reinterpret_cast<std::uint8_t*>(&word);
    for (std::size_t done = 0; done < sizeof(word);) {
        const Page* page = find_page(pages, address + done);
        if (page == nullptr) return std::nullopt;
        const std::size_t place = (address + done) % ORACLE_PAGE_SIZE;
        const std::size_t here = std::min(sizeof(word) - done, ORACLE_PAGE_SIZE - place);
        std::memcpy(to + done, page->bytes.data() + place, here);
        done += here;
    }
    return word;
}

}  // namespace leakcheck::oracle
