//! Which node a rule makes. One table, nothing else.

use crate::{kind::SyntaxKind as K, rules::Rule};

/// What becomes of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Only tokens: nothing of it becomes a node.
    Leaf,
    /// No node of its own; what is inside may make some.
    Through,
    /// A node of this kind.
    Node(K),
    /// `{ … }` around items.
    Block,
    /// A step with its label, which goes inside the step's node.
    Step,
    /// A type that may carry a `?`.
    Type,
    /// Operators and operands, flat.
    Operators,
    /// An operand with what is behind it: fields, calls, indices.
    Postfix,
}

#[rustfmt::skip]
pub(crate) fn shape(rule: Rule) -> Shape {
    use Shape::*;
    Node(match rule {
        Rule::event_block | Rule::call_block | Rule::token_block | Rule::policy_block | Rule::journey_block | Rule::step_block
        | Rule::await_block | Rule::match_block | Rule::split_block | Rule::outcome_block | Rule::parallel_block
        | Rule::test_block => return Block,
        Rule::step => return Step,
        Rule::type_ref => return Type,
        Rule::op_expr | Rule::no_or_expr | Rule::key_expr | Rule::arith | Rule::signed => return Operators,
        Rule::postfix => return Postfix,
        Rule::whole | Rule::decl | Rule::event_item | Rule::call_item | Rule::token_item | Rule::policy_item | Rule::journey_item
        | Rule::setting | Rule::test_item | Rule::pattern | Rule::value | Rule::expr | Rule::key_value | Rule::arg | Rule::long_string
        | Rule::short_string
        | Rule::island_decl | Rule::island_event | Rule::island_call | Rule::island_token | Rule::island_policy
        | Rule::island_journey | Rule::island_step | Rule::island_match | Rule::island_split | Rule::island_outcome
        | Rule::island_await | Rule::island_parallel | Rule::island_test | Rule::island_expr => return Through,

        Rule::schema_decl => K::SchemaDecl, Rule::event_decl => K::EventDecl, Rule::audience_decl => K::AudienceDecl,
        Rule::external => K::ExternalAudience, Rule::source_decl => K::SourceDecl, Rule::action_decl => K::ActionDecl,
        Rule::function_decl => K::FunctionDecl, Rule::const_decl => K::ConstDecl, Rule::policy_decl => K::PolicyDecl,
        Rule::flow_decl => K::FlowDecl, Rule::journey_decl => K::JourneyDecl, Rule::test_decl => K::TestDecl,
        Rule::params => K::ParamList, Rule::param => K::Param, Rule::returns => K::ReturnType,
        Rule::type_name => K::TypeName, Rule::type_list => K::TypeList, Rule::type_map => K::TypeMap,
        Rule::type_record => K::TypeRecord, Rule::type_field => K::TypeField, Rule::type_sample => K::TypeSample,

        Rule::where_clause => K::Where, Rule::event_id => K::EventId, Rule::event_key => K::EventKey,
        Rule::event_dedupe => K::EventDedupe, Rule::event_business => K::EventBusiness,

        Rule::http_line => K::HttpLine, Rule::query_item => K::QueryItem, Rule::header_item => K::HeaderItem,
        Rule::json_item => K::JsonItem, Rule::form_item => K::FormItem, Rule::cache_item => K::CacheItem,
        Rule::timeout_item => K::TimeoutItem, Rule::retry_item => K::RetryItem, Rule::rate_limit => K::RateLimit,
        Rule::over_limit => K::OverLimit, Rule::idempotency_item => K::IdempotencyItem, Rule::channel_item => K::ChannelItem,
        Rule::category_item => K::CategoryItem, Rule::failure_item => K::FailureItem, Rule::auth_item => K::AuthItem,
        Rule::auth_none => K::AuthNone, Rule::auth_basic => K::AuthBasic, Rule::auth_header => K::AuthHeader,
        Rule::auth_query => K::AuthQuery, Rule::auth_bearer => K::AuthBearer, Rule::auth_token => K::AuthToken,
        Rule::token_at => K::TokenAt, Rule::token_expires => K::TokenExpires, Rule::token_as => K::TokenAs,

        Rule::at_most => K::AtMost, Rule::quiet_item => K::QuietItem, Rule::shared_limit => K::SharedLimit,
        Rule::priority_item => K::PriorityItem,

        Rule::enter_setting => K::EnterSetting, Rule::enter_batch => K::EnterBatch, Rule::schedule => K::Schedule,
        Rule::pace => K::Pace, Rule::audience_entry => K::AudienceEntry, Rule::audience_exit => K::AudienceExit,
        Rule::event_pattern => K::EventPattern, Rule::binding => K::Binding, Rule::for_audience => K::ForAudience,
        Rule::reenter_setting => K::ReenterSetting, Rule::timezone_setting => K::TimezoneSetting,
        Rule::exit_setting => K::ExitSetting, Rule::expires_setting => K::ExpiresSetting, Rule::on_error => K::OnError,
        Rule::on_expiry => K::OnExpiry, Rule::instance_setting => K::InstanceSetting, Rule::starts_setting => K::StartsSetting,
        Rule::closes_setting => K::ClosesSetting, Rule::policy_setting => K::PolicySetting, Rule::guarantee => K::Guarantee,
        Rule::stays_at_most => K::StaysAtMost, Rule::never_after => K::NeverAfter,

        Rule::label => K::Label, Rule::wait_step => K::WaitStep, Rule::next_weekday => K::NextWeekday, Rule::wait_or => K::WaitOr,
        Rule::await_step => K::AwaitStep, Rule::await_arm => K::AwaitArm, Rule::if_step => K::IfStep, Rule::else_if => K::ElseIf,
        Rule::else_clause => K::ElseClause, Rule::match_step => K::MatchStep, Rule::match_arm => K::MatchArm,
        Rule::else_pattern => K::ElsePattern, Rule::missing_pattern => K::MissingPattern, Rule::value_pattern => K::ValuePattern,
        Rule::split_step => K::SplitStep, Rule::split_arm => K::SplitArm, Rule::share => K::Share, Rule::limit_step => K::LimitStep,
        Rule::let_step => K::LetStep, Rule::fetch_call => K::FetchCall, Rule::send_call => K::SendCall, Rule::run_call => K::RunCall,
        Rule::send_step => K::SendStep, Rule::run_step => K::RunStep, Rule::outcome_arm => K::OutcomeArm,
        Rule::outcome => K::Outcome, Rule::update_step => K::UpdateStep, Rule::field_path => K::FieldPath,
        Rule::start_step => K::StartStep, Rule::emit_step => K::EmitStep, Rule::repeat_step => K::RepeatStep,
        Rule::break_step => K::BreakStep, Rule::parallel_step => K::ParallelStep, Rule::parallel_arm => K::ParallelArm,
        Rule::end_step => K::EndStep, Rule::return_step => K::ReturnStep,

        Rule::test_at => K::TestAt, Rule::test_seed => K::TestSeed, Rule::test_profile => K::TestProfile,
        Rule::test_audience => K::TestAudience, Rule::test_history => K::TestHistory, Rule::test_stub => K::TestStub,
        Rule::stub_fails => K::StubFails, Rule::stub_times => K::StubTimes, Rule::test_choose => K::TestChoose,
        Rule::test_receive => K::TestReceive, Rule::test_advance => K::TestAdvance, Rule::test_expect => K::TestExpect,
        Rule::expect_sent => K::ExpectSent, Rule::expect_no => K::ExpectNo, Rule::expect_at => K::ExpectAt,
        Rule::expect_ended => K::ExpectEnded, Rule::expect_exited => K::ExpectExited, Rule::expect_failed => K::ExpectFailed,
        Rule::expect_path => K::ExpectPath, Rule::path_step => K::PathStep, Rule::expect_expr => K::ExpectExpr,

        Rule::ident | Rule::name => K::Name, Rule::qname => K::QName, Rule::name_ref => K::NameRef,
        Rule::integer | Rule::decimal | Rule::duration | Rule::date | Rule::time | Rule::date_time | Rule::date_time_only
        | Rule::boolean => K::Literal,
        Rule::string => K::StringLit, Rule::interpolation => K::Interpolation,
        Rule::if_expr | Rule::key_if => K::IfExpr, Rule::list => K::ListExpr, Rule::paren => K::ParenExpr,
        Rule::record | Rule::update_record => K::RecordExpr, Rule::record_field | Rule::update_field => K::RecordField,
        Rule::lambda => K::Lambda, Rule::args => K::ArgList, Rule::named_arg => K::NamedArg, Rule::window => K::Window,
        _ => return Leaf,
    })
}
