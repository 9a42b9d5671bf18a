// SPDX-License-Identifier: Apache-2.0
//
// Classes whose objects are held by pointers to a part of them.
#include <utility>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

void* volatile held[20];

// With a destructor, so that new[] notes how many there are before the first. One of them fills a block.
template <std::size_t Size>
struct Destructed {
    Padding<Size - 8> padding;
    ~Destructed() { use(padding); }
};

template <std::size_t Size>
struct PolymorphicElement {
    Padding<Size - 16> padding;
    virtual ~PolymorphicElement() { use(padding); }
};

struct First {
    virtual ~First() = default;
    std::uint64_t first = 1;
};
struct Second {
    virtual ~Second() = default;
    std::uint64_t second = 2;
};
template <std::size_t Size>
struct Both : First, Second {
    Padding<Size - sizeof(First) - sizeof(Second)> padding;
};

struct PlainFirst {
    std::uint64_t first[3] = {7, 7, 7};
};
struct PlainSecond {
    std::uint64_t second[2] = {0, 0};
};
template <std::size_t Size>
struct PlainBoth : PlainFirst, PlainSecond {
    Padding<Size - sizeof(PlainFirst) - sizeof(PlainSecond)> padding;
};

struct Base {
    virtual ~Base() = default;
    std::uint64_t base = 3;
};
template <std::size_t Size>
struct Derived : virtual Base {
    Padding<Size - sizeof(void*) - sizeof(Base)> padding;
};

void plant_arrays() {
    constexpr std::size_t size = "ArrayOfClasses"_case;
    held[0] = new Destructed<size>[1];
    constexpr std::size_t leaked = "ArrayOfClassesLeaked"_case;
    use(new Destructed<leaked>[1]);
    constexpr std::size_t polymorphic = "ArrayOfPolymorphic"_case;
    held[1] = new PolymorphicElement<polymorphic>[1];
}

void plant_bases() {
    constexpr std::size_t second = "SecondBase"_case;
    held[2] = static_cast<Second*>(new Both<second>);
    constexpr std::size_t plain = "SecondBaseWithoutVtable"_case;
    held[3] = static_cast<PlainSecond*>(new PlainBoth<plain>);
    constexpr std::size_t virtually = "VirtualBase"_case;
    held[4] = static_cast<Base*>(new Derived<virtually>);
    constexpr std::size_t leaked = "PolymorphicLeaked"_case;
    use(new Both<leaked>);
}

}  // namespace

void plant_classes() {
    run_and_forget(plant_arrays);
    run_and_forget(plant_bases);
}

}  // namespace kinds
