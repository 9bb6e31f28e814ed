#include "api/resources/operations.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

// Without keys: those are secrets of another door.
json::object application_json(const model::Application& application) {
    json::object object;
    object["id"] = application.id.value();
    object["name"] = application.name;
    object["description"] = application.description;
    object["created"] = time_text(application.created);
    return object;
}

Answer<store::Applications::Pointer> application_of(const Call& call) {
    const Result<std::uint64_t> number = parse_unsigned(call.id());
    const model::ApplicationId id(number.value_or(0));
    store::Applications::Pointer found = call.with.applications.find(id);
    if (!found || !call.caller.may_touch(id)) return not_found("application");
    return found;
}

}  // namespace

Task<Answer<Reply>> list_applications(Call& call) {
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    const std::uint64_t after = parse_unsigned(*from).value_or(0);
    json::array items;
    std::string last, next;
    for (const store::Applications::Pointer& application : call.with.applications.all()) {
        if (application->id.value() <= after || !call.caller.may_touch(application->id)) continue;
        if (items.size() == static_cast<std::size_t>(limit(call))) {
            next = last;
            break;
        }
        items.push_back(application_json(*application));
        last = std::to_string(application->id.value());
    }
    co_return page(call, std::move(items), next);
}

Task<Answer<Reply>> get_application(Call& call) {
    const Answer<store::Applications::Pointer> found = application_of(call);
    if (!found) co_return std::unexpected(found.error());
    co_return reply(application_json(**found));
}

Task<Answer<Reply>> create_application(Call& call) {
    if (call.caller.application)
        co_return refuse(403, "forbidden", "The token is for one application only.");
    const Fields fields = call.fields();
    model::Application application;
    application.name = fields.text_or("name", "");
    application.description = fields.text_or("description", "");
    application.created = call.now;
    application.keys.push_back(store::make_key_pair());
    store::Commit with = audited(call, {"application.created", application.name, ""});
    const Result<store::Applications::Pointer> created =
        co_await call.with.applications.create(std::move(application), std::move(with));
    if (!created) co_return refuse(created.error());
    json::object body = application_json(**created);
    body["secret_id"] = (*created)->keys.front().secret_id;
    body["secret_key"] = (*created)->keys.front().secret_key;
    co_return reply(json::value(std::move(body)));
}

Task<Answer<Reply>> change_application(Call& call) {
    const Answer<store::Applications::Pointer> found = application_of(call);
    if (!found) co_return std::unexpected(found.error());
    call.application = (*found)->id;
    const Fields fields = call.fields();
    const auto edit = [fields](model::Application& application) {
        application.name = fields.text_or("name", application.name);
        application.description = fields.text_or("description", application.description);
    };
    store::Commit with = audited(call, {"application.changed", call.id(), ""});
    const Result<store::Applications::Pointer> changed =
        co_await call.with.applications.change((*found)->id, edit, std::move(with));
    if (!changed) co_return refuse(changed.error());
    co_return reply(application_json(**changed));
}

}  // namespace hookreel::api
