// SPDX-License-Identifier: Apache-2.0
//
// string_suite [--rounds=N] [--work=N] [--leak-every=N] [GoogleTest's options]: a test suite whose time goes into
// strings, maps, vectors and trees of them, as that of many suites does. Prints, after what GoogleTest
// prints, the seconds of CPU time that the tests took.
//   --rounds      how often each of the 120 tests repeats its work (default 100)
//   --work        computation beside the allocations: how often each text is hashed (default 0)
//   --leak-every  leak every N-th thing that is built, on purpose (default 0: none)
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>
#include <random>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "bench/bench_program.hpp"

namespace {

struct Settings {
    std::uint64_t rounds = 100;
    std::uint64_t work = 0;
    std::uint64_t leak_every = 0;
} settings;

volatile std::uint64_t sink;

void compute(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (std::uint64_t i = 0; i < settings.work; ++i)
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    sink = hash;
}

// To be called with each thing when it is not needed any more.
template <class Thing>
void dispose(Thing thing) {
    static std::uint64_t disposed = 0;
    if (settings.leak_every == 0 || ++disposed % settings.leak_every != 0) return;
    alignas(Thing) std::byte grave[sizeof(Thing)];
    asm volatile("" : : "g"(new (grave) Thing(std::move(thing))) : "memory");
}

using Random = std::minstd_rand;

std::string word(Random& random) {
    static constexpr std::string_view letters =
        "thequickbrownfoxjumpsoverthelazydogandthendozesoffforawhileinthesun";
    const auto number = random();
    std::string text(letters.substr(number % 16, 16 + number / 16 % 32));
    compute(text);
    return text;
}

std::vector<std::string> words(Random& random, std::size_t count) {
    std::vector<std::string> result;
    while (result.size() < count) result.push_back(word(random));
    return result;
}

void join_and_split(Random& random) {
    std::string joined;
    for (const std::string& part : words(random, 30)) joined += part + ", ";
    std::vector<std::string> parts;
    for (std::size_t begin = 0, end = 0; (end = joined.find(", ", begin)) != std::string::npos;
         begin = end + 2)
        parts.push_back(joined.substr(begin, end - begin));
    EXPECT_EQ(parts.size(), 30);
    dispose(std::move(joined));
    dispose(std::move(parts));
}

void count_words(Random& random) {
    std::map<std::string, int> counts;
    for (std::string& text : words(random, 40)) ++counts[text.substr(0, 16)];
    EXPECT_FALSE(counts.empty());
    dispose(std::move(counts));
}

void sort_words(Random& random) {
    std::vector<std::string> sorted = words(random, 40);
    std::vector<std::string> copy = sorted;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_TRUE(std::is_permutation(sorted.begin(), sorted.end(), copy.begin()));
    dispose(std::move(sorted));
    dispose(std::move(copy));
}

void look_up(Random& random) {
    std::unordered_map<std::string, std::vector<std::string>> index;
    for (std::string& text : words(random, 40)) index[text.substr(0, 1)].push_back(text);
    std::size_t found = 0;
    for (const auto& [key, values] : index) found += values.size();
    EXPECT_EQ(found, 40);
    dispose(std::move(index));
}

struct Item {
    std::string name;
    std::vector<std::shared_ptr<Item>> parts;
};

std::shared_ptr<Item> assemble(Random& random, int depth) {
    auto item = std::make_shared<Item>();
    item->name = word(random);
    if (depth > 0)
        for (int i = 0; i < 3; ++i) item->parts.push_back(assemble(random, depth - 1));
    return item;
}

void share_items(Random& random) {
    std::shared_ptr<Item> whole = assemble(random, 3);
    std::vector<std::shared_ptr<Item>> shared(5, whole);
    EXPECT_EQ(whole.use_count(), 6);
    dispose(std::move(whole));
}

struct Value {
    using Array = std::vector<Value>;
    using Object = std::map<std::string, Value>;
    std::variant<int, std::string, Array, Object> content;
};

Value make_value(Random& random, int depth) {
    if (depth == 0) return random() % 2 == 0 ? Value{0} : Value{word(random)};
    if (random() % 2 == 0) {
        Value::Array array;
        for (int i = 0; i < 4; ++i) array.push_back(make_value(random, depth - 1));
        return {std::move(array)};
    }
    Value::Object object;
    for (int i = 0; i < 4; ++i) object[word(random)] = make_value(random, depth - 1);
    return {std::move(object)};
}

std::string text_of(const Value& value) {
    if (const auto* number = std::get_if<int>(&value.content)) return std::to_string(*number);
    if (const auto* text = std::get_if<std::string>(&value.content)) return '"' + *text + '"';
    std::string all;
    if (const auto* array = std::get_if<Value::Array>(&value.content)) {
        for (const Value& element : *array) all += text_of(element) + ',';
        return '[' + all + ']';
    }
    for (const auto& [key, member] : std::get<Value::Object>(value.content))
        all += '"' + key + "\":" + text_of(member) + ',';
    return '{' + all + '}';
}

void print_tree(Random& random) {
    Value value = make_value(random, 3);
    Value copy = value;
    EXPECT_EQ(text_of(value), text_of(copy));
    dispose(std::move(value));
    dispose(std::move(copy));
}

struct Kind {
    const char* name;
    void (*run)(Random&);
};
constexpr Kind kinds[] = {{"join_and_split", join_and_split}, {"count_words", count_words},
                          {"sort_words", sort_words},         {"look_up", look_up},
                          {"share_items", share_items},       {"print_tree", print_tree}};

class StringSuite : public testing::TestWithParam<std::tuple<Kind, int>> {};

TEST_P(StringSuite, Works) {
    const auto& [kind, instance] = GetParam();
    Random random(static_cast<Random::result_type>(instance + 1));
    for (std::uint64_t round = 0; round < settings.rounds; ++round) kind.run(random);
}

INSTANTIATE_TEST_SUITE_P(All, StringSuite,
                         testing::Combine(testing::ValuesIn(kinds), testing::Range(0, 20)),
                         [](const auto& which) {
                             return std::get<Kind>(which.param).name + std::string("_") +
                                    std::to_string(std::get<int>(which.param));
                         });

void read_option(std::string_view option) {
    const std::pair<std::string_view, std::uint64_t*> known[] = {
        {"--rounds=", &settings.rounds},
        {"--work=", &settings.work},
        {"--leak-every=", &settings.leak_every}};
    for (const auto& [name, value] : known) {
        if (!option.starts_with(name)) continue;
        const char* const end = option.data() + option.size();
        const auto [rest, error] = std::from_chars(option.data() + name.size(), end, *value);
        if (error == std::errc() && rest == end) return;
    }
    std::fprintf(stderr,
                 "string_suite: %s is no option with a number\nusage: string_suite [--rounds=N] "
                 "[--work=N] [--leak-every=N] [GoogleTest's options]\n",
                 option.data());
    std::exit(2);
}

}  // namespace

int main(int argc, char** argv) {
    bench::wait_for_tracer();
    testing::InitGoogleTest(&argc, argv);
    for (int i = 1; i < argc; ++i) read_option(argv[i]);
    const bench::CpuTimer timer;
    const int status = RUN_ALL_TESTS();
    std::printf("%.6f\n", timer.seconds());
    return status;
}
