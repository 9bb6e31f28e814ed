// Whoever knows the templates that applications have made.
//
// Threads: any loop.
#pragma once

#include "base/async.h"
#include "base/result.h"
#include "model/ids.h"
#include "model/template.h"

namespace hookreel::media {

class Templates {
 public:
    virtual ~Templates() = default;
    // Empty for an application that has made none. Errors: unavailable.
    virtual Task<Result<model::OwnTemplates>> own(model::ApplicationId application) = 0;
};

// Knows none. For tests of what works with presets.
class NoTemplates final : public Templates {
 public:
    Task<Result<model::OwnTemplates>> own(model::ApplicationId) override {
        co_return model::OwnTemplates{};
    }
};

}  // namespace hookreel::media
