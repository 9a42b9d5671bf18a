# Builds everything added after this with the sanitizers of LEAKCHECK_SANITIZE.
if(LEAKCHECK_SANITIZE)
  add_compile_options(-fsanitize=${LEAKCHECK_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${LEAKCHECK_SANITIZE})
endif()
