// The names of things. Text ids are opaque outside the place that makes them.
#pragma once

#include "base/id.h"

namespace hookreel::model {

// An application (Tencent: SubAppId). Everything belongs to one: media, settings, queues, keys.
using ApplicationId = Number<struct ApplicationTag>;
// A file of the library: 19 random decimal digits, as text because it may exceed 2^63 (Tencent open
// point 21).
using FileId = Id<struct FileTag>;
// <AppId>-<kind>-<32 hex>t0 (Tencent open point 20).
using TaskId = Id<struct TaskTag>;
// 32 hex digits, the same in every attempt and every dialect.
using EventId = Id<struct EventTag>;
// "reel/<application>", "endpoint/<endpoint>", "tasks": see queue.h.
using QueueId = Id<struct QueueTag>;
using EndpointId = Id<struct EndpointTag>;
// The session of one upload (Tencent: VodSessionKey): 40 random letters and digits, a secret of its
// uploader.
using UploadId = Id<struct UploadTag>;

}  // namespace hookreel::model
