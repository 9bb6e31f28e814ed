# Makes the tables of src/dialect/tencent_vod/protocol/schema.h from the API definitions, at build time.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
set(tencent_schema_tool ${CMAKE_SOURCE_DIR}/tools/make_tencent_schema.py)
set(tencent_schema_inputs
    ${CMAKE_SOURCE_DIR}/src/dialect/tencent_vod/protocol/api.json
    ${CMAKE_SOURCE_DIR}/src/dialect/tencent_vod/protocol/external_api.json
    ${CMAKE_SOURCE_DIR}/src/dialect/tencent_vod/protocol/template_api.json)
set(tencent_schema_output ${CMAKE_BINARY_DIR}/generated/tencent_vod_schema_tables.cc)
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/generated)
add_custom_command(
  OUTPUT ${tencent_schema_output}
  COMMAND ${Python3_EXECUTABLE} ${tencent_schema_tool} ${tencent_schema_inputs} ${tencent_schema_output}
  DEPENDS ${tencent_schema_tool} ${tencent_schema_inputs}
  VERBATIM)
target_sources(hookreel_dialect_tencent_vod_protocol PRIVATE ${tencent_schema_output})
