// SPDX-License-Identifier: Apache-2.0
//
// Smart pointers and other objects that own a block, and what is freed while the process ends.
#include <any>
#include <exception>
#include <functional>
#include <memory>

#include "tests/runtime/programs/kinds/planting.hpp"

namespace kinds {
namespace {

Immortal<std::function<void()>> function;
Immortal<std::any> any;
Immortal<std::unique_ptr<Padding<"UniqueHeld"_case>>> unique;
Immortal<std::shared_ptr<Padding<"SharedHeld"_case>>> shared;
Immortal<std::shared_ptr<Padding<"MakeSharedHeld"_case>>> made_shared;
Immortal<std::weak_ptr<Padding<"WeakOnly"_case>>> weak;
Immortal<std::exception_ptr> exception;
void* volatile raw;

void plant_functions() {
    constexpr std::size_t size = "FunctionHeld"_case;
    function.make() = [big = Padding<size>()] { use(big); };
    constexpr std::size_t lost = "FunctionLeaked"_case;
    leaked<std::function<void()>, lost>() = [big = Padding<lost + 8>()] { use(big); };
}

void plant_anys() {
    any.make() = Padding<"AnyHeld"_case>();
    constexpr std::size_t lost = "AnyLeaked"_case;
    leaked<std::any, lost>() = Padding<lost + 8>();
}

void plant_unique() {
    unique.make().reset(new Padding<"UniqueHeld"_case>);
    use(std::make_unique<Padding<"UniqueReleased"_case>>().release());
}

void plant_shared() {
    shared.make().reset(new Padding<"SharedHeld"_case>);
    made_shared.make() = std::make_shared<Padding<"MakeSharedHeld"_case>>();
    const auto only_shared = std::make_shared<Padding<"WeakOnly"_case>>();
    weak.make() = only_shared;
    static Immortal<std::shared_ptr<Padding<"RawPointerOfMakeShared"_case>>> forgotten;
    auto& owner = forgotten.make();
    owner = std::make_shared<Padding<"RawPointerOfMakeShared"_case>>();
    raw = owner.get();
    std::memset(static_cast<void*>(&owner), 0, sizeof(owner));
}

template <std::size_t Size>
struct Ring {
    std::shared_ptr<void> other;
    Padding<Size - sizeof(std::shared_ptr<void>)> padding;
};

void plant_shared_cycle() {
    constexpr std::size_t size = "SharedCycle"_case;
    const auto first = std::make_shared<Ring<size>>();
    const auto second = std::make_shared<Ring<size + 16>>();
    first->other = second;
    second->other = first;
}

void plant_exception() {
    try {
        throw Padding<"ExceptionHeld"_case - 128>();
    } catch (...) {
        exception.make() = std::current_exception();
    }
}

struct Freer {
    Words block;
    ~Freer() { std::free(block); }
};
struct Loser {
    Words block;
    ~Loser() { block = nullptr; }
};

Words freed_by_atexit;

void plant_ending() {
    static Freer freer{make<"FreedByStaticDestructor"_case>()};
    static Loser loser{make<"LeakedByStaticDestructor"_case>()};
    use(freer);
    use(loser);
    freed_by_atexit = make<"FreedByAtexit"_case>();
    std::atexit([] { std::free(freed_by_atexit); });
}

}  // namespace

void plant_owners() {
    run_and_forget(plant_functions);
    run_and_forget(plant_anys);
    run_and_forget(plant_unique);
    run_and_forget(plant_shared);
    run_and_forget(plant_shared_cycle);
    run_and_forget(plant_exception);
    run_and_forget(plant_ending);
}

}  // namespace kinds
