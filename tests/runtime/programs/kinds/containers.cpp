// SPDX-License-Identifier: Apache-2.0
//
// Containers of the standard library that are never destroyed, and such that nobody knows any more.
#include <deque>
#include <forward_list>
#include <list>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

Immortal<std::string> string;
Immortal<std::wstring> wide_string;
Immortal<std::vector<char>> vector;
Immortal<std::list<Padding<"ListOfStdHeld"_case>>> list;
Immortal<std::map<int, Padding<"MapHeld"_case>>> map;
Immortal<std::unordered_map<int, Padding<"UnorderedMapHeld"_case>>> unordered_map;
Immortal<std::deque<Padding<"DequeHeld"_case>>> deque;

void plant_strings() {
    string.make().assign("StringHeld"_case - 1, 'x');
    wide_string.make().assign("WideString"_case / sizeof(wchar_t) - 1, L'x');
    leaked<std::string, "ShortStringLeaked"_case>().assign(5, 'x');
    constexpr std::size_t size = "LongStringLeaked"_case;
    leaked<std::string, size>().assign(size + 7, 'x');
}

void plant_vectors() {
    vector.make().resize("VectorHeld"_case);
    constexpr std::size_t size = "VectorLeaked"_case;
    leaked<std::vector<char>, size>().resize(size + 8);
    constexpr std::size_t pointers = "VectorOfPointersLeaked"_case;
    auto& blocks = leaked<std::vector<void*>, pointers>();
    blocks.resize((pointers + 8) / sizeof(void*));
    blocks.back() = make<pointers + 16>();
}

template <typename Map>
void fill_map(Map& some_map) {
    for (int i = 0; i < 3; ++i) some_map[i];
}

void plant_lists() {
    list.make().resize(3);
    constexpr std::size_t size = "ListOfStdLeaked"_case;
    leaked<std::list<Padding<size>>, size>().resize(3);
    constexpr std::size_t forward = "ForwardListLeaked"_case;
    leaked<std::forward_list<Padding<forward>>, forward>().resize(3);
}

void plant_maps() {
    fill_map(map.make());
    constexpr std::size_t ordered = "MapLeaked"_case;
    fill_map(leaked<std::map<int, Padding<ordered>>, ordered>());
    fill_map(unordered_map.make());
    constexpr std::size_t unordered = "UnorderedMapLeaked"_case;
    fill_map(leaked<std::unordered_map<int, Padding<unordered>>, unordered>());
}

void plant_deques() {
    deque.make().resize(2);
    constexpr std::size_t size = "DequeLeaked"_case;
    leaked<std::deque<Padding<size + 8>>, size>().resize(2);
}

}  // namespace

void plant_containers() {
    run_and_forget(plant_strings);
    run_and_forget(plant_vectors);
    run_and_forget(plant_lists);
    run_and_forget(plant_maps);
    run_and_forget(plant_deques);
}

}  // namespace kinds
