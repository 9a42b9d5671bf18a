# verdicts_test.cpp and its program, which bench/verdicts runs more often.
runtime_program(near_budget SOURCES programs/near_budget.cpp LIBRARIES GTest::gtest Threads::Threads)
target_sources(test_runtime PRIVATE verdicts_test.cpp)
add_dependencies(test_runtime runtime_near_budget)
