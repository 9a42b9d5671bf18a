// SPDX-License-Identifier: Apache-2.0
//
// Ways to get from one function to another.
#include <array>
#include <cstdarg>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "torture.hpp"

namespace torture::calls {
namespace {

struct Animal {
    virtual ~Animal() = default;
    virtual void speak(int times) = 0;
};

struct Named : virtual Animal {
    void speak(int times) override {
        const std::string name(static_cast<std::size_t>(30 + times), 'n');
        keep(&name);
    }
};

struct Counted {
    virtual ~Counted() { allocate(24); }
    virtual void count(int times) {
        const std::vector<int> numbers(static_cast<std::size_t>(times + 1));
        keep(&numbers);
    }
};

// Called through its second base, it is entered by a thunk.
struct Dog final : Named, Counted {
    void speak(int times) override {
        Named::speak(times);
        if (times > 0) count(times);
    }
    void count(int times) override {
        Counted::count(times);
        if (times > 1) speak(times - 2);
    }
};

void virtual_calls(Random& random) {
    const auto dog = std::make_unique<Dog>();
    Animal* animal = dog.get();
    Counted* counted = dog.get();
    animal->speak(static_cast<int>(random.below(12)));
    counted->count(static_cast<int>(random.below(12)));
    const std::unique_ptr<Counted> other = std::make_unique<Dog>();
}

[[gnu::noinline]] int recurse(int depth, Random& random) {
    if (depth == 0) {
        allocate(16 + random.below(100));
        return 0;
    }
    const int sum = recurse(depth - 1, random) + depth;
    if (depth % 16 == 0) allocate(48);
    keep(&sum);
    return sum;
}

void shallow_recursion(Random& random) {
    recurse(static_cast<int>(random.below(60)), random);
}

// Deeper than stacks are kept.
void deep_recursion(Random& random) {
    recurse(static_cast<int>(100 + random.below(200)), random);
}

[[gnu::noinline]] void odd(int n);
[[gnu::noinline]] void even(int n) {
    const std::string text(static_cast<std::size_t>(20 + n), 'e');
    keep(&text);
    if (n > 0) odd(n - 1);
}
void odd(int n) {
    allocate(static_cast<std::size_t>(n + 1));
    if (n > 0) return even(n - 1);  // a tail call where the compiler makes them
}

void mutual_recursion(Random& random) {
    even(static_cast<int>(random.below(40)));
}

void functions(Random& random) {
    std::function<void(int)> work;
    std::string captured(50, 'c');
    work = [captured, &work](int n) {
        const std::string copy = captured + std::to_string(n);
        if (n > 0) work(n - 1);
        keep(&copy);
    };
    work(static_cast<int>(random.below(10)));
}

void nested_lambdas(Random& random) {
    const auto outer = [&](auto&& self, int n) -> void {
        const auto inner = [&](int m) {
            const std::vector<std::string> strings(static_cast<std::size_t>(m + 1),
                                                   "a long enough string");
            keep(&strings);
            if (n > 0) self(self, n - 1);
        };
        inner(n);
    };
    outer(outer, static_cast<int>(random.below(8)));
}

int compare_by_copies(const void* a, const void* b) {
    const int first = *static_cast<const int*>(a);
    const int second = *static_cast<const int*>(b);
    allocate(static_cast<std::size_t>(32 + first));
    return (first > second) - (first < second);
}

void c_callbacks(Random& random) {
    std::array<int, 12> numbers{};
    for (int& number : numbers) number = static_cast<int>(random.below(100));
    std::qsort(numbers.data(), numbers.size(), sizeof(int), compare_by_copies);
    const int wanted = 50;
    std::bsearch(&wanted, numbers.data(), numbers.size(), sizeof(int), compare_by_copies);
}

[[gnu::noinline]] void variadic(int count, ...) {
    std::va_list arguments;
    va_start(arguments, count);
    std::vector<double> numbers;
    for (int i = 0; i < count; ++i) numbers.push_back(va_arg(arguments, double));
    va_end(arguments);
    keep(&numbers);
}

void variadic_calls(Random& random) {
    variadic(static_cast<int>(random.below(5)), 1.0, 2.0, 3.0, 4.0, 5.0);
}

struct Visitor {
    void first(int n) { allocate(static_cast<std::size_t>(8 + n)); }
    void second(int n) { allocate(static_cast<std::size_t>(80 + n)); }
};

void member_pointers(Random& random) {
    Visitor visitor;
    const std::array<void (Visitor::*)(int), 2> members{&Visitor::first, &Visitor::second};
    (visitor.*members[random.below(2)])(static_cast<int>(random.below(9)));
}

// More arguments than registers: they are pushed, and the stack pointer moves in the middle of a function.
[[gnu::noinline]] std::size_t many_arguments(int a, int b, int c, int d, int e, int f, int g, int h,
                                             int i, std::string text) {
    allocate(static_cast<std::size_t>(a + b + c + d + e + f + g + h + i));
    return text.size();
}

void pushed_arguments(Random& random) {
    const int n = static_cast<int>(random.below(10));
    const std::size_t size = many_arguments(n, 1, 2, 3, 4, 5, 6, 7, n,
                                            std::string(static_cast<std::size_t>(30 + n), 'a')) +
                             many_arguments(1, 1, 2, 3, 4, 5, n, n, n,
                                            std::string(static_cast<std::size_t>(60 + n), 'b'));
    keep(&size);
}

const Scenario scenarios[]{
    {"virtual_calls", 10, virtual_calls},
    {"shallow_recursion", 8, shallow_recursion},
    {"deep_recursion", 2, deep_recursion},
    {"mutual_recursion", 5, mutual_recursion},
    {"functions", 8, functions},
    {"nested_lambdas", 8, nested_lambdas},
    {"c_callbacks", 5, c_callbacks},
    {"variadic_calls", 5, variadic_calls},
    {"member_pointers", 5, member_pointers},
    {"pushed_arguments", 5, pushed_arguments},
};

}  // namespace
}  // namespace torture::calls
