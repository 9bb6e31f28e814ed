# Puts the OpenAPI document of src/api/openapi into the program, at build time.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(openapi_tool ${CMAKE_SOURCE_DIR}/tools/make_openapi.py)
file(GLOB openapi_inputs CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/api/openapi/*.json)
set(openapi_output ${CMAKE_BINARY_DIR}/generated/openapi_text.cc)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${openapi_output}
  COMMAND ${Python3_EXECUTABLE} ${openapi_tool} ${CMAKE_SOURCE_DIR}/src/api/openapi ${openapi_output}
  DEPENDS ${openapi_tool} ${openapi_inputs}
  VERBATIM)
target_sources(hookreel_api_frame PRIVATE ${openapi_output})
