// SPDX-License-Identifier: Apache-2.0
//
// The cases that are planted for kinds_test.cpp, by name. A case owns 128 sizes that no other case has, and that nothing
// else asks for: by its size a block is known in the report of every tool.
#pragma once

#include <cstddef>
#include <string_view>

namespace kinds {

// Of kinds.cpp, which plants all of them in one process.
inline constexpr std::string_view case_names[] = {
    // Shapes
    "LeakedAlone", "HeldAlone", "SelfCycle", "CycleOfTwo", "CycleOfMany", "CycleWithTail",
    "CycleWithHead", "TwoCyclesSharing", "HeldCycle", "LeakedTree", "HeldTree", "LeakedList",
    "HeldList", "LeakedDoubleList", "DoubleListHeldInTheMiddle", "ListHeldInTheMiddle",
    "TwoHeadsOneTail", "Diamond", "LeakedToHeld",
    // Interior pointers and what is no pointer at all
    "CharOffset", "WordOffset", "LastByte", "OnePastTheEnd", "ChildOfPossible",
    "InteriorFromLeaked", "InteriorFromHeld", "StartAndInterior", "TaggedLowBit", "TaggedHighBit",
    "Encoded", "Unaligned", "StaleInFreedBlock", "OnlyOneWordOfTwo",
    // Ways to allocate
    "Calloc", "ReallocHeld", "ReallocLeaked", "ReallocKeepsPointers", "AlignedAlloc",
    "PosixMemalign", "NoBytes", "LargeLeaked", "LargeHeld", "LargeHolds", "Strdup", "Nothrow",
    "OverAligned",
    // C++
    "ArrayOfClasses", "ArrayOfClassesLeaked", "ArrayOfPolymorphic", "SecondBase",
    "SecondBaseWithoutVtable", "VirtualBase", "PolymorphicLeaked", "StringHeld",
    "ShortStringLeaked", "LongStringLeaked", "WideString", "VectorHeld", "VectorLeaked",
    "VectorOfPointersLeaked", "ListOfStdHeld", "ListOfStdLeaked", "ForwardListLeaked", "MapHeld",
    "MapLeaked", "UnorderedMapHeld", "UnorderedMapLeaked", "DequeHeld", "DequeLeaked",
    "FunctionHeld", "FunctionLeaked", "AnyHeld", "AnyLeaked", "UniqueHeld", "UniqueReleased",
    "SharedHeld", "MakeSharedHeld", "SharedCycle", "WeakOnly", "RawPointerOfMakeShared",
    "ExceptionHeld", "FreedByStaticDestructor", "FreedByAtexit", "LeakedByStaticDestructor",
    // Places of a process
    "Data", "Bss", "StaticLocal", "ThreadLocal", "ThreadLocalObject", "PthreadSpecific", "Putenv",
    "Argv", "AnonymousMemory", "SharedAnonymousMemory", "Memfd", "SystemVSharedMemory",
    "PrivateFile", "ReadOnlyPage", "ForbiddenPage", "UnmappedMemory", "PoolOnMmap", "PoolOnMalloc",
    "LeakedPoolOnMalloc", "StackAtExit", "StackBelowPointer", "AlternateStack", "Coroutine",
    "CoroutineOnBlock", "FileBuffer", "LibraryData", "LibraryTls", "ClosedLibraryData",
    // Threads
    "RunningThreadStack", "RunningThreadTls", "RunningThreadSpecific", "RunningThreadRegister",
    "RunningThreadVector", "EndedThreadStack", "EndedThreadTls", "EndedThreadObject",
    "EndedThreadSpecific", "EndedThreadResult", "ResultNotJoined", "ArenaHeld", "ArenaLeaked",
    "ListAcrossArenas", "ThreadArgument"};

// Of ends.cpp, which does one of them in a run.
inline constexpr std::string_view end_names[] = {
    "ExitFromThread",   "UnderscoreExit", "QuickExit",
    "ExitOfLastThread", "ForkedChild",    "ForkedChildAddsToInherited",
    "InheritedByChild", "ExecutedChild",  "VforkedChild",
    "GrandChild",       "ForkedByThread"};

inline constexpr std::size_t first_size = 20'000;
inline constexpr std::size_t sizes_of_case = 128;
// Added to a size, it keeps the case: for blocks that the allocator gives a mapping of their own.
inline constexpr std::size_t large = std::size_t{1} << 20;

// "Name"_case: the smallest size of the case. Those up to 120 bytes above are its own, too.
consteval std::size_t operator""_case(const char* name, std::size_t length) {
    std::size_t size = first_size;
    const auto find = [&](const auto& names) {
        for (const std::string_view known : names) {
            if (known == std::string_view(name, length)) return true;
            size += sizes_of_case;
        }
        return false;
    };
    if (!find(case_names) && !find(end_names)) throw "no such case";
    return size;
}

}  // namespace kinds
