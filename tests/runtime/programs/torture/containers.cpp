// SPDX-License-Identifier: Apache-2.0
//
// What programs allocate with most: the standard library's containers and strings, and the C library's.
#include <algorithm>
#include <cstring>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "torture.hpp"

namespace torture::containers {
namespace {

void sequences(Random& random) {
    std::vector<std::string> words;
    std::deque<int> numbers;
    std::list<std::vector<int>> lists;
    for (std::size_t i = random.below(20); i > 0; --i) {
        words.push_back(std::string(random.below(60), 'x'));
        numbers.push_front(static_cast<int>(i));
        lists.emplace_back(random.below(9), 7);
    }
    keep(&words);
}

void maps(Random& random) {
    std::map<std::string, std::unordered_map<int, std::string>> nested;
    for (std::size_t i = random.below(12); i > 0; --i) {
        const std::string key = "a key that is too long to lie inside of " + std::to_string(i % 5);
        nested[key][static_cast<int>(random.below(40))].append(40, 'v');
    }
    keep(&nested);
}

struct Node {
    explicit Node(int depth) : name(40, 'n') {
        if (depth > 0) child = std::make_unique<Node>(depth - 1);
    }
    std::string name;
    std::unique_ptr<Node> child;
    std::shared_ptr<int> shared = std::make_shared<int>(1);
};

void trees(Random& random) {
    const auto tree = std::make_shared<Node>(static_cast<int>(random.below(25)));
    keep(tree.get());
}

void algorithms(Random& random) {
    std::vector<std::string> words(2 + random.below(20), "some words that are to be put in order");
    for (std::string& word : words) word[0] = static_cast<char>('a' + random.below(26));
    std::stable_sort(words.begin(), words.end());  // in memory of its own
    std::sort(words.begin(), words.end(), [](std::string a, std::string b) { return a > b; });
}

void streams(Random& random) {
    std::ostringstream out;
    for (std::size_t i = 0; i < 10; ++i) out << random.next() << ' ' << 1.5 << ' ' << "text\n";
    std::istringstream in(out.str());
    for (std::string word; in >> word;) keep(&word);
}

void c_strings(Random& random) {
    char* copy = ::strdup("a string");
    char* printed = nullptr;
    if (::asprintf(&printed, "%s and %zu more %*d", copy, random.below(1000), 900, 1) < 0) return;
    char* directory = ::realpath("/usr/lib/..", nullptr);
    std::free(directory);
    std::free(printed);
    std::free(copy);
}

void operators(Random& random) {
    struct alignas(128) Wide {
        char bytes[256];
    };
    auto* wide = new Wide[1 + random.below(3)];
    keep(wide);
    delete[] wide;
    int* none = new (std::nothrow) int[random.below(100) + 1];
    keep(none);
    delete[] none;
    void* block = std::calloc(random.below(10) + 1, 16);
    block = std::realloc(block, random.below(4000) + 1);
    keep(block);
    std::free(block);
    void* aligned = nullptr;
    if (::posix_memalign(&aligned, 4096, 100) == 0) std::free(aligned);
    std::free(std::aligned_alloc(64, 128));
}

const Scenario scenarios[]{
    {"sequences", 10, sequences},  {"maps", 10, maps},      {"trees", 10, trees},
    {"algorithms", 5, algorithms}, {"streams", 5, streams}, {"c_strings", 5, c_strings},
    {"operators", 5, operators},
};

}  // namespace
}  // namespace torture::containers
