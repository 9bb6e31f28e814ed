// What EditMedia and ComposeMedia have in common: the session, the new file's name and keeping, and
// what becomes of our errors; and DescribeTaskDetail of both.
#pragma once

#include "dialect/tencent_vod/actions/frame/call.h"
#include "model/edit.h"

namespace hookreel::dialect::tencent_vod {

// Seconds of an offset or a length, which must be finite and within a day either way.
Answer<double> seconds_at(const Members& members, std::string_view name);

// `request` with who asks for it, and its session.
Answer<model::EditRequest> with_caller(const Call& call, model::EditRequest request);

// `request` with what `output` says of the new file: ClassId, ExpireTime, and the name, which is
// the member `name_of`. Its control characters are left out.
Answer<model::EditRequest> with_output(const Call& call, const Members& output,
                                       std::string_view name_of, model::EditRequest request);

// Takes it, and answers with the TaskId. `no_source` is the code for a file that does not exist.
Task<Answer<std::string>> create_edit(const Call& call, model::EditRequest request,
                                      std::string_view no_source, std::string_view invalid);

// The members of the answer, with EditMediaTask or ComposeMediaTask.
Task<Answer<std::string>> describe_edit(const Call& call, const model::Edit& edit);

}  // namespace hookreel::dialect::tencent_vod
