# The warnings every target of ours is built with; an error each under LEAKCHECK_WERROR.
add_library(leakcheck_warnings INTERFACE)
target_compile_options(leakcheck_warnings INTERFACE
  -Wall -Wextra -Wshadow -Wpointer-arith -Wcast-qual
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi>
  $<$<BOOL:${LEAKCHECK_WERROR}>:-Werror>)
