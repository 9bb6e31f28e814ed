#include "dialect/tencent_vod/api.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.h"
#include "base/text.h"
#include "dialect/tencent_vod/actions/actions.h"
#include "dialect/tencent_vod/protocol/response.h"
#include "dialect/tencent_vod/rights.h"

namespace hookreel::dialect::tencent_vod {
namespace {

enum class Scheme { v1, v3 };

// v3 says the action in a header, v1 among the parameters.
Scheme scheme_of(const http::RequestHead& head) {
    const bool v3 = head.headers.has("X-TC-Action") || head.headers.has("Authorization");
    return v3 ? Scheme::v3 : Scheme::v1;
}

std::size_t body_bytes_max(const http::RequestHead& head) {
    return scheme_of(head) == Scheme::v3 ? json_bytes_max : form_bytes_max;
}

std::unexpected<WireError> too_large() {
    return refuse("RequestSizeLimitExceeded",
                  fmt::format("The request is too large: a query may have {} KiB, a form {} MiB, a "
                              "JSON body {} MiB.",
                              query_bytes_max >> 10, form_bytes_max >> 20, json_bytes_max >> 20));
}

bool is_form(const http::RequestHead& head) {
    return head.headers.get("Content-Type").starts_with("application/x-www-form-urlencoded");
}

Answer<Form> read_form(std::string_view text) {
    if (std::ranges::count(text, '&') >= static_cast<long>(form_pairs_max))
        return refuse("InvalidParameter",
                      fmt::format("The request has more than {} parameters.", form_pairs_max));
    Result<Form> form = parse_form(text);
    if (!form) return refuse("InvalidParameter", "The parameters are not well encoded.");
    return std::move(*form);
}

std::string_view value_of(const Form& form, std::string_view name) {
    const auto found = std::ranges::find(form, name, &Form::value_type::first);
    return found == form.end() ? std::string_view() : std::string_view(found->second);
}

// For a body that did not come: the connection is no longer good for an answer of the API.
http::Response broken(const Error& error, std::optional<std::uint64_t> announced) {
    http::Response response;
    response.status = error.code == Code::timed_out ? 408 : 400;
    response.headers.add("Content-Type", "text/plain");
    std::string why = "The body of the request did not come: " + error.detail;
    if (error.code == Code::network && announced)
        why = fmt::format("The body of the request ended before the {} bytes of its Content-Length",
                          *announced);
    response.body = why + ".\n";
    return response;
}

}  // namespace

// A request taken apart, before anything of it is believed.
struct VodApi::Incoming {
    Scheme scheme;
    const schema::Action* action;
    std::string body;
    std::optional<Form> form;  // When the parameters came flat.
};

VodApi::VodApi(Dependencies with, ApiSettings settings)
    : with_(std::move(with)), settings_(settings), rates_(settings.rates) {}

Task<http::Response> VodApi::handle(http::Request& request) {
    const http::RequestHead& head = request.head();
    const std::string request_id = random_uuid();
    if (head.query().size() > query_bytes_max) co_return envelope(too_large(), request_id);
    std::string body;
    if (head.method == "POST") {  // The parameters of a GET are in its query: a body says nothing.
        const std::size_t bytes_max = body_bytes_max(head);
        if (request.content_length().value_or(0) > bytes_max)
            co_return envelope(too_large(), request_id);
        Result<std::string> read_body = co_await request.read_all(bytes_max);
        if (!read_body && read_body.error().code == Code::too_large)
            co_return envelope(too_large(), request_id);
        if (!read_body) co_return broken(read_body.error(), request.content_length());
        body = std::move(*read_body);
    }
    http::Headers notes;
    const Answer<std::string> members = co_await answer(request, std::move(body), notes);
    http::Response response = envelope(members, request_id);
    for (const auto& [name, value] : notes)
        response.headers.add(name, value);
    co_return response;
}

Answer<VodApi::Incoming> VodApi::read(const http::RequestHead& head, std::string body) const {
    if (head.method != "GET" && head.method != "POST")
        return refuse("UnsupportedProtocol", "Only GET and POST are taken.");
    Incoming incoming{scheme_of(head), nullptr, std::move(body), std::nullopt};
    if (head.method == "GET" || incoming.scheme == Scheme::v1 || is_form(head)) {
        Answer<Form> form = read_form(head.method == "GET" ? head.query() : incoming.body);
        if (!form) return std::unexpected(std::move(form.error()));
        incoming.form = std::move(*form);
    }
    const bool v3 = incoming.scheme == Scheme::v3;
    const std::string_view action =
        v3 ? head.headers.get("X-TC-Action") : value_of(*incoming.form, "Action");
    const std::string_view version =
        v3 ? head.headers.get("X-TC-Version") : value_of(*incoming.form, "Version");
    if (action.empty()) return std::unexpected(missing_parameter("Action"));
    incoming.action = schema::find_action(action);
    if (!incoming.action)
        return refuse("InvalidAction", "The request action is invalid or not found.");
    if (version.empty()) return std::unexpected(missing_parameter("Version"));
    if (version != schema::version)
        return refuse("NoSuchVersion", "The request API version is not found.");
    return incoming;
}

// The keys of the default application are the account's: they may name any.
std::optional<VodApi::KnownKey> VodApi::find_key(std::string_view secret_id) const {
    using enum Signer::Reach;
    if (std::optional<store::Applications::Key> first = with_.applications.find_key(secret_id)) {
        const bool is_default = first->application->id == model::default_application;
        return KnownKey{{std::move(first->application), is_default ? all : own},
                        std::move(first->secret_key)};
    }
    store::AccessKeys::Pointer key = with_.keys.find(std::string(secret_id));
    if (!key || key->state != model::KeyState::active) return std::nullopt;
    store::Applications::Pointer meant =
        with_.applications.find(key->application.value_or(model::default_application));
    if (!meant) return std::nullopt;
    const Signer::Reach reach = key->application ? own : all;
    std::string secret = key->secret;
    return KnownKey{{std::move(meant), reach, std::move(key)}, std::move(secret)};
}

Answer<Signer> VodApi::authenticate(const http::RequestHead& head, const Incoming& incoming,
                                    TimePoint now) {
    Signer signer;
    const KeyLookup key_of = [&](std::string_view id) -> std::optional<std::string> {
        std::optional<KnownKey> known = find_key(id);
        if (!known) return std::nullopt;
        signer = std::move(known->signer);
        return std::move(known->secret);
    };
    const auto verified = incoming.scheme == Scheme::v3
                              ? verify_tc3({head, incoming.body}, now, key_of, derived_keys_)
                              : verify_v1(head, *incoming.form, now, key_of);
    if (!verified) return std::unexpected(wire_error(verified.error()));
    return signer;
}

Answer<json::object> VodApi::parameters(const Incoming& incoming) const {
    const schema::Object& type = *incoming.action->input;
    if (incoming.form) return parse_parameters(type, *incoming.form, settings_.unknown_parameters);
    const std::string_view text = incoming.body.empty() ? "{}" : std::string_view(incoming.body);
    return parse_parameters(type, text, settings_.unknown_parameters);
}

// A key of one application is not told whether another one exists.
Answer<store::Applications::Pointer> VodApi::application(const schema::Action& action,
                                                         const Signer& signer,
                                                         const Members& parameters) const {
    const std::optional<std::uint64_t> wanted =
        action.input->find("SubAppId") ? parameters.natural("SubAppId") : std::nullopt;
    if (!wanted || *wanted == signer.application->id.value()) return signer.application;
    const model::ApplicationId named(*wanted);
    if (!signer.may_name(named))
        return std::unexpected(
            unauthorized(action, "The key pair is for another application than SubAppId."));
    if (store::Applications::Pointer found = with_.applications.find(named)) return found;
    constexpr std::string_view exact = "InvalidParameterValue.SubAppId";
    return refuse(action.lists(exact) ? exact : "InvalidParameterValue",
                  "SubAppId does not exist.");
}

Task<Answer<std::string>> VodApi::answer(const http::Request& request, std::string body,
                                         http::Headers& notes) {
    const http::RequestHead& head = request.head();
    const TimePoint now = with_.clock.now();
    const Answer<Incoming> incoming = read(head, std::move(body));
    if (!incoming) co_return std::unexpected(incoming.error());
    const schema::Action& action = *incoming->action;
    const Answer<Signer> signer = authenticate(head, *incoming, now);
    if (!signer) co_return std::unexpected(signer.error());
    if (!rates_.take(signer->application->id, action, now))
        co_return refuse("RequestLimitExceeded", "Request rate limit exceeded.");
    const model::Right right = right_of(action.name);
    if (!signer->may(right))
        co_return std::unexpected(
            unauthorized(action, fmt::format("The key pair has not the right `{}`.", name(right))));
    const Answer<json::object> checked = parameters(*incoming);
    if (!checked) co_return std::unexpected(checked.error());
    const Members members(*checked);
    const Answer<store::Applications::Pointer> meant = application(action, *signer, members);
    if (!meant) co_return std::unexpected(meant.error());

    const Function function = find_function(action);
    if (!function)
        co_return refuse("UnsupportedOperation",
                         fmt::format("{} is not available on this server yet.", action.name));
    const Call call{with_, request, action, *meant, *signer, members, notes};
    co_return co_await function(call);
}

}  // namespace hookreel::dialect::tencent_vod
