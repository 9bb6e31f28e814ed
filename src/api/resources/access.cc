#include <fmt/format.h>

#include "api/resources/operations.h"
#include "base/text.h"

namespace hookreel::api {
namespace {

json::object token_json(const Token& token) {
    json::object object;
    object["id"] = token.id;
    object["name"] = token.name;
    object["scopes"] = to_json(token.scopes);
    object["application"] =
        token.application ? json::value(token.application->value()) : json::value(nullptr);
    object["requests_per_second"] = number(token.requests_per_second);
    object["created"] = time_text(token.created);
    object["expires"] = time_text(token.expires);
    return object;
}

json::object account_json(const Account& account) {
    json::object object;
    object["id"] = account.id;
    object["name"] = account.name;
    object["role"] = name(account.role);
    object["created"] = time_text(account.created);
    object["updated"] = time_text(account.updated);
    return object;
}

json::object session_json(const Session& session) {
    json::object object;
    object["id"] = session.id;
    object["account"] = session.account;
    object["peer"] = session.peer;
    object["created"] = time_text(session.created);
    object["expires"] = time_text(session.expires);
    return object;
}

}  // namespace

Task<Answer<Reply>> list_tokens(Call& call) {
    std::vector<Token> tokens = call.with.tokens.all();
    // Whoever is bound to an application sees what is bound to it as well.
    std::erase_if(tokens, [&](const Token& token) {
        return call.caller.application && token.application != call.caller.application;
    });
    co_return page_of(call, tokens, token_json);
}

// A caller gives no more than he has.
Task<Answer<Reply>> create_token(Call& call) {
    const Fields fields = call.fields();
    Token token;
    token.id = Tokens::make_id();
    token.name = fields.text_or("name", "");
    token.scopes = fields.texts("scopes");
    if (const auto application = fields.integer("application"))
        token.application = model::ApplicationId(static_cast<std::uint64_t>(*application));
    token.requests_per_second = fields.real("requests_per_second").value_or(0);
    token.created = call.now;
    token.expires = fields.time("expires").value_or(never);
    const Answer<void> fine = check_rate("requests_per_second", token.requests_per_second);
    if (!fine) co_return std::unexpected(fine.error());
    if (token.expires <= call.now) co_return refuse_field({"expires", "is over already"});
    if (token.application && !call.with.applications.find(*token.application))
        co_return refuse_field({"application", "does not exist"});
    if (call.caller.application && token.application != call.caller.application)
        co_return refuse(403, "forbidden", "The token is for one application; so must be the new.");
    store::Commit with = audited(call, {"token.created", token.id, token.name});
    const Result<Tokens::Made> made =
        co_await call.with.tokens.create(std::move(token), std::move(with));
    if (!made) co_return refuse(made.error());
    json::object body = token_json(made->token);
    body["token"] = made->secret;
    co_return reply(json::value(std::move(body)));
}

Task<Answer<Reply>> get_token(Call& call) {
    const std::optional<Token> token = call.with.tokens.find_by_id(call.id());
    if (!token || (call.caller.application && token->application != call.caller.application))
        co_return not_found("token");
    co_return reply(token_json(*token));
}

Task<Answer<Reply>> delete_token(Call& call) {
    const std::optional<Token> token = call.with.tokens.find_by_id(call.id());
    if (!token || (call.caller.application && token->application != call.caller.application))
        co_return not_found("token");
    store::Commit with = audited(call, {"token.deleted", token->id, token->name});
    const Result<void> done = co_await call.with.tokens.remove(token->id, std::move(with));
    if (!done) co_return refuse(done.error());
    co_return Reply{};
}

namespace {

// Accounts are of the whole server.
Answer<void> may_keep_accounts(const Call& call) {
    if (!call.caller.application) return {};
    return refuse(403, "forbidden", "The token is for one application; accounts are for all.");
}

}  // namespace

Task<Answer<Reply>> list_accounts(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    co_return page_of(call, call.with.accounts.all(), account_json);
}

Task<Answer<Reply>> create_account(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    const Fields fields = call.fields();
    Account account;
    account.id = Accounts::make_id();
    account.name = to_lower(fields.text_or("name", ""));
    account.role = parse_enum<Role>(fields.text_or("role", "viewer")).value();
    account.created = account.updated = call.now;
    store::Commit with = audited(call, {"account.created", account.id, account.name});
    const Result<Account> made = co_await call.with.accounts.create(
        std::move(account), fields.text_or("password", ""), std::move(with));
    if (!made) co_return refuse(made.error());
    co_return reply(account_json(*made));
}

Task<Answer<Reply>> get_account(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    const std::optional<Account> account = call.with.accounts.find(call.id());
    if (!account) co_return not_found("account");
    co_return reply(account_json(*account));
}

Task<Answer<Reply>> change_account(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    const Fields fields = call.fields();
    Accounts::Edit edit;
    edit.password = fields.text("password");
    std::string detail = edit.password ? "password" : "";
    if (const auto role = fields.text("role")) {
        edit.role = parse_enum<Role>(*role).value();
        detail += (detail.empty() ? "role: " : ", role: ") + *role;
    }
    store::Commit with = audited(call, {"account.changed", call.id(), detail});
    const Result<Account> changed =
        co_await call.with.accounts.change(call.id(), std::move(edit), call.now, std::move(with));
    if (!changed) co_return refuse(changed.error());
    co_return reply(account_json(*changed));
}

Task<Answer<Reply>> delete_account(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    store::Commit with = audited(call, {"account.deleted", call.id(), ""});
    const Result<void> done = co_await call.with.accounts.remove(call.id(), std::move(with));
    if (!done) co_return refuse(done.error());
    co_return Reply{};
}

Task<Answer<Reply>> log_in(Call& call) {
    const Fields fields = call.fields();
    Accounts::LogIn with{to_lower(fields.text_or("name", "")), fields.text_or("password", ""),
                         call.request.head().peer, call.application};
    const Result<Accounts::LoggedIn> done =
        co_await call.with.accounts.log_in(std::move(with), call.now);
    if (!done && done.error().code == Code::denied)
        co_return refuse(401, "unauthorized", done.error().detail);
    if (!done) {
        std::unexpected<Problem> refused = refuse(done.error());
        if (done.error().code == Code::unavailable) {
            refused.error().status = 429;
            refused.error().kind = "too-many-requests";
            refused.error().headers.set("Retry-After", "6");
        }
        co_return refused;
    }
    json::object body = session_json(done->session);
    body["role"] = name(done->account.role);
    body["token"] = done->secret;
    co_return reply(json::value(std::move(body)));
}

// One's own; all for whoever has the scope admin.
Task<Answer<Reply>> list_sessions(Call& call) {
    const bool sees_all = call.caller.scopes.has(Scope::admin) && !call.caller.application;
    const std::string account = sees_all ? "" : call.caller.name;
    co_return page_of(call, call.with.accounts.sessions(account, call.now), session_json);
}

Task<Answer<Reply>> log_out(Call& call) {
    const std::string id = call.id() == "current" ? call.caller.session : call.id();
    const bool sees_all = call.caller.scopes.has(Scope::admin) && !call.caller.application;
    bool is_known = false;
    for (const Session& session :
         call.with.accounts.sessions(sees_all ? "" : call.caller.name, call.now))
        is_known = is_known || session.id == id;
    if (!is_known) co_return not_found("session");
    store::Commit with = audited(call, {"session.deleted", id, ""});
    const Result<void> done = co_await call.with.accounts.log_out(id, std::move(with));
    if (!done) co_return refuse(done.error());
    co_return Reply{};
}

namespace {

json::object entry_json(const AuditEntry& entry) {
    json::object object;
    object["id"] = entry.id;
    object["at"] = time_text(entry.at);
    object["actor"] = entry.actor;
    object["peer"] = entry.peer;
    object["action"] = entry.action;
    object["target"] = entry.target;
    object["application"] = entry.application.value();
    object["detail"] = entry.detail;
    return object;
}

}  // namespace

Task<Answer<Reply>> search_audit_log(Call& call) {
    const Answer<void> may = may_keep_accounts(call);
    if (!may) co_return std::unexpected(may.error());
    const Answer<std::string> from = cursor(call);
    if (!from) co_return std::unexpected(from.error());
    const Fields parameters = call.parameters();
    const Answer<store::Span> wanted = span(parameters);
    if (!wanted) co_return std::unexpected(wanted.error());
    AuditQuery query;
    query.actor = parameters.text_or("actor", "");
    query.action = parameters.text_or("action", "");
    query.target = parameters.text_or("target", "");
    query.span = *wanted;
    query.after = *from;
    query.count_max = limit(call);
    const Result<store::Page<AuditEntry>> found =
        co_await audit_entries(call.with.store, std::move(query));
    if (!found) co_return refuse_search(found.error());
    json::array items;
    for (const AuditEntry& entry : found->items)
        items.push_back(entry_json(entry));
    co_return page(call, std::move(items), found->next);
}

}  // namespace hookreel::api
