#include <algorithm>

#include "api/resources/operations.h"

namespace hookreel::api {
namespace {

// Without the secret half, which only its maker is told.
json::object key_json(const model::AccessKey& key) {
    json::object object;
    object["id"] = key.id;
    object["name"] = key.name;
    object["application"] =
        key.application ? json::value(key.application->value()) : json::value(nullptr);
    object["rights"] = to_json(key.rights);
    object["state"] = name(key.state);
    object["created"] = time_text(key.created);
    object["updated"] = time_text(key.updated);
    return object;
}

// Each right once, in the order of the definition.
std::vector<model::Right> rights_of(const Fields& fields) {
    const std::vector<std::string> wanted = fields.texts("rights");
    std::vector<model::Right> rights;
    for (const std::string_view word : names(static_cast<model::Right*>(nullptr)))
        if (std::ranges::find(wanted, word) != wanted.end())
            rights.push_back(parse_enum<model::Right>(word).value());
    return rights;
}

// Whoever is bound to an application sees the pairs that are bound to it as well.
bool may_see(const Call& call, const model::AccessKey& key) {
    return !call.caller.application || key.application == call.caller.application;
}

Answer<store::AccessKeys::Pointer> key_of(const Call& call) {
    store::AccessKeys::Pointer key = call.with.keys.find(call.id());
    if (!key || !may_see(call, *key)) return not_found("key");
    return key;
}

// Into the audit log of the application that the pair is for.
store::Commit audited_key(Call& call, std::string_view action, const model::AccessKey& key) {
    if (key.application) call.application = *key.application;
    return audited(call, {action, key.id, key.name});
}

// The application that the body names: null is all, nothing is the caller's own.
Answer<std::optional<model::ApplicationId>> application_of(const Call& call) {
    const Fields fields = call.fields();
    const std::optional<model::ApplicationId> own = call.caller.application;
    if (!fields.has("application") && !fields.is_null("application")) return own;
    std::optional<model::ApplicationId> wanted;
    if (const auto number = fields.integer("application"))
        wanted = model::ApplicationId(static_cast<std::uint64_t>(*number));
    if (own && wanted != own)
        return refuse(403, "forbidden", "The token is for one application; so must be the key.");
    if (wanted && !call.with.applications.find(*wanted))
        return refuse_field({"application", "does not exist"});
    return wanted;
}

}  // namespace

Task<Answer<Reply>> list_keys(Call& call) {
    const bool one_alone = call.parameters().has("application");
    std::vector<model::AccessKey> keys;
    for (const store::AccessKeys::Pointer& key : call.with.keys.all())
        if (may_see(call, *key) && (!one_alone || key->application == call.application))
            keys.push_back(*key);
    co_return page_of(call, keys, key_json);
}

Task<Answer<Reply>> create_key(Call& call) {
    const Answer<std::optional<model::ApplicationId>> application = application_of(call);
    if (!application) co_return std::unexpected(application.error());
    const Fields fields = call.fields();
    const model::KeyPair pair = store::make_key_pair();
    model::AccessKey key;
    key.id = pair.secret_id;
    key.secret = pair.secret_key;
    key.name = fields.text_or("name", "");
    key.application = *application;
    key.rights = rights_of(fields);
    key.created = key.updated = call.now;
    store::Commit with = audited_key(call, "key.created", key);
    const Result<store::AccessKeys::Pointer> made =
        co_await call.with.keys.create(std::move(key), std::move(with));
    if (!made) co_return refuse(made.error());
    json::object body = key_json(**made);
    body["secret"] = (*made)->secret;
    Reply answer = reply(json::value(std::move(body)));
    answer.headers.set("Location", "/api/v1/keys/" + (*made)->id);
    co_return answer;
}

Task<Answer<Reply>> get_key(Call& call) {
    const Answer<store::AccessKeys::Pointer> key = key_of(call);
    if (!key) co_return std::unexpected(key.error());
    co_return reply(key_json(**key));
}

Task<Answer<Reply>> change_key(Call& call) {
    const Answer<store::AccessKeys::Pointer> key = key_of(call);
    if (!key) co_return std::unexpected(key.error());
    const Fields fields = call.fields();
    const std::function<Result<void>(model::AccessKey&)> edit =
        [fields, now = call.now](model::AccessKey& changed) {
            changed.name = fields.text_or("name", changed.name);
            if (fields.has("rights")) changed.rights = rights_of(fields);
            if (const auto state = fields.text("state"))
                changed.state = parse_enum<model::KeyState>(*state).value();
            changed.updated = now;
            return Result<void>();
        };
    store::Commit with = audited_key(call, "key.changed", **key);
    const Result<store::AccessKeys::Pointer> changed =
        co_await call.with.keys.change((*key)->id, edit, std::move(with));
    if (!changed) co_return refuse(changed.error());
    co_return reply(key_json(**changed));
}

Task<Answer<Reply>> delete_key(Call& call) {
    const Answer<store::AccessKeys::Pointer> key = key_of(call);
    if (!key) co_return std::unexpected(key.error());
    store::Commit with = audited_key(call, "key.deleted", **key);
    const Result<void> done = co_await call.with.keys.remove((*key)->id, std::move(with));
    if (!done) co_return refuse(done.error());
    co_return Reply{};
}

}  // namespace hookreel::api
