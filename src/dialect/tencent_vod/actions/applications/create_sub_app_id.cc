#include "dialect/tencent_vod/actions/applications/application_actions.h"
#include "dialect/tencent_vod/protocol/json_text.h"

namespace hookreel::dialect::tencent_vod {
namespace {

constexpr std::size_t name_max = 40;          // Spec, CreateSubAppId.
constexpr std::size_t description_max = 300;  // The same.

Answer<model::Application> read(const Call& call) {
    const Members& parameters = call.parameters;
    model::Application application;
    application.name = parameters.text_or_empty("Name");
    application.description = parameters.text_or_empty("Description");
    application.created = call.with.clock.now();
    if (application.name.empty() || characters(application.name) > name_max)
        return refuse("InvalidParameterValue.Name", "Name must have 1 to 40 characters.");
    if (characters(application.description) > description_max)
        return refuse("InvalidParameterValue.Description", "Description may have 300 characters.");
    const std::string type = parameters.text_or_empty("Type");
    if (!type.empty() && type != "AllInOne" && type != "Professional")
        return refuse("InvalidParameterValue", "Type must be AllInOne or Professional.");
    const std::string mode = parameters.text_or_empty("Mode");
    if (!mode.empty() && mode != "fileid")
        return refuse("FailedOperation", "Only the Mode fileid is available on this server.");
    if (parameters.has("Tags"))
        return refuse("FailedOperation", "Tags of applications are not available on this server.");
    return application;
}

}  // namespace

// Only keys of the whole account make applications. The new one is reached with them, by its
// SubAppId.
Task<Answer<std::string>> create_sub_app_id(const Call& call) {
    if (call.signer.reach != Signer::Reach::all)
        co_return std::unexpected(
            unauthorized(call.action, "A key of one application cannot make another one."));
    Answer<model::Application> application = read(call);
    if (!application) co_return std::unexpected(std::move(application.error()));
    store::Commit nothing_else;
    const Result<store::Applications::Pointer> created =
        co_await call.with.applications.create(std::move(*application), std::move(nothing_else));
    if (!created) co_return failed(call, created.error());
    co_return write_members({{"SubAppId", (*created)->id.value()}});
}

}  // namespace hookreel::dialect::tencent_vod
