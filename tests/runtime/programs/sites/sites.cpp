// SPDX-License-Identifier: Apache-2.0
//
// Leaks in every way that code leaks. A person who is asked where would name the lines that carry a
// marker, a comment with the word "leak"; sites_test.cpp reads them and asks leakcheck. Where a
// compiler records another line than a person would, that line has the same marker with "or" before
// it. What a line allocates lives in storage that is never destroyed, so that nothing else leaks.
// escape() also keeps calls from being the last thing that a function does: optimisers jump there,
// and the function is on no stack.
#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "forest.h"
#include "template.hpp"

namespace sites {

// Makes the optimiser believe that somebody reads what is there.
void escape(const void* place) {
    asm volatile("" : : "g"(place) : "memory");
}

// Holds a value without memory of its own, and never destroys it.
template <typename Value>
union Immortal {
    Value value;
    Immortal() : value() {}
    ~Immortal() {}
};

struct Record {
    std::array<int, 20> values{};
    virtual ~Record() = default;
};

constexpr const char* long_text =
    "a text that is too long for the buffer inside of a string object";

void vector_growth() {
    static Immortal<std::vector<int>> numbers;
    for (int i = 0; i < 5; ++i) numbers.value.push_back(i);  // leak: vector growth
}

void vector_copy() {
    const std::array<int, 3> some{1, 2, 3};
    static Immortal<std::vector<int>> copy;
    copy.value.assign(some.begin(), some.end());  // leak: vector assign
}

void list_growth() {
    static Immortal<std::list<Record>> records;
    records.value.emplace_back();  // leak: list emplace_back
}

void string_assignment() {
    static Immortal<std::string> text;
    text.value = long_text;  // leak: string assignment
    escape(&text);
}

void string_append() {
    static Immortal<std::string> text;
    for (int i = 0; i < 20; ++i) text.value.append("part ");  // leak: string append
}

void string_sum() {
    static Immortal<std::string> text;
    const std::string name = "short";
    text.value = name + " and a tail that makes it too long";  // leak: string sum
}  // or leak: string sum (gcc takes the call inlined there for one made here)

void map_insertion() {
    static Immortal<std::map<int, Record>> records;
    records.value[7];  // leak: map insertion
}

void unordered_map_insertion() {
    static Immortal<std::unordered_map<int, int>> numbers;
    numbers.value.emplace(7, 8);  // leak: unordered_map insertion
}

void unique_object() {
    auto record = std::make_unique<Record>();  // leak: make_unique
    escape(record.release());
}

void shared_object() {
    static Immortal<std::shared_ptr<Record>> record;
    record.value = std::make_shared<Record>();  // leak: make_shared
}

void function_capture() {
    static Immortal<std::function<int()>> callback;
    std::array<int, 30> captured{};
    escape(&captured);
    callback.value = [captured] { return captured[3]; };  // leak: function capture
}

void array_of_objects() {
    auto* records = new Record[3];  // leak: new[]
    escape(records);
}

void nothrow_object() {
    escape(new (std::nothrow) Record);  // leak: nothrow new
}

void inside_template() {
    escape(make_pair_of<long>());
}

void inside_lambda() {
    const auto make = [](int value) {
        return new int(value);  // leak: lambda
    };
    escape(make(7));
}

void inside_callback() {
    std::array<int, 4> numbers{3, 1, 2, 0};
    static int calls = 0;
    std::qsort(numbers.data(), numbers.size(), sizeof(int), [](const void* a, const void* b) {
        if (calls++ == 0) escape(std::malloc(77));  // leak: callback of the C library
        return *static_cast<const int*>(a) - *static_cast<const int*>(b);
    });
}

struct Owner {
    char* name;
    Owner() : name(new char[60]) { escape(name); }  // leak: constructor
};

void inside_constructor() {
    static Immortal<std::vector<Owner>> owners;
    owners.value.emplace_back();  // leak: emplace_back of an owner
    escape(&owners);
}

void copied_text() {
    escape(strdup(long_text));  // leak: strdup
}

void read_line() {
    char text[] = "one line\n";
    std::FILE* file = fmemopen(text, sizeof(text) - 1, "r");
    char* line = nullptr;
    std::size_t size = 0;
    const auto length = getline(&line, &size, file);  // leak: getline
    escape(&length);
    std::fclose(file);
}

void printed_text() {
    char* text = nullptr;
    const int length = asprintf(&text, "%s and %d", long_text, 7);  // leak: asprintf
    escape(&length);
}

void grown_block() {
    void* block = std::malloc(10);
    escape(block);
    block = std::realloc(block, 100000);  // leak: realloc
    escape(block);
}

void aligned_block() {
    void* block = nullptr;
    if (posix_memalign(&block, 64, 640) != 0) std::abort();  // leak: posix_memalign
    escape(block);
}

void library_without_debug_information() {
    escape(forest_grow_plain(3));  // leak: library without debug information
}

void library_with_debug_information() {
    escape(forest_grow_debug(3));  // leak: library with debug information
}

void stream_output() {
    static Immortal<std::ostringstream> stream;
    stream.value << long_text << 7;  // leak: stream output
}

struct Punctuation : std::numpunct<char> {  // leak: base class, made by an implicit constructor
    char do_decimal_point() const override { return ','; }
};

void locale_facet() {
    static Immortal<std::locale> german;
    german.value = std::locale(german.value, new Punctuation);  // leak: locale facet
}

void regular_expression() {
    static Immortal<std::regex> expression;
    expression.value = std::regex("(a|b)+c{2,3}[x-z]*");  // leak: regex
}

std::atomic<int> stage{0};

void work() {
    escape(new Record);  // leak: inside a thread
    stage = 1;
    stage.notify_all();
    stage.wait(1);  // for good
}

void thread_start() {
    std::thread worker(work);  // leak: thread start
    worker.detach();
    stage.wait(0);
}

using Site = void (*)();
Site all[] = {vector_growth,
              vector_copy,
              list_growth,
              string_assignment,
              string_append,
              string_sum,
              map_insertion,
              unordered_map_insertion,
              unique_object,
              shared_object,
              function_capture,
              array_of_objects,
              nothrow_object,
              inside_template,
              inside_lambda,
              inside_callback,
              inside_constructor,
              copied_text,
              read_line,
              printed_text,
              grown_block,
              aligned_block,
              library_without_debug_information,
              library_with_debug_information,
              stream_output,
              locale_facet,
              regular_expression,
              thread_start};

}  // namespace sites

int main() {
    for (const sites::Site site : sites::all) site();
    return 0;
}
